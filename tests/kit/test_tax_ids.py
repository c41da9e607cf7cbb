"""Tax numbers: what can be one, and in which form papers show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit.countries import COUNTRIES
from hesabu.kit.tax_ids import (
    TAX_IDS,
    VAT_NUMBERS,
    BadTaxId,
    checked_tax_id,
    checked_vat_number,
)


@pytest.mark.parametrize(
    ("country", "typed", "shown"),
    [
        ("KE", "p051365947m", "P051365947M"),
        ("NG", "12345678-0001", "12345678-0001"),
        ("NG", "rc 1234567", "RC1234567"),
        ("MK", "4030000375897", "4030000375897"),
        ("MK", "МК 4020990116747", "4020990116747"),
        ("MK", "MK4057009501106", "4057009501106"),
        ("MK", "4004026525934", "4004026525934"),
        ("ZW", "2000 123 456", "2000123456"),
        ("TZ", "123-456-789", "123-456-789"),
        ("UG", "1000123456", "1000123456"),
        ("GH", "C0000803561", "C0000803561"),
        ("GH", "gha-123456789-0", "GHA-123456789-0"),
        ("RW", "101234567", "101234567"),
        ("ZA", "4123 456 789", "4123456789"),
        ("XX", "any 123", "ANY 123"),
    ],
)
def test_a_number_is_kept_in_one_form(country: str, typed: str, shown: str) -> None:
    assert checked_tax_id(typed, country) == shown


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("KE", "P05136594"),
        ("KE", "V1234567890"),
        ("NG", "12"),
        ("MK", "4057019547840"),  # its check digit is wrong
        ("MK", "403000037589"),
        ("ZW", "12345"),
        ("TZ", "12345678"),
        ("UG", "ten digits"),
        ("GH", "C0000803562"),
        ("RW", "1"),
        ("ZA", "9123456789"),
        ("XX", "none"),
    ],
)
def test_what_cannot_be_one_is_refused_at_its_field(country: str, typed: str) -> None:
    with pytest.raises(BadTaxId) as refused:
        checked_tax_id(typed, country)
    assert refused.value.field == "tax_id"


def test_the_number_of_a_vat_registration_is_another_one_in_two_countries() -> None:
    assert checked_vat_number("40-012345-a", "TZ") == "40-012345-A"
    assert checked_vat_number("220123456", "ZW") == "220123456"
    with pytest.raises(BadTaxId) as refused:
        checked_vat_number("123456789", "TZ")
    assert refused.value.field == "vat_number"


def test_every_country_has_a_shape_with_a_source_and_its_example_passes() -> None:
    assert set(TAX_IDS) == set(COUNTRIES)
    assert set(VAT_NUMBERS) == {c.code for c in COUNTRIES.values() if c.vat_number_name}
    for code, shape in TAX_IDS.items():
        assert shape.source
        for example in shape.example.split(" or "):
            assert checked_tax_id(example, code)
    for code, shape in VAT_NUMBERS.items():
        assert checked_vat_number(shape.example, code)


@given(st.sampled_from([*COUNTRIES, "XX"]), st.text(max_size=40))
def test_no_text_does_worse_than_being_refused(country: str, text: str) -> None:
    try:
        found = checked_tax_id(text, country)
    except BadTaxId:
        return
    assert checked_tax_id(found, country) == found
