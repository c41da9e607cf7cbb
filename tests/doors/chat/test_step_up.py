"""Somebody holds the phone, and has neither the PIN nor a browser of the owner's: they create, send and ask, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from doors.chat.test_two_people import business_of, joins, person_of
from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

PIN, WRONG = "7391", "8264"
LINK = re.compile(r"/s/(\S+)")


def dangerous(leave: Any) -> bool:
    from hesabu.doors.chat import leaves
    from hesabu.identity.permissions import Declared

    return isinstance(leave, Declared) and leave.name in leaves.STEPS


def invoiced(merchant: Phone) -> None:
    merchant.says("invoice Jane 0733111678 5000 for tea due friday")
    merchant.taps("Send")


def approval_of(merchant: Phone, new_phone: Callable[..., Phone]) -> Heard:
    """A colleague asks for a void that needs a second person."""
    from hesabu.identity import actions
    from hesabu.kit.money import Money
    from hesabu.store import tenancy

    business_id = business_of(merchant)
    owner = tenancy.Actor("person", person_of(merchant))
    with tenancy.bound(business_id, actor=owner):
        actions.set_limit("invoicing.void", Money.parse("1000", "KES"))
    colleague = new_phone("Achieng Atieno")
    joins(colleague, business_id, "manager")
    colleague.says("void INV-0001")
    colleague.taps("Yes, take it back")
    colleague.proves("8402")
    merchant.hears()
    return [m for m in merchant.inbox() if "asks for your approval" in m.body][-1]


def consent_of(merchant: Phone) -> Heard:
    from doors.chat.town import settle_down
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    salim_id = actions.register_person("Salim Support")
    actions.grant_platform(salim_id, PlatformRole.SUPPORT)
    actions.ask_consent(business_of(merchant), salim_id, "An invoice that does not arrive")
    settle_down()
    merchant.hears()
    return [m for m in merchant.inbox() if "of support asks" in m.body][-1]


def reached(merchant: Phone, verb: str, new_phone: Callable[..., Phone]) -> list[Heard]:
    """Whoever holds the phone comes as far as that tap."""
    if verb == "void":
        return merchant.taps("Yes, take it back", merchant.says("void INV-0001")[-1])
    if verb == "credit":
        merchant.says("paid INV-0001 1000 cash")
        return merchant.taps("Write credit note", merchant.says("cancel INV-0001")[-1])
    if verb == "withdraw":
        merchant.says("paid INV-0001 cash")
        return merchant.taps("Yes, take it back", merchant.says("undo")[-1])
    if verb == "approve":
        return merchant.taps("Approve", approval_of(merchant, new_phone))
    if verb == "letlook":
        return merchant.taps("Let them for a day", consent_of(merchant))
    if verb == "tillpin":
        merchant.taps("PIN for payments", merchant.says("settings")[-1])
        return merchant.taps("Never")
    titles = {"ways": "How I am paid", "tax": "Tax registration"}
    shown = merchant.says("settings")[-1]
    said = merchant.taps(titles[verb], shown)
    return merchant.says("till 654321") if verb == "ways" else said


def state(merchant: Phone) -> str:
    """All that such taps change."""
    from hesabu.identity import queries
    from hesabu.invoicing import queries as invoices
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    business_id = business_of(merchant)
    with tenancy.bound(business_id):
        rows = [(v.number, v.state, v.owed.minor) for v in invoices.invoices(most=50).invoices]
        return str(
            (
                rows,
                queries.business(business_id),
                payments.ways_to_pay(),
                payments.changes_frozen(),
                [one.is_open for one in queries.consents()],
                [one.state for one in queries.approvals_answered()],
            )
        )


def step_taps() -> list[str]:
    from hesabu.doors.chat import leaves

    return sorted(leaves.STEP_TAPS)


def test_every_tap_whose_permission_is_dangerous_asks_or_says_why_not() -> None:
    from hesabu.doors.chat import leaves
    from hesabu.identity.permissions import declared
    from hesabu.invoicing.permissions import INVOICE_CREDIT, INVOICE_VOID

    assert {one.name for one in declared() if one.is_dangerous} <= leaves.STEPS
    assert {INVOICE_VOID.name, INVOICE_CREDIT.name} <= leaves.STEPS
    found = {verb for verb, leave in leaves.TAPS.items() if dangerous(leave)}
    assert found - leaves.STEP_TAPS - leaves.WITHOUT_STEP.keys() == set()
    assert {"void", "credit", "withdraw", "approve"} <= leaves.STEP_TAPS
    for table in (leaves.CUSTOMERS_TAPS, leaves.CUSTOMERS_INTENTS, leaves.EITHER_TAPS):
        assert not [verb for verb, leave in table.items() if dangerous(leave)]


def test_a_new_tap_about_what_is_dangerous_is_asked_for_by_itself() -> None:
    """Nobody has to remember it: what does not ask by itself is asked for before it begins."""
    from hesabu.doors.chat import leaves

    assert leaves.ASK_THEMSELVES <= leaves.STEP_TAPS
    assert "letlook" in leaves.STEP_TAPS - leaves.ASK_THEMSELVES


@pytest.mark.parametrize("verb", step_taps())
def test_a_dangerous_tap_does_nothing_without_the_pin_and_waits_after_wrong_ones(
    merchant: Phone, new_phone: Callable[..., Phone], verb: str
) -> None:
    merchant.says("pin")
    merchant.says(PIN)
    invoiced(merchant)
    asked = reached(merchant, verb, new_phone)[-1]
    assert "PIN" in asked.body, asked.body
    before = state(merchant)
    for left in (4, 3, 2, 1):
        assert f"{left} tr" in merchant.says(WRONG)[0].body
    assert "Try again in 1 minute" in merchant.says(WRONG)[0].body
    assert "Try again in" in merchant.says(PIN)[0].body, "the right one waits, too"
    assert state(merchant) == before
    with clock.moved(seconds=120):
        assert "Try again in 2 minutes" in merchant.says(WRONG)[0].body
    assert state(merchant) == before
    with clock.moved(seconds=600):
        assert merchant.proves(PIN)
        if verb not in ("ways", "tax"):  # those ask on
            assert state(merchant) != before


@pytest.mark.parametrize("verb", step_taps())
def test_who_has_no_pin_is_sent_to_the_browser_for_one_and_the_chat_takes_none(
    merchant: Phone, new_phone: Callable[..., Phone], verb: str
) -> None:
    from hesabu.identity import queries

    with clock.moved(seconds=7200):
        invoiced(merchant)
        before_tap = merchant.says("hello")
        said = reached(merchant, verb, new_phone)[-1]
        before = state(merchant)
        assert before_tap
        assert LINK.search(said.body), said.body
        merchant.says(PIN)
        assert not queries.person(person_of(merchant)).has_pin
        merchant.says("pin")
        merchant.says(PIN)
        assert not queries.person(person_of(merchant)).has_pin
        assert state(merchant) == before


@pytest.mark.parametrize("words", ["till 654321", "vat", "kodi"])
def test_words_about_what_is_dangerous_ask_for_the_pin(merchant: Phone, words: str) -> None:
    merchant.says("pin")
    merchant.says(PIN)
    before = state(merchant)
    assert "PIN" in " ".join(message.body for message in merchant.says(words))
    merchant.says(WRONG)
    merchant.says("cancel")
    assert state(merchant) == before


def test_sending_an_invoice_in_anothers_place_for_less_is_taking_back(merchant: Phone) -> None:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    def owed() -> list[tuple[Any, int]]:
        with tenancy.bound(business_of(merchant)):
            return [(v.number, v.owed.minor) for v in invoices.open_invoices()]

    merchant.says("pin")
    merchant.says(PIN)
    invoiced(merchant)
    merchant.says("change INV-0001 amount to 50")
    assert "PIN" in merchant.taps("Send")[-1].body
    assert "not your PIN" in merchant.says(WRONG)[0].body
    assert owed() == [("INV-0001", 500_000)]
    merchant.proves(PIN)
    assert owed() == [("INV-0002", 5_000)]
    merchant.says("change INV-0002 amount to 90")
    merchant.taps("Send")
    assert owed() == [("INV-0003", 9_000)], "more, to the same, asks for nothing"


def test_what_the_chat_does_not_ask_for_is_refused_by_the_desk(merchant: Phone) -> None:
    """However somebody comes to the act: without the PIN it is not done."""
    from hesabu.doors.chat import stepping
    from hesabu.doors.chat.desk import Desk
    from hesabu.identity.permissions import declared

    desk = Desk(business_of(merchant), person_of(merchant))
    for one in declared():
        if one.is_dangerous:
            with pytest.raises(stepping.StepNeeded):
                desk.may(one, lambda: pytest.fail("done"))


def test_a_pin_given_for_one_act_does_not_serve_the_next(merchant: Phone) -> None:
    merchant.says("pin")
    merchant.says(PIN)
    for amount in (5000, 6000):
        merchant.says(f"invoice Jane 0733111678 {amount} for tea due friday")
        merchant.taps("Send")
    for number in ("INV-0001", "INV-0002"):
        merchant.taps("Yes, take it back", merchant.says(f"void {number}")[-1])
        assert "is taken back" in merchant.proves(PIN)[0].body


def test_business_details_lead_to_their_page_by_a_link_that_works_once_for_them_alone(
    merchant: Phone,
) -> None:
    from hesabu.identity import actions
    from hesabu.identity.errors import PassageEnded
    from hesabu.kit import ids

    for words in ("change my business name", "Badilisha anwani ya biashara"):
        said = " ".join(message.body for message in merchant.says(words))
        found = LINK.search(said)
        assert found, said
    token, person_id = found.group(1), person_of(merchant)
    stranger_id = actions.register_person("Stranger")
    with pytest.raises(PassageEnded):
        actions.take_passage(token, stranger_id)
    page = actions.take_passage(token, person_id)
    assert page == f"/b/{ids.short(business_of(merchant))}/settings"
    with pytest.raises(PassageEnded):
        actions.take_passage(token, person_id)
    old = LINK.search(merchant.says("business details")[0].body)
    assert old
    with clock.moved(seconds=660), pytest.raises(PassageEnded):
        actions.take_passage(old.group(1), person_id)


def test_a_seller_is_told_that_details_are_not_theirs(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    seller = new_phone("Sam Seller")
    joins(seller, business_of(merchant), "seller")
    assert "does not allow" in seller.says("business details")[0].body


def test_what_was_begun_with_the_pin_and_left_open_is_finished_by_nobody_later(
    merchant: Phone,
) -> None:
    merchant.says("pin")
    merchant.says(PIN)
    merchant.says("vat")
    merchant.proves(PIN)
    before = state(merchant)
    with clock.moved(seconds=660):
        assert "needs your PIN" in " ".join(m.body for m in merchant.says("No"))
    assert state(merchant) == before
    from hesabu.doors.chat import aside

    assert not {"step_up", "set_pin", "change_way", "tax_registration"} & set(aside._KEPT)
