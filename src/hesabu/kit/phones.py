"""Telephone numbers, by libphonenumber: kept in E.164, shown as people of the place write them."""

from __future__ import annotations

import re

import phonenumbers

from hesabu.kit.errors import Invalid


class BadPhone(Invalid):
    code = "phone.invalid"
    title = "That is not a telephone number we can reach."
    hint = "Write it as 0712 345 678, or with the country code: +254 712 345 678."


def parse_phone(text: str, country: str) -> str:
    """E.164 ("+254712345678"). `country` is the ISO code that a number without a country code belongs to."""
    cleaned = text.strip()
    if cleaned.isdigit() and not cleaned.startswith("0") and len(cleaned) > 9:
        cleaned = f"+{cleaned}"
    if re.match(
        r"00[1-9]", cleaned
    ):  # what most of the world dials for "+", whatever this country does
        cleaned = f"+{cleaned[2:]}"
    try:
        number = phonenumbers.parse(cleaned, country)
    except phonenumbers.NumberParseException as error:
        raise BadPhone(detail=text[:40]) from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhone(detail=text[:40])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def local(e164: str) -> str:
    """As it is written at home: "0712 345678"."""
    return str(
        phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.NATIONAL
        )
    )


def abroad(e164: str) -> str:
    """As it is dialled from another country: "+254 712 345678"."""
    return str(
        phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    )


def seen_from(e164: str, country: str | None) -> str:
    """As somebody in that country would dial it: as at home where it is theirs, else with its country's code."""
    return local(e164) if country_of(e164) == country else abroad(e164)


def msisdn(e164: str) -> str:
    """The digits alone, as mobile-money and messaging providers want them."""
    return e164.removeprefix("+")


def masked(e164: str) -> str:
    """Enough to recognise one's own number, too little to learn somebody else's: "07•• ••• 678"."""
    home = local(e164)
    digits = sum(character.isdigit() for character in home)
    seen = 0
    shown = []
    for character in home:
        if character.isdigit():
            seen += 1
            shown.append(character if seen <= 2 or seen > digits - 3 else "•")
        else:
            shown.append(character)
    return "".join(shown)


def country_of(e164: str) -> str | None:
    """The ISO code of the country a number belongs to, where it belongs to one."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
