"""How numbers are written, and how people write them back."""

from __future__ import annotations

import pytest

from hesabu.invoicing.rules import numbers
from hesabu.invoicing.rules.numbers import Written


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("INV-0007", Written("INV", 7)),
        ("inv-7", Written("INV", 7)),
        ("inv 7", Written("INV", 7)),
        ("inv7", Written("INV", 7)),
        ("Invoice 7.", Written("INV", 7)),
        ("#7", Written(None, 7)),
        ("no. 7", Written(None, 7)),
        ("7", Written(None, 7)),
        ("CN-0002", Written("CN", 2)),
        ("inv–12345", Written("INV", 12345)),
        ("INV-0000", None),
        ("jane", None),
        ("INV-", None),
        ("7 of 9", None),
        ("", None),
    ],
)
def test_a_number_is_understood_as_people_write_it(text: str, meant: Written | None) -> None:
    assert numbers.read(text) == meant


def test_a_number_has_four_figures_or_as_many_as_it_needs() -> None:
    assert numbers.show("INV", 7) == "INV-0007"
    assert numbers.show("INV", 123_456) == "INV-123456"


@pytest.mark.parametrize("value", [1, 9999, 10_000])
def test_what_is_shown_is_read_back(value: int) -> None:
    assert numbers.read(numbers.show("CN", value)) == Written("CN", value)
