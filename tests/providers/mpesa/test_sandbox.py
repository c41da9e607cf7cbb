"""The whole path of a prompt against the sandbox: asked over HTTP, answered by a person, called back
over HTTP, filed by the ingress, settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from click.testing import CliRunner

from hesabu.app.cli import commands
from hesabu.kit import clock
from hesabu.kit.ids import new_id
from hesabu.payments import actions, jobs, queries
from hesabu.payments.providers.mpesa import codes
from hesabu.payments.providers.port import Registered
from hesabu.payments.types import CollectionState, CollectionView, PaymentView, Purpose
from hesabu.store import tenancy
from payments.shop import PAYBILL, Shop, purpose
from providers.mpesa.box import Box, box

if TYPE_CHECKING:
    pass

KEYS = {
    "consumer_key": "sandbox-key",
    "consumer_secret": "sandbox-secret",
    "passkey": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
}
JANE = "+254712345678"


@pytest.fixture(scope="module")
def outside(database: str) -> Iterator[Box]:
    with box() as opened:
        yield opened


@pytest.fixture
def world(outside: Box) -> Iterator[Box]:
    """Calm, and nobody's prompt is ringing."""
    outside.calm()
    outside.settle(JANE, is_online=True, pin="1234", balance_cents=50_000_000)
    outside.advance(120)
    yield outside
    outside.calm()
    outside.advance(120)


@pytest.fixture
def shop(new_business: Callable[..., UUID]) -> Shop:
    business_id = new_business()
    with tenancy.bound(business_id):
        account_id = actions.add_account("stk_paybill", PAYBILL, credentials=KEYS)
    return Shop(business_id, account_id)


def ask(shop: Shop, wanted: Purpose | None = None, amount: str = "1500") -> CollectionView:
    view = shop.collect(wanted or purpose(), amount, phone=JANE)
    jobs.ask(str(shop.id), str(view.id))
    return seen(shop, view.id)


def seen(shop: Shop, collection_id: UUID) -> CollectionView:
    with tenancy.bound(shop.id):
        return queries.collection(collection_id)


def settle(shop: Shop) -> None:
    while actions.settle_waiting():
        pass


def payments(shop: Shop, wanted: Purpose) -> list[PaymentView]:
    with tenancy.bound(shop.id):
        return queries.payments_for(wanted)


def ask_again(shop: Shop, view: CollectionView, seconds: int) -> None:
    asked_at = shop.row(view.id).asked_at
    assert asked_at is not None
    with clock.fixed(asked_at + timedelta(seconds=seconds)):
        jobs.ask_again(str(shop.id), str(view.id))


def test_the_right_pin_pays(world: Box, shop: Shop) -> None:
    wanted = purpose()
    view = ask(shop, wanted)
    assert view.state is CollectionState.ASKED
    before = world.phone(JANE)["balance_cents"]
    world.answer(JANE)
    settle(shop)
    assert seen(shop, view.id).state is CollectionState.SETTLED
    payment = payments(shop, wanted)[0]
    assert payment.receipt == world.phone(JANE)["sms"][-1]["receipt"]
    assert payment.amount.minor == 150_000
    assert world.phone(JANE)["balance_cents"] == before - 150_000


def test_the_payer_reads_the_business_and_the_invoice(world: Box, shop: Shop) -> None:
    ask(shop)
    world.quiet()
    prompt = world.ringing(JANE)[0]
    assert (prompt["to"], prompt["account"]) == ("KAMAU DESIGNS", "INV0007")
    world.answer(JANE, "cancel")


@pytest.mark.parametrize("code", [int(code) for code in codes.RESULTS if code not in ("0", "9999")])
def test_every_no_is_told_in_words_by_callback(world: Box, shop: Shop, code: int) -> None:
    view = ask(shop)
    world.answer(JANE, "result", code=code)
    settle(shop)
    failed = seen(shop, view.id)
    assert failed.state is CollectionState.FAILED
    assert failed.result_code == str(code)
    assert failed.words == codes.RESULTS[str(code)].words
    assert shop.payments() == []


def test_a_wrong_pin_takes_nothing_and_the_next_prompt_may_follow(world: Box, shop: Shop) -> None:
    wanted = purpose()
    view = ask(shop, wanted)
    world.answer(JANE, "pin", pin="9999")
    settle(shop)
    assert seen(shop, view.id).words == "M-PESA says the PIN was wrong. Nothing was taken."
    again = ask(shop, wanted)
    world.answer(JANE)
    settle(shop)
    assert seen(shop, again.id).state is CollectionState.SETTLED
    assert len(payments(shop, wanted)) == 1


def test_a_prompt_that_rings_out_fails(world: Box, shop: Shop) -> None:
    view = ask(shop)
    world.advance(70)
    settle(shop)
    assert seen(shop, view.id).result_code == "1037"


def test_a_phone_that_is_off_fails(world: Box, shop: Shop) -> None:
    world.settle(JANE, is_online=False)
    view = ask(shop)
    world.advance(10)
    settle(shop)
    assert seen(shop, view.id).result_code == "1037"


def test_a_payer_without_money_fails(world: Box, shop: Shop) -> None:
    world.settle(JANE, balance_cents=100)
    view = ask(shop)
    world.answer(JANE)
    settle(shop)
    assert seen(shop, view.id).result_code == "1"


def test_wrong_keys_are_told(world: Box, new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    with tenancy.bound(business_id):
        wrong = {**KEYS, "consumer_key": f"stranger-{new_id()}"}
        shop = Shop(business_id, actions.add_account("stk_paybill", PAYBILL, credentials=wrong))
    view = ask(shop)
    assert (view.state, view.result_code) == (CollectionState.FAILED, "bad_keys")


def test_a_wrong_passkey_is_told(world: Box, new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    with tenancy.bound(business_id):
        wrong = {**KEYS, "passkey": "not-the-passkey"}
        shop = Shop(business_id, actions.add_account("stk_paybill", PAYBILL, credentials=wrong))
    view = ask(shop)
    assert (view.state, view.result_code) == (CollectionState.FAILED, "500.001.1001")


def test_a_token_that_somebody_else_killed_is_renewed(world: Box, shop: Shop) -> None:
    ask(shop)
    world.answer(JANE, "cancel")
    auth = ("sandbox-key", "sandbox-secret")
    where = "/daraja/oauth/v1/generate"
    killed = world.desk.get(where, params={"grant_type": "client_credentials"}, auth=auth)
    assert killed.is_success
    assert ask(shop).state is CollectionState.ASKED
    world.answer(JANE, "cancel")


def test_a_callback_that_comes_twice_shuffled_and_masked_counts_once(
    world: Box, shop: Shop
) -> None:
    world.dials(webhook_double=1, items_shuffle=1, phone_hidden=1)
    wanted = purpose()
    view = ask(shop, wanted)
    world.answer(JANE)
    settle(shop)
    assert seen(shop, view.id).state is CollectionState.SETTLED
    assert len(payments(shop, wanted)) == 1


@pytest.mark.parametrize("fault", ["webhook_drop", "webhook_corrupt"])
def test_a_callback_that_is_lost_or_damaged_is_asked_for(
    world: Box, shop: Shop, fault: str
) -> None:
    world.dials(**{fault: 1})
    wanted = purpose()
    view = ask(shop, wanted)
    ask_again(shop, view, 21)
    assert seen(shop, view.id).state is CollectionState.ASKED, "still ringing is pending"
    world.answer(JANE)
    settle(shop)
    assert payments(shop, wanted) == []
    for seconds in (41, 61):
        ask_again(shop, view, seconds)
    assert seen(shop, view.id).state is CollectionState.SETTLED
    assert [payment.receipt for payment in payments(shop, wanted)] == [None]


def test_a_failure_whose_callback_is_lost_is_asked_for(world: Box, shop: Shop) -> None:
    world.dials(webhook_drop=1)
    view = ask(shop)
    world.answer(JANE, "cancel")
    ask_again(shop, view, 21)
    assert seen(shop, view.id).result_code == "1032"


def test_questions_that_are_throttled_are_asked_again_later(world: Box, shop: Shop) -> None:
    world.dials(webhook_drop=1, query_spacing_seconds=1000)
    view = ask(shop)
    world.answer(JANE, "cancel")
    ask_again(shop, view, 21)
    assert seen(shop, view.id).state is CollectionState.FAILED, "the first one is free"
    view = ask(shop)
    ask_again(shop, view, 21)
    world.answer(JANE, "cancel")
    ask_again(shop, view, 41)
    assert seen(shop, view.id).state is CollectionState.ASKED
    world.dials(query_spacing_seconds=0)
    ask_again(shop, view, 61)
    assert seen(shop, view.id).state is CollectionState.FAILED


def test_an_answer_that_is_lost_after_it_was_done_is_uncertain_and_settled_by_callback(
    world: Box, shop: Shop
) -> None:
    wanted = purpose()
    _warm_token(world, shop)
    world.dials(request_error_after=1)
    view = ask(shop, wanted)
    assert view.state is CollectionState.UNCERTAIN
    world.calm()
    world.answer(JANE)
    settle(shop)
    assert seen(shop, view.id).state is CollectionState.SETTLED
    assert len(payments(shop, wanted)) == 1


def test_an_inner_error_before_it_was_done_is_uncertain_too_and_never_sent_again(
    world: Box, shop: Shop
) -> None:
    _warm_token(world, shop)
    world.dials(request_error_before=1)
    view = ask(shop)
    assert view.state is CollectionState.UNCERTAIN
    world.calm()
    for seconds in (21, 41, 61, 121):
        ask_again(shop, view, seconds)
    jobs.ask(str(shop.id), str(view.id))
    assert seen(shop, view.id).state is CollectionState.UNCERTAIN
    assert world.ringing(JANE) == []


@pytest.mark.parametrize("fault", ["request_limit", "request_garbage"])
def test_what_the_gateway_turned_away_failed_and_may_be_tried_again(
    world: Box, shop: Shop, fault: str
) -> None:
    _warm_token(world, shop)
    world.dials(**{fault: 1})
    view = ask(shop)
    assert view.state is CollectionState.FAILED
    assert view.is_retryable
    world.calm()
    world.quiet()
    assert world.ringing(JANE) == []


def _warm_token(world: Box, shop: Shop) -> None:
    """So that the dials meet the prompt, not the fetching of its token."""
    ask(shop)
    world.answer(JANE, "cancel")
    settle(shop)


# --- money by hand, and a look into the books


def paid_by_hand(world: Box, amount: str, account: str, paybill: str = PAYBILL) -> str:
    """Jane pays the paybill from her own M-PESA menu; the receipt."""
    asked = {"shortcode": paybill, "account": account, "amount": amount}
    receipt = str(world._sent("POST", f"/control/phones/{JANE}/pay", asked)["receipt"])
    world.quiet()
    return receipt


def test_registered_once_money_by_hand_is_told_and_counted_once(world: Box, shop: Shop) -> None:
    assert actions.register_account(shop.id, shop.account_id) == Registered(is_new=True)
    world.dials(webhook_double=1)
    receipt = paid_by_hand(world, "1500", "JANE")
    settle(shop)
    assert shop.payments() == [(receipt, 150_000, "unplaced")]


def test_the_question_whether_it_may_be_paid_is_answered_and_is_no_money(
    world: Box, new_business: Callable[..., UUID]
) -> None:
    world._sent("POST", "/control/shortcodes", {"shortcode": "600123", "validates": True})
    business_id = new_business()
    with tenancy.bound(business_id):
        account_id = actions.add_account("stk_paybill", "600123", credentials=KEYS)
    shop = Shop(business_id, account_id)
    actions.register_account(shop.id, shop.account_id)
    receipt = paid_by_hand(world, "1500", "JANE", "600123")
    settle(shop)
    assert shop.payments() == [(receipt, 150_000, "unplaced")]


def test_addresses_that_are_taken_already_are_said_to_be(world: Box, shop: Shop) -> None:
    actions.register_account(shop.id, shop.account_id)
    world.dials(register_once=True)
    assert actions.register_account(shop.id, shop.account_id) == Registered(is_new=False)


def test_a_prompts_own_confirmation_beside_its_answer_is_one_payment(
    world: Box, shop: Shop
) -> None:
    actions.register_account(shop.id, shop.account_id)
    world.dials(stk_confirms=True)
    wanted = purpose()
    ask(shop, wanted)
    world.answer(JANE)
    settle(shop)
    assert len(payments(shop, wanted)) == 1
    assert len(shop.payments()) == 1


@pytest.fixture
def looking(new_business: Callable[..., UUID]) -> Shop:
    """A shop whose keys allow a look into M-PESA's books."""
    keys = {**KEYS, "initiator": "hesabu", "security_credential": "c2VhbGVk"}
    business_id = new_business()
    with tenancy.bound(business_id):
        account_id = actions.add_account("stk_paybill", PAYBILL, credentials=keys)
    return Shop(business_id, account_id)


def _answered_in_vain(world: Box, shop: Shop, wanted: Purpose) -> CollectionView:
    """Paid, with its callback lost; and by now M-PESA's queries have forgotten the prompt."""
    world.dials(webhook_drop=1, query_window_seconds=60)
    view = ask(shop, wanted)
    world.answer(JANE)
    world.advance(120)
    settle(shop)
    world.dials(webhook_drop=0)
    assert shop.payments() == []
    return view


def test_money_whose_callback_is_lost_and_whose_query_is_forgotten_is_found_in_the_books(
    world: Box, looking: Shop
) -> None:
    wanted = purpose()
    view = _answered_in_vain(world, looking, wanted)
    ask_again(looking, view, 901)
    world.quiet()
    settle(looking)
    assert seen(looking, view.id).state is CollectionState.SETTLED
    (payment,) = payments(looking, wanted)
    assert payment.receipt == world.phone(JANE)["sms"][-1]["receipt"]
    ask_again(looking, view, 3601)
    world.quiet()
    settle(looking)
    assert len(payments(looking, wanted)) == 1


def test_without_the_keys_for_the_books_nothing_is_guessed(world: Box, shop: Shop) -> None:
    view = _answered_in_vain(world, shop, purpose())
    ask_again(shop, view, 901)
    world.quiet()
    settle(shop)
    assert seen(shop, view.id).state is CollectionState.ASKED
    assert shop.payments() == []


def test_what_the_books_do_not_find_fails_nothing(world: Box, looking: Shop) -> None:
    world.dials(query_window_seconds=60)
    view = ask(looking)
    world.dials(webhook_drop=1)
    world.advance(120)
    world.dials(webhook_drop=0)
    ask_again(looking, view, 901)
    world.quiet()
    settle(looking)
    assert seen(looking, view.id).state is CollectionState.ASKED


def test_money_called_paid_without_a_receipt_gets_it_from_the_books(
    world: Box, looking: Shop
) -> None:
    wanted = purpose()
    world.dials(webhook_drop=1)
    view = ask(looking, wanted)
    world.answer(JANE)
    world.dials(webhook_drop=0)
    for seconds in (41, 62):
        ask_again(looking, view, seconds)
        world.quiet()
    settle(looking)
    (payment,) = payments(looking, wanted)
    assert payment.receipt == world.phone(JANE)["sms"][-1]["receipt"]
    assert looking.told_all("PaymentSettled") == 1


def test_an_operator_adds_a_paybill_and_registers_it_and_no_key_is_shown(
    world: Box, new_business: Callable[..., UUID]
) -> None:
    world._sent("POST", "/control/shortcodes", {"shortcode": "600124"})
    business_id = new_business()
    keys = "\n".join((KEYS["consumer_key"], KEYS["consumer_secret"], KEYS["passkey"])) + "\n"
    add = ["mpesa", "add", str(business_id), "paybill", "600124"]
    added = CliRunner().invoke(commands, add, input=keys)
    assert added.exit_code == 0, added.output
    assert not any(key in added.output for key in KEYS.values())
    account_id = added.output.split("Its id is ")[1].split()[0]
    register = ["mpesa", "register", str(business_id), account_id]
    registered = CliRunner().invoke(commands, register)
    assert registered.exit_code == 0, registered.output
    receipt = paid_by_hand(world, "700", "JANE", "600124")
    shop = Shop(business_id, UUID(account_id))
    settle(shop)
    assert shop.payments() == [(receipt, 70_000, "unplaced")]
    world.dials(register_once=True)
    again = CliRunner().invoke(commands, register)
    assert again.exit_code == 1
    assert "registered already" in again.output
