"""Prepare, ask, record: the whole of it, through the product's own client, to the end of a wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from hesabu.kit import clock
from hesabu.payments import actions, jobs, queries
from hesabu.payments.types import CollectionState, CollectionView, Purpose
from hesabu.store import tenancy
from payments.shop import Shop, at_the_same_time, purpose
from providers.wire import HangsUp, Says, Wire, wire

TOKEN = "/oauth/v1/generate"
ASK = "/mpesa/stkpush/v1/processrequest"
QUERY = "/mpesa/stkpushquery/v1/query"
TRUE = "SKL4T7QX2P"


@pytest.fixture
def daraja() -> Iterator[Wire]:
    with wire() as told:
        told.says(TOKEN, Says(200, {"access_token": "t", "expires_in": "3599"}))
        changed = settings.CONFIG.model_copy(update={"mpesa_base_url": told.url})
        with override_settings(CONFIG=changed):
            yield told


def accepted(ref: str) -> Says:
    return Says(200, {"MerchantRequestID": "1", "CheckoutRequestID": ref, "ResponseCode": "0"})


def answered(ref: str, code: str) -> Says:
    return Says(200, {"ResponseCode": "0", "ResultCode": code, "CheckoutRequestID": ref})


def asked(shop: Shop, wanted: Purpose | None = None) -> CollectionView:
    view = shop.collect(wanted or purpose())
    jobs.ask(str(shop.id), str(view.id))
    return view


def state(shop: Shop, view: CollectionView) -> str:
    return shop.row(view.id).state


def sweep(shop: Shop, view: CollectionView, seconds: int) -> None:
    """The janitor's round at that time after the asking, and the jobs it made."""
    row = shop.row(view.id)
    with clock.fixed((row.asked_at or row.created_at) + timedelta(seconds=seconds)):
        jobs.janitor()
        for name, args in shop.rows(
            "DELETE FROM procrastinate_jobs WHERE args->>'collection_id' = %s AND queueing_lock IS NOT NULL"
            " RETURNING task_name, args",
            str(view.id),
        ):
            assert name == "payments.ask_again"
            jobs.ask_again(**json.loads(args))


def test_the_payers_phone_rings_once_however_often_the_job_runs(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_1"))
    view = asked(shop)
    jobs.ask(str(shop.id), str(view.id))
    assert len(daraja.asked_at(ASK)) == 1
    assert state(shop, view) == "asked"


def test_two_workers_with_the_same_job_ring_once(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_2"))
    view = shop.collect(purpose())
    assert at_the_same_time(lambda _: jobs.ask(str(shop.id), str(view.id))) == [None] * 4
    assert len(daraja.asked_at(ASK)) == 1


def test_from_prompt_to_payment(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_3"))
    wanted = purpose()
    view = asked(shop, wanted)
    sent = daraja.asked_at(ASK)[0].body["CallBackURL"]
    assert sent.endswith(shop.callback_ref(view.id))
    shop.called_back(view.id, "ws_3", receipt=TRUE)
    with tenancy.bound(shop.id):
        assert queries.collection(view.id).state is CollectionState.SETTLED
        assert [payment.receipt for payment in queries.payments_for(wanted)] == [TRUE]


def test_a_lost_answer_and_a_callback_are_one_payment(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, HangsUp())
    view = asked(shop)
    assert state(shop, view) == "uncertain"
    shop.called_back(view.id, "ws_4", receipt=TRUE)
    assert state(shop, view) == "settled"
    assert len(shop.payments()) == 1


def test_a_lost_callback_is_asked_for_and_booked(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_5"))
    pending = Says(500, {"errorCode": "500.001.1001", "errorMessage": "is being processed"})
    daraja.says(QUERY, pending, Says(503), answered("ws_5", "0"))
    view = asked(shop)
    for seconds in (21, 41, 61, 121, 301):
        sweep(shop, view, seconds)
    assert state(shop, view) == "settled"
    assert shop.payments() == [("stk:ws_5", 150_000, "settled")]
    shop.called_back(view.id, "ws_5", receipt=TRUE)
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    asked_about = daraja.asked_at(QUERY)[0].body
    assert asked_about["CheckoutRequestID"] == "ws_5"


def test_a_lost_failure_is_asked_for_and_told(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_6"))
    daraja.says(QUERY, answered("ws_6", "2001"))
    view = asked(shop)
    sweep(shop, view, 21)
    with tenancy.bound(shop.id):
        seen = queries.collection(view.id)
    assert seen.state is CollectionState.FAILED
    assert seen.words == "M-PESA says the PIN was wrong. Nothing was taken."


def test_an_amount_that_differs_is_asked_about_before_anything_is_booked(
    shop: Shop, daraja: Wire
) -> None:
    daraja.says(ASK, accepted("ws_7"))
    daraja.says(QUERY, answered("ws_7", "1032"))
    view = asked(shop)
    shop.called_back(view.id, "ws_7", receipt=TRUE, amount=1_000_000)
    assert shop.payments() == []
    sweep(shop, view, 5)
    assert state(shop, view) == "failed"
    assert shop.payments() == []


def test_another_tenants_address_moves_nothing(
    shop: Shop,
    new_shop,
    daraja: Wire,  # type: ignore[no-untyped-def]
) -> None:
    daraja.says(ASK, accepted("ws_8"))
    view = asked(shop)
    other: Shop = new_shop()
    ref = shop.callback_ref(view.id)
    body = (
        b'{"Body":{"stkCallback":{"CheckoutRequestID":"ws_8","ResultCode":0,"CallbackMetadata":{"Item":['
        b'{"Name":"Amount","Value":1500},{"Name":"MpesaReceiptNumber","Value":"SKL4T7QX2P"}]}}}}'
    )
    other.bring(body, ref)
    assert state(shop, view) == "asked"
    assert shop.payments() == other.payments() == []


def test_the_worker_that_dies_while_asking_leaves_it_to_the_janitor(
    shop: Shop, daraja: Wire
) -> None:
    daraja.says(ASK, accepted("ws_9"))
    view = shop.collect(purpose())
    with tenancy.bound(shop.id):
        assert actions.begin_asking(view.id) is not None
    jobs.ask(str(shop.id), str(view.id))
    assert daraja.asked_at(ASK) == []
    sweep(shop, view, 31)
    assert state(shop, view) == "uncertain"
    shop.called_back(view.id, "ws_9", receipt=TRUE)
    assert state(shop, view) == "settled"


def test_the_worker_that_dies_before_asking_is_replaced(shop: Shop, daraja: Wire) -> None:
    daraja.says(ASK, accepted("ws_10"))
    view = shop.collect(purpose())
    sweep(shop, view, 31)
    with clock.moved(seconds=32):
        jobs.ask(str(shop.id), str(view.id))
    assert state(shop, view) == "asked"
    assert len(daraja.asked_at(ASK)) == 1
