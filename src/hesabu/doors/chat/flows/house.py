"""The house's own affairs: the PIN, where money goes, tax registration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from hesabu.doors.chat import readings, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import Chat, Option, Plain, Refusal, Steps, flow
from hesabu.doors.chat.flows.signing_up import add_way
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.types import Permission
from hesabu.invoicing import queries as invoices
from hesabu.kit.countries import Country, country
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.types import WayToPay


@flow("set_pin", version=1)
def set_pin(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk."""
    person_id = UUID(given["person"])
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if has_pin:
        yield chat.ask(
            "present", words.present_pin(), reads=readings.the_pin(person_id), fits=readings.never
        )
        yield chat.ask("new", words.new_pin(), reads=readings.a_new_pin(person_id, is_checked=True))
    else:
        yield chat.ask("new", words.choose_pin(), reads=readings.a_new_pin(person_id))
    yield chat.say(words.pin_is_set())


@flow("change_way", version=1)
def change_way(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the country, own phone, and the `way` if it was said."""
    desk, person_id = desk_of(given), UUID(given["person"])
    ways = yield chat.look("ways", lambda: _ways(desk))
    way = given["way"]
    question = "\n\n".join(
        [words.ways_now([one["said"] for one in ways]), words.how_to_change_ways(given["country"])]
    )
    if way is None:
        reads = readings.a_way_to_be_paid(given["country"], given["phone"])
        way = yield chat.ask("way", question, reads=reads, options=[Option(words.later())])
    if way["kind"] == "later":
        yield chat.say(words.kept())
        return
    same = yield chat.look("same", lambda: _same(desk, way))
    if same:
        yield chat.say(words.way_known(same))
        return
    if ways:
        yield from _prove_it_is_you(chat, person_id)
    added = yield from _added(chat, desk, given, way)
    if added is None:
        return
    by_hand = [one for one in ways if one["is_by_hand"]]
    others = [one for one in by_hand if one["said"] != added]
    if others:
        only, both = words.only_or_also()
        options = [Option(only, value=True), Option(both, value=False)]
        if (yield chat.ask("only", words.only_here(added), options=options)):
            yield chat.act("close", lambda: _closed(desk, [one["id"] for one in others]))
    yield chat.say(words.way_added(added))


def _ways(desk: Desk) -> Plain:
    with desk.open():
        found: list[WayToPay] = collected.ways_to_pay()
    return [
        {"id": way.account_id.hex, "said": words.way_to_pay(way), "is_by_hand": way.kind != "stk"}
        for way in found
    ]


def _same(desk: Desk, way: Mapping[str, Plain]) -> str | None:
    """The way that customers have already and that this one repeats, in words."""
    with desk.open():
        found = collected.ways_to_pay()
    wanted = (way["kind"], way["number"], way.get("account") or None)
    for known in found:
        if (known.kind, known.number, known.account) == wanted:
            return words.way_to_pay(known)
    return None


def _prove_it_is_you(chat: Chat, person_id: UUID) -> Steps:
    """Where money goes changes only for somebody who knows the PIN; who has none yet chooses one first."""
    has_pin = yield chat.look("has pin", lambda: people.person(person_id).has_pin)
    if has_pin:
        yield chat.ask(
            "pin", words.ask_pin(), reads=readings.the_pin(person_id), fits=readings.never
        )
    else:
        reads = readings.a_new_pin(person_id)
        yield chat.ask("new pin", words.choose_pin_first(), reads=reads)
        yield chat.say(words.pin_is_set())


def _added(chat: Chat, desk: Desk, given: Mapping[str, Plain], way: Mapping[str, Plain]) -> Steps:
    """The way in words; None where it was given up."""
    for turn in range(3):
        try:
            return (yield chat.act(f"add{turn}", partial(_add, desk, way)))
        except Refusal as refusal:
            yield chat.say(refusal.said)
            if refusal.code != "payments.account_incomplete":
                return None
            reads = readings.a_way_to_be_paid(given["country"], given["phone"])
            way = yield chat.ask(
                f"way{turn}", words.how_to_change_ways(given["country"]), reads=reads
            )
            if way["kind"] == "later":
                return None
    return None


def _add(desk: Desk, way: Mapping[str, Plain]) -> str:
    return desk.may(Permission.PAYMENT_ACCOUNT_CHANGE, lambda: add_way(desk.plain(), way))


def _closed(desk: Desk, account_ids: list[str]) -> int:
    def close() -> int:
        for account_id in account_ids:
            payments.close_account(UUID(account_id))
        return len(account_ids)

    return desk.may(Permission.PAYMENT_ACCOUNT_CHANGE, close)


@flow("tax_registration", version=2)
def tax_registration(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the country. Asks for what the country's law wants on an invoice with tax, and only then
    registers: whoever stops half-way sends plain invoices as before."""
    desk, place = desk_of(given), country(given["country"])
    yes, no = words.yes_no()
    options = [Option(yes, value=True), Option(no, value=False)]
    is_registered = yield chat.ask(
        "registered", words.is_registered(place.tax_name), options=options
    )
    for name, is_needed in invoices.asked_of_seller(place.code) if is_registered else []:
        yield from _detail(chat, desk, place, name, is_needed)
    try:
        yield chat.act("keep", partial(_keep, desk, {"is_vat_registered": is_registered}))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say(words.tax_kept(place.tax_name, is_registered))


def _detail(chat: Chat, desk: Desk, place: Country, name: str, is_needed: bool) -> Steps:
    """Ask for one detail until it can be kept; one that the law does not need may be left for later."""
    question, turn = _asks_for(name, place), 0
    options = [] if is_needed else [Option(words.later())]
    while True:
        reads = readings.a_tax_id if name == "tax_id" else readings.a_detail
        said = yield chat.ask(f"{name}{turn}", question, reads=reads, options=options)
        if not said and not is_needed:
            return
        try:
            yield chat.act(f"keep {name}{turn}", partial(_keep, desk, {name: said}))
            return
        except Refusal as refusal:
            question, turn = refusal.said, turn + 1


def _asks_for(name: str, place: Country) -> str:
    if name == "address":
        return words.what_address()
    if name == "signatory":
        return words.what_signatory()
    named = {
        "tax_id": place.tax_id_name,
        "vat_number": place.vat_number_name,
        "registration_number": place.registration_name,
    }
    return words.what_tax_id(named[name] or words.registration_number())


def _keep(desk: Desk, changes: Mapping[str, Plain]) -> bool:
    desk.may(
        Permission.BUSINESS_UPDATE,
        lambda: identity.update_business(desk.business_id, **changes),
    )
    return True
