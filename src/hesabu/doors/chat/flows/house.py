"""The house's own affairs: the PIN, where money goes, tax registration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from django.conf import settings

from hesabu.doors.chat import readings, words
from hesabu.doors.chat.desk import Desk, attempt, desk_of
from hesabu.doors.chat.engine import Chat, Option, Plain, Refusal, Steps, flow
from hesabu.doors.chat.flows.signing_up import add_way
from hesabu.doors.chat.words import approving as four_eyes
from hesabu.doors.chat.words import joining, support
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import ApprovalNeeded
from hesabu.identity.permissions import BUSINESS_UPDATE
from hesabu.invoicing import queries as invoices
from hesabu.kit.countries import Country, country
from hesabu.messaging import actions as messaging
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE
from hesabu.payments.types import WayToPay
from hesabu.store.tenancy import HOUSE


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


@flow("change_way", version=2)
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
    how = yield chat.look("how", lambda: _how_it_stands(desk, added))
    if how["until"]:
        yield chat.say(four_eyes.way_frozen(added, how["until"]))
    elif how["is_asked"]:
        yield chat.say(four_eyes.waits_for_another())
    else:
        yield chat.say(words.way_added(added))


def _how_it_stands(desk: Desk, added: str) -> Plain:
    """Whether the new way is offered by now, frozen until when, or waits for a second person."""
    with desk.open():
        offered = [words.way_to_pay(way) for way in collected.ways_to_pay()]
        frozen = {words.way_to_pay(one.way): one.until for one in collected.changes_frozen()}
    until = frozen.get(added)
    if until is None:
        return {"until": None, "is_asked": added not in offered}
    return {"until": four_eyes.instant(until, desk.business().timezone), "is_asked": False}


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
    """Done, frozen, or put before a second person."""
    with desk.open():
        said = words.way_to_pay(
            WayToPay(way["kind"], way.get("label") or "", way["number"], way.get("account"), HOUSE)
        )
        try:
            return attempt(lambda: add_way(desk.plain(), way))
        except ApprovalNeeded as needed:
            identity.ask_approval(needed)
            return said


def _closed(desk: Desk, account_ids: list[str]) -> int:
    def close() -> int:
        for account_id in account_ids:
            try:
                attempt(partial(payments.close_account, UUID(account_id)))
            except ApprovalNeeded as needed:
                identity.ask_approval(needed)
        return len(account_ids)

    return desk.may(PAYMENT_ACCOUNT_CHANGE, close)


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
        BUSINESS_UPDATE,
        lambda: identity.update_business(desk.business_id, **changes),
    )
    return True


@flow("approve", version=1)
def approve(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the approval. The PIN, and then it is approved and done."""
    desk, approval_id = desk_of(given), UUID(given["approval"])
    yield from _prove_it_is_you(chat, desk.person_id)
    try:
        yield chat.act("approve", lambda: _approved(desk, approval_id))
    except Refusal as refusal:
        yield chat.say(f"{refusal.title} {refusal.hint}")
        return
    yield chat.say(four_eyes.approved())


def _approved(desk: Desk, approval_id: UUID) -> bool:
    with desk.open():
        identity.approve(approval_id)
    return True


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


@flow("let_look", version=1)
def let_look(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the consent that support asked for. The PIN, and then support may look for a day."""
    desk, consent_id = desk_of(given), UUID(given["consent"])
    yield from _prove_it_is_you(chat, desk.person_id)
    try:
        yield chat.act("allow", lambda: _let_look(desk, consent_id))
    except Refusal as refusal:
        yield chat.say(f"{refusal.title} {refusal.hint}")
        return
    yield chat.say(support.support_may_look(desk.business().name))


def _let_look(desk: Desk, consent_id: UUID) -> bool:
    with desk.open():
        identity.allow_support(consent_id)
    return True
