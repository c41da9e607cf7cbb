"""A customer's word on when they pay: reminders wait for it, and the day after it was broken says so."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

import hesabu.invoicing.reminders
from hesabu.invoicing.reminders.rules.moves import PROMISE_MOVES
from invoicing.later import at, look, read_later, reminders, turn_of

MONDAY = "2026-11-23 12:00"
FRIDAY, SATURDAY = date(2026, 11, 27), "2026-11-28 09:00"


@pytest.fixture
def invoice(shop: Any, jane: UUID) -> Any:
    """Due on Wednesday."""
    with at(MONDAY):
        issued = shop.act("issue", *shop.drafted(jane, due_on=date(2026, 11, 25)))
        read_later(shop, issued.id)
    return issued


def promise(shop: Any, invoice: Any, on_day: date = FRIDAY, when: str = MONDAY) -> UUID:
    with at(when):
        return shop.act("promise", invoice.id, on_day)


def states(shop: Any, invoice: Any) -> list[str]:
    return [str(one.state) for one in shop.ask("promises_of", invoice.id)]


def look_at(shop: Any, customer_id: UUID, *instants: str) -> None:
    for instant in instants:
        with at(instant):
            look(shop, customer_id)


def test_the_picture_in_the_essay_is_the_table() -> None:
    essay = hesabu.invoicing.reminders.__doc__ or ""
    drawn = set(re.findall(r"^ +(\w+) ── (\w+) ──▶ (\w+)$", essay, re.M))
    assert drawn == {(str(source), verb, str(target)) for source, verb, target in PROMISE_MOVES}


def test_reminders_wait_while_a_promise_stands(shop: Any, jane: UUID, invoice: Any) -> None:
    promise(shop, invoice)
    look_at(shop, jane, "2026-11-24 09:00", "2026-11-25 09:00", "2026-11-27 19:59")
    assert reminders(shop) == []
    assert states(shop, invoice) == ["standing"]
    with at("2026-11-28 08:00") as morning:
        assert turn_of(jane) == morning


def test_the_day_after_a_broken_promise_says_so_kindly_and_once(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    promise(shop, invoice)
    look_at(shop, jane, "2026-11-25 09:00", SATURDAY, SATURDAY, "2026-11-28 15:00")
    ((_, said, _),) = reminders(shop)
    assert said.body.startswith(
        "A kind word from *Kamau Designs*: you wanted to pay INV-0001 by Friday 27 November 2026."
        " *KES 75,000.00* is still to be paid."
    )
    assert states(shop, invoice) == ["broken"]
    assert shop.facts_of(invoice.id).count("PromiseBroken") == 1
    look_at(shop, jane, "2026-11-29 09:00")  # the step of the 28th was said by it
    assert len(reminders(shop)) == 1
    look_at(shop, jane, "2026-12-02 09:00")  # a week after the due day
    assert len(reminders(shop)) == 2


def test_what_was_paid_in_time_keeps_the_promise(shop: Any, jane: UUID, invoice: Any) -> None:
    promise(shop, invoice)
    with at("2026-11-27 12:00"):
        shop.paid(invoice.id, "75000")
        read_later(shop, invoice.id)
    look_at(shop, jane, SATURDAY)
    assert reminders(shop) == []
    assert states(shop, invoice) == ["kept"]
    assert "PromiseKept" in shop.facts_of(invoice.id)


def test_a_part_of_it_does_not_keep_it(shop: Any, jane: UUID, invoice: Any) -> None:
    promise(shop, invoice)
    with at("2026-11-27 12:00"):
        shop.paid(invoice.id, "25000")
        read_later(shop, invoice.id)
    assert states(shop, invoice) == ["standing"]
    look_at(shop, jane, SATURDAY)
    ((_, said, _),) = reminders(shop)
    assert "*KES 50,000.00* is still to be paid." in said.body


def test_another_day_replaces_it_and_the_same_day_changes_nothing(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    first = promise(shop, invoice)
    assert promise(shop, invoice) == first
    assert promise(shop, invoice, date(2026, 11, 30)) != first
    assert states(shop, invoice) == ["replaced", "standing"]
    look_at(shop, jane, SATURDAY)
    assert reminders(shop) == []


def test_a_forgotten_promise_lets_reminders_go_on(shop: Any, jane: UUID, invoice: Any) -> None:
    promise(shop, invoice)
    with at("2026-11-24 09:00"):
        shop.act("forget_promise", invoice.id)
        shop.act("forget_promise", invoice.id)
    look_at(shop, jane, "2026-11-25 09:00")
    assert len(reminders(shop)) == 1
    assert states(shop, invoice) == ["forgotten"]
    assert shop.facts_of(invoice.id).count("PromiseForgotten") == 1


def test_two_who_promise_at_once_make_one_promise(shop: Any, invoice: Any) -> None:
    from payments.shop import at_the_same_time

    answers = at_the_same_time(lambda _: promise(shop, invoice))
    assert len(set(answers)) == 1
    assert states(shop, invoice) == ["standing"]


def test_only_what_is_owed_can_be_promised_and_only_for_a_day_to_come(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    from hesabu.invoicing import errors

    with at(MONDAY):
        for day in (date(2026, 11, 22), date(2028, 1, 1)):
            with pytest.raises(errors.PromiseDayBad):
                shop.act("promise", invoice.id, day)
        with pytest.raises(errors.NotIssued):
            shop.act("promise", shop.drafted(jane)[0], FRIDAY)
        shop.paid(invoice.id, "75000")
        with pytest.raises(errors.NothingOwed):
            shop.act("promise", invoice.id, FRIDAY)


def test_with_reminders_off_the_merchant_still_hears_of_it(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    promise(shop, invoice)
    shop.act("keep_habit", "reminders", False)
    look_at(shop, jane, SATURDAY)
    assert reminders(shop) == []
    assert "PromiseBroken" in shop.facts_of(invoice.id)


def test_the_customer_who_promised_is_remembered(shop: Any, jane: UUID, invoice: Any) -> None:
    contact_id = shop.ask("customer", jane).contact_id
    with at(MONDAY):
        shop.act("promise", invoice.id, FRIDAY, contact_id)
    (kept,) = shop.ask("promises_of", invoice.id)
    assert (kept.contact_id, kept.on_day) == (contact_id, FRIDAY)
