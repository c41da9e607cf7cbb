"""What customers are reminded of by itself, and what they are spared: each rule through the job that a worker runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from invoicing.later import at, look, messages, read_later, reminders, turn_of

MONDAY = "2026-11-23 12:00"
DUE = date(2026, 11, 27)  # Friday; steps on 25, 27, 30 November, 4 and 11 December


def issue(shop: Any, customer_id: UUID, price: str = "75000", **changes: Any) -> Any:
    """Issued on Monday and sent, due on Friday unless told otherwise."""
    changes.setdefault("due_on", DUE)
    with at(changes.pop("when", MONDAY)):
        invoice = shop.act("issue", *shop.drafted(customer_id, price, **changes))
        read_later(shop, invoice.id)
    return invoice


def look_at(shop: Any, customer_id: UUID, *instants: str, zone: str = "Africa/Nairobi") -> None:
    for instant in instants:
        with at(instant, zone):
            look(shop, customer_id)


def bodies(shop: Any) -> list[str]:
    return [said.body for _, said, _ in reminders(shop)]


def test_a_customer_is_reminded_before_on_and_after_the_due_day(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane)
    days = [f"2026-11-{day} 09:00" for day in range(24, 31)]
    look_at(shop, jane, *days, *[f"2026-12-{day:02} 09:00" for day in range(1, 31)])
    with shop.bound():
        from hesabu.invoicing.models import Reminder

        rows = list(Reminder.objects.filter(invoice_id=invoice.id).order_by("on_day"))
    assert [(row.step_days, row.on_day.isoformat()) for row in rows] == [
        (-2, "2026-11-25"),
        (0, "2026-11-27"),
        (3, "2026-11-30"),
        (7, "2026-12-04"),
        (14, "2026-12-11"),
    ]
    firsts = [body.split("\n")[0] for body in bodies(shop)]
    start = "A reminder from *Kamau Designs*: *KES 75,000.00* for INV-0001"
    thanks = " If you have just paid: thank you, and nothing more to do."
    assert firsts == [
        f"{start} is due on Friday 27 November 2026.",
        f"{start} is due today.",
        *[f"{start} was due on Friday 27 November 2026.{thanks}"] * 3,
    ]
    assert shop.facts_of(invoice.id).count("InvoiceReminded") == 5


def test_a_reminder_can_be_paid_with_one_tap_and_has_a_template_and_a_letter(
    shop: Any, jane: UUID
) -> None:
    from hesabu.kit import ids

    invoice = issue(shop, jane)
    look_at(shop, jane, "2026-11-25 09:00")
    ((row, said, template),) = reminders(shop)
    about = f"{ids.short(shop.id)}:{ids.short(invoice.id)}"
    assert [tuple(button) for button in said.buttons] == [
        (f"pay:{about}", "Pay with M-PESA"),
        (f"view:{about}", "View"),
    ]
    assert invoice.pay_url in said.body
    assert (template.name, template.language) == ("payment_reminder", "en")
    assert list(template.params) == [
        "Kamau Designs",
        "KES 75,000.00",
        "INV-0001",
        "on Friday 27 November 2026",
    ]
    assert list(template.replies) == [f"pay:{about}"]
    assert template.button_param == invoice.pay_url.rpartition("/")[2]
    assert row.letter["link"] == invoice.pay_url
    assert row.letter["subject"] == "A reminder from Kamau Designs: INV-0001"
    assert (row.category, row.subject_kind, row.subject_id) == ("reminder", "invoice", invoice.id)


def test_the_language_is_the_customers(shop: Any, jane: UUID) -> None:
    shop.act("change_customer", jane, language="sw")
    issue(shop, jane)
    look_at(shop, jane, "2026-11-25 09:00")
    ((_, said, template),) = reminders(shop)
    assert template.language == "sw"
    assert "Ijumaa 27 Novemba 2026" in template.params[3]
    assert "Ijumaa 27 Novemba 2026" in said.body


def test_looked_at_again_and_again_nothing_is_said_twice(shop: Any, jane: UUID) -> None:
    issue(shop, jane)
    look_at(shop, jane, *["2026-11-25 09:00"] * 3, "2026-11-25 11:00", "2026-11-26 09:00")
    assert len(reminders(shop)) == 1


def test_at_night_the_turn_waits_for_the_morning(shop: Any, jane: UUID) -> None:
    issue(shop, jane)
    look_at(shop, jane, "2026-11-25 00:30", "2026-11-25 07:59")
    assert reminders(shop) == []
    with at("2026-11-25 08:00") as morning:
        assert turn_of(jane) == morning
        look(shop, jane)
    assert len(reminders(shop)) == 1
    look_at(shop, jane, "2026-11-27 20:00", "2026-11-27 23:59")
    assert len(reminders(shop)) == 1


def test_the_day_and_the_night_are_the_recipients(shop: Any) -> None:
    skopje = shop.act("keep_customer", "Ana Petrova", "+38970123456")
    issue(shop, skopje)
    look_at(shop, skopje, "2026-11-25 07:59", zone="Europe/Skopje")
    assert reminders(shop) == []
    look_at(shop, skopje, "2026-11-25 08:00", zone="Europe/Skopje")
    assert len(reminders(shop)) == 1
    # In Nairobi it is the 27th already when it is 23:30 of the 26th in Skopje.
    look_at(shop, skopje, "2026-11-26 19:30", zone="Europe/Skopje")
    assert len(reminders(shop)) == 1


@pytest.mark.parametrize(
    ("due_on", "night", "morning"),
    [
        (date(2026, 3, 29), "2026-03-29 05:59", "2026-03-29 06:00"),  # clocks forward: UTC+2
        (date(2026, 10, 25), "2026-10-25 06:59", "2026-10-25 07:00"),  # clocks back: UTC+1
    ],
)
def test_the_night_ends_at_eight_where_the_clocks_change(
    shop: Any, due_on: date, night: str, morning: str
) -> None:
    ana = shop.act("keep_customer", "Ana Petrova", "+38970123456")
    issue(shop, ana, due_on=due_on, when=f"{due_on.year}-{due_on.month:02}-{due_on.day - 1} 12:00")
    look_at(shop, ana, night, zone="UTC")
    assert reminders(shop) == []
    look_at(shop, ana, morning, zone="UTC")
    assert len(reminders(shop)) == 1


def test_quiet_hours_can_be_set_and_switched_off(shop: Any, jane: UUID) -> None:
    issue(shop, jane)
    shop.act("keep_habit", "quiet_hours", "22:00-10:00")
    look_at(shop, jane, "2026-11-25 09:59")
    assert reminders(shop) == []
    shop.act("keep_habit", "quiet_hours", False)
    look_at(shop, jane, "2026-11-25 10:00")
    assert len(reminders(shop)) == 1
    with at("2026-11-25 10:00"):
        assert shop.ask("habit", "quiet_hours").says == "off"


def test_what_is_paid_void_credited_or_overpaid_is_not_reminded_of(shop: Any, jane: UUID) -> None:
    paid, void, credited, overpaid = (issue(shop, jane, "1000") for _ in range(4))
    with at("2026-11-24 12:00"):
        shop.paid(paid.id, "1000")
        shop.act("void", void.id, "a mistake")
        shop.act("credit", credited.id, "sent back")
        shop.paid(overpaid.id, "1500")
    look_at(shop, jane, "2026-11-25 09:00", "2026-11-27 09:00", "2026-11-30 09:00")
    assert reminders(shop) == []
    assert turn_of(jane) is None


def test_a_part_paid_invoice_says_what_is_left(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane)
    with at("2026-11-24 12:00"):
        shop.paid(invoice.id, "25000")
    look_at(shop, jane, "2026-11-25 09:00")
    ((_, said, template),) = reminders(shop)
    assert "*KES 50,000.00* of KES 75,000.00 is left to pay on INV-0001, due on" in said.body
    assert template.params[1] == "KES 50,000.00"


def test_a_deposit_is_named_while_it_is_unpaid(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane, deposit=5000)
    look_at(shop, jane, "2026-11-25 09:00")
    with at("2026-11-26 09:00"):
        shop.paid(invoice.id, "37500")
    look_at(shop, jane, "2026-11-27 09:00")
    first, second = bodies(shop)
    assert "You can begin with the deposit of KES 37,500.00." in first
    assert "deposit" not in second


def test_somebody_opted_out_is_not_reminded_and_hears_again_after_opting_in(
    shop: Any, jane: UUID
) -> None:
    from hesabu.messaging import actions as messaging

    issue(shop, jane)
    contact_id = shop.ask("customer", jane).contact_id
    with shop.bound():
        messaging.opt_out(contact_id)
    look_at(shop, jane, "2026-11-25 09:00")
    assert reminders(shop) == []
    with shop.bound():
        messaging.opt_in(contact_id)
    look_at(shop, jane, "2026-11-27 09:00")
    assert len(reminders(shop)) == 1


def test_without_an_address_the_merchant_can_know(shop: Any) -> None:
    nobody = shop.act("keep_customer", "Somebody Unreachable")
    invoice = issue(shop, nobody)
    look_at(shop, nobody, "2026-11-25 09:00", "2026-11-25 10:00", "2026-11-27 09:00")
    assert reminders(shop) == []
    assert shop.facts_of(invoice.id).count("InvoiceUnremindable") == 2


def test_several_invoices_make_one_message(shop: Any, jane: UUID) -> None:
    first, second = issue(shop, jane, "1000"), issue(shop, jane, "2000")
    later = issue(shop, jane, "4000", due_on=date(2026, 12, 24))
    look_at(shop, jane, "2026-11-25 09:00")
    ((_, said, template),) = reminders(shop)
    assert said.body == (
        "A reminder from *Kamau Designs*: these are still to be paid.\n\n"
        "• INV-0001: KES 1,000.00, due on Friday 27 November 2026\n"
        "• INV-0002: KES 2,000.00, due on Friday 27 November 2026\n\n"
        "Together: *KES 3,000.00*"
    )
    assert [title for _, title in said.buttons] == ["Pay INV-0001", "Pay INV-0002"]
    assert list(template.params)[1:3] == ["KES 3,000.00", "INV-0001 and INV-0002"]
    for invoice in (first, second):
        assert "InvoiceReminded" in shop.facts_of(invoice.id)
    assert "InvoiceReminded" not in shop.facts_of(later.id)


def test_many_invoices_are_a_list_to_choose_from(shop: Any, jane: UUID) -> None:
    for price in range(1, 13):
        issue(shop, jane, str(price * 100))
    look_at(shop, jane, "2026-11-25 09:00")
    ((_, said, template),) = reminders(shop)
    assert len(said.rows) == 10
    assert said.rows[0][1:] == ("INV-0001", "KES 100.00 to pay")
    assert said.body.count("•") == 12
    assert len(template.params[2]) <= 60


def test_steps_of_two_days_never_make_two_messages_on_one(shop: Any, jane: UUID) -> None:
    issue(shop, jane, "1000")
    issue(shop, jane, "2000", due_on=date(2026, 11, 29))
    look_at(shop, jane, "2026-11-25 09:00", "2026-11-27 09:00", "2026-11-27 15:00")
    look_at(shop, jane, "2026-11-29 09:00")
    assert [row.cause.rpartition(":")[2] for row, _, _ in reminders(shop)] == [
        "2026-11-25",
        "2026-11-27",
        "2026-11-29",
    ]


def test_a_business_chooses_its_steps_and_a_customer_may_have_others(shop: Any, jane: UUID) -> None:
    shop.act("keep_habit", "reminders", "1")
    shop.act("keep_habit", "reminders", "5", jane)
    paul = shop.act("keep_customer", "Paul Otieno", "0722000111")
    issue(shop, jane)
    issue(shop, paul)
    days = [f"2026-11-{day} 09:00" for day in range(24, 31)]
    look_at(shop, jane, *days, "2026-12-01 09:00", "2026-12-02 09:00")
    look_at(shop, paul, *days)
    said = [(row.cause.rpartition(":")[2], body) for row, body, _ in reminders(shop)]
    assert [day for day, _ in said] == ["2026-12-02", "2026-11-28"]
    assert "INV-0001" in said[0][1].body


def test_reminders_can_be_switched_off_for_all_or_for_one(shop: Any, jane: UUID) -> None:
    paul = shop.act("keep_customer", "Paul Otieno", "0722000111")
    issue(shop, jane)
    issue(shop, paul)
    shop.act("keep_habit", "reminders", False, jane)
    look_at(shop, jane, "2026-11-25 09:00")
    look_at(shop, paul, "2026-11-25 09:00")
    assert len(reminders(shop)) == 1
    shop.act("keep_habit", "reminders", False)
    shop.act("keep_habit", "reminders", True, jane)
    look_at(shop, jane, "2026-11-27 09:00")
    look_at(shop, paul, "2026-11-27 09:00")
    assert len(reminders(shop)) == 1


def test_after_a_long_silence_only_the_newest_step_is_said(shop: Any, jane: UUID) -> None:
    issue(shop, jane)
    look_at(shop, jane, "2026-12-06 09:00", "2026-12-06 10:00", "2026-12-07 09:00")
    ((_row, said, _),) = reminders(shop)
    assert "was due on Friday 27 November 2026" in said.body
    look_at(shop, jane, "2026-12-11 09:00")
    assert len(reminders(shop)) == 2


def test_a_clock_that_jumps_to_and_fro_repeats_nothing(shop: Any, jane: UUID) -> None:
    issue(shop, jane)
    look_at(shop, jane, "2026-11-27 09:00")
    look_at(shop, jane, "2027-11-27 09:00")  # a year ahead: all steps are long past
    look_at(shop, jane, "2026-11-25 09:00", "2026-11-27 11:00", "2026-11-28 09:00")
    assert len(reminders(shop)) == 1
    look_at(shop, jane, "2026-11-30 09:00")
    assert len(reminders(shop)) == 2


def test_what_is_issued_on_its_due_day_waits_for_the_third_day(shop: Any, jane: UUID) -> None:
    issue(shop, jane, due_on=None)
    look_at(shop, jane, "2026-11-23 18:00", "2026-11-24 09:00", "2026-11-25 09:00")
    assert reminders(shop) == []
    look_at(shop, jane, "2026-11-26 09:00")
    assert len(reminders(shop)) == 1


def test_money_taken_back_makes_it_due_again(shop: Any, jane: UUID) -> None:
    from hesabu.payments import actions as payments

    invoice = issue(shop, jane)
    with at("2026-11-24 12:00"):
        payment_id = shop.paid(invoice.id, "75000")
    look_at(shop, jane, "2026-11-25 09:00")
    assert turn_of(jane) is None
    with at("2026-11-26 12:00"):
        with shop.bound():
            payments.withdraw(payment_id, "a slip")
        read_later(shop, invoice.id)
    look_at(shop, jane, "2026-11-27 09:00")
    assert len(reminders(shop)) == 1


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_the_merchant_reminds_by_hand_once_a_day(shop: Any, jane: UUID) -> None:
    from hesabu.invoicing import errors

    invoice = issue(shop, jane)
    with at("2026-11-24 21:00"):  # their own word counts at night, too
        message_id = shop.act("remind", invoice.id)
        with pytest.raises(errors.RemindedToday):
            shop.act("remind", invoice.id)
    ((row, said, _),) = reminders(shop)
    assert row.id == message_id
    assert "is due on Friday 27 November 2026" in said.body
    look_at(shop, jane, "2026-11-25 09:00")  # a day later its own step is said
    with at("2026-11-25 12:00"), pytest.raises(errors.RemindedToday):
        shop.act("remind", invoice.id)
    with at("2026-11-26 12:00"):
        shop.act("remind", invoice.id)
    assert len(reminders(shop)) == 3


def test_reminded_by_hand_on_the_day_of_a_step_the_step_is_said(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane)
    with at("2026-11-25 07:00"):
        shop.act("remind", invoice.id)
    look_at(shop, jane, "2026-11-25 09:00", "2026-11-26 09:00")
    assert len(reminders(shop)) == 1


@pytest.mark.parametrize("how", ["paid", "void", "draft", "unreachable", "opted_out"])
def test_what_can_not_be_reminded_of_is_refused_with_a_reason(
    shop: Any, jane: UUID, how: str
) -> None:
    from hesabu.invoicing import errors
    from hesabu.messaging import actions as messaging

    customer_id = jane if how != "unreachable" else shop.act("keep_customer", "Nobody Known")
    refusal: type[Exception] = errors.NothingOwed
    with at(MONDAY):
        invoice_id, version = shop.drafted(customer_id)
        if how != "draft":
            shop.act("issue", invoice_id, version)
        if how == "draft":
            refusal = errors.NotIssued
        elif how == "paid":
            shop.paid(invoice_id, "75000")
        elif how == "void":
            shop.act("void", invoice_id, "no")
        elif how == "unreachable":
            refusal = errors.NoWayToReach
        else:
            read_later(shop, invoice_id)
            with shop.bound():
                messaging.opt_out(shop.invoice(invoice_id).contact_id)
            refusal = errors.ReminderUnwanted
        with pytest.raises(refusal):
            shop.act("remind", invoice_id)
    assert reminders(shop) == []


def test_another_business_can_neither_remind_nor_promise_nor_resend(
    shop: Any, jane: UUID, new_shop: Callable[..., Any]
) -> None:
    from hesabu.invoicing import errors

    invoice = issue(shop, jane)
    other = new_shop()
    with at("2026-11-25 09:00"):
        look(other, jane)  # its turn is not another's
        for name in ("remind", "resend", "forget_promise"):
            with pytest.raises(errors.InvoiceNotFound):
                other.act(name, invoice.id)
        with pytest.raises(errors.InvoiceNotFound):
            other.act("promise", invoice.id, DUE)
        with pytest.raises(errors.InvoiceNotFound):
            other.ask("promises_of", invoice.id)
        with pytest.raises(errors.CustomerNotFound):
            other.act("keep_habit", "reminders", False, jane)
    assert reminders(shop) == reminders(other) == []


# --- again ------------------------------------------------------------------------------------------------------------


def test_an_invoice_is_sent_again_once_a_minute_by_the_ladder_or_one_channel(
    shop: Any, jane: UUID
) -> None:
    from hesabu.messaging.models import Message
    from hesabu.messaging.types import Channel

    invoice = issue(shop, jane)
    with at("2026-11-24 09:00"):
        first = shop.act("resend", invoice.id)
        assert shop.act("resend", invoice.id) == first
        by_sms = shop.act("resend", invoice.id, Channel.SMS)
    with at("2026-11-24 09:05"):
        assert shop.act("resend", invoice.id) not in (first, by_sms)
    with shop.bound():
        row = Message.objects.get(id=by_sms)
    assert (row.channel, row.climbs) == ("sms", False)
    assert row.letter["body"].startswith("*Kamau Designs* has sent you invoice INV-0001.")
    assert shop.facts_of(invoice.id).count("InvoiceResent") == 3
    said = messages(shop, invoice.id)
    assert [cause.split(":")[0] for _, _, cause in said] == ["issued", *["resent"] * 3]


def test_what_is_paid_is_sent_again_without_a_button_to_pay(shop: Any, jane: UUID) -> None:
    from hesabu.invoicing import errors

    invoice = issue(shop, jane)
    with at("2026-11-24 09:00"):
        shop.paid(invoice.id, "75000")
        shop.act("resend", invoice.id)
        taken = issue(shop, jane)
        shop.act("void", taken.id, "no")
        with pytest.raises(errors.InvoiceTakenBack):
            shop.act("resend", taken.id)
        with pytest.raises(errors.NotIssued):
            shop.act("resend", shop.drafted(jane)[0])
        nobody = issue(shop, shop.act("keep_customer", "Nobody Known"))
        assert shop.act("resend", nobody.id) is None
    said = [said for said, _, cause in messages(shop, invoice.id) if cause.startswith("resent")]
    assert [title for _, title in said[0].buttons] == ["View"]
