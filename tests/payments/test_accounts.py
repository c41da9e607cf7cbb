"""Where a business receives money."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit.phones import BadPhone
from hesabu.payments import actions, queries
from hesabu.payments.errors import AccountIncomplete, AccountNotFound, NoWayToCollect
from hesabu.payments.models import PaymentAccount
from hesabu.payments.providers.mpesa.passwords import is_clean
from hesabu.payments.types import Charge
from hesabu.store import letters, tenancy
from payments.shop import JANE, KEYS, PAYBILL, Shop, kes, purpose


def test_an_account_is_printed_as_customers_use_it(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        actions.add_account("paybill", "247247", account="0712345678", label="Equity")
        actions.add_account("phone", "0712 345 678")
        actions.add_account("bank", "0110 2345 6789", label="KCB Moi Avenue")
        ways = queries.ways_to_pay()
    assert [(way.kind, way.label, way.number, way.account) for way in ways] == [
        ("paybill", "Equity", "247247", "0712345678"),
        ("phone", "M-PESA Send Money", "+254712345678", None),
        ("bank", "KCB Moi Avenue", "0110 2345 6789", None),
    ]


def test_a_prompting_account_is_a_prompt_and_a_way_by_hand(shop: Shop) -> None:
    with tenancy.bound(shop.id):
        actions.add_account("paybill", PAYBILL)
        ways = queries.ways_to_pay(shop.id)
    assert [(way.kind, way.number) for way in ways] == [("stk", ""), ("paybill", PAYBILL)]


def test_the_same_account_again_is_the_same_account_with_the_new_keys(shop: Shop) -> None:
    with tenancy.bound(shop.id):
        again = actions.add_account(
            "stk_paybill", PAYBILL, credentials={**KEYS, "passkey": "fresh"}
        )
        row = PaymentAccount.objects.get(id=again)
    assert again == shop.account_id
    assert row.credentials["passkey"] == "fresh"
    assert row.credentials["shortcode"] == PAYBILL
    assert shop.told(again) == ["PaymentAccountAdded", "PaymentAccountRekeyed"]


def test_keys_are_unreadable_in_the_database(shop: Shop) -> None:
    sealed = shop.rows("SELECT credentials FROM payments_account WHERE id = %s", shop.account_id)
    assert b"passkey" not in bytes(sealed[0][0])


def test_its_letters_have_an_address_that_the_gateway_takes(shop: Shop) -> None:
    with tenancy.bound(shop.id):
        row = PaymentAccount.objects.get(id=shop.account_id)
        token = letters.token_of(row.endpoint_id)
    assert is_clean(token)
    assert len(token) >= 22


@pytest.mark.parametrize(
    ("kind", "number", "credentials", "field"),
    [
        ("stk_paybill", "12", KEYS, "number"),
        ("stk_paybill", "١٢٣٤٥", KEYS, "number"),
        ("stk_paybill", PAYBILL, {}, "consumer_key"),
        ("stk_paybill", PAYBILL, {**KEYS, "passkey": " "}, "passkey"),
        ("stk_till", "123456", KEYS, "shortcode"),
        ("stk_till", "123456", {**KEYS, "shortcode": "x"}, "shortcode"),
        ("till", "not a till", None, "number"),
        ("bank", "", None, "number"),
        ("purse", "1", None, "kind"),
    ],
)
def test_what_is_missing_is_named(
    business_id: UUID, kind: str, number: str, credentials: dict[str, str] | None, field: str
) -> None:
    with pytest.raises(AccountIncomplete) as refused, tenancy.bound(business_id):
        actions.add_account(kind, number, credentials=credentials)
    assert refused.value.field == field
    assert "secret" not in refused.value.detail.replace("consumer_secret", "")


def test_a_phone_that_is_none_is_refused(business_id: UUID) -> None:
    with pytest.raises(BadPhone), tenancy.bound(business_id):
        actions.add_account("phone", "12")


def test_a_closed_account_is_offered_no_more_and_still_gets_its_letters(shop: Shop) -> None:
    with tenancy.bound(shop.id):
        actions.close_account(shop.account_id)
        actions.close_account(shop.account_id)
        assert queries.ways_to_pay() == []
        with pytest.raises(NoWayToCollect):
            actions.collect(Charge(purpose(), kes("10"), "INV7"), JANE, "k")
    assert shop.told(shop.account_id) == ["PaymentAccountAdded", "PaymentAccountClosed"]
    shop.paid_by_hand("SKL4T7QX2P")
    assert shop.payments() == [("SKL4T7QX2P", 150_000, "unplaced")]


def test_a_business_never_sees_anothers_account(
    shop: Shop, new_business: Callable[..., UUID]
) -> None:
    other = new_business()
    with tenancy.bound(other):
        assert queries.ways_to_pay() == []
        with pytest.raises(AccountNotFound):
            actions.close_account(shop.account_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM payments_account WHERE id = %s", (shop.account_id,)
            )
            assert cursor.fetchone() == (0,)
