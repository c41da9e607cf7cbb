"""Proving who one is: the PIN, where it is set, and what waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.conf import settings

from hesabu.doors.chat import readings, stepping, words
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.speech import Chat, Option, Plain, Steps
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
            reads=readings.the_pin(person_id),
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


@flow("step_up", version=1)
def step_up(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, and what was tapped: it is taken as tapped once more when the PIN was right."""
    if not (yield from prove_it_is_you(chat, UUID(given["person"]), steps.ask_pin())):
        return None
    return {"tap": given["tap"]}


def prove_it_is_you(chat: Chat, person_id: UUID, question: str = "") -> Steps:
    """When somebody showed that they know the PIN, or, being new, chose one: an instant for `stepping.proved`. "": they were
    sent to the browser for it."""
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if has_pin:
        question = question or words.house.ask_pin()
        yield chat.ask("pin", question, reads=readings.the_pin(person_id), fits=readings.never)
        return (yield chat.look("proved", lambda: clock.now().isoformat()))
    is_new = yield chat.look("is new", lambda: stepping.is_new(person_id))
    if not is_new:
        link = yield chat.act("link", partial(stepping.link_to, person_id, PIN_PAGE))
        yield chat.say(steps.set_pin_in_browser(link))
        return ""
    reads = readings.a_new_pin(person_id)
    yield chat.ask("new pin", steps.choose_pin_first(), reads=reads, fits=readings.never)
    yield chat.say(words.house.pin_is_set())
    return (yield chat.look("proved", lambda: clock.now().isoformat()))


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
