"""What an act changed, to be read: each field of its fact in words, and what it was before, where it was something else.

A fact carries codes, ids and whole numbers. An amount is shown as money where its currency stands beside it, an instant as the
time at the business, an id by the name of what it stands for, else by its end, which suffices to tell two apart. What details
of the business were and became does not stand in the fact: it is kept sealed beside it, and shown from there; what may tell of
a person is shown to owners alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hesabu.doors.web.audit import words
from hesabu.doors.web.audit.names import Names, short
from hesabu.doors.web.business.details import WORDS as DETAILS
from hesabu.doors.web.business.details import said_of
from hesabu.identity.facts import BusinessUpdated
from hesabu.identity.types import BusinessChangeView
from hesabu.kit.money import Money, say
from hesabu.store.audit import Act

MINOR = "_minor"
NOTHING = "–"
LASTING = frozenset(
    {
        *("due_on", "locked_on", "on_day", "owed_minor", "role"),
        *("scopes", "tax_minor", "total_minor", "version"),
    }
)
"""Fields that say how something stands, and not what came about once: of these alone the one before is what it was before."""
WAS = {"amount_minor": "was_minor", "is_on": "was_on", "value": "was_value"}
"""Where the fact itself says what was so before."""
BESIDE = frozenset({"change_id", "subject_kind", *WAS.values()})
"""Shown with another field, or not at all."""
PERSONAL = frozenset({"legal_name", "address", "phone", "email", "tax_id", "signatory"})
"""Details of a business that may be those of a person."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `before` is empty where it was the same, or nothing is known of it. Of what `is_hidden` it is only shown that
    it changed."""

    name: str
    before: str
    after: str
    is_hidden: bool = False


def before_of(act: Act) -> dict[str, Any]:
    """What was so before, by field, as facts keep it; only of what was otherwise."""
    said = act.fact.payload
    found = {name: value for name, value in act.before.items() if name in LASTING}
    for name, was in WAS.items():
        if name in said and was in said and said[was] != said[name]:
            found[name] = said[was]
    return found


def changes_of(act: Act, timezone: str, names: Names, *, sees_personal: bool) -> list[Change]:
    said, earlier = act.fact.payload, before_of(act)
    change = names.changes.get(_id_in(said.get("change_id")) or act.fact.id)
    if act.fact.kind == BusinessUpdated.kind and change is not None:
        return list(_details(change, sees_personal))
    has_money = any(name.endswith(MINOR) for name in said) and isinstance(said.get("currency"), str)
    read = _Reader(act.fact.kind, timezone, names)
    found = []
    for name, value in said.items():
        if name in BESIDE or (name == "currency" and has_money):
            continue
        after = read.words(name, value, said)
        before = read.words(name, earlier[name], said) if name in earlier else ""
        if after or before or name in earlier:
            before = before or (NOTHING if name in earlier else "")
            found.append(Change(words.field(name), before, after or NOTHING))
    return found


def _details(change: BusinessChangeView, sees_personal: bool) -> Iterator[Change]:
    """What details of the business were and became."""
    for detail, value in change.after.items():
        name = _(DETAILS[detail]) if detail in DETAILS else detail.replace("_", " ")
        if detail in PERSONAL and not sees_personal:
            yield Change(name, "", _("changed"), is_hidden=True)
        else:
            yield Change(name, said_of(detail, change.before.get(detail)), said_of(detail, value))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the fields of one fact."""

    kind: str
    timezone: str
    names: Names

    def words(self, name: str, value: Any, said: Mapping[str, Any]) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, int):
            currency = said.get("currency")
            if name.endswith(MINOR) and isinstance(currency, str) and currency:
                return say(Money(value, currency), (get_language() or "en").split("-")[0])
            return str(value)
        return self._text(name, str(value), said)

    def _text(self, name: str, text: str, said: Mapping[str, Any]) -> str:
        if (one := _id_in(text)) is not None:
            return self.names.of_field(name, one, said) or short(one)
        if len(text) >= 19 and text[10:11] == "T":
            try:
                at = datetime.fromisoformat(text).astimezone(ZoneInfo(self.timezone))
            except ValueError:
                return text
            return str(formats.date_format(at, "DATETIME_FORMAT"))
        return words.value(self.kind, name, text) or text.replace(",", ", ")


def _id_in(text: Any) -> UUID | None:
    if not (isinstance(text, str) and len(text) == 36 and text.count("-") == 4):
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
