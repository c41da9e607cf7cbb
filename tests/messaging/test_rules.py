"""The moves of a message, the window, when to try again, what fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit.moves import MoveRefused
from hesabu.messaging import rules
from hesabu.messaging.errors import BadContent
from hesabu.messaging.rules import MOVES, TOLD, Cure
from hesabu.messaging.rules.ladder import Closure, Reach
from hesabu.messaging.types import (
    Buttons,
    Category,
    Channel,
    Choices,
    Content,
    Document,
    State,
    Template,
    Text,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILE = UUID(int=7)
RANK = list(TOLD)
verbs = st.lists(st.sampled_from(RANK), min_size=1, max_size=8)


def _after_all(state: State, told: list[str]) -> State:
    for verb in told:
        state = rules.after_telling(state, verb)
    return state


@given(verbs, st.sampled_from([State.QUEUED, State.SENDING, State.UNCERTAIN, State.ACCEPTED]))
def test_statuses_end_the_same_in_whichever_order_they_come(told: list[str], start: State) -> None:
    most_telling = max(told, key=RANK.index)
    assert _after_all(start, told) is TOLD[most_telling]


@given(st.permutations(["pass_on", "deliver", "see"]))
def test_a_late_sent_after_read_changes_nothing(told: list[str]) -> None:
    assert _after_all(State.ACCEPTED, [*told, "pass_on", "pass_on"]) is State.SEEN


def test_failed_can_follow_sent_but_not_delivered() -> None:
    assert rules.after_telling(State.SENT, "fail") is State.FAILED
    assert rules.after_telling(State.DELIVERED, "fail") is State.DELIVERED
    assert rules.after_telling(State.FAILED, "deliver") is State.DELIVERED


def test_only_a_queued_message_is_taken() -> None:
    assert {source for source, verb, _ in MOVES if verb == "take"} == {State.QUEUED}


def test_what_arrived_is_never_sent_again() -> None:
    for state in (State.DELIVERED, State.SEEN, State.PLAYED, State.FAILED):
        assert not MOVES.allows(state, "try_again")
        with pytest.raises(MoveRefused):
            MOVES.after(state, "put_back")


def test_every_state_but_the_last_ones_leads_to_an_end() -> None:
    ends = {State.PLAYED, State.ANSWERED}
    assert {state for state in MOVES.states if not MOVES.verbs_from(state)} == ends


def test_the_essay_names_every_state_and_every_move() -> None:
    import hesabu.messaging

    essay = hesabu.messaging.__doc__ or ""
    for source, verb, target in MOVES:
        assert verb in essay
        assert source.value in essay
        assert target.value in essay


def test_the_window_is_open_for_a_day_after_the_last_word_and_never_shrinks() -> None:
    closes_at = rules.window_after(None, NOW - timedelta(hours=1), NOW)
    assert closes_at == NOW + timedelta(hours=23)
    assert rules.window_after(closes_at, NOW - timedelta(hours=9), NOW) == closes_at
    assert rules.window_after(None, NOW + timedelta(days=9), NOW) == NOW + timedelta(hours=24)
    assert rules.is_window_open(closes_at, NOW)
    assert not rules.is_window_open(closes_at, closes_at)
    assert not rules.is_window_open(None, NOW)


@pytest.mark.parametrize(
    ("is_template", "has_fallback", "is_open", "is_opted_out", "code"),
    [
        (False, False, True, False, ""),
        (False, False, False, False, "window_closed"),
        (False, True, False, False, ""),
        (True, False, False, False, ""),
        (True, False, False, True, "opted_out"),
        (False, True, False, True, "opted_out"),
        (False, False, True, True, ""),
    ],
)
def test_what_may_go_outside_the_window(
    is_template: bool, has_fallback: bool, is_open: bool, is_opted_out: bool, code: str
) -> None:
    assert code == rules.refusal_before_sending(
        is_template=is_template,
        has_fallback=has_fallback,
        is_window_open=is_open,
        is_opted_out=is_opted_out,
    )


def _wait(cure: Cure, attempt: int, **more: bool) -> int | None:
    known = {"can_turn_to_template": False, "reused_upload": False} | more
    return rules.again_after_seconds(cure, attempt, timedelta(minutes=1), **known)


def test_too_much_to_one_contact_waits_four_to_the_power_of_the_attempt() -> None:
    assert [_wait(Cure.SLOW_DOWN, n) for n in (1, 2, 3, 4)] == [4, 16, 64, 256]


def test_a_final_refusal_is_not_tried_again() -> None:
    assert _wait(Cure.NONE, 1) is None


def test_the_closed_window_is_tried_again_only_with_a_template() -> None:
    assert _wait(Cure.TEMPLATE, 1) is None
    assert _wait(Cure.TEMPLATE, 1, can_turn_to_template=True) == 0


def test_a_lost_upload_is_tried_again_only_if_it_was_an_old_one() -> None:
    assert _wait(Cure.UPLOAD, 1) is None
    assert _wait(Cure.UPLOAD, 1, reused_upload=True) == 0


@given(st.sampled_from(list(Cure)), st.integers(min_value=1, max_value=100))
def test_trying_again_ends(cure: Cure, attempt: int) -> None:
    old = rules.again_after_seconds(
        cure, attempt, timedelta(hours=25), can_turn_to_template=True, reused_upload=True
    )
    assert old is None
    assert (
        rules.again_after_seconds(
            cure, 100, timedelta(0), can_turn_to_template=True, reused_upload=True
        )
        is None
    )


def test_words_are_cut_to_what_the_provider_takes() -> None:
    said = rules.checked(
        Buttons("x" * 2000, [("send:1", "Send it to Jane Wanjiku"), ("cancel", "Cancel")])
    )
    assert isinstance(said, Buttons)
    assert len(said.body) == 1024
    assert said.buttons[0][1] == "Send it to Jane Wan…"
    assert len(said.buttons[0][1]) == 20


@pytest.mark.parametrize(
    "content",
    [
        Text("  "),
        Buttons("Send?", []),
        Buttons("Send?", [(str(n), f"Title {n}") for n in range(4)]),
        Buttons("Send?", [("a", "Yes"), ("a", "No")]),
        Buttons("Send?", [("a", "Yes"), ("b", "Yes")]),
        Buttons("Send?", [(" a", "Yes")]),
        Buttons("Send?", [("a" * 257, "Yes")]),
        Choices("Which?", "Choose", []),
        Choices("Which?", "Choose", [(str(n), f"Row {n}", "") for n in range(11)]),
        Template("", "en"),
    ],
)
def test_what_cannot_be_cut_is_refused(content: Content) -> None:
    with pytest.raises(BadContent):
        rules.checked(content)


@pytest.mark.parametrize(
    "content",
    [
        Text("Hello"),
        Buttons("Send?", (("a", "Yes"), ("b", "No")), FILE, "INV-0001.pdf"),
        Choices("Which?", "Choose", (("1", "Jane", "KES 100"), ("2", "Ali", ""))),
        Document(FILE, "INV-0001.pdf", "Your invoice", (("pay", "Pay"),)),
        Template("invoice_ready", "en", ("Jane", "KES 100"), "tok123", FILE, "INV-0001.pdf"),
        Template("invoice_ready", "en", ("Jane",), "tok123", replies=("pay:a:b",)),
    ],
)
def test_content_is_read_back_as_it_was_written(content: Content) -> None:
    assert rules.content_from(rules.written(content)) == content


# the ladder

reaches = st.builds(
    Reach,
    has_phone=st.booleans(),
    has_user_id=st.booleans(),
    has_email=st.booleans(),
    is_window_open=st.booleans(),
    closed=st.dictionaries(
        st.sampled_from(list(Channel)),
        st.builds(
            Closure,
            code=st.sampled_from(["opted_out", "undeliverable", "bounced"]),
            at=st.sampled_from([NOW, NOW - timedelta(days=40)]),
        ),
    ),
)


@given(reaches, st.sets(st.sampled_from(list(Channel))))
def test_the_ladder_only_goes_down_and_only_where_somebody_may_be_reached(
    reach: Reach, ours: set[Channel]
) -> None:
    seen: list[Channel] = []
    at = rules.next_channel(None, reach, ours, NOW)
    while at is not None:
        assert at in ours
        assert reach.has_address(at)
        assert not rules.closed_because(at, reach, NOW)
        assert not seen or rules.LADDER.index(at) > rules.LADDER.index(seen[-1])
        seen.append(at)
        at = rules.next_channel(at, reach, ours, NOW)
    passed_over = [one for one in rules.LADDER if one in ours and one not in seen]
    assert all(
        not reach.has_address(one) or rules.closed_because(one, reach, NOW) for one in passed_over
    )


def test_who_had_no_whatsapp_is_tried_again_after_a_month_and_who_blocked_us_is_not() -> None:
    def closed(code: str, days: int) -> str:
        closures = {Channel.WHATSAPP: Closure(code, NOW - timedelta(days=days))}
        reach = Reach(True, False, False, False, closures)
        return rules.closed_because(Channel.WHATSAPP, reach, NOW)

    assert closed("undeliverable", 29) == "undeliverable"
    assert closed("undeliverable", 30) == ""
    assert closed("opted_out", 400) == "opted_out"


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("is_out_of_all", [True, False])
@pytest.mark.parametrize("is_open", [True, False])
def test_what_somebody_asked_not_to_be_sent_is_not_sent(
    category: Category, is_out_of_all: bool, is_open: bool
) -> None:
    code = rules.refusal_by_category(
        category,
        is_opted_out=is_out_of_all,
        is_out_of_reminders=True,
        is_window_open=is_open,
    )
    is_unasked = category in (Category.REMINDER, Category.NEWS)
    is_first = category is Category.TRANSACTION and is_out_of_all and not is_open
    assert (code == "opted_out") is (is_unasked or is_first)


@given(st.sampled_from(list(State)), st.sampled_from(list(State)))
def test_a_rung_that_was_left_counts_for_more_only_where_the_message_arrived_there(
    left: State, present: State
) -> None:
    if rules.tells_more(left, than=present):
        assert left in (State.DELIVERED, State.SEEN, State.PLAYED)
        assert not rules.tells_more(present, than=left)
