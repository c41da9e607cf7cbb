"""Somebody holds a shop's phone: what settles a debt or changes a price asks for the PIN, once in a quarter of an hour."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from doors.chat.test_money import billed, local, owed
from doors.chat.test_two_contacts import second
from doors.chat.test_two_people import business_of, joins, person_of
from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

PIN, WRONG = "7391", "8264"
__all__ = ["billed", "second"]


def asks(said: list[Heard]) -> bool:
    return any("PIN" in message.body for message in said)


def sets_pin(phone: Phone, pin: str = PIN) -> None:
    phone.says("pin")
    assert "PIN is set" in phone.says(pin)[0].body


def sets_level(phone: Phone, level: str) -> None:
    from hesabu.identity import actions
    from hesabu.store import tenancy

    business_id = business_of(phone)
    with tenancy.bound(business_id, actor=tenancy.Actor("person", person_of(phone))):
        actions.update_business(business_id, pin_for_payments=level)


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_one_right_pin_serves_a_quarter_of_an_hour(merchant: Phone, billed: Heard) -> None:
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        assert asks(merchant.says("paid INV-0001 20,000 cash"))
        assert owed(merchant) == 75_000
        merchant.proves()
        assert owed(merchant) == 55_000
        with clock.moved(seconds=14 * 60):
            assert not asks(merchant.says("paid INV-0001 10,000 cash"))
            assert owed(merchant) == 45_000
        with clock.moved(seconds=15 * 60 + 1):
            assert asks(merchant.says("paid INV-0001 6,000 cash"))
            assert owed(merchant) == 45_000


def test_lock_ends_it_at_once(merchant: Phone, billed: Heard) -> None:
    sets_pin(merchant)
    merchant.counts("paid INV-0001 20,000 cash")
    (told,) = merchant.says("Lock")
    assert told.body.startswith("Locked.")
    assert asks(merchant.says("paid INV-0001 10,000 cash"))
    assert owed(merchant) == 55_000


def test_a_padlock_that_is_sold_locks_nothing(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"invoice Jane {local(customer)} 500")
    said = merchant.says("lock")
    assert not said[0].body.startswith("Locked.")


def test_small_sums_pass_and_are_summed_over_a_day(merchant: Phone, billed: Heard) -> None:
    """Nobody pays a debt off in small coins that were never given."""
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        assert not asks(merchant.says("paid INV-0001 3,000 cash"))
        assert not asks(merchant.says("paid INV-0001 2,000 cash"))
        assert owed(merchant) == 70_000
        assert asks(merchant.says("paid INV-0001 1 cash"))
        merchant.says("cancel")
        with clock.moved(days=1, seconds=1):
            assert not asks(merchant.says("paid INV-0001 5,000 cash"))
            assert owed(merchant) == 65_000


def test_what_passed_on_one_telephone_counts_on_the_other(
    merchant: Phone, second: Phone, billed: Heard
) -> None:
    """Or on two numbers, or by text message besides, a day would let twice as much pass."""
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        assert not asks(merchant.says("paid INV-0001 4,000 cash"))
        assert owed(merchant) == 71_000
        assert asks(second.says("paid INV-0001 4,000 cash")[-1:])
        assert owed(merchant) == 71_000
        second.says("cancel")
        assert not asks(second.says("paid INV-0001 1,000 cash")[-1:])
        assert asks(merchant.says("paid INV-0001 1 cash")[-1:])
        assert owed(merchant) == 70_000


@pytest.mark.parametrize(
    ("level", "amount", "is_asked"),
    [
        ("always", "1", True),
        ("never", "75,000", False),
        ("above", "5,000", False),
        ("above", "5,001", True),
        ("above 900000", "9,000", False),
        ("above 900000", "9,001", True),
    ],
)
def test_a_business_says_from_which_sum_on(
    merchant: Phone, billed: Heard, level: str, amount: str, is_asked: bool
) -> None:
    sets_pin(merchant)
    sets_level(merchant, level)
    assert asks(merchant.says(f"paid INV-0001 {amount} cash")) is is_asked
    assert (owed(merchant) < 75_000) is not is_asked


def test_the_sum_is_set_in_chat_by_the_owner_with_the_pin(
    merchant: Phone, billed: Heard, new_phone: Callable[..., Phone]
) -> None:
    sets_pin(merchant)
    asked = merchant.says("payment pin")[-1]
    assert "more than KES 5,000 a day" in asked.body
    merchant.taps("Above an amount")
    assert "PIN" in merchant.says("20,000")[-1].body
    assert "not your PIN" in merchant.says(WRONG)[0].body
    assert "more than KES 20,000 a day" in merchant.says(PIN)[-1].body
    merchant.says("lock")
    assert not asks(merchant.says("paid INV-0001 20,000 cash"))
    manager = new_phone("Achieng Atieno")
    joins(manager, business_of(merchant), "manager")
    assert "does not allow" in manager.says("payment pin")[-1].body


def test_a_claim_is_confirmed_with_the_pin_and_refused_without(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    sets_pin(merchant)
    customer.says("I have paid")
    merchant.hears()
    assert asks(merchant.taps("Yes, it's there"))
    assert owed(merchant) == 75_000
    assert "not your PIN" in merchant.says(WRONG)[0].body
    assert owed(merchant) == 75_000
    merchant.proves()
    assert owed(merchant) == 0


def test_no_to_a_claim_asks_for_nothing_even_where_the_pin_is_always_asked_for(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    sets_pin(merchant)
    sets_level(merchant, "always")
    customer.says("I have paid")
    merchant.hears()
    assert not asks(merchant.taps("No"))
    assert owed(merchant) == 75_000


def test_another_price_asks_and_a_new_thing_does_not(merchant: Phone) -> None:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    def price() -> int | None:
        with tenancy.bound(business_of(merchant)):
            item = invoices.item_named("wig")
            return item.unit_price.minor if item else None

    sets_pin(merchant)
    sets_level(merchant, "always")
    assert not asks(merchant.says("add wig 1,500"))
    assert asks(merchant.says("wig is now 5"))
    assert price() == 150_000
    merchant.says("cancel")
    assert asks(merchant.says("drop wig"))
    merchant.says("cancel")
    assert price() == 150_000
    sets_level(merchant, "never")
    assert asks(merchant.says("wig is now 5")), "a price is no payment"
    merchant.proves()
    assert price() == 500
    merchant.says("lock")
    assert asks(merchant.says("undo"))
    assert price() == 500
    merchant.proves()
    assert price() == 150_000


def test_what_takes_back_asks_each_time_also_while_the_till_is_open(
    merchant: Phone, billed: Heard
) -> None:
    sets_pin(merchant)
    merchant.counts("paid INV-0001 20,000 cash")
    assert asks(merchant.taps("Yes, take it back", merchant.says("undo")[-1]))
    assert owed(merchant) == 55_000


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_colleagues_pin_opens_nothing_and_their_till_is_not_mine(
    merchant: Phone, billed: Heard, new_phone: Callable[..., Phone]
) -> None:
    sets_pin(merchant)
    seller = new_phone("Achieng Atieno")
    joins(seller, business_of(merchant), "manager")
    sets_pin(seller, "8402")
    merchant.counts("paid INV-0001 20,000 cash")
    assert asks(seller.says("paid INV-0001 10,000 cash"))
    assert "not your PIN" in seller.says(PIN)[0].body
    assert owed(merchant) == 55_000
    seller.proves("8402")
    assert owed(merchant) == 45_000


def test_at_another_business_it_is_asked_again(merchant: Phone) -> None:
    from hesabu.doors.chat.till import Till
    from hesabu.kit import ids

    mine, other, me = ids.new_id(), ids.new_id(), ids.new_id()
    till = Till(mark="a")
    till.open(mine, me)
    assert till.is_open(mine, me)
    assert not till.is_open(other, me)
    assert not till.is_open(mine, ids.new_id())
    till.mark = "b"
    assert not till.is_open(mine, me), "another number, or another device"


def test_a_new_device_is_asked_again(merchant: Phone, billed: Heard) -> None:
    sets_pin(merchant)
    first = {"identity": {"hash": "one", "acknowledged": True, "created_timestamp": "1"}}
    second = {"identity": {"hash": "two", "acknowledged": False, "created_timestamp": "2"}}
    merchant.says("paid INV-0001 20,000 cash", **first)
    merchant.says(PIN, **first)
    assert not asks(merchant.says("paid INV-0001 6,000 cash", **first))
    assert owed(merchant) == 49_000
    assert asks(merchant.says("paid INV-0001 6,000 cash", **second))
    assert owed(merchant) == 49_000


def test_a_number_that_changed_hands_opens_no_till(merchant: Phone, billed: Heard) -> None:
    from hesabu.messaging.actions.meet import doubt, living
    from hesabu.store import tenancy

    sets_pin(merchant)
    merchant.counts("paid INV-0001 20,000 cash")
    with tenancy.house():
        doubt(living(merchant.contact_id()))
    merchant.says("paid INV-0001 6,000 cash")
    merchant.says(PIN)
    assert asks(merchant.says("paid INV-0001 6,000 cash"))
    assert owed(merchant) == 55_000


# --- wrong, late, twice, in a burst -----------------------------------------------------------------------------------


def test_five_wrong_ones_close_it_for_a_while_and_count_nothing(
    merchant: Phone, billed: Heard
) -> None:
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        merchant.says("paid INV-0001 20,000 cash")
        for _ in range(4):
            merchant.says(WRONG)
        assert "Try again in 1 minute" in merchant.says(WRONG)[0].body
        assert "Try again in" in merchant.says(PIN)[0].body
        assert owed(merchant) == 75_000
        with clock.moved(seconds=61):
            merchant.proves()
            assert owed(merchant) == 55_000


def test_words_are_no_wrong_pin(merchant: Phone, billed: Heard) -> None:
    sets_pin(merchant)
    merchant.says("paid INV-0001 20,000 cash")
    for _ in range(6):
        assert "4 to 6 digits" in merchant.says("wait a little")[0].body
    merchant.proves()
    assert owed(merchant) == 55_000


def test_a_pin_that_is_said_hours_later_does_not_do_what_it_was_asked_for(
    merchant: Phone, billed: Heard
) -> None:
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        merchant.says("paid INV-0001 20,000 cash")
        with clock.moved(seconds=3 * 3600):
            assert "ask me for it again" in merchant.says(PIN)[-1].body
            assert owed(merchant) == 75_000
            assert not asks(merchant.says("paid INV-0001 20,000 cash")), "it opened the till"


def test_a_pin_after_the_window_does_nothing_by_itself(merchant: Phone, billed: Heard) -> None:
    sets_pin(merchant)
    with clock.fixed(clock.now()):
        merchant.counts("paid INV-0001 20,000 cash")
        with clock.moved(seconds=16 * 60):
            said = merchant.says(PIN)
            assert PIN not in " ".join(message.body for message in said)
            assert asks(merchant.says("paid INV-0001 20,000 cash"))
    assert owed(merchant) == 55_000


def test_a_webhook_that_repeats_the_pin_counts_once(merchant: Phone, billed: Heard) -> None:
    from providers.whatsapp import envelopes

    sets_pin(merchant)
    merchant.says("paid INV-0001 20,000 cash")
    said = envelopes.text(PIN, **merchant._who())
    merchant.writes(said)
    merchant.hears()
    assert owed(merchant) == 55_000
    merchant.says("lock")
    merchant.writes(said)
    assert merchant.hears() == []
    assert asks(merchant.says("paid INV-0001 10,000 cash"))
    assert owed(merchant) == 55_000


def test_a_pin_in_a_burst_is_neither_tried_nor_told(merchant: Phone, billed: Heard) -> None:
    from doors.chat import town
    from providers.whatsapp import envelopes

    sets_pin(merchant)
    with clock.fixed(clock.now()):
        merchant.says("paid INV-0001 20,000 cash")
        town.settle_down()
        for words in ["hello there"] * 12 + [PIN, "paid INV-0001 6,000 cash"]:
            merchant.writes(envelopes.text(words, **merchant._who()))
        merchant.hears()
        with clock.moved(seconds=10):
            from hesabu.doors.chat import answering

            answering.answer_contact(merchant.contact_id())
            town.settle_down()
    assert PIN not in " ".join(m.body for m in merchant.inbox() if "read" in m.body.lower())
    assert owed(merchant) == 75_000


# --- who has none yet -------------------------------------------------------------------------------------------------


def test_who_has_no_pin_is_led_to_one_and_what_they_typed_is_done_then(
    merchant: Phone, billed: Heard
) -> None:
    from hesabu.identity import actions

    with clock.moved(seconds=2 * 3600):
        said = merchant.says("paid INV-0001 20,000 cash")
        assert "/s/" in said[-1].body
        assert "/s/" in merchant.says(PIN)[-1].body, "the chat takes none"
        actions.set_pin(person_of(merchant), PIN)
        merchant.says(PIN)
        assert owed(merchant) == 55_000


def test_who_is_new_chooses_one_on_the_way(merchant: Phone, billed: Heard) -> None:
    assert "choose a PIN" in merchant.says("paid INV-0001 20,000 cash")[-1].body
    merchant.says(PIN)
    assert owed(merchant) == 55_000


# --- every way --------------------------------------------------------------------------------------------------------


def chat_files() -> list[Path]:
    import hesabu.doors.chat

    return sorted(Path(hesabu.doors.chat.__file__).parent.rglob("*.py"))


def test_every_word_and_tap_says_how_far_a_chat_carries_it() -> None:
    from hesabu.doors.chat import leaves
    from hesabu.doors.chat.grammar.types import Intent
    from hesabu.identity.permissions import Declared

    assert set(leaves.INTENTS) == set(Intent)
    tables: tuple[dict[Any, Any], ...] = (
        leaves.INTENTS,
        leaves.TAPS,
        leaves.COMMANDS,
        leaves.CUSTOMERS_INTENTS,
        leaves.CUSTOMERS_TAPS,
        leaves.EITHER_TAPS,
    )
    said = [leave for table in tables for leave in table.values()]
    missing = {one.name for one in said if isinstance(one, Declared)} - leaves.BOUNDS.keys()
    assert missing == set()


def test_what_settles_lowers_or_prices_is_done_at_the_desk_alone() -> None:
    """Each call of a room's act that a customer owes less by stands inside `desk.may`, with a bound that is not free."""
    acts = {
        ("payments", "record"),
        ("payments", "confirm"),
        ("payments", "reject"),
        ("payments", "place"),
        ("payments", "withdraw"),
        ("invoicing", "void"),
        ("invoicing", "credit"),
        ("invoicing", "keep_item"),
        ("invoicing", "drop_item"),
    }

    def named(node: ast.AST) -> set[tuple[str, str]]:
        return {
            (one.value.id, one.attr)
            for one in ast.walk(node)
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
        } & acts

    everywhere, guarded = 0, 0
    for path in chat_files():
        tree = ast.parse(path.read_text())
        everywhere += sum(
            (one.value.id, one.attr) in acts
            for one in ast.walk(tree)
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
        )
        for call in ast.walk(tree):
            is_may = isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "may"
            if is_may and named(call):
                assert isinstance(call, ast.Call)
                guarded += 1
                permission = call.args[0]
                assert isinstance(permission, ast.Name)
                assert permission.id.startswith(("PAYMENT_", "ITEM_KEEP", "INVOICE_"))
    assert everywhere == guarded > 8


def test_no_act_of_the_rooms_lowers_a_debt_unknown_to_this_test() -> None:
    """Whoever adds an act that does decides here whether the chat may call it, and how."""
    from hesabu.doors.chat import leaves
    from hesabu.identity.permissions import declared

    money = {one.name for one in declared() if one.name.startswith(("payment:", "invoice:"))}
    free = {name for name, bound in leaves.BOUNDS.items() if bound is leaves.Bound.FREE}
    assert money & free == {
        "invoice:draft",
        "invoice:issue",
        "invoice:read",
        "invoice:send",
        "payment:claim",
        "payment:collect",
        "payment:read",
    }


def test_at_the_desk_nothing_is_counted_where_nobody_writes(merchant: Phone) -> None:
    """Outside of a message there is no till that could be open."""
    from hesabu.doors.chat.desk import Desk
    from hesabu.doors.chat.stepping import StepNeeded
    from hesabu.kit.money import Money
    from hesabu.payments.permissions import PAYMENT_RECORD

    desk = Desk(business_of(merchant), person_of(merchant))
    with pytest.raises(StepNeeded):
        desk.may(PAYMENT_RECORD, lambda: pytest.fail("done"), settles=Money(1, "KES"))
