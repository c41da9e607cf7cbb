"""From which sum a chat asks for the PIN before money is counted as received: how a page asks for it, reads it, and shows it.

A page that was loaded before this was asked, and a program that sends none of it, leave it as it is: a guard falls by being
chosen, never by being left out.
"""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from hesabu.identity import queries
from hesabu.identity.types import Business
from hesabu.kit.countries import country as country_of
from hesabu.kit.errors import HesabuError
from hesabu.kit.money import Money, exponent, say
from hesabu.store import tenancy

LEVELS = {
    "always": gettext_noop("Every time"),
    "above": gettext_noop("Above an amount a day"),
    "never": gettext_noop("Never"),
}
LETTERS_MAX = 40
_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")


def as_it_is(business: Business) -> dict[str, str]:
    """The level, and the amount as it is written in the field: what is usual in the country where none is set."""
    most = business.pin_above
    level = "never" if most is None else "above" if most else "always"
    usual = country_of(business.country).pin_above.get(business.currency, 0)
    shown = most or Money.parse(usual, business.currency)
    return {"pin_level": level, "pin_amount": _plain(shown) if shown else ""}


def as_given(request: HttpRequest, business: Business) -> dict[str, str]:
    """What was sent; what was not, as it is."""
    return {
        name: request.POST.get(name, value).strip()[:LETTERS_MAX]
        for name, value in as_it_is(business).items()
    }


def read(given: dict[str, str], business: Business, wrong: dict[str, str]) -> str:
    """The setting as identity keeps it. What is wrong is said at its field."""
    level, amount = given["pin_level"], given["pin_amount"]
    as_shown = as_it_is(business)
    # Left as it was, it follows what is usual in the country, also where that changes.
    if level == as_shown["pin_level"] and (level != "above" or amount == as_shown["pin_amount"]):
        return business.pin_for_payments
    if level not in LEVELS:
        wrong["pin_level"] = _("Choose one of these.")
    if level != "above":
        return level
    most = _amount(amount, business.currency)
    if most is None:
        wrong["pin_amount"] = _("Write an amount above zero, like 5000.")
        return level
    return f"above {most.minor}"


def said_of(value: str) -> str:
    """A setting of the bound business, for people."""
    business = queries.business(tenancy.only())
    level, _space, minor = value.partition(" ")
    if level != "above":
        return _(LEVELS[level]) if level in LEVELS else value
    usual = country_of(business.country).pin_above.get(business.currency, 0)
    most = Money(int(minor), business.currency) if minor else Money.parse(usual, business.currency)
    spoken = (get_language() or "en").replace("-", "_")
    return _("above %(amount)s a day") % {"amount": say(most, spoken)}


def _amount(text: str, currency: str) -> Money | None:
    """Above zero, and no more decimals than the currency has: 5.000 is not taken for five."""
    text = "".join(text.split())
    found = _AMOUNT.fullmatch(text)
    if found is None or len(found[1] or "") > exponent(currency):
        return None
    try:
        most = Money.parse(text.replace(",", ""), currency)
    except HesabuError:
        return None
    is_kept = not queries.detail_faults({"pin_for_payments": f"above {most.minor}"}, "")
    return most if most and is_kept else None


def _plain(amount: Money) -> str:
    figures = amount.decimal
    return str(int(figures)) if figures == int(figures) else str(figures)
