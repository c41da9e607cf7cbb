"""Telephone numbers: read however people write them, shown as at home, hidden where others look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit.countries import UnknownCountry, country
from hesabu.kit.phones import BadPhone, country_of, local, masked, msisdn, parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "0712345678",
        "0712 345 678",
        " 0712-345-678 ",
        "+254712345678",
        "254712345678",
        "+254 (0) 712 345678",
        "712345678",
        "00254712345678",
    ],
)
def test_one_number_is_one_number_however_it_is_written(text: str) -> None:
    assert parse_phone(text, "KE") == "+254712345678"


@pytest.mark.parametrize(
    "text",
    ["", " ", "+", "abc", "0712", "07123456789012345", "²²²²²²²²²²", "+254000000000", "9" * 10_000],
)
def test_what_rings_nowhere_is_refused(text: str) -> None:
    with pytest.raises(BadPhone) as refused:
        parse_phone(text, "KE")
    assert refused.value.status == 422


@given(st.text(max_size=40))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        found = parse_phone(text, "KE")
    except BadPhone:
        return
    assert parse_phone(found, "KE") == found


def test_it_is_shown_as_people_write_it_at_home() -> None:
    assert local("+254712345678") == "0712 345678"
    assert msisdn("+254712345678") == "254712345678"
    assert parse_phone(local("+254712345678"), "KE") == "+254712345678"


def test_a_masked_number_gives_five_digits_away() -> None:
    shown = masked("+254712345678")
    assert shown == "07•• •••678"
    assert sum(character.isdigit() for character in shown) == 5


def test_a_number_from_elsewhere_keeps_its_country() -> None:
    assert parse_phone("+256772123456", "KE") == "+256772123456"
    assert country_of("+256772123456") == "UG"


def test_a_country_is_found_in_any_case_and_a_strange_one_refused() -> None:
    assert country("ke").currency == "KES"
    with pytest.raises(UnknownCountry):
        country("XX")
