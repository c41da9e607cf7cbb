"""Money sent by hand with an invoice's number as account goes straight to the invoice, or waits for a person: twice, out of
order, at the same time, killed halfway, too much, in another currency, to another business."""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit import clock, ids
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import Entry, Posting
from hesabu.payments import actions as payments
from hesabu.payments.facts import PaymentUnplaced
from hesabu.payments.models import PaymentAccount, PaymentRow
from hesabu.payments.providers.mpesa.passwords import timestamp
from hesabu.payments.providers.port import Accepted, Paid
from hesabu.payments.types import Charge, Purpose
from hesabu.store import letters, tenancy
from hesabu.store.facts import publish
from payments.shop import JANE, PAYBILL, Shop, at_the_same_time, kes, open_shop


@pytest.fixture
def till(shop: Any) -> Shop:
    """The same business, seen from its paybill."""
    return open_shop(shop.id)


def a_receipt() -> str:
    return "S" + secrets.token_hex(5).upper()[:9]


def filed(till: Shop, typed: str, amount: str, receipt: str) -> UUID:
    """A confirmation that waits."""
    body = {
        "TransactionType": "Pay Bill",
        "TransID": receipt,
        "TransTime": timestamp(clock.now()),
        "TransAmount": amount,
        "BusinessShortCode": PAYBILL,
        "BillRefNumber": typed,
        "MSISDN": "2547 ***** 149",
    }
    with tenancy.bound(till.id):
        account = PaymentAccount.objects.get(id=till.account_id)
    endpoint = letters.OpenEndpoint(
        account.endpoint_id, "mpesa", till.id, till.account_id, None, None
    )
    request = letters.HookRequest("POST", {}, "", json.dumps(body).encode(), "196.201.214.200", "")
    values = letters.filing(endpoint, request, letters.Verdict(True))
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(letters.FILE, values)
    assert isinstance(values[0], UUID)
    return values[0]


def settle_all() -> None:
    for _ in range(20):
        if not payments.settle_waiting():
            return


def sent(till: Shop, typed: str, amount: str = "75000", receipt: str = "") -> str:
    receipt = receipt or a_receipt()
    filed(till, typed, amount, receipt)
    settle_all()
    return receipt


def state_of(till: Shop, receipt: str) -> str:
    return str(till.rows("SELECT state FROM payments_payment WHERE receipt = %s", receipt)[0][0])


@pytest.mark.parametrize("typed", ["INV-0001", "inv-0001", "INV0001", "inv 1", "Invoice 1"])
def test_the_number_however_it_is_typed_pays_the_invoice(shop: Any, till: Shop, typed: str) -> None:
    invoice = shop.issued("75000")
    receipt = sent(till, typed)
    after = shop.invoice(invoice.id)
    assert (str(after.state), after.owed.minor) == ("paid", 0)
    assert state_of(till, receipt) == "placed"
    assert shop.balances() == {"mpesa": 7_500_000, "sales": -7_500_000}
    assert shop.facts_of(invoice.id)[-1] == "InvoicePaid"
    assert shop.is_sound()


@pytest.mark.parametrize(
    "typed",
    [
        *("", "JANE", "1", "#1", "INV-0002", "INV-", "CN-0001", "INV-00011"),
        *("No 1", "NO-1", "no: 1", "I1", "I-1", "Bill 1"),  # a house, a room, anybody's bill
    ],
)
def test_what_is_no_number_of_ours_waits_for_a_person(shop: Any, till: Shop, typed: str) -> None:
    invoice = shop.issued("75000")
    receipt = sent(till, typed)
    assert shop.invoice(invoice.id).paid.minor == 0
    assert state_of(till, receipt) == "unplaced"
    assert shop.balances()["suspense"] == -7_500_000


def test_a_part_is_part_paid_and_the_rest_pays_it(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    sent(till, "INV-0001", "25000")
    assert str(shop.invoice(invoice.id).state) == "part_paid"
    sent(till, "INV-0001", "50000")
    assert str(shop.invoice(invoice.id).state) == "paid"


def test_more_than_is_owed_waits_for_a_person(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    receipt = sent(till, "INV-0001", "75001")
    assert shop.invoice(invoice.id).paid.minor == 0
    assert state_of(till, receipt) == "unplaced"


def test_a_second_payment_of_a_paid_invoice_waits_for_a_person(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    sent(till, "INV-0001")
    second = sent(till, "INV-0001")
    assert shop.invoice(invoice.id).paid.minor == 7_500_000
    assert state_of(till, second) == "unplaced"
    assert shop.is_sound()


def test_two_payments_in_one_batch_never_come_to_more_than_is_owed(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    for _ in range(3):
        filed(till, "INV-0001", "50000", a_receipt())
    filed(till, "INV-0001", "25000", a_receipt())
    settle_all()
    after = shop.invoice(invoice.id)
    assert (str(after.state), after.paid.minor) == ("paid", 7_500_000)
    assert [state for _, _, state in till.payments()] == [
        "placed",
        "unplaced",
        "unplaced",
        "placed",
    ]
    assert shop.is_sound()


def test_the_same_confirmation_twice_counts_once(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    receipt = sent(till, "INV-0001", "75000")
    filed(till, "inv 1", "75000", receipt)
    settle_all()
    assert len(till.payments()) == 1
    assert shop.invoice(invoice.id).paid.minor == 7_500_000


def test_money_in_another_currency_than_the_invoice_waits(shop: Any, till: Shop) -> None:
    invoice = shop.issued("75000")
    for currency, state in (("USD", "unplaced"), ("KES", "placed")):
        payment_id = ids.new_id()
        with tenancy.bound(till.id, actor=tenancy.Actor("provider")):
            PaymentRow.objects.create(
                id=payment_id,
                business_id=till.id,
                account_id=till.account_id,
                receipt=a_receipt(),
                method="mpesa_paybill",
                amount_minor=10_000,
                currency=currency,
                received_at=clock.now(),
                booked_on=clock.today("Africa/Nairobi"),
                reference="INV-0001",
                state="unplaced",
            )
            postings = [Posting("mpesa", 10_000, currency), Posting("suspense", -10_000, currency)]
            day = clock.today("Africa/Nairobi")
            ledger.post([Entry(till.id, day, "payments.unplaced", "payment", payment_id, postings)])
            told = {"amount_minor": 10_000, "currency": currency}
            publish(PaymentUnplaced(business_id=till.id, subject_id=payment_id, **told))
        with tenancy.bound(till.id):
            assert PaymentRow.objects.get(id=payment_id).state == state
    assert shop.invoice(invoice.id).paid.minor == 10_000


def test_the_number_of_another_business_is_no_number_here(new_shop: Any) -> None:
    ours, theirs = new_shop(), new_shop()
    invoice = theirs.issued("75000")
    till = open_shop(ours.id)
    receipt = sent(till, str(invoice.number))
    assert theirs.invoice(invoice.id).paid.minor == 0
    assert state_of(till, receipt) == "unplaced"


@pytest.mark.parametrize("end", ["void", "credit", "draft"])
def test_what_owes_nothing_takes_nothing(shop: Any, till: Shop, end: str) -> None:
    if end == "draft":
        shop.draft("75000")
    else:
        shop.act(end, shop.issued("75000").id, "a slip")
    receipt = sent(till, "INV-0001")
    assert state_of(till, receipt) == "unplaced"


def test_killed_between_suspense_and_invoice_nothing_is_half_done(
    shop: Any, till: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = shop.issued("75000")
    letter_id = filed(till, "INV-0001", "75000", a_receipt())

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(payments, "place_typed", die)
        with pytest.raises(Killed):
            payments.settle_one(letter_id, till.id)
    assert till.payments() == []
    assert shop.balances() == {"receivables": 7_500_000, "sales": -7_500_000}
    settle_all()
    assert shop.invoice(invoice.id).paid.minor == 7_500_000
    assert shop.is_sound()


def test_at_the_same_time_only_one_of_two_that_fit_goes_to_the_invoice(
    shop: Any, till: Shop
) -> None:
    invoice = shop.issued("75000")
    waiting = [filed(till, "INV-0001", "75000", a_receipt()) for _ in range(2)]
    waiting += waiting
    answers = at_the_same_time(lambda turn: payments.settle_one(waiting[turn], till.id))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert shop.invoice(invoice.id).paid.minor == 7_500_000
    assert sorted(state for _, _, state in till.payments()) == ["placed", "unplaced"]
    assert shop.is_sound()


def prompted(till: Shop, invoice_id: UUID) -> UUID:
    """A prompt for the invoice that M-PESA took."""
    charge = Charge(Purpose("invoice", invoice_id), kes("75000"), "INV-0001")
    with tenancy.bound(till.id):
        request_id = payments.collect(charge, JANE, a_receipt()).id
    with tenancy.bound(till.id):
        assert payments.begin_asking(request_id) is not None
    with tenancy.bound(till.id):
        payments.record_outcome(request_id, Accepted(f"ws_CO_{request_id}", "1-2-3"))
    return request_id


def test_a_prompt_told_by_hand_first_and_by_its_answer_second_is_one_payment(
    shop: Any, till: Shop
) -> None:
    invoice = shop.issued("75000")
    request_id = prompted(till, invoice.id)
    receipt = sent(till, "INV0001")
    assert str(shop.invoice(invoice.id).state) == "paid"
    till.called_back(request_id, f"ws_CO_{request_id}", receipt=receipt, amount=75000)
    assert till.row(request_id).state == "settled"
    assert len(till.payments()) == 1
    assert shop.invoice(invoice.id).paid.minor == 7_500_000
    assert "customer_credit" not in shop.balances()


def test_a_prompt_whose_answer_is_lost_is_not_counted_beside_its_confirmation(
    shop: Any, till: Shop
) -> None:
    from datetime import timedelta

    invoice = shop.issued("75000")
    request_id = prompted(till, invoice.id)
    sent(till, "INV0001")
    started = till.row(request_id).asked_at
    assert started is not None
    for seconds in (25, 90):
        with clock.fixed(started + timedelta(seconds=seconds)), tenancy.bound(till.id):
            assert payments.begin_asking_again(request_id) is not None
            payments.record_answer(request_id, Paid())
    assert till.row(request_id).state == "settled"
    assert len(till.payments()) == 1
    assert till.told_all("PaymentDoubtful") == 1, "a person hears that it might have been two"
    assert shop.invoice(invoice.id).paid.minor == 7_500_000
