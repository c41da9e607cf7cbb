"""Countries: what we say of a place is what CLDR, libphonenumber and the tz database say."""

from __future__ import annotations

import zoneinfo

import phonenumbers
import pytest

from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES, country, timezone_of_phone
from hesabu.kit.money import Money, exponent, say

NINE = ["KE", "NG", "MK", "ZW", "TZ", "UG", "GH", "RW", "ZA"]

MOBILES = {
    "KE": ("0712 345 678", "+254712345678"),
    "NG": ("0803 123 4567", "+2348031234567"),
    "MK": ("070 345 678", "+38970345678"),
    "ZW": ("0712 345 678", "+263712345678"),
    "TZ": ("0754 123 456", "+255754123456"),
    "UG": ("0772 123 456", "+256772123456"),
    "GH": ("024 123 4567", "+233241234567"),
    "RW": ("0788 123 456", "+250788123456"),
    "ZA": ("082 123 4567", "+27821234567"),
}


def test_there_are_the_nine_countries() -> None:
    assert list(COUNTRIES) == NINE


@pytest.mark.parametrize("code", NINE)
def test_a_number_written_at_home_is_read_and_shown_and_its_zone_known(code: str) -> None:
    typed, e164 = MOBILES[code]
    place = country(code)
    assert phones.parse_phone(typed, code) == e164
    assert phones.parse_phone(phones.local(e164), code) == e164
    assert phones.country_of(e164) == code
    assert e164.startswith(f"+{place.calling_code}")
    assert timezone_of_phone(e164) == place.timezone
    assert place.timezone in zoneinfo.available_timezones()


@pytest.mark.parametrize("code", NINE)
def test_the_published_example_numbers_of_a_country_are_its_own(code: str) -> None:
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(code, kind)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert phones.parse_phone(e164, "KE") == e164
        assert phones.parse_phone(national, code) == e164
        assert timezone_of_phone(e164) == country(code).timezone


def test_a_customer_in_another_country_has_the_days_of_that_country() -> None:
    assert timezone_of_phone("+447400123456") == "Europe/London"
    assert timezone_of_phone("+12125551234") == "America/New_York"
    assert timezone_of_phone("+2349") is None
    assert timezone_of_phone("+80012345678") in (None, *zoneinfo.available_timezones())
    assert timezone_of_phone("no number") is None


def test_currencies_have_the_decimals_that_people_use() -> None:
    assert {code: country(code).decimals for code in NINE} == {
        "KE": 2,
        "NG": 2,
        "MK": 2,
        "ZW": 2,
        "TZ": 2,
        "UG": 0,
        "GH": 2,
        "RW": 0,
        "ZA": 2,
    }
    assert exponent("ZWG") == 2
    assert country("ZW").currencies == ("USD", "ZWG")


def test_shillings_of_uganda_and_francs_of_rwanda_have_no_cents() -> None:
    assert Money.parse("75000", "UGX").minor == 75_000
    assert say(Money(75_000, "UGX")) == "UGX 75,000"
    assert say(Money(75_000, "RWF"), "fr") == "RWF 75\u202f000"


def test_names_are_in_the_languages_of_the_reader() -> None:
    assert country("MK").name_in("mk") == "Северна Македонија"
    assert country("MK").name_in("sq") == "Maqedonia e Veriut"
    assert country("ZA").name_in("sw") == "Afrika Kusini"
    assert country("RW").name_in("fr") == "Rwanda"
    assert country("KE").name_in("no-such-language") == "Kenya"
    assert (country("MK").tax_name_in("mk"), country("MK").tax_name) == ("ДДВ", "VAT")
    assert (country("MK").tax_id_name_in("mk"), country("MK").tax_id_name) == ("ЕДБ", "EDB")


def test_the_first_language_is_the_one_a_business_of_the_place_is_written_in() -> None:
    assert {code: country(code).languages for code in ("KE", "TZ", "UG", "MK", "RW")} == {
        "KE": ("en", "sw"),
        "TZ": ("sw", "en"),
        "UG": ("en", "sw"),
        "MK": ("mk", "sq", "en"),
        "RW": ("en", "sw", "fr"),
    }


def test_weeks_begin_where_cldr_has_it() -> None:
    assert country("KE").week_starts_on == 6
    assert country("MK").week_starts_on == 0


def test_mpesa_is_offered_in_kenya_alone() -> None:
    assert country("KE").takes("till")
    for code in NINE[1:]:
        place = country(code)
        assert place.takes("bank")
        assert place.takes("cash")
        assert not any(place.takes(way) for way in ("till", "paybill", "phone", "stk_till"))
