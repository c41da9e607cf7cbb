"""What the merchant hears without asking, at its hour or when it happens; and that each of it can be switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from hesabu.app.simulate.deaths import Killed, broken_off
from payments.shop import at_the_same_time

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

ONE_LINE = "Invoice Jane Wanjiku {phone} 75,000 for logo design due Friday"


def at(text: str) -> AbstractContextManager[None]:
    """It is then in Nairobi."""
    from hesabu.kit import clock

    return clock.fixed(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Africa/Nairobi")))


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """All begins on Monday 7 December 2026, at noon."""
    with at("2026-12-07 12:00"):
        yield


@pytest.fixture
def business_id(monday: None, merchant: Phone) -> UUID:
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    merchant.hears()
    with tenancy.house():
        contact = messages.contact(merchant.contact_id())
    return identity.memberships_of(contact.person_id)[0].business_id


def act(business_id: UUID, name: str, *given: Any) -> Any:
    from hesabu.invoicing import actions
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return getattr(actions, name)(*given)


def ask(business_id: UUID, name: str, *given: Any) -> Any:
    from hesabu.invoicing import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return getattr(queries, name)(*given)


def run_jobs(name: str) -> list[dict[str, Any]]:
    """The jobs of a name that are due, as a worker runs them."""
    from hesabu.kit import clock
    from hesabu.store import jobs

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo' AND task_name = %s"
            " AND coalesce(scheduled_at, %s) <= %s RETURNING args::text",
            (name, clock.now(), clock.now()),
        )
        found = [json.loads(row[0]) for row in cursor.fetchall()]
    for args in found:
        jobs.tasks[name].run(**args)
    return found


def keep(business_id: UUID, habit: str) -> None:
    """The job of a habit that has an hour."""
    from hesabu.store import jobs

    jobs.tasks["chat.keep_habit"].run(business_id=str(business_id), habit=habit)


def look(business_id: UUID, invoice_id: UUID) -> None:
    """The job of the customer's turn."""
    from hesabu.store import jobs

    customer_id = ask(business_id, "invoice", invoice_id).customer_id
    jobs.tasks["invoicing.take_turn"].run(
        business_id=str(business_id), customer_id=str(customer_id)
    )


def local(phone: Phone) -> str:
    assert phone.number is not None
    return f"0{phone.number[3:]}"


def pays(business_id: UUID, invoice: Any, amount: int) -> None:
    """Cash, on the merchant's word."""
    from hesabu.kit.money import Money
    from hesabu.payments import actions as payments
    from hesabu.payments.types import Purpose
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        payments.record(Purpose("invoice", invoice.id), Money(amount * 100, "KES"), "cash")


def bodies(heard: list[Heard]) -> list[str]:
    return [message.body for message in heard]


@pytest.fixture
def invoice(business_id: UUID, merchant: Phone, customer: Phone) -> Any:
    """INV-0001 to Jane, due on Friday."""
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    return ask(business_id, "by_number", "1")


# --- the evening ------------------------------------------------------------------------------------------------------


def test_the_evening_summary_says_the_day_once(
    business_id: UUID, merchant: Phone, invoice: Any
) -> None:
    with at("2026-12-07 15:00"):
        pays(business_id, invoice, 25_000)
        merchant.hears()
    with at("2026-12-07 18:59"):
        keep(business_id, "evening_summary")
        assert merchant.hears() == []
    for minute in ("19:00", "19:00", "19:01"):
        with at(f"2026-12-07 {minute}"):
            keep(business_id, "evening_summary")
    with at("2026-12-07 19:02"):
        (said,) = bodies(merchant.hears())
    assert said == (
        "*Kamau Designs*, Mon 7 December\n\n"
        "Invoiced: *KES 75,000* (1 invoice)\n"
        "Received: *KES 25,000* (Cash)\n"
        "Still owed to you: *KES 50,000*"
    )


def test_money_is_said_by_how_it_came_and_what_needs_a_person_is_listed() -> None:
    from hesabu.doors.chat.words import habits
    from hesabu.invoicing.types import Issued
    from hesabu.kit.money import Money

    def kes(amount: int) -> Money:
        return Money(amount * 100, "KES")

    said = habits.summary(
        habits.Summary(
            business="Kamau Designs",
            on_day=date(2026, 12, 7),
            issued=[Issued(3, kes(120_000))],
            received={"mpesa": [kes(50_000)], "cash": [kes(25_000)]},
            owed=[kes(45_000)],
            overdue=[kes(20_000)],
            needs={"unplaced": 2, "claims": 1, "broken": 0},
        )
    )
    assert said.splitlines()[2:] == [
        "Invoiced: *KES 120,000* (3 invoices)",
        "Received: *KES 75,000*",
        "• M-PESA: KES 50,000",
        "• Cash: KES 25,000",
        "Still owed to you: *KES 45,000*",
        "Of it overdue: KES 20,000",
        "",
        "This needs you:",
        "• 2 payments that I can't place",
        "• 1 customer says they have paid: is the money there?",
    ]


def test_a_day_with_nothing_is_passed_over_unless_every_evening_was_asked_for(
    business_id: UUID, merchant: Phone
) -> None:
    with at("2026-12-07 19:00"):
        keep(business_id, "evening_summary")
        assert merchant.hears() == []
    act(business_id, "keep_habit", "every_evening", True)
    with at("2026-12-08 19:00"):
        keep(business_id, "evening_summary")
        (said,) = bodies(merchant.hears())
    assert said == "*Kamau Designs*, Tue 8 December\n\nNothing was invoiced.\nNothing was received."


def test_the_summary_has_the_hour_that_was_chosen_and_can_be_switched_off(
    business_id: UUID, merchant: Phone, invoice: Any
) -> None:
    act(business_id, "keep_habit", "evening_summary", "9pm")
    with at("2026-12-07 19:00"):
        keep(business_id, "evening_summary")
        assert merchant.hears() == []
    with at("2026-12-07 21:00"):
        keep(business_id, "evening_summary")
        assert len(merchant.hears()) == 1
    act(business_id, "keep_habit", "evening_summary", False)
    act(business_id, "keep_habit", "every_evening", True)
    with at("2026-12-08 21:00"):
        keep(business_id, "evening_summary")
        assert merchant.hears() == []


def test_a_summary_that_is_hours_late_waits_for_the_next_evening(
    business_id: UUID, merchant: Phone, invoice: Any
) -> None:
    with at("2026-12-07 22:30"):
        keep(business_id, "evening_summary")
        assert merchant.hears() == []
    act(business_id, "keep_habit", "every_evening", True)
    with at("2026-12-08 19:00"):
        keep(business_id, "evening_summary")
        assert len(merchant.hears()) == 1


def test_workers_at_once_and_a_worker_killed_anywhere_say_one_summary(
    business_id: UUID, merchant: Phone, invoice: Any
) -> None:
    def evening(_: int = 0) -> None:
        with at("2026-12-07 19:00"):
            keep(business_id, "evening_summary")

    for after in range(1, 3000, 31):
        try:
            broken_off(evening, after)
        except Killed:
            continue
        break
    assert at_the_same_time(evening) == [None] * 4
    with at("2026-12-07 19:01"):
        assert len(merchant.hears()) == 1


def test_the_sweep_finds_whose_hour_it_is(business_id: UUID, merchant: Phone) -> None:
    from hesabu.store import jobs

    for _ in range(2):
        with at("2026-12-07 19:00"):
            jobs.tasks["chat.keep_habits"].run()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'habit' FROM procrastinate_jobs WHERE task_name = 'chat.keep_habit' AND status = 'todo'"
            " AND args->>'business_id' = %s",
            (str(business_id),),
        )
        assert cursor.fetchall() == [("evening_summary",)]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_what_is_unpaid_is_listed_on_monday_and_thursday_mornings(
    business_id: UUID, merchant: Phone, invoice: Any
) -> None:
    for day in range(8, 15):  # Tuesday to Monday
        with at(f"2026-12-{day:02} 08:00"):
            keep(business_id, "unpaid_list")
            said = bodies(merchant.hears())
        assert bool(said) is (day in (10, 14)), day
        if said:
            assert said[0].startswith("You are owed *KES 75,000*:\n\nJane Wanjiku  KES 75,000")


def test_with_nothing_unpaid_there_is_no_list(business_id: UUID, merchant: Phone) -> None:
    with at("2026-12-10 08:00"):
        keep(business_id, "unpaid_list")
        assert merchant.hears() == []


# --- ticks ------------------------------------------------------------------------------------------------------------


def arrives(phone: Phone, message: Heard) -> None:
    """The grey ticks."""
    from doors.chat.town import bring, provider_id, settle_down
    from hesabu.kit import clock
    from providers.whatsapp import envelopes

    at_second = int(clock.now().timestamp())
    status = envelopes.status("delivered", provider_id(message), at=at_second)
    bring(envelopes.envelope(statuses=[status], to=phone.phone_number_id))
    settle_down()


def paper(phone: Phone) -> Heard:
    return next(message for message in phone.inbox() if message.subject_kind == "invoice")


def test_an_invoice_that_is_seen_soon_makes_one_message(
    merchant: Phone, customer: Phone, invoice: Any
) -> None:
    arrives(customer, paper(customer))
    with at("2026-12-07 12:30"):
        customer.sees(paper(customer))
    with at("2026-12-07 14:00"):
        run_jobs("chat.tell_arrived")
        assert bodies(merchant.hears())[-1:] == ["Jane has seen *INV-0001*. ✓✓"]
    said = [body for body in bodies(merchant.inbox()) if "✓✓" in body]
    assert len(said) == 1


def test_an_invoice_that_is_not_opened_for_an_hour_has_arrived(
    merchant: Phone, customer: Phone, invoice: Any
) -> None:
    arrives(customer, paper(customer))
    merchant.hears()
    with at("2026-12-07 12:59"):
        assert run_jobs("chat.tell_arrived") == []
    with at("2026-12-07 13:00"):
        assert len(run_jobs("chat.tell_arrived")) == 1
        assert bodies(merchant.hears()) == ["*INV-0001* has reached Jane. ✓✓"]
    with at("2026-12-07 15:00"):
        customer.sees(paper(customer))
        assert merchant.hears() == []


@pytest.mark.parametrize(("habit", "count"), [("both", 2), ("seen", 1), (False, 0)])
def test_ticks_are_told_as_the_merchant_wants_them(
    business_id: UUID,
    merchant: Phone,
    customer: Phone,
    invoice: Any,
    habit: str | bool,
    count: int,
) -> None:
    act(business_id, "keep_habit", "ticks", habit)
    merchant.hears()
    arrives(customer, paper(customer))
    run_jobs("chat.tell_arrived")
    with at("2026-12-07 12:30"):
        customer.sees(paper(customer))
        assert len(merchant.hears()) == count


# --- what a person should know ----------------------------------------------------------------------------------------


def test_a_broken_promise_is_told_to_both_kindly(
    business_id: UUID, merchant: Phone, customer: Phone, invoice: Any
) -> None:
    act(business_id, "promise", invoice.id, date(2026, 12, 11))
    merchant.hears()
    with at("2026-12-12 09:00"):
        look(business_id, invoice.id)
        look(business_id, invoice.id)
        (to_jane,) = customer.hears()
        assert "you wanted to pay INV-0001 by Friday 11 December 2026" in to_jane.body
        assert list(to_jane.titles) == ["Pay with M-PESA", "View"]
        assert bodies(merchant.hears()) == [
            "Jane wanted to pay *INV-0001* by Fri 11 December; KES 75,000 is still owed."
            " I have reminded them kindly."
        ]


def test_a_reminder_is_paid_with_one_tap_and_the_prompt_asks_for_the_deposit(
    business_id: UUID, merchant: Phone, customer: Phone
) -> None:
    from decimal import Decimal

    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from payments.shop import open_shop

    open_shop(business_id)
    jane = act(business_id, "keep_customer", "Jane Wanjiku", local(customer))
    line = LineInput("logo design", Decimal(1), Money(1_000_000, "KES"))
    given = DraftInput(jane, [line], due_on=date(2026, 12, 11), deposit=3000)
    invoice = act(business_id, "issue", *act(business_id, "draft", given))
    customer.hears()
    with at("2026-12-09 09:00"):
        look(business_id, invoice.id)
        (reminder,) = customer.hears()
        assert "You can begin with the deposit of KES 3,000.00." in reminder.body
        (asked,) = customer.taps("Pay with M-PESA", reminder)
    assert "KES 3,000 to Kamau Designs" in asked.body


def test_a_broken_promise_of_somebody_who_is_not_reminded_is_told_so(
    business_id: UUID, merchant: Phone, customer: Phone, invoice: Any
) -> None:
    act(business_id, "promise", invoice.id, date(2026, 12, 11))
    act(business_id, "keep_habit", "reminders", False)
    with at("2026-12-12 09:00"):
        look(business_id, invoice.id)
        assert customer.hears() == []
        assert bodies(merchant.hears())[-1].endswith("KES 75,000 is still owed.")


def test_a_reminder_without_an_address_is_the_merchants_to_pass_on(
    business_id: UUID, merchant: Phone
) -> None:
    from decimal import Decimal

    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money

    nobody = act(business_id, "keep_customer", "Peter Unreachable")
    line = LineInput("logo design", Decimal(1), Money(500_000, "KES"))
    given = DraftInput(nobody, [line], due_on=date(2026, 12, 11))
    invoice = act(business_id, "issue", *act(business_id, "draft", given))
    merchant.hears()
    with at("2026-12-11 09:00"):
        look(business_id, invoice.id)
        (said,) = bodies(merchant.hears())
    assert said == (
        "*INV-0001* for Peter is due today: KES 5,000. I have no number to remind them."
        f" Here is the link to share:\n{invoice.pay_url}"
    )


def test_a_reminder_that_arrives_nowhere_is_told_once(
    business_id: UUID, merchant: Phone, customer: Phone, invoice: Any
) -> None:
    merchant.hears()
    with at("2026-12-09 09:00"):
        look(business_id, invoice.id)
        (reminder,) = customer.hears()
        customer.cannot_get(reminder)
        told = [body for body in bodies(merchant.hears()) if "could not reach" in body]
    assert told == [
        "I could not reach Jane with a reminder of *INV-0001*. Here is the link to share:\n"
        f"{invoice.pay_url}"
    ]


def test_news_of_payments_and_receipts_can_be_switched_off(
    business_id: UUID, merchant: Phone, customer: Phone, invoice: Any
) -> None:
    merchant.hears()
    pays(business_id, invoice, 1_000)
    assert len(merchant.hears()) == len(customer.hears()) == 1
    act(business_id, "keep_habit", "payment_news", False)
    act(business_id, "keep_habit", "receipts", False)
    pays(business_id, invoice, 1_000)
    assert merchant.hears() == customer.hears() == []


def test_every_habit_has_a_name_and_says_how_it_is_set(business_id: UUID) -> None:
    said = {one.name: (one.title, one.says) for one in ask(business_id, "habits")}
    assert said == {
        "reminders": (
            "Reminders to customers",
            "2 days before, on the day, and 3, 7, and 14 days after",
        ),
        "quiet_hours": ("Quiet hours of customers", "from 20:00 to 08:00"),
        "receipts": ("Receipts to customers", "on"),
        "payment_news": ("News of every payment", "on"),
        "ticks": ("News that an invoice arrived and was seen", "once for each invoice"),
        "evening_summary": ("Summary in the evening", "at 19:00"),
        "every_evening": ("Summary even after a quiet day", "off"),
        "unpaid_list": ("List of what is unpaid", "Monday and Thursday at 08:00"),
    }
