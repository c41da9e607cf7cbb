"""Countries as data: what a room may need to know of a place before it knows anything of a business.

Tax rates are invoicing's and charts of accounts are the ledger's; here is only what both take for granted.
"""

from __future__ import annotations

from dataclasses import dataclass

from hesabu.kit.errors import Invalid


class UnknownCountry(Invalid):
    code = "country.unknown"
    title = "Hesabu does not know that country yet."
    hint = "Use a country code such as KE."


@dataclass(frozen=True, slots=True)
class Country:
    """A place to trade in. `timezone` is IANA's name, `currency` ISO 4217, `languages` BCP 47, the first one usual."""

    code: str
    name: str
    currency: str
    timezone: str
    languages: tuple[str, ...]
    tax_name: str
    tax_id_name: str


COUNTRIES = {
    "KE": Country("KE", "Kenya", "KES", "Africa/Nairobi", ("en", "sw"), "VAT", "KRA PIN"),
}


def country(code: str) -> Country:
    try:
        return COUNTRIES[code.upper()]
    except KeyError:
        raise UnknownCountry(code[:8]) from None
