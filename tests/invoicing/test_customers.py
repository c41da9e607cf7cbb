"""Customers are found again, and never entered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest


def test_a_customer_is_found_again_by_phone_whatever_the_name(shop: Any) -> None:
    jane = shop.act("keep_customer", "Jane Wanjiku", "0712 345 678")
    assert shop.act("keep_customer", "Jane W.", "+254712345678") == jane
    assert shop.ask("customer", jane).name == "Jane Wanjiku"


def test_a_customer_is_found_again_by_name_alone(shop: Any) -> None:
    jane = shop.act("keep_customer", "Jane Wanjiku")
    assert shop.act("keep_customer", "  JANE   wanjiku ") == jane


def test_somebody_known_by_name_is_given_the_phone(shop: Any) -> None:
    jane = shop.act("keep_customer", "Jane")
    assert shop.act("keep_customer", "jane", "0712345678") == jane
    assert shop.ask("customer_by_phone", "0712 345 678").id == jane


def test_the_same_name_with_another_phone_is_somebody_else(shop: Any) -> None:
    from hesabu.invoicing.errors import CustomerAmbiguous

    one = shop.act("keep_customer", "Jane", "0712345678")
    two = shop.act("keep_customer", "Jane", "0722345678")
    assert one != two
    with pytest.raises(CustomerAmbiguous):
        shop.act("keep_customer", "Jane")
    assert [row.id for row in shop.ask("customers_named", "JANE")] == [one, two]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "...", "x" * 121])
def test_a_name_is_needed(shop: Any, name: str) -> None:
    from hesabu.invoicing.errors import CustomerNameMissing

    with pytest.raises(CustomerNameMissing):
        shop.act("keep_customer", name)


def test_a_bad_phone_is_refused(shop: Any) -> None:
    from hesabu.kit.phones import BadPhone

    with pytest.raises(BadPhone):
        shop.act("keep_customer", "Jane", "12345")


def test_five_messages_at_once_about_somebody_new_make_one_customer(shop: Any) -> None:
    with ThreadPoolExecutor(5) as pool:
        kept = list(pool.map(lambda _: _keep(shop), range(5)))
    assert len(set(kept)) == 1


def _keep(shop: Any) -> Any:
    from django.db import connection

    try:
        return shop.act("keep_customer", "Jane Wanjiku")
    finally:
        connection.close()


def test_details_change_and_one_phone_is_one_customers(shop: Any) -> None:
    from hesabu.invoicing.errors import CustomerDetailBad, PhoneTaken

    jane = shop.act("keep_customer", "Jane", "0712345678")
    peter = shop.act("keep_customer", "Peter")
    shop.act("change_customer", jane, name="Jane Otieno", email="jane@example.com", tax_id="A001")
    view = shop.ask("customer", jane)
    assert (view.name, view.email, view.tax_id) == ("Jane Otieno", "jane@example.com", "A001")
    assert [row.id for row in shop.ask("customers_named", "jane otieno")] == [jane]
    with pytest.raises(PhoneTaken):
        shop.act("change_customer", peter, phone="0712345678")
    for bad in ({"email": "nobody"}, {"address": "x" * 301}, {"state": "paid"}):
        with pytest.raises(CustomerDetailBad):
            shop.act("change_customer", jane, **bad)


def test_another_business_knows_nothing_of_it(shop: Any, new_shop: Any) -> None:
    from hesabu.invoicing.errors import CustomerNotFound

    jane = shop.act("keep_customer", "Jane", "0712345678")
    other = new_shop()
    with pytest.raises(CustomerNotFound):
        other.ask("customer", jane)
    assert other.ask("customer_by_phone", "0712345678") is None
    with pytest.raises(CustomerNotFound):
        other.drafted(jane)


def test_who_somebody_is_cannot_be_read_in_the_table(shop: Any, owner_url: str) -> None:
    shop.act("keep_customer", "Jane Wanjiku", "0712345678")
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute(
            "SELECT * FROM invoicing_customer WHERE business_id = %s", (shop.id,)
        ).fetchall()
    assert len(rows) == 1
    seen = b"".join(bytes(value) for value in rows[0] if isinstance(value, bytes))
    assert b"Jane" not in seen
    assert b"712345678" not in seen


def test_items_keep_their_usual_price(shop: Any) -> None:
    from hesabu.invoicing.errors import CurrencyBad, ItemNotFound, PriceBad, TaxCodeUnknown
    from hesabu.kit.ids import new_id
    from hesabu.kit.money import Money

    logo = shop.act("keep_item", "Logo design", Money.parse("75000", "KES"))
    assert shop.act("keep_item", "logo  DESIGN", Money.parse("80000", "KES"), "zero") == logo
    found = shop.ask("item_named", "Logo Design")
    assert (found.unit_price, found.tax_code) == (Money.parse("80000", "KES"), "zero")
    shop.act("drop_item", logo)
    assert shop.ask("items") == []
    for bad, error in (
        ((Money(1, "USD"),), CurrencyBad),
        ((Money(-1, "KES"),), PriceBad),
        ((Money(1, "KES"), "luxury"), TaxCodeUnknown),
    ):
        with pytest.raises(error):
            shop.act("keep_item", "Logo", *bad)
    with pytest.raises(ItemNotFound):
        shop.act("drop_item", new_id())
