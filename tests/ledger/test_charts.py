"""Charts of accounts: the same roles everywhere, each country's own codes and names."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from hesabu.kit.countries import COUNTRIES
from hesabu.ledger.charts import CHARTS, KENYA, chart
from hesabu.ledger.types import AccountKind, AccountRole


def test_every_country_has_a_chart_with_every_role_once() -> None:
    assert set(CHARTS) == set(COUNTRIES)
    for lines in (*CHARTS.values(), chart("XX")):
        assert sorted(role for *_, role in lines) == sorted(AccountRole)
        assert len({code for code, *_ in lines}) == len(lines)
        assert all(name.strip() for _, name, *_ in lines)


def test_a_role_is_of_the_same_kind_in_every_chart() -> None:
    kinds = {role: kind for *_, kind, role in KENYA}
    for lines in CHARTS.values():
        assert {role: kind for *_, kind, role in lines} == kinds


def test_only_kenya_speaks_of_mpesa() -> None:
    assert [code for code, lines in CHARTS.items() if "M-PESA" in str(lines)] == ["KE"]


def test_north_macedonia_has_the_codes_its_rulebook_prescribes() -> None:
    codes = {role: code for code, _, _, role in CHARTS["MK"]}
    assert (codes[AccountRole.RECEIVABLES], codes[AccountRole.SALES]) == ("120", "740")
    assert (codes[AccountRole.BANK], codes[AccountRole.VAT_OUTPUT]) == ("100", "230")
    first_digits = {
        AccountKind.ASSET: "1",
        AccountKind.LIABILITY: "2",
        AccountKind.EQUITY: "9",
        AccountKind.INCOME: "7",
        AccountKind.EXPENSE: "4",
    }
    assert all(code.startswith(first_digits[kind]) for code, _, kind, _ in CHARTS["MK"])


def test_kenyas_chart_is_what_it_always_was() -> None:
    assert [code for code, *_ in KENYA] == [
        *("1000", "1010", "1020", "1100", "2000", "2100", "2200", "3000", "4000", "4900"),
        *("5000", "5100"),
    ]


@pytest.mark.parametrize("country", list(COUNTRIES))
def test_a_book_is_opened_with_its_countrys_chart(
    new_business: Callable[..., UUID], country: str
) -> None:
    from hesabu.ledger import queries
    from hesabu.store import tenancy

    with tenancy.bound(new_business(country=country)):
        found = {(one.code, one.name, one.role) for one in queries.balances()}
        currencies = {one.currency for one in queries.balances()}
    assert found == {(code, name, str(role)) for code, name, _, role in chart(country)}
    assert currencies == {COUNTRIES[country].currency}
