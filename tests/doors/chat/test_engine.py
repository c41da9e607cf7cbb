"""The engine by itself: replay, versions, refusals, going back. No room, no database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hesabu.doors.chat import engine, speech
from hesabu.doors.chat.engine import Script
from hesabu.doors.chat.speech import Chat, Heard, Option, Refusal, Unclear
from hesabu.kit.errors import Refused

DONE: list[Any] = []


class Closed(Refused):
    code = "shop.closed"
    title = "The shop is closed."
    hint = "Come tomorrow."


def a_number(heard: Heard) -> int:
    if not heard.text.isdigit():
        raise Unclear(f"{heard.text} is no number.")
    return int(heard.text)


def a_word(heard: Heard) -> str:
    return heard.text


@pytest.fixture(autouse=True)
def flows() -> Iterator[None]:
    """One small flow, in place of the door's own for the time of a test."""
    before = dict(engine.FLOWS)
    engine.FLOWS.clear()
    DONE.clear()

    @engine.flow("order", version=1)
    def order(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        what = yield chat.ask("what", "What?", reads=a_word)
        price = yield chat.look("price", lambda: 5)
        count = yield chat.ask("count", f"How many at {price}?", reads=a_number)
        number = yield chat.act("order", lambda: DONE.append((what, count)) or len(DONE))
        yield chat.say(f"Order {number}.")
        yield chat.ask("thanks", "Anything else?", options=[Option("No"), Option("Yes")])

    yield
    engine.FLOWS.clear()
    engine.FLOWS.update(before)


def said(turn: engine.Turn) -> list[str]:
    return [saying.body for saying in turn.sayings]


def told(script: Script | None, text: str) -> engine.Turn:
    assert script is not None
    return engine.hear(script, Heard(text), "run-2")


def ordered() -> engine.Turn:
    begun = engine.begin("order", "run-1")
    return told(told(begun.script, "Bread").script, "3")


def test_a_flow_runs_to_its_first_question_and_waits() -> None:
    turn = engine.begin("order", "run-1")
    assert said(turn) == ["What?"]
    assert turn.waiting is not None
    assert turn.waiting.name == "what"


def test_each_answer_goes_one_question_further() -> None:
    turn = told(engine.begin("order", "run-1").script, "Bread")
    assert said(turn) == ["How many at 5?"]


def test_an_act_is_done_once_however_often_the_script_is_replayed() -> None:
    turn = ordered()
    assert said(turn) == ["Order 1.", "Anything else?"]
    for _ in range(5):
        turn = told(turn.script, "perhaps")
    assert DONE == [("Bread", 3)]


def test_what_was_said_is_not_said_again_by_a_replay() -> None:
    turn = told(ordered().script, "perhaps")
    assert said(turn) == ["Anything else?"]


def test_what_is_not_understood_gets_a_hint_and_the_question_again() -> None:
    first = told(engine.begin("order", "run-1").script, "Bread")
    turn = told(first.script, "many")
    assert said(turn) == ["many is no number.", "How many at 5?"]
    assert not turn.understood
    assert turn.script is not None
    assert first.script is not None
    assert turn.script.lines == first.script.lines


def test_one_message_answers_one_question_only() -> None:
    turn = told(engine.begin("order", "run-1").script, "7")
    assert turn.waiting is not None
    assert turn.waiting.name == "count"


def test_the_end_leaves_no_script() -> None:
    turn = told(ordered().script, "No")
    assert turn.script is None
    assert turn.understood


@pytest.mark.parametrize("answer", ["2", "yes", "YES", "2."])
def test_an_option_is_chosen_by_its_number_or_its_words(answer: str) -> None:
    options = [Option("No"), Option("Yes")]
    assert speech.one_of(options)(Heard(answer)) == "Yes"


@pytest.mark.parametrize("answer", ["0", "3", "99", "-1", "²", "maybe", ""])
def test_what_is_no_option_is_not_taken_for_one(answer: str) -> None:
    with pytest.raises(Unclear):
        speech.one_of([Option("No"), Option("Yes")])(Heard(answer))


def test_a_script_survives_being_written_down() -> None:
    import json

    script = told(engine.begin("order", "run-1").script, "Bread").script
    assert script is not None
    lines = json.loads(json.dumps(script.lines))
    turn = told(Script("order", 1, "run-1", {}, tuple(lines)), "3")
    assert DONE == [("Bread", 3)]
    assert said(turn) == ["Order 1.", "Anything else?"]


def test_a_new_version_begins_anew_and_keeps_the_answers_that_still_fit() -> None:
    script = told(engine.begin("order", "run-1").script, "Bread").script

    @engine.flow("order", version=2)
    def order(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        where = yield chat.ask("where", "Where to?", reads=a_word)
        what = yield chat.ask("what", "What?", reads=a_word)
        yield chat.ask("count", f"How many {what} to {where}?", reads=a_number)

    turn = told(script, "3")
    assert turn.restarted
    assert said(turn) == ["Where to?"]
    turn = told(turn.script, "Town")
    assert said(turn) == ["How many Bread to Town?"]


def test_an_answer_that_no_longer_fits_is_asked_for_again() -> None:
    script = told(engine.begin("order", "run-1").script, "Bread").script

    @engine.flow("order", version=2)
    def order(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        yield chat.ask("what", "Which loaf?", reads=a_word, fits=lambda kept: kept == "Loaf")
        yield chat.ask("count", "How many?", reads=a_number)

    turn = told(script, "3")
    assert said(turn) == ["Which loaf?"]
    assert said(told(turn.script, "Loaf")) == ["How many?"]


def test_a_new_version_does_not_do_again_what_was_done() -> None:
    script = ordered().script

    @engine.flow("order", version=2)
    def order(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        what = yield chat.ask("what", "What?", reads=a_word)
        count = yield chat.ask("count", "How many?", reads=a_number)
        number = yield chat.act("order", lambda: DONE.append((what, count)) or len(DONE))
        yield chat.ask("paid", f"How will you pay order {number}?", reads=a_word)

    turn = told(script, "No")
    assert said(turn) == ["How will you pay order 1?"]
    assert DONE == [("Bread", 3)]


def test_a_flow_that_changed_without_a_new_version_is_found_out() -> None:
    script = told(engine.begin("order", "run-1").script, "Bread").script

    @engine.flow("order", version=1)
    def order(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        yield chat.ask("size", "Which size?", reads=a_word)

    turn = told(script, "3")
    assert turn.restarted
    assert said(turn) == ["Which size?"]


def test_a_flow_that_is_gone_ends_the_conversation() -> None:
    script = engine.begin("order", "run-1").script
    engine.FLOWS.clear()
    turn = told(script, "3")
    assert turn.restarted
    assert turn.script is None


def test_a_refusal_reaches_the_flow_and_again_on_replay_without_a_second_try() -> None:
    tries = []

    def refuse() -> None:
        tries.append(1)
        raise Closed(opens="tomorrow")

    @engine.flow("buy", version=1)
    def buy(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        try:
            yield chat.act("buy", refuse)
        except Refusal as refusal:
            yield chat.say(f"{refusal.title} {refusal.hint} {refusal.more['opens']}")
        yield chat.ask("again", "Try again?", reads=a_word)
        yield chat.ask("sure", "Sure?", reads=a_word)

    turn = engine.begin("buy", "run-1")
    assert said(turn) == ["The shop is closed. Come tomorrow. tomorrow", "Try again?"]
    assert said(told(turn.script, "yes")) == ["Sure?"]
    assert tries == [1]


def test_going_back_asks_the_last_question_again() -> None:
    script = told(engine.begin("order", "run-1").script, "Bread").script
    assert script is not None
    back = engine.undone(script)
    assert back is not None
    assert said(engine.hear(back, None, "run-2")) == ["What?"]


def test_going_back_does_not_undo_what_was_done() -> None:
    script = ordered().script
    assert script is not None
    assert engine.undone(script) is None


def test_a_flow_that_never_ends_is_stopped() -> None:
    @engine.flow("talk", version=1)
    def talk(chat: Chat, given: dict[str, Any]) -> speech.Steps:
        while True:
            yield chat.look("time", lambda: 1)

    assert engine.begin("talk", "run-1").script is None
