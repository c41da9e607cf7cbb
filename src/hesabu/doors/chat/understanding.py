"""Understanding: the grammar's reading of a message, with what is known at the desk it was written to."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from hesabu.doors.chat import readings
from hesabu.doors.chat.grammar.parser import parse
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.visit import COUNTRY, Visit
from hesabu.invoicing import queries as invoices
from hesabu.kit import clock

_NAMING = (Intent.INVOICE, Intent.UNKNOWN, Intent.REPEAT, Intent.REMIND, Intent.STATUS)
"""What may name a customer or a thing sold: read again, knowing them."""


def _is_by_number(said: Understood) -> bool:
    """ "status INV-0001": whoever and whatever is known, it names nobody."""
    is_of_one = said.intent in (Intent.STATUS, Intent.REMIND) and said.reference is not None
    return is_of_one and not (said.customer.name or said.customer.phone or said.lines)


def understood(visit: Visit, text: str | None = None) -> Understood:
    """What these words say; without any, what the message says."""
    text = visit.message.text if text is None else text
    desk = visit.desk
    if desk is None:
        return readings.understood(text, COUNTRY)
    business, quoted = desk.business(), visit.quoted() is not None

    def read(names: Sequence[str], sold: Sequence[str]) -> Understood:
        return parse(
            text,
            today=clock.today(business.timezone),
            country=business.country,
            language=get_language() or business.language,
            currency=business.currency,
            customers=names,
            items=sold,
            quoted=quoted,
        )

    said = read((), ())
    if said.intent not in _NAMING or _is_by_number(said):
        return said
    with desk.open():
        names, sold = invoices.customer_names(), [item.name for item in invoices.items()]
    return read(names, sold) if names or sold else said
