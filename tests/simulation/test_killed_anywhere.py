"""A worker killed at any step of an act, and another one that does it again: done once, whole, in books that are sound."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.store import letters, tenancy

if TYPE_CHECKING:
    from payments.shop import Shop

STRIDE = 3
"""Every third step is tried."""
STEPS_MAX = 5_000


@pytest.fixture
def shop(new_business: Callable[..., UUID]) -> Shop:
    from payments.shop import open_shop

    return open_shop(new_business())


def deaths_of(act: Callable[[], Any], first: int) -> Iterator[str]:
    """Do it over and over, killed one stride later each time, until it is done before it is killed. Where it died."""
    from hesabu.app.simulate.deaths import Killed, broken_off

    for step in range(first, STEPS_MAX, STRIDE):
        try:
            broken_off(act, step, may_be_done=False)
        except Killed as death:
            assert not tenancy.is_bound()
            yield str(death)
        else:
            return
    raise AssertionError("it never ends")


def issued(shop: Shop, price: str = "1500") -> UUID:
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput

    with tenancy.bound(shop.id):
        customer_id = actions.keep_customer("Jane")
        line = LineInput("logo", Decimal(1), Money.parse(price, "KES"))
        invoice_id, version = actions.draft(DraftInput(customer_id, [line]))
        actions.issue(invoice_id, version)
    return invoice_id


def bound(shop: Shop, act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.bound(shop.id):
            return act()

    return run


def entries(shop: Shop) -> int:
    return int(shop.rows("SELECT entry_count FROM ledger_book")[0][0])


def is_sound(shop: Shop) -> bool:
    from hesabu.app import verify

    assert verify.verify_one(shop.id).faults == []
    return True


def test_issuing_killed_anywhere_takes_one_number_and_books_once(shop: Shop) -> None:
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput

    with tenancy.bound(shop.id):
        customer_id = actions.keep_customer("Jane")
        line = LineInput("logo", Decimal(1), Money.parse("1500", "KES"))
        invoice_id, version = actions.draft(DraftInput(customer_id, [line]))
    died = 0
    for _ in deaths_of(bound(shop, lambda: actions.issue(invoice_id, version)), 1):
        died += 1
        assert shop.rows("SELECT number FROM invoicing_invoice") == [(None,)]
        assert entries(shop) == 0
    assert died > 10
    assert shop.rows("SELECT number, state FROM invoicing_invoice") == [("INV-0001", "issued")]
    assert entries(shop) == 1
    assert is_sound(shop)


def test_a_letter_whose_reader_is_killed_anywhere_is_read_once(shop: Shop) -> None:
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Accepted
    from hesabu.payments.types import Purpose

    invoice_id = issued(shop)
    request_id = shop.collect(Purpose("invoice", invoice_id)).id
    with tenancy.bound(shop.id):
        assert actions.begin_asking(request_id) is not None
    with tenancy.bound(shop.id):
        actions.record_outcome(request_id, Accepted("ws_CO_1", "1"))
    letter_id = filed(shop, request_id)
    died = 0
    for _ in deaths_of(lambda: actions.settle_one(letter_id, shop.id), 2):
        died += 1
        assert shop.payments() == []
        assert shop.row(request_id).state == "asked"
    assert died > 10
    assert len(shop.payments()) == 1
    actions.settle_one(letter_id, shop.id)
    assert len(shop.payments()) == 1
    assert shop.rows("SELECT state, paid_minor FROM invoicing_invoice") == [("paid", 150_000)]
    assert shop.told_all("PaymentSettled") == 1
    assert is_sound(shop)


def filed(shop: Shop, request_id: UUID) -> UUID:
    """The callback that pays a request, filed and not read."""
    from hesabu.app.simulate.door import body_of
    from hesabu.app.simulate.told import About, Letter
    from payments.shop import JANE

    receipt = "T" + secrets.token_hex(5).upper()[:9]
    said = Letter(
        0, About.PROMPT, checkout="ws_CO_1", receipt=receipt, amount_minor=150_000, phone=JANE
    )
    ((endpoint_id,),) = shop.rows("SELECT endpoint_id FROM payments_account")
    endpoint = letters.OpenEndpoint(endpoint_id, "mpesa", shop.id, shop.account_id, None, None)
    request = letters.HookRequest(
        "POST", {}, "", body_of(said), "196.201.214.200", shop.callback_ref(request_id)
    )
    values = letters.filing(endpoint, request, letters.Verdict(is_vouched=True))
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(letters.FILE, values)
    return UUID(str(values[0]))


def test_money_said_and_placed_and_confirmed_by_workers_that_die_counts_once(shop: Shop) -> None:
    from hesabu.payments import actions
    from hesabu.payments.types import Purpose

    invoice_id = issued(shop, "9000")
    purpose, amount = Purpose("invoice", invoice_id), Money.parse("1000", "KES")
    key = str(ids.new_id())
    unplaced = shop.paid_by_hand("TAB1234567", "1000")
    with tenancy.bound(shop.id):
        claim_id = actions.claim(purpose, "TAB7654321", amount)
    acts: list[Callable[[], Any]] = [
        lambda: actions.record(purpose, amount, "cash", key=key),
        lambda: actions.place(unplaced, purpose),
        lambda: actions.confirm(claim_id),
    ]
    for number, act in enumerate(acts, 1):
        before = entries(shop)
        died = 0
        for _ in deaths_of(bound(shop, act), number + 2):
            died += 1
            assert entries(shop) == before
        assert died > 5
        assert entries(shop) == before + 1
        bound(shop, act)()
        assert entries(shop) == before + 1
        paid = shop.rows("SELECT paid_minor FROM invoicing_invoice")
        assert paid == [(number * 100_000,)]
    assert is_sound(shop)


def test_an_answer_lost_after_the_commit_is_asked_for_again_and_is_the_same(shop: Shop) -> None:
    from hesabu.app.simulate.deaths import Killed, broken_off
    from hesabu.invoicing import actions

    invoice_id = issued(shop)
    credit = bound(
        shop, lambda: actions.credit(invoice_id, "sent back", key="one credit note").number
    )
    lost = 0
    for step in range(STEPS_MAX, STEPS_MAX + 6):  # the first act takes more steps than the others
        try:
            assert broken_off(credit, step) == "CN-0001"
        except Killed:
            lost += 1
    assert lost in (1, 2)
    assert credit() == "CN-0001"
    assert entries(shop) == 2
    assert is_sound(shop)
