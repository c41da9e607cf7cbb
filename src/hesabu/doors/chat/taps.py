"""Taps: what a button carries, `verb:<business>:<subject>:<version>`, ids in base 32.

The version is the draft's (or the step of a question) that the button was shown with, so that a tap on an old message is
known for what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hesabu.kit import ids

ABOUT_INVOICES = frozenset(
    [
        "send",
        "change",
        "drop",
        "again",
        "settle",
        "takeback",
        "void",
        "credit",
        "keep",
        "remind",
        "resend",
        "paper",
        "receipt",
        "sendpart",
        "show",
        "link",
        "amend",
        "right",
        "willcall",
        "pay",
        "view",
        "said",
        "passon",
    ]
)
"""The verbs whose subject is an invoice."""


@dataclass(frozen=True, slots=True)
class Tap:
    verb: str
    business_id: UUID
    subject_id: UUID
    version: int = 0
    choice: int = 0
    """Which of a question's options, from 0."""


def written(
    verb: str, business_id: UUID, subject_id: UUID, version: int = 0, choice: int = 0
) -> str:
    tail = f"{version}.{choice}" if choice else f"{version}"
    return f"{verb}:{ids.short(business_id)}:{ids.short(subject_id)}:{tail}"


def read(button_id: str) -> Tap | None:
    """The tap, or None where the id is not one of ours."""
    parts = button_id.strip().split(":")
    if len(parts) not in (3, 4) or not parts[0].isidentifier():
        return None
    version, _, choice = (parts[3] if len(parts) == 4 else "0").partition(".")
    try:
        business_id, subject_id = ids.read_short(parts[1]), ids.read_short(parts[2])
    except ids.BadId:
        return None
    if not _is_count(version) or (choice and not _is_count(choice)):
        return None
    return Tap(parts[0], business_id, subject_id, int(version), int(choice or 0))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
