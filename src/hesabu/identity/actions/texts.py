"""Codes by text message, as a second step.

    ask_text ── six figures, to a number that was proven ──▶ check_text, in the browser that asked: once, ten minutes, three tries

A text message can be read by others (whoever takes the number over, or listens in the network), so it is the weakest second
step that is taken here, and only where there is no stronger one. Who the number belongs to, and whether that is in doubt, the
door asks messaging each time.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from hesabu.identity.errors import WrongTextCode
from hesabu.identity.models import TextCode, TextFactor
from hesabu.identity.permissions import anybody
from hesabu.identity.types import TextAsked, TextPurpose
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy

LIFE = timedelta(minutes=10)
WRONG_MAX = 3
DIGITS = 6


@anybody("the browser's door, once the first step was made")
def ask_text(person_id: UUID, number: str, purpose: TextPurpose) -> TextAsked:
    """A code that the door sends to the number. In a house transaction, or its own."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    asked, now = TextAsked(ids.new_id(), crypto.token(24), code), clock.now()
    with tenancy.house():
        TextCode.objects.filter(expires_at__lt=now - LIFE).delete()
        TextCode(
            id=asked.id,
            person_id=person_id,
            purpose=purpose,
            number=number,
            browser_hash=crypto.digest(asked.browser),
            code_hash=_mark(asked.id, code),
            expires_at=now + LIFE,
        ).save(force_insert=True)
    return asked


@anybody("whoever has the code, in the browser that asked")
def check_text(
    asked_id: UUID, browser: str, code: str, *, person_id: UUID, purpose: TextPurpose
) -> str:
    """The number that the code went to, once. Raises WrongTextCode, one answer for wrong, used, old, and another's. Opens its
    own transaction, so that a wrong try counts whatever becomes of the caller's."""
    with tenancy.house():
        row = TextCode.objects.select_for_update().filter(id=asked_id).first()
        number = _checked(row, browser, code, person_id, purpose) if row else None
    if number is None:
        raise WrongTextCode(field="code")
    return number


def _checked(
    row: TextCode, browser: str, code: str, person_id: UUID, purpose: TextPurpose
) -> str | None:
    is_living = row.used_at is None and row.expires_at > clock.now() and row.wrong_count < WRONG_MAX
    is_theirs = row.person_id == person_id and row.purpose == purpose
    if not (is_living and is_theirs and _is_same_browser(row, browser)):
        return None
    if not crypto.same(bytes(row.code_hash), _mark(row.id, "".join(code.split()))):
        row.wrong_count += 1
        row.save(update_fields=["wrong_count"])
        return None
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    found: str = row.number
    return found


@anybody("the browser's door, once a code that went to the number was typed")
def keep_text_factor(person_id: UUID, number: str) -> None:
    """Their second step are codes to that number from now on. In a house transaction, or its own."""
    with tenancy.house():
        TextFactor.objects.update_or_create(
            person_id=person_id, defaults={"number": number, "since": clock.now()}
        )


@anybody("the browser's door, about the person who is signed in there")
def drop_text_factor(person_id: UUID) -> bool:
    """Whether there was one. In a house transaction, or its own."""
    with tenancy.house():
        return bool(TextFactor.objects.filter(person_id=person_id).delete()[0])


def _is_same_browser(row: TextCode, browser: str) -> bool:
    return crypto.same(bytes(row.browser_hash), crypto.digest(browser))


def _mark(asked_id: UUID, code: str) -> bytes:
    return crypto.blind(f"text:{asked_id}:{code}")
