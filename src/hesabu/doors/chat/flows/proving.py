"""Proving who one is: the PIN, where it is set, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings

from hesabu.doors.chat import readings, stepping, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.speech import Chat, Heard, Option, Plain, Steps
from hesabu.doors.chat.words import joining
from hesabu.doors.chat.words import stepping as steps
from hesabu.identity import queries as people
from hesabu.kit import clock
from hesabu.messaging import actions as messaging

PIN_PAGE = "/pin"


@flow("set_pin", version=2)
def set_pin(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk. Who has none and is not new sets it in a browser."""
    person_id = UUID(given["person"])
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if has_pin:
        yield chat.ask(
            "present",
            words.house.present_pin(),
            reads=readings.the_pin(person_id, to_change_it=True),
            fits=readings.never,
        )
        yield chat.ask(
            "new", words.house.new_pin(), reads=readings.a_new_pin(person_id, is_checked=True)
        )
    else:
        is_new = yield chat.look("is new", lambda: stepping.is_new(person_id))
        if not is_new:
            link = yield chat.act("link", partial(stepping.link_to, person_id, PIN_PAGE))
            yield chat.say(steps.pin_in_browser(link))
            return
        yield chat.ask("new", words.house.choose_pin(), reads=readings.a_new_pin(person_id))
    yield chat.say(words.house.pin_is_set())


@flow("step_up", version=2)
def step_up(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, and what was tapped: it is taken as tapped once more when the PIN was right."""
    question = steps.ask_pin_at_till() if given["is_till"] else steps.ask_pin()
    if not (yield from prove_it_is_you(chat, desk_of(given), question)):
        return None
    return {"tap": given["tap"]}


LINKS_MAX = 5
"""So many links to the page for a PIN are given for one question."""


def prove_it_is_you(chat: Chat, desk: Desk, question: str = "") -> Steps:
    """When somebody showed that they know the PIN, or chose one: an instant for `stepping.proved`. Who has none and is not new
    chooses it in a browser and gives it here then: what they wanted waits for it. "": they never did."""
    person_id = desk.person_id
    asked_at = yield chat.look("asked at", lambda: clock.now().isoformat())
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if has_pin:
        question = question or words.house.ask_pin()
        yield chat.ask("pin", question, reads=readings.the_pin(person_id), fits=readings.never)
        return (yield from _proved(chat, desk, asked_at))
    is_new = yield chat.look("is new", lambda: stepping.is_new(person_id))
    if is_new:
        reads = readings.a_new_pin(person_id)
        yield chat.ask("new pin", steps.choose_pin_first(), reads=reads, fits=readings.never)
        yield chat.say(words.house.pin_is_set())
        return (yield from _proved(chat, desk, asked_at))
    for turn in range(LINKS_MAX):
        link = yield chat.act(f"link{turn}", partial(stepping.link_to, person_id, PIN_PAGE))
        is_given = yield chat.ask(
            f"made{turn}",
            steps.set_pin_in_browser(link),
            reads=_the_pin_made(person_id),
            fits=readings.never,
        )
        if is_given:
            return (yield from _proved(chat, desk, asked_at))
    yield chat.say(steps.ask_again())
    return ""


ANSWERED_WITHIN = timedelta(hours=1)
"""The PIN opens the till whenever it is said; what it was asked for is done no more where that is longer ago."""


def _proved(chat: Chat, desk: Desk, asked_at: str) -> Steps:
    yield chat.act("open till", lambda: _opened(desk))
    proved = yield chat.look("proved", lambda: clock.now().isoformat())
    if datetime.fromisoformat(proved) - datetime.fromisoformat(asked_at) <= ANSWERED_WITHIN:
        return proved
    yield chat.say(steps.ask_again())
    return ""


def _opened(desk: Desk) -> bool:
    stepping.open_till(desk.business_id, desk.person_id)
    return True


def _the_pin_made(person_id: UUID) -> Callable[[Heard], Plain]:
    """True for the PIN they chose in the browser by now; False where they have none yet."""
    reads = readings.the_pin(person_id)

    def read(heard: Heard) -> Plain:
        return people.person(person_id).has_pin and reads(heard)

    return read


@flow("which_business", version=1)
def which_business(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: what was said, and the businesses it may be about, each with its name."""
    options = [
        Option(words.figures.shortened(name, 20), value=business_id)
        for business_id, name in given["businesses"]
    ]
    business_id = yield chat.ask(
        "business",
        steps.for_which_business(words.figures.shortened(given["words"], 60)),
        options=options,
        list_title=words.talk.choose_button(),
    )
    return {"business": business_id, "words": given["words"]}


@flow("prove", version=1)
def prove(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the person, and the contact that may be somebody else by now."""
    person_id, contact_id = UUID(given["person"]), UUID(given["contact"])
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if not has_pin:
        address = yield chat.look("address", lambda: f"{settings.CONFIG.public_url}/numbers")
        yield chat.say(joining.prove_in_browser(address))
        return
    yield chat.ask(
        "pin", joining.prove_by_pin(), reads=readings.the_pin(person_id), fits=readings.never
    )
    yield chat.act("vouch", lambda: _vouched(contact_id))
    yield chat.say(joining.proved())


def _vouched(contact_id: UUID) -> bool:
    messaging.vouch(contact_id)
    return True
