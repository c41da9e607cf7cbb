"""What the customer gets: the paper when it is issued, thanks for each payment, each once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from invoicing.later import messages, read_later


def issue(shop: Any, customer_id: UUID, price: str = "75000", **changes: Any) -> Any:
    return shop.act("issue", *shop.drafted(customer_id, price, **changes))


def test_an_issued_invoice_goes_to_its_customer_with_the_paper_and_two_buttons(
    shop: Any, jane: UUID, noon: date
) -> None:
    from hesabu.kit import ids
    from hesabu.store import files

    invoice = issue(shop, jane, due_on=noon + timedelta(days=4))
    read_later(shop, invoice.id)
    ((said, fallback, cause),) = messages(shop, invoice.id)
    for words in (
        "*Kamau Designs* has sent you invoice INV-0001.",
        "*KES 75,000.00*",
        "For: logo design",
        "Due: Friday 27 November 2026",
        invoice.pay_url,
    ):
        assert words in said.body
    about = f"{ids.short(shop.id)}:{ids.short(invoice.id)}"
    assert [tuple(button) for button in said.buttons] == [
        (f"pay:{about}", "Pay with M-PESA"),
        (f"view:{about}", "View"),
    ]
    with shop.bound():
        assert files.read(said.document).content.startswith(b"%PDF")
    assert (said.filename, cause) == ("INV-0001.pdf", f"issued:{invoice.id}")
    assert (fallback.name, fallback.language) == ("invoice_ready", "en")
    assert list(fallback.params) == [
        "Kamau Designs",
        "KES 75,000.00",
        "logo design",
        "Friday 27 November 2026",
    ]
    assert fallback.button_param == invoice.pay_url.rpartition("/")[2]
    assert fallback.header_document == said.document


def test_reading_it_twice_sends_it_once(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane)
    read_later(shop, invoice.id)
    read_later(shop, invoice.id)
    with shop.bound():
        from hesabu.invoicing import actions

        actions.send_invoice(invoice.id)
    assert len(messages(shop, invoice.id)) == 1
    assert shop.facts_of(invoice.id).count("InvoiceSent") == 1


def test_a_customer_without_a_phone_gets_nothing_and_the_merchant_can_know(shop: Any) -> None:
    invoice = shop.issued()
    read_later(shop, invoice.id)
    assert messages(shop, invoice.id) == []
    assert shop.facts_of(invoice.id)[-1] == "InvoiceUnsendable"
    shop.paid(invoice.id, "75000")
    read_later(shop, invoice.id)
    assert messages(shop, invoice.id) == []


def test_every_payment_is_thanked_for_once_and_says_what_is_left(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane)
    payment_id = shop.paid(invoice.id, "25000")
    read_later(shop, invoice.id)
    (said, fallback, cause) = messages(shop, invoice.id)[-1]
    assert said.body == (
        "Thank you! *Kamau Designs* has received *KES 25,000.00* for INV-0001. KES 50,000.00 is still to be paid."
    )
    assert cause == f"receipt:{invoice.id}:{payment_id}"
    assert (fallback.name, list(fallback.params)) == (
        "payment_received",
        ["Kamau Designs", "KES 25,000.00", "INV-0001"],
    )
    shop.paid(invoice.id, "60000")
    read_later(shop, invoice.id)
    read_later(shop, invoice.id)
    bodies = [
        said.body for said, _, cause in messages(shop, invoice.id) if cause.startswith("receipt")
    ]
    assert len(bodies) == 2
    assert bodies[1] == (
        "Thank you! *Kamau Designs* has received *KES 60,000.00* for INV-0001. It is paid in full."
        " KES 10,000.00 was not owed and is kept as your credit."
    )


def test_money_for_what_was_paid_already_is_thanked_for_too(shop: Any, jane: UUID) -> None:
    invoice = issue(shop, jane, "100")
    shop.paid(invoice.id, "100")
    shop.paid(invoice.id, "100")
    read_later(shop, invoice.id)
    body = messages(shop, invoice.id)[-1][0].body
    assert body.endswith("KES 100.00 was not owed and is kept as your credit.")
    assert "paid in full" not in body


def test_using_credit_needs_no_thanks(shop: Any, jane: UUID) -> None:
    shop.paid(issue(shop, jane, "100").id, "300")
    second = issue(shop, jane, "100")
    shop.act("apply_credit", second.id)
    read_later(shop, second.id)
    assert [cause.partition(":")[0] for _, _, cause in messages(shop, second.id)] == ["issued"]


def test_a_long_invoice_is_said_in_one_short_line() -> None:
    from hesabu.invoicing import wording

    assert wording.what_for("en", ["logo design"]) == "logo design"
    said = wording.what_for("en", ["x" * 500, "prints", "a banner"])
    assert said.endswith("… and 2 more")
    assert len(said) < 80


def test_a_language_nobody_knows_is_written_in_english() -> None:
    from hesabu.invoicing import wording

    assert wording.day_in_full(date(2026, 11, 27), "xx-unknown") == "Friday 27 November 2026"
    assert wording.day_in_full(date(2026, 11, 27), "sw") == "Ijumaa 27 Novemba 2026"


def test_every_message_to_a_customer_has_a_letter_for_the_ladder(shop: Any, jane: UUID) -> None:
    from hesabu.messaging.models import Message

    invoice = issue(shop, jane)
    shop.paid(invoice.id, "75000")
    read_later(shop, invoice.id)
    with shop.bound():
        paper, receipt = Message.objects.filter(subject_id=invoice.id).order_by("id")
    assert paper.letter["subject"] == "Invoice INV-0001 from Kamau Designs"
    assert paper.letter["link"] == receipt.letter["link"] == invoice.pay_url
    assert [name for _, name in paper.letter["attachments"]] == ["INV-0001.pdf"]
    assert invoice.pay_url not in paper.letter["body"]
    assert receipt.letter["subject"] == (
        "Thank you: Kamau Designs has received your payment for INV-0001"
    )
    assert (paper.category, receipt.category) == ("transaction", "transaction")


def test_receipts_can_be_switched_off_for_all_or_for_one(shop: Any, jane: UUID) -> None:
    paul = shop.act("keep_customer", "Paul Otieno", "0722000222")
    shop.act("keep_habit", "receipts", False, jane)
    for customer_id, count in ((jane, 1), (paul, 2)):
        invoice = issue(shop, customer_id)
        shop.paid(invoice.id, "75000")
        read_later(shop, invoice.id)
        assert len(messages(shop, invoice.id)) == count


def test_a_mail_address_is_enough_to_be_reached_and_is_kept_on_the_contact(shop: Any) -> None:
    from hesabu.invoicing import queries
    from hesabu.messaging import queries as known

    by_mail = shop.act("keep_customer", "Amina Hassan")
    shop.act("change_customer", by_mail, email=f"amina.{by_mail.hex[-8:]}@example.com")
    invoice = issue(shop, by_mail)
    read_later(shop, invoice.id)
    assert shop.facts_of(invoice.id)[-1] == "InvoiceSent"
    with shop.bound():
        contact = known.contact(queries.customer(by_mail).contact_id)
    assert contact.email == f"amina.{by_mail.hex[-8:]}@example.com"


def test_a_customers_mail_address_becomes_the_contacts_when_it_is_given(
    shop: Any, jane: UUID
) -> None:
    from hesabu.invoicing import queries
    from hesabu.messaging import queries as known

    read_later(shop, issue(shop, jane).id)
    shop.act("change_customer", jane, email="Jane@Example.com")
    with shop.bound():
        contact_id = queries.customer(jane).contact_id
        assert known.contact(contact_id).email == "Jane@example.com"
    shop.act("change_customer", jane, email="jane.w@example.com")
    with shop.bound():
        assert known.contact(contact_id).email == "jane.w@example.com"


def test_no_business_turns_away_the_mail_of_another(shop: Any, jane: UUID, new_shop: Any) -> None:
    from hesabu.invoicing import queries
    from hesabu.messaging import queries as known

    shop.act("change_customer", jane, email="jane@example.com")
    read_later(shop, issue(shop, jane).id)
    phone = shop.ask("customer", jane).phone
    other = new_shop()
    same = other.act("keep_customer", "Jane Wanjiku", phone)
    other.act("change_customer", same, email="thief@example.com")
    read_later(other, issue(other, same).id)
    other.act("change_customer", same, email="thief2@example.com")
    with other.bound():
        contact_id = queries.customer(same).contact_id
        assert known.contact(contact_id).email == "jane@example.com"


def test_things_sold_are_found_by_the_beginnings_of_their_words(shop: Any) -> None:
    from hesabu.kit.money import Money

    for name in ("Logo design", "Banner, large", "Logo animation"):
        shop.act("keep_item", name, Money(100_00, "KES"))
    found = {
        search: [item.name for item in shop.ask("items", search)]
        for search in ("logo", "LOG des", "banner", "esign", "", None)
    }
    assert found == {
        "logo": ["Logo animation", "Logo design"],
        "LOG des": ["Logo design"],
        "banner": ["Banner, large"],
        "esign": [],
        "": ["Banner, large", "Logo animation", "Logo design"],
        None: ["Banner, large", "Logo animation", "Logo design"],
    }


def test_who_chose_a_language_is_written_to_in_it_whatever_the_merchant_keeps(
    shop: Any, jane: UUID
) -> None:
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    first = issue(shop, jane)
    read_later(shop, first.id)
    contact_id = shop.ask("customer", jane).contact_id
    with tenancy.house():
        messaging.speak(contact_id, "sw")
    second = issue(shop, jane)
    read_later(shop, second.id)
    assert messages(shop, first.id)[0][1].language == "en"
    assert messages(shop, second.id)[0][1].language == "sw"


def test_money_that_mpesa_does_not_carry_has_a_template_that_does_not_offer_it_and_speaks_one_language(
    new_shop: Any, noon: date
) -> None:
    from decimal import Decimal

    from hesabu.invoicing.types import LineInput
    from hesabu.kit.money import Money

    shop = new_shop(country="MK", tax_id="4030000375897", address="Partizanska 1, Skopje")
    marko = UUID(str(shop.act("keep_customer", "Marko", "+38970222333")))
    lines = [LineInput("logo design", Decimal(1), Money.parse("1250", "MKD"))]
    invoice = issue(shop, marko, lines=lines, due_on=noon + timedelta(days=4))
    read_later(shop, invoice.id)
    ((said, template, _),) = messages(shop, invoice.id)
    assert (template.name, template.language) == ("invoice_ready_without_mpesa", "en")
    assert template.params[3] == "Friday 27 November 2026"
    assert "Due: Friday 27 November 2026" in said.body
    assert said.buttons[0][1] == "How to pay"
