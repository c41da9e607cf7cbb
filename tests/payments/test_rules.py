"""How requests, payments and claims may move, and when to ask again."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

import hesabu.payments
from hesabu.kit.moves import MoveRefused, Moves
from hesabu.payments import rules
from hesabu.payments.types import (
    AccountKind,
    ClaimState,
    CollectionState,
    Method,
    PaymentState,
    TwinState,
)

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EAT = timedelta(hours=3)


def test_money_that_came_wins_over_every_belief() -> None:
    for state in CollectionState:
        if state is not CollectionState.SETTLED:
            assert rules.COLLECTION_MOVES.after(state, "settle") is CollectionState.SETTLED


def test_what_is_settled_stays_settled() -> None:
    assert rules.COLLECTION_MOVES.verbs_from(CollectionState.SETTLED) == []
    with pytest.raises(MoveRefused):
        rules.COLLECTION_MOVES.after(CollectionState.SETTLED, "fail")


def test_an_answered_claim_stays_answered_unless_its_money_never_came() -> None:
    assert rules.CLAIM_MOVES.verbs_from(ClaimState.REJECTED) == []
    assert rules.CLAIM_MOVES.verbs_from(ClaimState.CONFIRMED) == ["withdraw"]


def drawn_in_the_essay() -> set[tuple[str, str, str]]:
    arrow = re.compile(r"(\w+(?:, \w+)*) ── (\w+) ──▶ (\w+)")
    return {
        (source, verb, target)
        for sources, verb, target in arrow.findall(hesabu.payments.__doc__ or "")
        for source in sources.split(", ")
    }


def test_the_essay_draws_exactly_the_moves_that_exist() -> None:
    tables: list[Moves] = [
        rules.COLLECTION_MOVES,
        rules.PAYMENT_MOVES,
        rules.CLAIM_MOVES,
        rules.TWIN_MOVES,
    ]
    moves = {tuple(map(str, move)) for table in tables for move in table}
    assert drawn_in_the_essay() == moves


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    assert rules.COLLECTION_MOVES.states == set(CollectionState)
    assert rules.CLAIM_MOVES.states == set(ClaimState)
    assert rules.PAYMENT_MOVES.states == set(PaymentState)
    assert rules.TWIN_MOVES.states == set(TwinState)


def test_the_provider_is_asked_soon_then_seldom_then_no_more() -> None:
    asked, now = NOON, NOON
    waits = []
    while (due := rules.next_ask_at(asked, now)) is not None:
        waits.append((due - asked).total_seconds())
        now = due
    assert waits == list(rules.ASK_AGAIN_SECONDS)
    assert waits[0] >= 20, "asked sooner, M-PESA throttles"
    assert waits == sorted(waits)


def test_turns_that_were_missed_are_not_caught_up() -> None:
    due = rules.next_ask_at(NOON, NOON + timedelta(hours=3))
    assert due == NOON + timedelta(days=1)


def test_a_second_prompt_waits_two_minutes() -> None:
    assert not rules.is_quiet_over(NOON, NOON + timedelta(seconds=119))
    assert rules.is_quiet_over(NOON, NOON + timedelta(seconds=120))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("SKL4T7QX2P", "SKL4T7QX2P"),
        ("skl4t7qx2p", "SKL4T7QX2P"),
        (" skl4 t7qx 2p. ", "SKL4T7QX2P"),
        ("SKL4T7QX2", None),
        ("SKL4T7QX2PP", None),
        ("0712345678", None),
        ("LOGODESIGN", None),
        ("SKL4T7QX2Ö", None),
        ("stk:1", None),
        ("", None),
    ],
)
def test_a_code_as_typed_is_made_plain_or_refused(said: str, code: str | None) -> None:
    assert rules.code(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("SKL4T7QX2P Confirmed. Ksh1,500.00 sent to KAMAU 0712345678 on 23/11/26", "SKL4T7QX2P"),
        (
            "SKL4T7QX2P Confirmed. Ksh10.00 sent to KCB for account AB12345678 on 1/1/26",
            "SKL4T7QX2P",
        ),
        ("SKL4T7QX2P Imethibitishwa. Ksh1,500.00 imetumwa kwa KAMAU", "SKL4T7QX2P"),
        ("paid INV0000007, code skl4t7qx2p", "SKL4T7QX2P"),
        ("I have paid", None),
        ("SKL4T7QX2P and SKL4T7QX3Q", None),
        ("", None),
    ],
)
def test_the_code_is_found_in_what_people_say_or_paste(said: str, code: str | None) -> None:
    assert rules.code_in(said) == code


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("INV-0007", "INV0007"),
        ("inv 7", "INV7"),
        ("INV-0000000007", None),
        ("---", None),
        ("", None),
        ("ÄÖ", None),
    ],
)
def test_a_reference_is_what_a_phone_can_show(text: str, reference: str | None) -> None:
    assert rules.reference(text) == reference


def test_a_receipt_of_ours_can_never_be_a_true_one() -> None:
    for ours in (rules.receipt_for_request("ws_CO_1"), rules.receipt_for_word("SKL4T7QX2P")):
        assert not rules.is_receipt(ours)
        assert rules.is_receipt_ours(ours)
        assert rules.shown_receipt(ours) is None
        assert rules.code(ours) is None
    assert rules.is_receipt_awaited(rules.receipt_for_request("x"))
    assert not rules.is_receipt_awaited(rules.receipt_for_word("x"))
    assert rules.shown_receipt("SKL4T7QX2P") == "SKL4T7QX2P"


def test_money_is_booked_on_the_day_the_payer_lived() -> None:
    late = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    assert rules.booked_on(late, late, EAT) == date(2026, 11, 24)


@pytest.mark.parametrize("off", [timedelta(days=2), timedelta(days=-61), timedelta(days=-3650)])
def test_an_absurd_day_is_not_believed(off: timedelta) -> None:
    assert rules.booked_on(NOON + off, NOON, EAT) == date(2026, 11, 23)
    assert rules.booked_on(None, NOON, EAT) == date(2026, 11, 23)


def test_a_late_letter_is_booked_on_its_own_day() -> None:
    assert rules.booked_on(NOON - timedelta(days=3), NOON, EAT) == date(2026, 11, 20)


def test_every_kind_and_method_knows_its_place_in_the_book() -> None:
    for kind in AccountKind:
        assert rules.role_of(kind) in ("mpesa", "bank", "cash")
        assert isinstance(rules.method_of(kind), Method)
    for method in Method:
        assert rules.kinds_of(method)
