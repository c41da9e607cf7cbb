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
