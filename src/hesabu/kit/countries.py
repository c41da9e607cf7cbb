"""Countries as data: what a room may need to know of a place before it knows anything of a business.

Tax rates are invoicing's and charts of accounts are the ledger's; here is only what both take for granted. What CLDR
(Babel) or libphonenumber know of a place is asked of them and not written down again: its name in a language, its calling
code, the day its week begins. `docs/countries.md` is made of all of it.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from phonenumbers import timezone as phone_timezones

from hesabu.kit.errors import Invalid
from hesabu.kit.money import exponent


class UnknownCountry(Invalid):
    code = "country.unknown"
    title = "Hesabu does not know that country yet."
    hint = "Use a country code such as KE."


MPESA_WAYS = ("till", "paybill", "phone", "stk_till", "stk_paybill")
"""Ways that are M-PESA's in Kenya: nobody elsewhere is told of them."""
PLAIN_WAYS = ("bank", "cash")
"""Ways that work everywhere without a provider."""


@dataclass(frozen=True, slots=True)
class Country:
    """A place to trade in. `timezone` is IANA's name, `currencies` ISO 4217, `languages` BCP 47, each with the usual one
    first. Names of taxes and numbers are what the place's authority calls them; `tax_names` are for other languages."""

    code: str
    name: str
    currencies: tuple[str, ...]
    timezone: str
    languages: tuple[str, ...]
    """What people of the place may be spoken to and written to in."""
    tax_id_name: str
    vat_number_name: str | None = None
    """What a number is called that comes with registering for the tax, where it is another than the tax number."""
    registration_name: str | None = None
    """What the number in the register of companies is called, where invoices show it."""
    tax_names: Mapping[str, str] = field(default_factory=dict)
    tax_id_names: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = "."
    """What people type between whole and part; papers follow the language they are written in."""
    ways: tuple[str, ...] = PLAIN_WAYS
    """The kinds of ways to be paid that a business of the place may offer."""
    bank_example: str = "1234567890"
    """A bank of the place and an account as it numbers them, for showing how one is written."""
    pin_above: Mapping[str, int] = field(default_factory=dict)
    """In whole units of each currency: what may be counted as received in a chat without a PIN, in a day, unless the business
    says otherwise. What a small shop takes in an hour, and little enough to lose: some thirty to fifty US dollars."""

    @property
    def currency(self) -> str:
        return self.currencies[0]

    @property
    def tax_name(self) -> str:
        return self.tax_name_in("en")

    @property
    def calling_code(self) -> str:
        return str(phonenumbers.country_code_for_region(self.code))

    @property
    def decimals(self) -> int:
        """Digits after the mark in its usual currency."""
        return exponent(self.currency)

    @property
    def thousands_mark(self) -> str:
        return "." if self.decimal_mark == "," else ","

    @property
    def week_starts_on(self) -> int:
        """0 for Monday, 6 for Sunday, as CLDR has it."""
        for language in (*self.languages, "en"):
            try:
                return int(Locale(language, territory=self.code).first_week_day)
            except UnknownLocaleError:
                continue
        return 0

    def name_in(self, language: str) -> str:
        """ "Северна Македонија" in Macedonian; the English name where CLDR has none."""
        try:
            return str(Locale(language).territories.get(self.code) or self.name)
        except UnknownLocaleError:
            return self.name

    def tax_name_in(self, language: str) -> str:
        """ "VAT", in Macedonian "ДДВ", in French "TVA"."""
        return self.tax_names.get(language) or TAX_NAMES.get(language, "VAT")

    def tax_id_name_in(self, language: str) -> str:
        return self.tax_id_names.get(language, self.tax_id_name)

    @property
    def phone_example(self) -> str:
        """A mobile number as people of the place write one, that is nobody's (libphonenumber's example)."""
        number = phonenumbers.example_number_for_type(
            self.code, phonenumbers.PhoneNumberType.MOBILE
        )
        if number is None:
            return ""
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))

    def takes(self, way: str) -> bool:
        """Whether a business of the place may offer to be paid so."""
        return way in self.ways


TAX_NAMES = {"mk": "ДДВ", "sq": "TVSH", "fr": "TVA"}
"""Value-added tax, in languages that have a name of their own for it."""

COUNTRIES = {
    place.code: place
    for place in (
        Country(
            "KE",
            "Kenya",
            ("KES",),
            "Africa/Nairobi",
            ("en", "sw"),
            "KRA PIN",
            ways=MPESA_WAYS + PLAIN_WAYS,
            bank_example="KCB 1234567890",
            pin_above={"KES": 5_000},
        ),
        Country(
            "NG",
            "Nigeria",
            ("NGN",),
            "Africa/Lagos",
            ("en",),
            "Tax ID",
            registration_name="RC/BN number",
            bank_example="GTBank 0123456789",
            pin_above={"NGN": 50_000},
        ),
        Country(
            "MK",
            "North Macedonia",
            ("MKD",),
            "Europe/Skopje",
            ("mk", "sq", "en"),
            "EDB",
            tax_id_names={"mk": "ЕДБ"},
            decimal_mark=",",
            bank_example="Komercijalna 300000000012345",
            pin_above={"MKD": 2_500},
        ),
        Country(
            "ZW",
            "Zimbabwe",
            ("USD", "ZWG"),
            "Africa/Harare",
            ("en",),
            "TIN",
            vat_number_name="VAT number",
            bank_example="CBZ 01234567890",
            pin_above={"USD": 50, "ZWG": 1_300},
        ),
        Country(
            "TZ",
            "Tanzania",
            ("TZS",),
            "Africa/Dar_es_Salaam",
            ("sw", "en"),
            "TIN",
            vat_number_name="VRN",
            bank_example="CRDB 0150123456700",
            pin_above={"TZS": 100_000},
        ),
        Country(
            "UG",
            "Uganda",
            ("UGX",),
            "Africa/Kampala",
            ("en", "sw"),
            "TIN",
            bank_example="Stanbic 9030001234567",
            pin_above={"UGX": 150_000},
        ),
        Country(
            "GH",
            "Ghana",
            ("GHS",),
            "Africa/Accra",
            ("en",),
            "TIN",
            bank_example="GCB 1234567890123",
            pin_above={"GHS": 500},
        ),
        Country(
            "RW",
            "Rwanda",
            ("RWF",),
            "Africa/Kigali",
            ("en", "sw", "fr"),
            "TIN",
            bank_example="BK 00012345678",
            pin_above={"RWF": 50_000},
        ),
        Country(
            "ZA",
            "South Africa",
            ("ZAR",),
            "Africa/Johannesburg",
            ("en",),
            "VAT number",
            bank_example="FNB 62123456789",
            pin_above={"ZAR": 800},
        ),
    )
}


def country(code: str) -> Country:
    try:
        return COUNTRIES[code.upper()]
    except KeyError:
        raise UnknownCountry(code[:8]) from None


def is_mpesa_money(currency: str) -> bool:
    """Whether M-PESA can be spoken of where an amount is in this currency."""
    return any(currency in place.currencies and place.takes("till") for place in COUNTRIES.values())


@lru_cache(maxsize=4096)
def timezone_of_phone(e164: str) -> str | None:
    """Whose days are the days of whoever has this number: the zone of a country we know, else the only zone of its country,
    else the first that libphonenumber has for it; None where it belongs to no place."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number) or ""
    if region in COUNTRIES:
        return COUNTRIES[region].timezone
    zones = get_global("territory_zones").get(region, [])
    found = zones if len(zones) == 1 else phone_timezones.time_zones_for_number(number)
    known = zoneinfo.available_timezones()
    return next((str(zone) for zone in found if zone in known), None)
