"""Tax numbers: whether what somebody gave can be one, in the one form that papers show.

python-stdnum checks where it knows the number (check digits for North Macedonia and Ghana); elsewhere a published pattern
says how long it is and of what. A number that passes need not exist: only the authority can say that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.gh import tin as ghana_tin
from stdnum.ke import pin as kra_pin
from stdnum.mk import edb

from hesabu.kit.errors import Invalid


class BadTaxId(Invalid):
    code = "tax_id.invalid"
    title = "That is not a tax number as your country writes them."
    hint = "Look at your certificate of registration and send the number as it stands there."


@dataclass(frozen=True, slots=True)
class Shape:
    """How a country writes a number. `check` gives the one form or raises ValidationError; else `pattern` is what the
    letters and digits, without spaces and hyphens, have to be."""

    example: str
    source: str
    pattern: str = ""
    check: Callable[[str], str] | None = None


def _ghana(text: str) -> str:
    """A TIN, or the personal number of the Ghana Card, which took its place for people in 2021."""
    card = re.fullmatch(r"GHA-?(\d{9})-?(\d)", text.replace(" ", ""))
    return f"GHA-{card[1]}-{card[2]}" if card else str(ghana_tin.validate(text))


TAX_IDS: dict[str, Shape] = {
    "KE": Shape("A012345678B", "python-stdnum, stdnum.ke.pin", check=kra_pin.validate),
    "NG": Shape(
        "12345678-0001",
        "FIRS TIN of 12 digits, JTB TIN of 10, and from 2026 the Tax ID: a person's NIN (11), a company's RC or BN number",
        pattern=r"(RC|BN|IT|LP|LLP)?\d{4,8}|\d{10,13}",
    ),
    "MK": Shape("4030000375897", "python-stdnum, stdnum.mk.edb", check=edb.validate),
    "ZW": Shape("2000123456", "ZIMRA, Fiscal Device Gateway: 10 digits", pattern=r"\d{10}"),
    "TZ": Shape("123-456-789", "TRA: 9 digits", pattern=r"\d{9}"),
    "UG": Shape("1000123456", "URA: 10 digits", pattern=r"\d{10}"),
    "GH": Shape(
        "C0000803561 or GHA-123456789-0",
        "python-stdnum, stdnum.gh.tin; GRA: the Ghana Card PIN for people",
        check=_ghana,
    ),
    "RW": Shape("101234567", "RRA: 9 digits", pattern=r"\d{9}"),
    "ZA": Shape("4123456789", "SARS: 10 digits that begin with 4", pattern=r"4\d{9}"),
}
"""The number that stands as `tax_id_name`, by country."""

VAT_NUMBERS: dict[str, Shape] = {
    "ZW": Shape("220123456", "ZIMRA, Fiscal Device Gateway: 9 digits; 8 before 2023", r"\d{8,9}"),
    "TZ": Shape("40-012345-A", "TRA: 8 digits and a letter", r"\d{8}[A-Z]"),
}
"""The number of a registration for the tax, where it is another one."""


def checked_tax_id(text: str, country: str) -> str:
    """The number in the form papers show. Raises BadTaxId with an example."""
    return _checked(text, TAX_IDS.get(country), "tax_id")


def checked_vat_number(text: str, country: str) -> str:
    return _checked(text, VAT_NUMBERS.get(country), "vat_number")


def _checked(text: str, shape: Shape | None, field: str) -> str:
    said = " ".join(text.upper().split())
    if shape is None:  # a country whose numbers we do not know: what stands there is taken
        if not 4 <= len(said) <= 30 or not any(letter.isdigit() for letter in said):
            raise BadTaxId(field=field)
        return said
    if shape.check is not None:
        try:
            return shape.check(said)
        except ValidationError:
            raise BadTaxId(shape.example, field=field, example=shape.example) from None
    if not re.fullmatch(shape.pattern, re.sub(r"[ \-./]", "", said)):
        raise BadTaxId(shape.example, field=field, example=shape.example)
    return said.replace(" ", "")
