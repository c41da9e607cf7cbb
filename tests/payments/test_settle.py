"""Letters about money become payments, once: twice, out of order, at the same time, killed halfway, forged, poisoned."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit import clock, crypto
from hesabu.payments import actions
from hesabu.payments.actions import settle as settling
from hesabu.payments.actions import settle_write
from hesabu.payments.models import PaymentAccount
from hesabu.payments.types import CollectionState
from hesabu.store import letters, tenancy
from payments.shop import JANE, Shop, at_the_same_time, purpose

if TYPE_CHECKING:
    from collections.abc import Callable


def a_receipt() -> str:
    return "S" + secrets.token_hex(5).upper()[:9]


def checkout() -> str:
    return f"ws_CO_{secrets.token_hex(8)}"


def asked(shop: Shop, amount: str = "1500") -> tuple[UUID, str]:
    """A request that the provider took: its id and the provider's id."""
    from hesabu.payments.providers.port import Accepted

    request_id = shop.collect(purpose(), amount).id
    ref = checkout()
    with tenancy.bound(shop.id):
        assert actions.begin_asking(request_id) is not None
    with tenancy.bound(shop.id):
        actions.record_outcome(request_id, Accepted(ref, "1-2-3"))
    return request_id, ref


def filed(shop: Shop, body: bytes, ref: str = "", *, is_vouched: bool = True) -> UUID:
    """A letter that waits."""
    with tenancy.bound(shop.id):
        account = PaymentAccount.objects.get(id=shop.account_id)
    endpoint = letters.OpenEndpoint(
        account.endpoint_id, "mpesa", shop.id, shop.account_id, None, None
    )
    request = letters.HookRequest("POST", {}, "", body, "196.201.214.200", ref)
    values = letters.filing(endpoint, request, letters.Verdict(is_vouched))
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(letters.FILE, values)
    assert isinstance(values[0], UUID)
    return values[0]


def callback(
    ref: str, *, code: int = 0, receipt: str = "", amount: object = 1500, phone: str = JANE
) -> bytes:
    said: dict[str, Any] = {
        "MerchantRequestID": "1",
        "CheckoutRequestID": ref,
        "ResultCode": code,
        "ResultDesc": "x",
    }
    if code == 0:
        items = [
            {"Name": "Amount", "Value": amount},
            {"Name": "MpesaReceiptNumber", "Value": receipt},
            {"Name": "Balance"},
            {"Name": "PhoneNumber", "Value": int(phone[1:])},
        ]
        said["CallbackMetadata"] = {"Item": items}
    return json.dumps({"Body": {"stkCallback": said}}).encode()


def settle_all() -> None:
    for _ in range(20):
        if not actions.settle_waiting():
            return


def letter(letter_id: UUID) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, reason FROM store_letter WHERE id = %s", (letter_id,))
        row = cursor.fetchone()
    assert row is not None
    return row


def test_a_callback_becomes_one_payment_and_its_request_is_settled(shop: Shop) -> None:
    request_id, ref = asked(shop)
    receipt = a_receipt()
    letter_id = filed(shop, callback(ref, receipt=receipt), shop.callback_ref(request_id))
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "settled")]
    assert shop.row(request_id).state == CollectionState.SETTLED
    assert letter(letter_id)[0] == "read"
    assert shop.told_all("PaymentSettled") == 1


def test_the_same_callback_in_five_spellings_is_one_payment(shop: Shop) -> None:
    request_id, ref = asked(shop)
    body = callback(ref, receipt=a_receipt())
    for spaces in range(5):
        filed(shop, body + b" " * spaces, shop.callback_ref(request_id))
    filed(shop, body, shop.callback_ref(request_id))
    settle_all()
    assert len(shop.payments()) == 1
    filed(shop, body + b"\n", shop.callback_ref(request_id))
    settle_all()
    assert shop.told_all("PaymentSettled") == 1


def test_two_workers_at_once_settle_each_letter_once(shop: Shop) -> None:
    for _ in range(30):
        request_id, ref = asked(shop)
        filed(shop, callback(ref, receipt=a_receipt()), shop.callback_ref(request_id))
    answers = at_the_same_time(lambda _: [actions.settle_waiting(7) for _ in range(12)], 3)
    assert [a for a in answers if isinstance(a, Exception)] == []
    settle_all()
    assert len(shop.payments()) == 30
    assert shop.told_all("PaymentSettled") == 30


def test_failed_first_and_right_later_is_money_that_came(shop: Shop) -> None:
    request_id, ref = asked(shop)
    path = shop.callback_ref(request_id)
    filed(shop, callback(ref, code=1032), path)
    settle_all()
    assert shop.row(request_id).state == CollectionState.FAILED
    filed(shop, callback(ref, receipt=a_receipt()), path)
    settle_all()
    assert shop.row(request_id).state == CollectionState.SETTLED
    assert len(shop.payments()) == 1


def test_right_first_and_failed_later_stays_settled(shop: Shop) -> None:
    request_id, ref = asked(shop)
    path = shop.callback_ref(request_id)
    filed(shop, callback(ref, receipt=a_receipt()), path)
    filed(shop, callback(ref, code=1037), path)
    settle_all()
    assert shop.row(request_id).state == CollectionState.SETTLED
    assert len(shop.payments()) == 1


def test_a_callback_may_overtake_the_answer_to_the_request(shop: Shop) -> None:
    request_id = shop.collect(purpose()).id
    filed(shop, callback(checkout(), receipt=a_receipt()), shop.callback_ref(request_id))
    settle_all()
    assert shop.row(request_id).state == CollectionState.SETTLED


@pytest.mark.parametrize(
    "changed",
    [{"amount": 1}, {"amount": 150_000}, {"phone": "+254700000001"}, {"receipt": ""}],
    ids=["less", "more", "another phone", "no receipt"],
)
def test_what_differs_from_the_request_moves_nothing_and_the_provider_is_asked(
    shop: Shop, changed: dict[str, Any]
) -> None:
    request_id, ref = asked(shop)
    filed(shop, callback(ref, **{"receipt": a_receipt(), **changed}), shop.callback_ref(request_id))
    settle_all()
    row = shop.row(request_id)
    assert shop.payments() == []
    assert row.state == CollectionState.ASKED
    assert row.next_ask_at is not None
    assert row.next_ask_at <= clock.now()


def test_a_forged_callback_moves_nothing(shop: Shop) -> None:
    """Whoever knows the address but not the request's own path, or writes from elsewhere, only makes us ask."""
    request_id, ref = asked(shop)
    filed(shop, callback(ref, receipt=a_receipt()), "guessed")
    filed(shop, callback(ref, receipt=a_receipt()), shop.callback_ref(request_id), is_vouched=False)
    settle_all()
    assert shop.payments() == []
    assert shop.row(request_id).state == CollectionState.ASKED
    true = a_receipt()
    filed(shop, callback(ref, receipt=true), shop.callback_ref(request_id))
    settle_all()
    assert shop.payments() == [(true, 150_000, "settled")]


def test_a_forged_failure_does_not_fail_a_request(shop: Shop) -> None:
    request_id, ref = asked(shop)
    filed(shop, callback(ref, code=1032), "guessed")
    settle_all()
    assert shop.row(request_id).state == CollectionState.ASKED


def test_a_second_receipt_for_a_settled_request_waits_for_a_person(shop: Shop) -> None:
    request_id, ref = asked(shop)
    path = shop.callback_ref(request_id)
    filed(shop, callback(ref, receipt=a_receipt()), path)
    settle_all()
    second = filed(shop, callback(ref, receipt=a_receipt()), path)
    settle_all()
    assert letter(second) == ("aside", "another receipt for a settled request")
    assert len(shop.payments()) == 1


def test_a_callback_for_nothing_we_asked_is_set_aside(shop: Shop) -> None:
    letter_id = filed(shop, callback(checkout(), receipt=a_receipt()))
    settle_all()
    assert letter(letter_id) == ("aside", "unknown request")
    assert shop.payments() == []


def test_another_businesss_request_is_not_settled_by_this_ones_letters(
    shop: Shop, new_shop: Callable[[], Shop]
) -> None:
    other = new_shop()
    request_id, ref = asked(other)
    filed(shop, callback(ref, receipt=a_receipt()), other.callback_ref(request_id))
    settle_all()
    assert other.row(request_id).state == CollectionState.ASKED
    assert (shop.payments(), other.payments()) == ([], [])


def test_a_poisoned_letter_among_two_hundred_stops_nobody(shop: Shop) -> None:
    good = []
    for _ in range(20):
        request_id, ref = asked(shop)
        receipt = a_receipt()
        good.append(receipt)
        filed(shop, callback(ref, receipt=receipt), shop.callback_ref(request_id))
    poison = filed(shop, b"{}")
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_letter SET body = %s WHERE id = %s",
            (crypto.seal(b"x")[:-1] + b"?", poison),
        )
    settle_all()
    assert sorted(row[0] for row in shop.payments()) == sorted(good)
    assert letter(poison)[0] == "filed"
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_letter SET attempt_count = %s, received_at = now() - interval '1 day' WHERE id = %s",
            (letters.TRIES_MAX - 1, poison),
        )
    settle_all()
    assert letter(poison) == ("aside", "failed 5 times: Unreadable")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"null",
        b"[]",
        b"<html>",
        b"\xff\xfe",
        b'{"Body":{}}',
        b'{"Body":{"stkCallback":{"ResultCode":"x"}}}',
        b"[" * 5000,
    ],
)
def test_what_is_no_letter_is_set_aside_with_its_reason(shop: Shop, body: bytes) -> None:
    letter_id = filed(shop, body)
    settle_all()
    state, reason = letter(letter_id)
    assert state == "aside"
    assert reason.startswith("malformed")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    "step", ["_write_payments", "_write_collections", "_book_unplaced", "_tell"]
)
def test_killed_between_two_steps_nothing_is_half_done_and_the_next_worker_finishes(
    shop: Shop, step: str
) -> None:
    request_id, ref = asked(shop)
    letter_id = filed(shop, callback(ref, receipt=a_receipt()), shop.callback_ref(request_id))
    whole = getattr(settle_write, step)

    def killed(*given: object) -> None:
        whole(*given)
        raise Killed

    setattr(settle_write, step, killed)
    try:
        with pytest.raises(Killed):
            settling.settle_one(letter_id, shop.id)
    finally:
        setattr(settle_write, step, whole)
    assert shop.payments() == []
    assert letter(letter_id)[0] == "filed"
    settle_all()
    assert len(shop.payments()) == 1
    assert shop.told_all("PaymentSettled") == 1


def test_money_by_hand_waits_in_suspense_and_its_prompt_gives_it_an_owner(shop: Shop) -> None:
    """STK payments on a registered paybill are told twice: by hand first, then as the prompt's answer."""
    request_id, ref = asked(shop)
    receipt = a_receipt()
    shop.paid_by_hand(receipt)
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "unplaced")]
    filed(shop, callback(ref, receipt=receipt), shop.callback_ref(request_id))
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "placed")]
    assert shop.row(request_id).state == CollectionState.SETTLED


def test_the_prompts_answer_first_and_the_confirmation_second_is_one_payment(shop: Shop) -> None:
    request_id, ref = asked(shop)
    receipt = a_receipt()
    filed(shop, callback(ref, receipt=receipt), shop.callback_ref(request_id))
    settle_all()
    shop.paid_by_hand(receipt)
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "settled")]


def test_an_unvouched_confirmation_is_no_money(shop: Shop) -> None:
    body = {
        "TransID": a_receipt(),
        "TransAmount": "1500",
        "BusinessShortCode": "174379",
        "MSISDN": "x",
    }
    letter_id = filed(shop, json.dumps(body).encode(), is_vouched=False)
    settle_all()
    assert letter(letter_id) == ("aside", "unvouched")
    assert shop.payments() == []


# What M-PESA's books say of a request that was looked for.


def books_word(
    *, code: object = 0, receipt: str = "", amount: object = "1500.00", **said: Any
) -> bytes:
    values = {
        "DebitPartyName": f"{JANE[1:]} - JANE WANJIKU",
        "TransactionStatus": "Completed",
        "Amount": amount,
        "ReceiptNo": receipt,
        **said,
    }
    listed = [{"Key": key, "Value": value} for key, value in values.items()]
    result: dict[str, Any] = {"ResultType": 0, "ResultCode": code, "ResultDesc": "x"}
    if code == 0:
        result["ResultParameters"] = {"ResultParameter": [*listed, listed[0]]}
    return json.dumps({"Result": result}).encode()


def test_an_unvouched_confirmation_does_not_shadow_the_true_one_word_for_word(shop: Shop) -> None:
    """Who knows what M-PESA will say, the payer for one, may have said it first from elsewhere; what its list brings, too."""
    from hesabu.payments.providers.mpesa.passwords import LISTED

    for ref in ("paid", LISTED):
        receipt = a_receipt()
        body = json.dumps(
            {"TransID": receipt, "TransAmount": "900", "BusinessShortCode": "174379"}
        ).encode()
        filed(shop, body, ref, is_vouched=False)
        settle_all()
        for _ in range(2):
            filed(shop, body, ref)
            settle_all()
        assert shop.payments()[-1] == (receipt, 90_000, "unplaced")
    assert len(shop.payments()) == 2


def test_what_the_books_say_settles_a_request_once(shop: Shop) -> None:
    request_id, ref = asked(shop)
    receipt = a_receipt()
    path = shop.callback_ref(request_id)
    filed(shop, books_word(receipt=receipt), path)
    filed(shop, books_word(receipt=receipt) + b" ", path)
    filed(shop, callback(ref, receipt=receipt), path)
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "settled")]
    assert shop.row(request_id).state == CollectionState.SETTLED
    assert shop.told_all("PaymentSettled") == 1


def test_the_callback_first_and_the_books_second_is_one_payment(shop: Shop) -> None:
    request_id, ref = asked(shop)
    receipt = a_receipt()
    filed(shop, callback(ref, receipt=receipt), shop.callback_ref(request_id))
    settle_all()
    filed(shop, books_word(receipt=receipt), shop.callback_ref(request_id))
    settle_all()
    assert shop.payments() == [(receipt, 150_000, "settled")]


@pytest.mark.parametrize(
    "said",
    [
        {"code": "R000002"},
        {"code": 1},
        {"TransactionStatus": "Pending"},
        {"TransactionStatus": "Cancelled"},
    ],
)
def test_what_the_books_do_not_find_is_no_word_about_money(
    shop: Shop, said: dict[str, Any]
) -> None:
    request_id, _ = asked(shop)
    letter_id = filed(shop, books_word(receipt=a_receipt(), **said), shop.callback_ref(request_id))
    settle_all()
    assert letter(letter_id)[0] == "read"
    assert shop.row(request_id).state == CollectionState.ASKED
    assert shop.payments() == []


@pytest.mark.parametrize(
    ("said", "is_vouched", "reason"),
    [
        ({"amount": "1501.00"}, True, "the books differ: amount"),
        ({"DebitPartyName": "254700000001 - X"}, True, "the books differ: phone"),
        ({}, False, "the books differ: address"),
    ],
)
def test_what_differs_in_the_books_waits_for_a_person_and_is_not_asked_again(
    shop: Shop, said: dict[str, Any], is_vouched: bool, reason: str
) -> None:
    request_id, _ = asked(shop)
    before = shop.row(request_id).next_ask_at
    letter_id = filed(
        shop,
        books_word(receipt=a_receipt(), **said),
        shop.callback_ref(request_id),
        is_vouched=is_vouched,
    )
    settle_all()
    assert letter(letter_id) == ("aside", reason)
    assert shop.payments() == []
    assert shop.row(request_id).next_ask_at == before


def test_the_books_of_one_business_settle_nothing_of_another(
    shop: Shop, new_shop: Callable[[], Shop]
) -> None:
    request_id, _ = asked(shop)
    stranger = new_shop()
    letter_id = filed(stranger, books_word(receipt=a_receipt()), shop.callback_ref(request_id))
    settle_all()
    assert letter(letter_id) == ("aside", "unknown request")
    assert shop.payments() == stranger.payments() == []


def test_the_question_whether_money_may_be_paid_counts_nothing(shop: Shop) -> None:
    body = {"TransID": a_receipt(), "TransAmount": "1500", "BusinessShortCode": "174379"}
    letter_id = filed(shop, json.dumps(body).encode(), "may-pay")
    settle_all()
    assert letter(letter_id)[0] == "read"
    assert shop.payments() == []
