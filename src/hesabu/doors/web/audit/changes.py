"""What an act changed, to be read: each field of its fact in words, and what it was before, where it was something else.

A fact carries codes, ids and whole numbers. An amount is shown as money where its currency stands beside it, an instant as the
time at the business, an id by its end, which suffices to tell two apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hesabu.kit import ids
from hesabu.kit.money import Money, say
from hesabu.store.audit import Act

MINOR = "_minor"
SHOWN_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `before` is empty where it was the same, or nothing is known of it."""

    name: str
    before: str
    after: str


def changes_of(act: Act, timezone: str) -> list[Change]:
    said, earlier = act.fact.payload, act.before
    has_money = any(name.endswith(MINOR) for name in said) and isinstance(said.get("currency"), str)
    found = []
    for name, value in said.items():
        if name == "currency" and has_money:
            continue
        after = _words(name, value, said, timezone)
        before = (
            _words(name, earlier[name], {**said, **earlier}, timezone) if name in earlier else ""
        )
        if after or before:
            found.append(Change(name.removesuffix(MINOR).replace("_", " "), before, after or "—"))
    return found


def _words(name: str, value: Any, beside: Mapping[str, Any], timezone: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        currency = beside.get("currency")
        if name.endswith(MINOR) and isinstance(currency, str) and currency:
            return say(Money(value, currency), (get_language() or "en").split("-")[0])
        return str(value)
    return _text(str(value), timezone)


def _text(text: str, timezone: str) -> str:
    if len(text) == 36 and text.count("-") == 4:
        try:
            return f"…{ids.short(UUID(text))[-SHOWN_LETTERS:]}"
        except ValueError:
            return text
    if len(text) >= 19 and text[10:11] == "T":
        try:
            at = datetime.fromisoformat(text).astimezone(ZoneInfo(timezone))
        except ValueError:
            return text
        return str(formats.date_format(at, "DATETIME_FORMAT"))
    return text.replace(",", ", ")
