"""Signing up: three messages, and a business stands, with its owner, its book and a way to be paid."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.utils.translation import get_language

from hesabu.doors.chat import proof, readings, words
from hesabu.doors.chat.desk import desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.speech import Chat, Option, Plain, Refusal, Steps
from hesabu.doors.chat.telling import LANGUAGE
from hesabu.identity import actions as identity
from hesabu.identity.errors import BadName
from hesabu.kit.countries import COUNTRIES
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.store import tenancy


@flow("sign_up", version=1)
def sign_up(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: contact, its name and country where we know them, whether it has a number; `then`, what was first said."""
    opened, name = None, ""
    question = words.welcome.welcome(given["country"])
    turn = 0
    while opened is None:
        name = yield chat.ask(
            f"name{turn}", question, reads=readings.a_business_name, takes_anything=True
        )
        place = given["country"]
        if place is None:
            place = yield chat.ask(
                f"country{turn}", words.welcome.which_country(), options=_countries(), list_title=""
            )
        currency = yield from _currency(chat, turn, place)
        try:
            opened = yield chat.act(
                f"register{turn}", partial(_register, given, name, place, currency)
            )
        except Refusal as refusal:
            question, turn = refusal.said, turn + 1
    way = yield from _way_to_be_paid(chat, given, opened, name)
    yield chat.say(words.welcome.signed_up(way, opened["country"]))


def _countries() -> list[Option]:
    return [Option(place.name, value=place.code) for place in COUNTRIES.values()]


def _currency(chat: Chat, turn: int, country: str) -> Steps:
    """Asked where people trade in more than one (Zimbabwe)."""
    currencies = COUNTRIES[country].currencies
    if len(currencies) == 1:
        return currencies[0]
    options = [Option(code, value=code) for code in currencies]
    return (yield chat.ask(f"currency{turn}", words.welcome.which_currency(), options=options))


def _register(given: Mapping[str, Plain], name: str, country: str, currency: str) -> Plain:
    """A person, their business with its book, and the contact tied to the person. Who signs up in a language of the country
    has papers in it; English says nothing, it is spoken to everybody at first."""
    contact = messages.contact(UUID(given["contact"]))
    known_id = None if contact.is_doubted else contact.person_id
    person_id = known_id or _person(contact.name or name, name)
    spoken = get_language() or LANGUAGE
    is_chosen = spoken != LANGUAGE and spoken in COUNTRIES[country].languages
    business_id = identity.register_business(
        name,
        country,
        person_id,
        language=spoken if is_chosen else None,
        currency=currency,
    )
    if contact.phone:
        with tenancy.bound(business_id, actor=tenancy.Actor("person", person_id)):
            identity.update_business(business_id, phone=contact.phone)
    if known_id is None:
        messaging.introduce(contact.id, person_id)
    return {"business": business_id.hex, "person": person_id.hex, "country": country}


def _person(profile_name: str, business_name: str) -> UUID:
    """What people call themselves on WhatsApp is not always a name."""
    language = get_language() or "en"
    try:
        return identity.register_person(profile_name, language)
    except BadName:
        return identity.register_person(business_name, language)


def _way_to_be_paid(
    chat: Chat, given: Mapping[str, Plain], opened: Mapping[str, Plain], name: str
) -> Steps:
    """Ask until it can be kept, or is left for later; returns it in words, None for later."""
    question = words.welcome.how_paid(name, given["has_phone"], opened["country"])
    has_own = given["has_phone"] and COUNTRIES[opened["country"]].takes("phone")
    titles = (
        [words.welcome.my_number(), words.welcome.later()] if has_own else [words.welcome.later()]
    )
    turn = 0
    while True:
        way = yield chat.ask(
            f"way{turn}",
            question,
            reads=readings.a_way_to_be_paid(opened["country"], given["phone"]),
            options=[Option(title) for title in titles],
        )
        if way["kind"] == "later":
            return None
        try:
            return (yield chat.act(f"add{turn}", partial(add_way, opened, way)))
        except Refusal as refusal:
            question, turn = refusal.said, turn + 1


def add_way(given: Mapping[str, Plain], way: Mapping[str, Plain]) -> str:
    """Add it as a payment account; in words."""
    proof.need()
    with desk_of(given).open():
        account_id = payments.add_account(
            way["kind"], way["number"], way.get("account"), way.get("label")
        )
        frozen = [change.way for change in collected.changes_frozen()]
        return next(
            words.welcome.way_to_pay(shown)
            for shown in [*collected.ways_to_pay(), *frozen]
            if shown.account_id == account_id
        )
