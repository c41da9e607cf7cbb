"""One person, two businesses: which one is meant is taken from what is known, and asked where money would be guessed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from doors.chat.test_two_people import business_of, joins, person_of
from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Phone

HOURS_2 = 7200


@pytest.fixture
def other(merchant: Phone, new_business: Callable[..., UUID]) -> UUID:
    """Wanjiku owns Njoroge Traders, too."""
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.store import tenancy

    business_id, person_id = new_business("Njoroge Traders"), person_of(merchant)
    with tenancy.bound(business_id):
        actions.add_member(person_id, Role.OWNER)
    return business_id


def invoiced(business_id: UUID, name: str, phone: str = "0733111678") -> str:
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from hesabu.store import tenancy

    lines = [LineInput("tea", Decimal(1), Money.parse("500", "KES"))]
    with tenancy.bound(business_id):
        customer_id = actions.keep_customer(name, phone)
        invoice_id, version = actions.draft(DraftInput(customer_id=customer_id, lines=lines))
        return str(actions.issue(invoice_id, version).number)


def owed(business_id: UUID) -> int:
    from hesabu.invoicing import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return sum(view.owed.minor for view in queries.open_invoices()) // 100


def drafts(business_id: UUID) -> int:
    from hesabu.invoicing import queries
    from hesabu.invoicing.types import InvoiceState
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return len(queries.invoices(most=20, states=(InvoiceState.DRAFT,)).invoices)


@pytest.mark.parametrize(
    "words",
    ["Jane has paid 200 cash", "paid INV-0001 cash", "void INV-0001", "remind Jane", "till 654321"],
)
def test_where_both_have_a_jane_and_neither_was_used_lately_it_is_asked(
    merchant: Phone, other: UUID, words: str
) -> None:
    mine = business_of(merchant)
    for business_id in (mine, other):
        assert invoiced(business_id, "Jane Wanjiku") == "INV-0001"
    with clock.moved(seconds=HOURS_2):
        (which,) = merchant.says(words)
        assert "For which business?" in which.body
        assert list(which.titles) == ["Kamau Designs", "Njoroge Traders"]
        assert (owed(mine), owed(other)) == (500, 500)


def test_what_was_said_is_done_for_the_business_that_was_answered(
    merchant: Phone, other: UUID
) -> None:
    mine = business_of(merchant)
    for business_id in (mine, other):
        invoiced(business_id, "Jane Wanjiku")
    with clock.moved(seconds=HOURS_2):
        merchant.says("Jane has paid 200 cash")
        merchant.taps("Njoroge Traders")
        assert (owed(mine), owed(other)) == (500, 300)
        merchant.says("Jane has paid 100 cash")
        assert (owed(mine), owed(other)) == (500, 200), "used within the hour"
    with clock.moved(seconds=2 * HOURS_2):
        assert "For which business?" in merchant.says("Jane has paid 50 cash")[-1].body
        merchant.says("Kamau Designs")
        assert (owed(mine), owed(other)) == (450, 200)


def test_a_customer_whom_only_one_business_has_says_which(merchant: Phone, other: UUID) -> None:
    mine = business_of(merchant)
    invoiced(mine, "Jane Wanjiku")
    invoiced(other, "Peter Otieno", "0733222999")
    merchant.taps("Kamau Designs", merchant.says("switch")[-1])
    merchant.says("Peter has paid 200 cash")
    assert (owed(mine), owed(other)) == (500, 300)
    with clock.moved(seconds=HOURS_2):
        merchant.says("Jane has paid 100 cash")
    assert (owed(mine), owed(other)) == (400, 300)


def test_the_message_that_is_quoted_says_which(merchant: Phone, other: UUID) -> None:
    from doors.chat.town import provider_id

    mine = business_of(merchant)
    for business_id in (mine, other):
        invoiced(business_id, "Jane Wanjiku")
    merchant.taps("Njoroge Traders", merchant.says("switch")[-1])
    about = merchant.says("status INV-0001")[-1]
    merchant.taps("Kamau Designs", merchant.says("switch")[-1])
    merchant.says("paid cash", context={"id": provider_id(about)})
    assert (owed(mine), owed(other)) == (500, 0)


def test_who_only_asks_is_answered_with_the_business_named(merchant: Phone, other: UUID) -> None:
    invoiced(business_of(merchant), "Jane Wanjiku")
    with clock.moved(seconds=HOURS_2):
        (said,) = merchant.says("who owes me")
    assert "Kamau Designs" in said.body


def test_a_new_invoice_is_asked_about_and_its_preview_names_the_business(
    merchant: Phone, other: UUID
) -> None:
    mine = business_of(merchant)
    with clock.moved(seconds=HOURS_2):
        (which,) = merchant.says("invoice Atieno 0733222111 700 for tea due friday")
        assert "For which business?" in which.body
        assert (drafts(mine), drafts(other)) == (0, 0)
        preview = merchant.taps("Njoroge Traders")[-1]
        assert "Njoroge Traders" in preview.body
        assert (drafts(mine), drafts(other)) == (0, 1)


def test_a_tap_on_an_old_message_is_for_the_business_it_was_shown_for(
    merchant: Phone, other: UUID
) -> None:
    mine = business_of(merchant)
    merchant.says("invoice Jane 0733111678 500 for tea due friday")
    preview = merchant.taps("Kamau Designs")[-1]
    merchant.taps("Njoroge Traders", merchant.says("switch")[-1])
    merchant.taps("Send", preview)
    assert (owed(mine), owed(other)) == (500, 0)


def test_a_business_they_left_meanwhile_is_not_spoken_for(merchant: Phone, other: UUID) -> None:
    from hesabu.identity import actions
    from hesabu.store import tenancy

    for business_id in (business_of(merchant), other):
        invoiced(business_id, "Jane Wanjiku")
    with clock.moved(seconds=HOURS_2):
        (which,) = merchant.says("Jane has paid 200 cash")
        person_id = person_of(merchant)
        with tenancy.bound(other):
            actions.remove_member(person_id)
        merchant.taps("Njoroge Traders", which)
    assert (owed(business_of(merchant)), owed(other)) == (500, 500)


def test_approvals_of_both_are_answered_each_for_its_own(
    merchant: Phone, other: UUID, new_phone: Callable[..., Phone]
) -> None:
    """Two colleagues ask at once, one at each business; each answer does what it was shown for."""
    from hesabu.identity import actions
    from hesabu.kit.money import Money
    from hesabu.store import tenancy

    mine = business_of(merchant)
    merchant.says("pin")
    merchant.says("7391")
    for place, business_id in enumerate((mine, other)):
        with tenancy.bound(business_id):
            actions.set_limit("invoicing.void", Money.parse("100", "KES"))
        invoiced(business_id, "Jane Wanjiku")
        colleague = new_phone(f"Colleague {'AB'[place]}")
        joins(colleague, business_id, "manager")
        colleague.says("void INV-0001")
        colleague.taps("Yes, take it back")
        colleague.proves("8402")
    merchant.hears()
    asked = [m for m in merchant.inbox() if "asks for your approval" in m.body]
    assert ["Kamau Designs" in asked[0].body, "Njoroge Traders" in asked[1].body] == [True, True]
    merchant.taps("Kamau Designs", merchant.says("switch")[-1])
    merchant.taps("Approve", asked[1])
    merchant.proves("7391")
    assert (owed(mine), owed(other)) == (500, 0)
    merchant.taps("Refuse", asked[0])
    assert (owed(mine), owed(other)) == (500, 0)
