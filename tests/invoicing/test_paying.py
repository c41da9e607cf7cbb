"""Money that came goes to its invoice; what is over, late or lost is never dropped and never counted twice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def test_the_whole_amount_pays_it(shop: Any) -> None:
    invoice = shop.issued("75000")
    payment_id = shop.paid(invoice.id, "75000")
    after = shop.invoice(invoice.id)
    assert (str(after.state), after.paid.minor, after.owed.minor) == ("paid", 7_500_000, 0)
    assert shop.balances() == {"cash": 7_500_000, "sales": -7_500_000}
    assert shop.facts_of(invoice.id)[-1] == "InvoicePaid"
    (part,) = shop.ask("allocations_of", invoice.id)
    assert (part.payment_id, part.amount.minor) == (payment_id, 7_500_000)
    assert [entry.kind for entry in shop.ask("entries_of", invoice.id)] == [
        "invoicing.issued",
        "invoicing.paid",
    ]
    assert shop.is_sound()


def test_too_little_is_part_paid_and_the_rest_pays_it(shop: Any) -> None:
    invoice = shop.issued("75000")
    shop.paid(invoice.id, "25000")
    assert str(shop.invoice(invoice.id).state) == "part_paid"
    assert shop.invoice(invoice.id).owed.minor == 5_000_000
    shop.paid(invoice.id, "50000")
    assert str(shop.invoice(invoice.id).state) == "paid"
    assert shop.facts_of(invoice.id)[-2:] == ["InvoicePartPaid", "InvoicePaid"]


def test_too_much_is_the_customers_credit(shop: Any) -> None:
    invoice = shop.issued("75000")
    shop.paid(invoice.id, "80000")
    assert shop.ask("credit_of", invoice.customer_id).minor == 500_000
    assert shop.balances() == {"cash": 8_000_000, "sales": -7_500_000, "customer_credit": -500_000}
    assert shop.facts_of(invoice.id)[-2:] == ["InvoicePaid", "InvoiceOverpaid"]


def test_paying_twice_is_credit_the_second_time(shop: Any) -> None:
    invoice = shop.issued("75000")
    shop.paid(invoice.id, "75000")
    shop.paid(invoice.id, "75000")
    assert shop.ask("credit_of", invoice.customer_id).minor == 7_500_000
    assert shop.facts_of(invoice.id)[-2:] == ["InvoicePaid", "InvoiceOverpaid"]
    assert len(shop.ask("entries_of", invoice.id)) == 3


def _voided(shop: Any) -> UUID:
    return shop.act("void", shop.issued("500").id, "wrong customer").id


def _credited(shop: Any) -> UUID:
    return shop.act("credit", shop.issued("500").id, "sent back").invoice_id


def _discarded(shop: Any) -> UUID:
    invoice_id, _ = shop.draft("500")
    shop.act("discard", invoice_id)
    return invoice_id


def _draft(shop: Any) -> UUID:
    return shop.draft("500")[0]


@pytest.mark.parametrize("begin", [_voided, _credited, _discarded, _draft])
def test_money_for_what_owes_nothing_is_the_customers_credit(shop: Any, begin: Any) -> None:
    invoice_id = begin(shop)
    before = shop.invoice(invoice_id)
    shop.paid(invoice_id, "500")
    assert shop.invoice(invoice_id) == before
    assert shop.ask("credit_of", before.customer_id).minor == 50_000
    assert shop.balances()["customer_credit"] == -50_000
    assert shop.facts_of(invoice_id)[-1] == "InvoiceOverpaid"
    assert shop.is_sound()


def test_money_in_another_currency_waits_in_suspense(shop: Any) -> None:
    from hesabu.store import facts

    invoice = shop.issued("500")
    payment_id = shop.paid(invoice.id, "500", currency="USD")
    assert str(shop.invoice(invoice.id).state) == "issued"
    assert shop.balances()["suspense"] == -50_000
    with shop.bound():
        kinds = [record.kind for record in facts.timeline(payment_id)]
    assert kinds[-2:] == ["invoicing.PaymentMisdirected", "payments.PaymentUnplaced"]
    assert shop.is_sound()


def test_money_for_an_invoice_that_is_not_there_waits_in_suspense(shop: Any, new_shop: Any) -> None:
    from hesabu.kit.ids import new_id

    theirs = new_shop().issued("500")
    shop.paid(theirs.id, "500")
    shop.paid(new_id(), "300")
    assert shop.balances() == {"cash": 80_000, "suspense": -80_000}


def test_money_dated_into_a_closed_period_is_booked_on_the_first_open_day(
    shop: Any, noon: date
) -> None:
    from hesabu.kit import clock
    from hesabu.ledger import actions as ledger

    invoice = shop.issued("500")
    with clock.moved(days=10):
        with shop.bound():
            ledger.lock_period(shop.id, clock.today("Africa/Nairobi").replace(day=1))
        shop.paid(invoice.id, "500", received_on=noon)
        entry = shop.ask("entries_of", invoice.id)[-1]
        assert entry.booked_on == date(2026, 12, 2)


def test_a_settlement_that_dies_leaves_nothing(shop: Any) -> None:
    invoice = shop.issued("500")
    with pytest.raises(ZeroDivisionError):
        _pay_and_die(shop, invoice.id)
    assert shop.invoice(invoice.id) == invoice
    assert shop.ask("allocations_of", invoice.id) == []
    assert shop.is_sound()


def _pay_and_die(shop: Any, invoice_id: UUID) -> None:
    from hesabu.kit.money import Money
    from hesabu.payments import actions as payments
    from hesabu.payments.types import Purpose

    with shop.bound():
        payments.record(Purpose("invoice", invoice_id), Money(50_000, "KES"), "cash")
        raise ZeroDivisionError


# Batches, as the settler hands them in.


def settle(*parts: tuple[Any, Any, int]) -> list[UUID]:
    """Payments of several shops, told in one publish: (shop, invoice, minor units)."""
    from hesabu.kit import clock
    from hesabu.kit.ids import new_id
    from hesabu.payments.facts import PaymentSettled
    from hesabu.payments.models import PaymentAccount, PaymentRow
    from hesabu.store import tenancy
    from hesabu.store.facts import publish

    told = []
    with tenancy.bound(*{shop.id for shop, _, _ in parts}):
        for shop, invoice, minor in parts:
            account = PaymentAccount.objects.filter(business_id=shop.id).first()
            row = PaymentRow(
                id=new_id(),
                business_id=shop.id,
                account_id=account.id,
                receipt=str(new_id()),
                method="cash",
                amount_minor=minor,
                currency="KES",
                received_at=clock.now(),
                booked_on=date(2026, 11, 23),
                purpose_kind="invoice",
                purpose_id=invoice.id,
            )
            row.save(force_insert=True)
            told.append(
                PaymentSettled(
                    business_id=shop.id,
                    subject_id=row.id,
                    account_role="mpesa",
                    amount_minor=minor,
                    currency="KES",
                    purpose_kind="invoice",
                    purpose_id=invoice.id,
                    booked_on=row.booked_on,
                    collection_id=None,
                    method="mpesa_stk",
                )
            )
        publish(*told)
    return [fact.subject_id for fact in told]


def test_two_payments_for_one_invoice_in_one_batch_are_placed_one_after_the_other(
    shop: Any,
) -> None:
    invoice = shop.issued("100")
    first, second = settle((shop, invoice, 6_000), (shop, invoice, 6_000))
    assert [
        (part.payment_id, part.amount.minor) for part in shop.ask("allocations_of", invoice.id)
    ] == [
        (first, 6_000),
        (second, 4_000),
    ]
    assert shop.ask("credit_of", invoice.customer_id).minor == 2_000
    assert shop.facts_of(invoice.id)[-3:] == ["InvoicePartPaid", "InvoicePaid", "InvoiceOverpaid"]
    assert shop.is_sound()


def test_a_batch_over_many_businesses_is_settled_without_asking_row_by_row(
    new_shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [new_shop() for _ in range(3)]
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def listened(self: Any, query: Any, *args: Any, **named: Any) -> Any:
        asked.append(str(query))
        return execute(self, query, *args, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", listened)
    counts = []
    for size in (2, 20):
        invoices = [(shop, shop.issued("100")) for shop in shops for _ in range(size)]
        asked.clear()
        settle(*((shop, invoice, 10_000) for shop, invoice in invoices))
        counts.append(len([query for query in asked if "payments_" not in query]))
        assert {str(shop.invoice(invoice.id).state) for shop, invoice in invoices} == {"paid"}
    assert counts[0] == counts[1] >= 4
    assert all(shop.is_sound() for shop in shops)


def test_a_bad_purpose_in_a_batch_does_not_hold_up_the_others(shop: Any, new_shop: Any) -> None:
    other = new_shop()
    mine, theirs = shop.issued("100"), other.issued("100")
    settle((shop, mine, 10_000), (shop, theirs, 7_000), (other, theirs, 10_000))
    assert str(shop.invoice(mine.id).state) == str(other.invoice(theirs.id).state) == "paid"
    assert shop.balances() == {"mpesa": 17_000, "sales": -10_000, "suspense": -7_000}
    assert other.balances() == {"mpesa": 10_000, "sales": -10_000}


def test_the_same_payment_is_never_allocated_twice(shop: Any) -> None:
    invoice = shop.issued("100")
    (payment_id,) = settle((shop, invoice, 5_000))
    with pytest.raises(utils.IntegrityError), shop.bound(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoicing_allocation SELECT gen_random_uuid(), business_id, payment_id, credit_note_id,"
            " invoice_id, customer_id, amount_minor, currency, allocated_at FROM invoicing_allocation WHERE payment_id = %s",
            (payment_id,),
        )


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    total=st.integers(1, 10**7),
    amounts=st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
    cut=st.integers(0, 6),
)
def test_allocations_always_sum_to_what_came(
    shop: Any, total: int, amounts: list[int], cut: int
) -> None:
    from decimal import Decimal

    from hesabu.invoicing.types import LineInput
    from hesabu.kit.money import Money

    before = shop.balances()
    invoice = shop.issued(
        lines=[LineInput("thing", Decimal(1), Money(total, "KES"))], customer=f"C{total}-{cut}"
    )
    had = shop.ask("credit_of", invoice.customer_id).minor
    for batch in (amounts[:cut], amounts[cut:]):
        settle(*((shop, invoice, minor) for minor in batch)) if batch else None
    after = shop.invoice(invoice.id)
    parts = [part.amount.minor for part in shop.ask("allocations_of", invoice.id)]
    kept = shop.ask("credit_of", invoice.customer_id).minor - had
    assert sum(parts) == after.paid.minor == min(total, sum(amounts))
    assert sum(parts) + kept == sum(amounts)
    now = shop.balances()
    assert now.get("mpesa", 0) - before.get("mpesa", 0) == sum(amounts)
    assert now.get("receivables", 0) - before.get("receivables", 0) == after.owed.minor


# From suspense.


def _unplaced(shop: Any, minor: int, currency: str = "KES") -> UUID:
    """Money that came for nobody: its row, and the entry that payments would post for it."""
    from hesabu.kit import clock
    from hesabu.kit.ids import new_id
    from hesabu.ledger import actions as ledger
    from hesabu.ledger.types import Entry, Posting
    from hesabu.payments.models import PaymentAccount, PaymentRow

    with shop.bound():
        account = PaymentAccount.objects.filter(business_id=shop.id).first()
        row = PaymentRow(
            id=new_id(),
            business_id=shop.id,
            account_id=account.id,
            receipt=str(new_id()),
            method="cash",
            amount_minor=minor,
            currency=currency,
            received_at=clock.now(),
            booked_on=date(2026, 11, 23),
            state="unplaced",
        )
        row.save(force_insert=True)
        postings = [Posting("mpesa", minor, currency), Posting("suspense", -minor, currency)]
        ledger.post(
            [Entry(shop.id, row.booked_on, "payments.unplaced", "payment", row.id, postings)]
        )
    return row.id


def _place(shop: Any, payment_id: UUID, invoice_id: UUID) -> None:
    from hesabu.payments import actions as payments
    from hesabu.payments.types import Purpose

    with shop.bound():
        payments.place(payment_id, Purpose("invoice", invoice_id))


def test_money_placed_from_suspense_pays_the_invoice_and_the_rest_is_credit(shop: Any) -> None:
    invoice = shop.issued("100")
    payment_id = _unplaced(shop, 12_000)
    _place(shop, payment_id, invoice.id)
    assert str(shop.invoice(invoice.id).state) == "paid"
    assert shop.balances() == {"mpesa": 12_000, "sales": -10_000, "customer_credit": -2_000}
    assert shop.is_sound()


def test_money_cannot_be_placed_where_it_does_not_belong(shop: Any, new_shop: Any) -> None:
    from hesabu.invoicing.errors import CurrencyBad, InvoiceNotFound
    from hesabu.payments import queries

    invoice, theirs = shop.issued("100"), new_shop().issued("100")
    kes, usd = _unplaced(shop, 10_000), _unplaced(shop, 10_000, "USD")
    with pytest.raises(InvoiceNotFound):
        _place(shop, kes, theirs.id)
    with pytest.raises(CurrencyBad):
        _place(shop, usd, invoice.id)
    with shop.bound():
        assert {payment.id for payment in queries.unplaced()} == {kes, usd}
