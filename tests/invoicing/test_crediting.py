"""Taking back: void while nothing is paid, a credit note after; and credit that is used on the merchant's word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, utils


def shillings(amount: str) -> Any:
    from hesabu.kit.money import Money

    return Money.parse(amount, "KES")


def test_voiding_takes_it_out_of_the_books_and_keeps_its_number(shop: Any) -> None:
    invoice = shop.issued("75000", tax_mode="exclusive")
    voided = shop.act("void", invoice.id, "wrong customer")
    assert (str(voided.state), voided.number, voided.owed.minor) == ("void", "INV-0001", 0)
    assert shop.balances() == {}
    assert shop.act("void", invoice.id, "again") == voided
    assert shop.facts_of(invoice.id).count("InvoiceVoided") == 1
    assert shop.issued().number == "INV-0002"
    assert shop.is_sound()


def test_what_has_money_or_a_credit_note_on_it_is_not_voided(shop: Any) -> None:
    from hesabu.invoicing.errors import VoidRefused
    from hesabu.kit.moves import MoveRefused

    part = shop.issued("100")
    shop.paid(part.id, "10")
    credited = shop.issued("100")
    shop.act("credit", credited.id, "too dear", amount=shillings("10"))
    for invoice in (part, credited):
        with pytest.raises(VoidRefused):
            shop.act("void", invoice.id, "x")
    with pytest.raises(MoveRefused):
        shop.act("void", shop.draft()[0], "x")


def test_crediting_all_of_an_unpaid_invoice_undoes_it(shop: Any) -> None:
    invoice = shop.issued("75000", tax_mode="exclusive")
    note = shop.act("credit", invoice.id, "not delivered")
    assert (note.number, note.total, note.tax.minor) == ("CN-0001", invoice.total, 1_200_000)
    assert (note.to_owed, note.to_credit.minor) == (invoice.total, 0)
    assert str(shop.invoice(invoice.id).state) == "credited"
    assert shop.balances() == {}
    assert shop.act("credit", invoice.id, "again") == note
    assert shop.facts_of(invoice.id).count("InvoiceCredited") == 1
    assert shop.is_sound()


def test_crediting_a_paid_invoice_makes_the_money_the_customers_again(shop: Any) -> None:
    invoice = shop.issued("100", tax_mode="inclusive")
    shop.paid(invoice.id, "100")
    note = shop.act("credit", invoice.id, "sent back")
    assert (note.to_owed.minor, note.to_credit.minor) == (0, 10_000)
    assert shop.balances() == {"cash": 10_000, "customer_credit": -10_000}
    assert shop.ask("credit_of", invoice.customer_id).minor == 10_000


def test_a_part_is_credited_by_amount_and_then_the_rest(shop: Any) -> None:
    from hesabu.invoicing.errors import CreditRefused

    invoice = shop.issued("100", tax_mode="inclusive")
    first = shop.act("credit", invoice.id, "late", amount=shillings("30"))
    assert (first.total.minor, first.tax.minor) == (3_000, 414)
    view = shop.invoice(invoice.id)
    assert (str(view.state), view.owed.minor, view.credited.minor) == ("issued", 7_000, 3_000)
    with pytest.raises(CreditRefused):
        shop.act("credit", invoice.id, "too much", amount=shillings("70.01"))
    second = shop.act("credit", invoice.id, "all of it")
    assert (second.number, second.total.minor) == ("CN-0002", 7_000)
    assert first.tax.minor + second.tax.minor == invoice.tax.minor
    assert shop.balances() == {}
    assert [note.number for note in shop.ask("credit_notes_of", invoice.id)] == [
        "CN-0001",
        "CN-0002",
    ]


def test_a_line_is_credited_once(shop: Any) -> None:
    from hesabu.invoicing.errors import CreditRefused
    from hesabu.invoicing.types import LineInput

    lines = [
        LineInput("Logo", Decimal(1), shillings("100")),
        LineInput("Print", Decimal(2), shillings("25")),
    ]
    invoice = shop.issued(lines=lines, tax_mode="exclusive")
    note = shop.act("credit", invoice.id, "no prints", positions=[1])
    assert (note.total.minor, note.tax.minor) == (5_800, 800)
    with pytest.raises(CreditRefused):
        shop.act("credit", invoice.id, "no prints", positions=[1])
    said = shop.ask("snapshot", note.id)
    assert (said["kind"], said["credits"], said["number"]) == ("credit_note", "INV-0001", "CN-0001")
    assert [line["description"] for line in said["lines"]] == ["Print"]
    assert said["total_minor"] == 5_800
    with shop.bound():
        from hesabu.invoicing import actions
        from hesabu.store import files

        assert files.read(actions.keep_pdf(note.id)).content.startswith(b"%PDF")


def test_what_was_left_of_a_part_paid_invoice_is_credited_and_it_is_paid(shop: Any) -> None:
    invoice = shop.issued("100")
    shop.paid(invoice.id, "60")
    shop.act("credit", invoice.id, "a kindness", amount=shillings("40"))
    assert str(shop.invoice(invoice.id).state) == "paid"
    assert shop.facts_of(invoice.id)[-2:] == ["InvoiceCredited", "InvoicePaid"]
    assert shop.balances() == {"cash": 6_000, "sales": -6_000}


def test_a_draft_and_a_void_invoice_cannot_be_credited(shop: Any) -> None:
    from hesabu.kit.moves import MoveRefused

    voided = shop.act("void", shop.issued().id, "x")
    for invoice_id in (shop.draft()[0], voided.id):
        with pytest.raises(MoveRefused):
            shop.act("credit", invoice_id, "x")


def test_a_key_credits_once(shop: Any) -> None:
    from hesabu.store.idempotency import KeyReused

    invoice = shop.issued("100")
    note = shop.act("credit", invoice.id, "x", amount=shillings("10"), key="tap")
    assert shop.act("credit", invoice.id, "x", amount=shillings("10"), key="tap") == note
    with pytest.raises(KeyReused):
        shop.act("credit", invoice.id, "x", amount=shillings("20"), key="tap")
    assert shop.invoice(invoice.id).credited.minor == 1_000


def test_credit_is_used_only_on_the_merchants_word(shop: Any) -> None:
    first = shop.issued("100")
    shop.paid(first.id, "130")
    second = shop.issued("100")
    assert shop.invoice(second.id).owed.minor == 10_000
    after = shop.act("apply_credit", second.id)
    assert (str(after.state), after.owed.minor) == ("part_paid", 7_000)
    assert shop.ask("credit_of", first.customer_id).minor == 0
    assert shop.balances() == {"cash": 13_000, "receivables": 7_000, "sales": -20_000}
    assert shop.facts_of(second.id)[-2:] == ["CreditApplied", "InvoicePartPaid"]
    assert shop.is_sound()


def test_no_more_credit_is_used_than_is_owed_or_said(shop: Any) -> None:
    first = shop.issued("100")
    shop.paid(first.id, "500")
    second = shop.issued("100")
    assert shop.act("apply_credit", second.id, shillings("40")).owed.minor == 6_000
    assert str(shop.act("apply_credit", second.id).state) == "paid"
    assert shop.ask("credit_of", first.customer_id).minor == 30_000


def test_credit_that_is_not_there_is_not_used(shop: Any) -> None:
    from hesabu.invoicing.errors import NoCredit, NothingOwed, PriceBad

    invoice = shop.issued("100")
    with pytest.raises(NoCredit):
        shop.act("apply_credit", invoice.id)
    with pytest.raises(PriceBad):
        shop.act("apply_credit", invoice.id, shillings("-1"))
    shop.paid(invoice.id, "200")
    with pytest.raises(NothingOwed):
        shop.act("apply_credit", invoice.id)
    peter = shop.issued("100", customer="Peter")
    with pytest.raises(NoCredit):
        shop.act("apply_credit", peter.id)


def test_two_words_at_once_do_not_use_credit_twice(shop: Any) -> None:
    from hesabu.kit.errors import HesabuError

    shop.paid(shop.issued("100").id, "150")
    waiting = [shop.issued("50").id, shop.issued("50").id]

    def use(invoice_id: Any) -> bool:
        try:
            shop.act("apply_credit", invoice_id)
        except HesabuError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, waiting)) == [False, True]
    assert shop.balances().get("customer_credit") is None
    assert shop.is_sound()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoicing_credit_note SET total_minor = 1 WHERE business_id = %s",
        "DELETE FROM invoicing_credit_note WHERE business_id = %s",
        "UPDATE invoicing_allocation SET amount_minor = 1 WHERE business_id = %s",
        "DELETE FROM invoicing_credit_line WHERE business_id = %s",
    ],
)
def test_what_was_credited_does_not_change(shop: Any, change: str) -> None:
    invoice = shop.issued("100")
    shop.paid(invoice.id, "100")
    shop.act("credit", invoice.id, "x")
    with pytest.raises(utils.Error), shop.bound(), connection.cursor() as cursor:
        cursor.execute(change, (shop.id,))


def test_slices_below_the_owners_limit_are_counted_together(shop: Any) -> None:
    """Five notes of 10,000 are one of 50,000."""
    from hesabu.identity import actions as people
    from hesabu.identity import queries as known
    from hesabu.identity.errors import ApprovalNeeded
    from hesabu.identity.types import Role
    from hesabu.invoicing import actions
    from hesabu.store import tenancy
    from hesabu.store.tenancy import Actor

    invoice = shop.issued("50000")
    clerk, second = people.register_person("Bad Bookkeeper"), people.register_person("Manager")
    with tenancy.bound(shop.id):
        people.add_member(clerk, Role.BOOKKEEPER)
        people.add_member(second, Role.MANAGER)
        people.set_limit("invoicing.credit", shillings("10000"))
    with tenancy.bound(shop.id, actor=Actor("person", clerk)):
        actions.credit(invoice.id, "x", amount=shillings("6000"))
        actions.credit(invoice.id, "x", amount=shillings("4000"))
        with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
            actions.credit(invoice.id, "x", amount=shillings("1"))
        approval_id = people.ask_approval(caught.value)
        assert known.approval(approval_id).amount == shillings("1")
    assert shop.invoice(invoice.id).credited == shillings("10000")
    with tenancy.bound(shop.id, actor=Actor("person", second)):
        people.approve(approval_id)
    assert shop.invoice(invoice.id).credited == shillings("10001")
    assert shop.is_sound()
