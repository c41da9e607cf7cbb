"""From a draft to a numbered, frozen, booked invoice: once, whole, and without gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection, utils


def test_an_issued_invoice_has_a_number_a_page_and_an_entry(shop: Any, noon: date) -> None:
    invoice = shop.issued("75000", tax_mode="exclusive", due_on=noon + timedelta(days=4))
    assert (invoice.number, str(invoice.state)) == ("INV-0001", "issued")
    assert (invoice.issued_on, invoice.due_on) == (noon, date(2026, 11, 27))
    assert "/p/" in invoice.pay_url
    assert shop.balances() == {
        "receivables": 8_700_000,
        "sales": -7_500_000,
        "vat_output": -1_200_000,
    }
    assert shop.is_sound()
    assert shop.facts_of(invoice.id) == ["InvoiceDrafted", "InvoiceIssued"]


def test_a_draft_is_not_in_the_books_and_has_no_page(shop: Any) -> None:
    from hesabu.invoicing.errors import InvoiceNotFound

    invoice_id, version = shop.draft()
    view = shop.invoice(invoice_id)
    assert (view.number, view.pay_url, version) == (None, None, 1)
    assert shop.balances() == {}
    with pytest.raises(InvoiceNotFound):
        shop.ask("page_of", invoice_id)


def test_issuing_again_answers_the_same_and_does_nothing(shop: Any) -> None:
    invoice_id, version = shop.draft()
    first = shop.act("issue", invoice_id, version)
    assert shop.act("issue", invoice_id, version) == first
    assert shop.balances() == {"receivables": 7_500_000, "sales": -7_500_000}
    assert shop.facts_of(invoice_id).count("InvoiceIssued") == 1


def test_a_draft_that_changed_since_it_was_seen_is_not_issued(shop: Any) -> None:
    from hesabu.invoicing.errors import DraftChanged

    invoice_id, version = shop.draft("75000")
    customer_id = shop.invoice(invoice_id).customer_id
    newer = shop.act("change_draft", invoice_id, version, shop.given(customer_id, "80000"))
    with pytest.raises(DraftChanged):
        shop.act("issue", invoice_id, version)
    with pytest.raises(DraftChanged):
        shop.act("change_draft", invoice_id, version, shop.given(customer_id, "90000"))
    issued = shop.act("issue", invoice_id, newer)
    assert issued.total.minor == 8_000_000
    with pytest.raises(DraftChanged):
        shop.act("issue", invoice_id, version)


def test_a_key_is_for_one_draft(shop: Any) -> None:
    from hesabu.store.idempotency import KeyReused

    one, version = shop.draft()
    two, _ = shop.draft()
    first = shop.act("issue", one, version, "tap-1")
    assert shop.act("issue", one, version, "tap-1") == first
    with pytest.raises(KeyReused):
        shop.act("issue", two, version, "tap-1")
    assert str(shop.invoice(two).state) == "draft"


def test_two_taps_at_the_same_time_make_one_invoice(shop: Any) -> None:
    invoice_id, version = shop.draft()
    with ThreadPoolExecutor(4) as pool:
        views = list(pool.map(lambda _: _closing(shop.act, "issue", invoice_id, version), range(4)))
    assert {view.number for view in views} == {"INV-0001"}
    assert shop.facts_of(invoice_id).count("InvoiceIssued") == 1
    assert shop.balances()["receivables"] == 7_500_000


def test_eight_at_once_take_numbers_without_gaps(shop: Any) -> None:
    drafts = [shop.draft(str(1000 + i)) for i in range(24)]
    with ThreadPoolExecutor(8) as pool:
        views = list(pool.map(lambda one: _closing(shop.act, "issue", *one), drafts))
    assert sorted(view.number for view in views) == [f"INV-{n:04d}" for n in range(1, 25)]
    assert shop.is_sound()


def _closing(act: Any, *args: Any) -> Any:
    try:
        return act(*args)
    finally:
        connection.close()


def test_an_issue_that_dies_halfway_takes_no_number(shop: Any) -> None:
    invoice_id, version = shop.draft()
    with pytest.raises(ZeroDivisionError):
        _issue_and_die(shop, invoice_id, version)
    view = shop.invoice(invoice_id)
    assert (str(view.state), view.number) == ("draft", None)
    assert shop.balances() == {}
    assert shop.facts_of(invoice_id) == ["InvoiceDrafted"]
    other, other_version = shop.draft()
    assert shop.act("issue", other, other_version).number == "INV-0001"


def _issue_and_die(shop: Any, *draft: Any) -> None:
    from hesabu.invoicing import actions

    with shop.bound():
        assert actions.issue(*draft).number == "INV-0001"
        raise ZeroDivisionError


def test_every_business_counts_for_itself(shop: Any, new_shop: Any) -> None:
    assert shop.issued().number == "INV-0001"
    assert new_shop().issued().number == "INV-0001"
    assert shop.issued().number == "INV-0002"


def test_another_business_can_neither_see_nor_issue_it(shop: Any, new_shop: Any) -> None:
    from hesabu.invoicing.errors import InvoiceNotFound

    invoice_id, version = shop.draft()
    other = new_shop()
    for name, args in (
        ("issue", (invoice_id, version)),
        ("void", (invoice_id, "x")),
        ("discard", (invoice_id,)),
    ):
        with pytest.raises(InvoiceNotFound):
            other.act(name, *args)
    with pytest.raises(InvoiceNotFound):
        other.invoice(invoice_id)
    assert str(shop.invoice(invoice_id).state) == "draft"


def test_a_draft_whose_due_day_has_passed_is_not_sent_as_it_is(shop: Any, noon: date) -> None:
    from hesabu.invoicing.errors import DueDayPassed
    from hesabu.kit import clock

    invoice_id, version = shop.draft(due_on=noon)
    with clock.moved(days=7), pytest.raises(DueDayPassed):
        shop.act("issue", invoice_id, version)
    assert str(shop.invoice(invoice_id).state) == "draft"


@pytest.mark.parametrize("days", [-1, 4_000])
def test_a_due_day_is_neither_past_nor_a_slip(shop: Any, noon: date, days: int) -> None:
    from hesabu.invoicing.errors import DueDayBad

    with pytest.raises(DueDayBad) as refused:
        shop.draft(due_on=noon + timedelta(days=days))
    assert refused.value.field == "due_on"


def test_without_a_due_day_it_is_due_when_it_is_issued(shop: Any, noon: date) -> None:
    assert shop.issued().due_on == noon


def test_the_tax_of_the_day_of_issue_counts_and_a_change_is_shown_first(shop: Any) -> None:
    """A draft of 2020 with 14 % is not issued in 2021 with 16 % unseen."""
    from datetime import UTC, datetime

    from hesabu.invoicing.errors import DraftOutdated
    from hesabu.kit import clock

    with clock.fixed(datetime(2020, 12, 31, 12, 0, tzinfo=UTC)):
        invoice_id, version = shop.draft("100", tax_mode="exclusive")
        assert shop.invoice(invoice_id).total.minor == 11_400
        assert shop.act("reprice", invoice_id, version) == version
    with clock.fixed(datetime(2021, 1, 1, 12, 0, tzinfo=UTC)):
        with pytest.raises(DraftOutdated):
            shop.act("issue", invoice_id, version)
        newer = shop.act("reprice", invoice_id, version)
        assert shop.act("issue", invoice_id, newer).total.minor == 11_600


def test_the_day_is_the_one_where_the_business_is(shop: Any) -> None:
    from datetime import UTC, datetime

    from hesabu.kit import clock

    with clock.fixed(
        datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    ):  # half past one in the night in Nairobi
        assert shop.issued().issued_on == date(2026, 11, 24)


def test_a_discarded_draft_is_gone_and_stays_gone(shop: Any) -> None:
    from hesabu.invoicing.errors import NotADraft

    invoice_id, version = shop.draft()
    shop.act("discard", invoice_id)
    shop.act("discard", invoice_id)
    with pytest.raises(NotADraft):
        shop.act("issue", invoice_id, version)
    assert shop.ask("invoices").invoices == ()
    issued = shop.issued()
    with pytest.raises(NotADraft):
        shop.act("discard", issued.id)


def test_a_draft_that_is_begun_twice_under_one_id_is_one_draft(shop: Any) -> None:
    from hesabu.kit.ids import new_id

    jane, chosen = shop.act("keep_customer", "Jane"), new_id()
    first = shop.act("draft", shop.given(jane), invoice_id=chosen)
    assert shop.act("draft", shop.given(jane, "9"), invoice_id=chosen) == first == (chosen, 1)
    assert shop.invoice(chosen).total.minor == 7_500_000


def test_the_snapshot_says_all_and_does_not_move_with_the_customer(shop: Any, noon: date) -> None:
    from hesabu.invoicing.types import LineInput
    from hesabu.kit.money import Money

    lines = [
        LineInput("Logo", Decimal("1.5"), Money.parse("1000", "KES")),
        LineInput("Print", Decimal(2), Money.parse("50", "KES"), "zero"),
    ]
    invoice = shop.issued(lines=lines, tax_mode="inclusive", discount=1_000, note="Asante")
    shop.act("change_customer", invoice.customer_id, name="Somebody Else")
    said = shop.ask("snapshot", invoice.id)
    assert said == shop.ask("page_of", invoice.id).snapshot
    assert (said["number"], said["kind"], said["version"]) == ("INV-0001", "invoice", 4)
    assert (said["tax_mode"], said["note"], said["issued_on"]) == (
        "inclusive",
        "Asante",
        "2026-11-23",
    )
    assert said["buyer"]["name"] == "Jane Wanjiku"
    assert [line["quantity"] for line in said["lines"]] == ["1.5", "2"]
    assert said["discount_minor"] == 16_000
    assert said["total_minor"] == 144_000 == sum(line["gross_minor"] for line in said["lines"])
    assert said["net_minor"] + said["tax_minor"] == said["total_minor"]
    assert [tax["code"] for tax in said["taxes"]] == ["standard", "zero"]
    assert said["pay_url"] == invoice.pay_url
    assert said["credits"] is None


def test_the_pay_link_leads_to_the_invoice(shop: Any) -> None:
    from hesabu.store import links, tenancy

    invoice = shop.issued()
    with tenancy.house():
        assert links.follow("pay", invoice.pay_url.rpartition("/")[2]) == (shop.id, invoice.id)


def test_the_paper_is_printed_once(shop: Any) -> None:
    from hesabu.store import files

    invoice = shop.issued()
    file_id = shop.act("keep_pdf", invoice.id)
    assert shop.act("keep_pdf", invoice.id) == file_id
    with shop.bound():
        kept = files.read(file_id)
    assert kept.content.startswith(b"%PDF")
    assert kept.filename == "INV-0001.pdf"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoicing_invoice SET total_minor = 1, net_minor = 1 WHERE id = %s",
        "UPDATE invoicing_invoice SET number = 'INV-9999' WHERE id = %s",
        "UPDATE invoicing_invoice SET due_on = '2030-01-01' WHERE id = %s",
        "UPDATE invoicing_invoice SET state = 'draft' WHERE id = %s",
        "UPDATE invoicing_invoice SET paid_minor = total_minor + 1 WHERE id = %s",
        "UPDATE invoicing_line SET description = '' WHERE invoice_id = %s",
        "DELETE FROM invoicing_line WHERE invoice_id = %s",
        "DELETE FROM invoicing_invoice WHERE id = %s",
        "UPDATE invoicing_paper SET snapshot = '' WHERE document_id = %s",
        "DELETE FROM invoicing_paper WHERE document_id = %s",
        "INSERT INTO invoicing_line SELECT gen_random_uuid(), business_id, invoice_id, 7, description, quantity,"
        " unit_price_minor, tax_code, tax_rate_bps, amount_minor, discount_minor, net_minor, tax_minor, gross_minor"
        " FROM invoicing_line WHERE invoice_id = %s",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(shop: Any, change: str) -> None:
    invoice = shop.issued()
    with pytest.raises(utils.Error), shop.bound(), connection.cursor() as cursor:
        cursor.execute(change, (invoice.id,))
    assert shop.invoice(invoice.id) == invoice


def test_the_owner_of_the_tables_is_refused_too(shop: Any, owner_url: str) -> None:
    invoice = shop.issued()
    for change in (
        "UPDATE invoicing_invoice SET total_minor = 1, net_minor = 1 WHERE id = %s",
        "UPDATE invoicing_paper SET snapshot = '' WHERE document_id = %s",
        "DELETE FROM invoicing_line WHERE invoice_id = %s",
    ):
        with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.Error):
            owner.execute(change, (invoice.id,))


def test_a_line_cannot_be_put_on_another_businesss_invoice(
    shop: Any, new_shop: Any, owner_url: str
) -> None:
    mine, _ = shop.draft()
    theirs = new_shop().draft()[0]
    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute(
            "UPDATE invoicing_line SET invoice_id = %s WHERE invoice_id = %s", (theirs, mine)
        )


def test_unbound_nothing_can_be_read(shop: Any) -> None:
    shop.issued()
    with pytest.raises(utils.Error), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM invoicing_invoice")


@pytest.mark.parametrize("text", ["INV-0002", "inv-2", "inv 2", "#2", "2", "Invoice 2"])
def test_an_invoice_is_found_by_its_number_as_people_write_it(shop: Any, text: str) -> None:
    shop.issued()
    second = shop.issued()
    assert shop.ask("by_number", text).id == second.id


@pytest.mark.parametrize("text", ["INV-0009", "CN-0001", "jane", ""])
def test_a_number_that_is_not_there_is_not_found(shop: Any, text: str) -> None:
    from hesabu.invoicing.errors import InvoiceNotFound

    shop.issued()
    with pytest.raises(InvoiceNotFound):
        shop.ask("by_number", text)


def test_who_owes_and_how_much_of_it_is_late(shop: Any, noon: date) -> None:
    from hesabu.kit import clock

    shop.issued("100", due_on=noon + timedelta(days=2))
    shop.issued("50", due_on=noon + timedelta(days=9))
    shop.issued("500", customer="Peter", due_on=noon + timedelta(days=30))
    shop.draft("9000", customer="Peter")
    with clock.moved(days=5):
        peter, jane = shop.ask("owed_by_customer")
        assert (peter.name, peter.owed.minor, peter.overdue.minor) == ("Peter", 50_000, 0)
        assert (jane.name, jane.owed.minor, jane.overdue.minor, jane.invoice_count) == (
            "Jane Wanjiku",
            15_000,
            10_000,
            2,
        )
        assert jane.oldest_due_on == noon + timedelta(days=2)
        assert [view.is_overdue for view in shop.ask("open_invoices", jane.customer_id)] == [
            True,
            False,
        ]


def test_a_list_comes_page_by_page(shop: Any) -> None:
    made = [shop.issued(str(100 + i)).id for i in range(5)]
    first = shop.ask("invoices", most=3)
    rest = shop.ask("invoices", most=3, before=first.next_before)
    assert [view.id for view in (*first.invoices, *rest.invoices)] == made[::-1]
    assert rest.next_before is None
