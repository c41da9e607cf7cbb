"""What a message is read against: a place, a currency, a language, a day, and who is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hesabu.doors.chat.grammar.countries import Country, Currency
from hesabu.doors.chat.grammar.known import Known, known
from hesabu.doors.chat.grammar.language import Language

_NOBODY = known(())


@dataclass(frozen=True)
class Setting:
    """What a message is read against."""

    country: Country
    region: str
    """The country's own code, also where we keep no data of it."""
    currency: Currency
    language: Language
    today: date
    customers: Known = _NOBODY
    items: Known = _NOBODY
    """The names of things sold."""
