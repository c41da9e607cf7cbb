"""The house's own affairs: where money goes, and tax registration. Both ask for the PIN first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from hesabu.doors.chat import readings, stepping, words
from hesabu.doors.chat.desk import Desk, attempt, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.proving import prove_it_is_you
from hesabu.doors.chat.flows.signing_up import add_way
from hesabu.doors.chat.speech import Chat, Option, Plain, Refusal, Steps
from hesabu.doors.chat.words import approving as four_eyes
from hesabu.doors.chat.words import stepping as steps
from hesabu.identity import actions as identity
from hesabu.identity.errors import ApprovalNeeded
from hesabu.identity.permissions import BUSINESS_UPDATE
from hesabu.invoicing import queries as invoices
from hesabu.kit.countries import Country, country
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE
from hesabu.payments.types import WayToPay
from hesabu.store.tenancy import HOUSE


@flow("change_way", version=4)
def change_way(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the country, own phone, and the `way` if it was said."""
    desk = desk_of(given)
    ways = yield chat.look("ways", lambda: _ways(desk))
    way = given["way"]
    if way is not None and not country(given["country"]).takes(way["kind"]):
        way = None  # the question says what there is there
    question = "\n\n".join(
        [
            words.house.ways_now([one["said"] for one in ways]),
            words.house.how_to_change_ways(given["country"]),
        ]
    )
    if way is None:
        reads = readings.a_way_to_be_paid(given["country"], given["phone"])
        way = yield chat.ask("way", question, reads=reads, options=[Option(words.welcome.later())])
    if way["kind"] == "later":
        yield chat.say(words.money.kept())
        return
    same = yield chat.look("same", lambda: _same(desk, way))
    if same:
        yield chat.say(words.house.way_known(same))
        return
    proved = yield from prove_it_is_you(chat, desk)
    if not proved:
        return
    added = yield from _added(chat, desk, given, way, proved)
    if added is None:
        return
    by_hand = [one for one in ways if one["is_by_hand"]]
    others = [one for one in by_hand if one["said"] != added]
    if others:
        only, both = words.house.only_or_also()
        options = [Option(only, value=True), Option(both, value=False)]
        if (yield chat.ask("only", words.house.only_here(added), options=options)):
            try:
                yield chat.act(
                    "close", lambda: _closed(desk, [one["id"] for one in others], proved)
                )
            except Refusal as refusal:
                yield chat.say(refusal.said)
    how = yield chat.look("how", lambda: _how_it_stands(desk, added))
    if how["until"]:
        yield chat.say(four_eyes.way_frozen(added, how["until"]))
    elif how["is_asked"]:
        yield chat.say(four_eyes.waits_for_another())
    else:
        yield chat.say(words.house.way_added(added))


def _how_it_stands(desk: Desk, added: str) -> Plain:
    """Whether the new way is offered by now, frozen until when, or waits for a second person."""
    with desk.open():
        offered = [words.welcome.way_to_pay(way) for way in collected.ways_to_pay()]
        frozen = {
            words.welcome.way_to_pay(one.way): one.until for one in collected.changes_frozen()
        }
    until = frozen.get(added)
    if until is None:
        return {"until": None, "is_asked": added not in offered}
    return {"until": four_eyes.instant(until, desk.business().timezone), "is_asked": False}


def _ways(desk: Desk) -> Plain:
    with desk.open():
        found: list[WayToPay] = collected.ways_to_pay()
    return [
        {
            "id": way.account_id.hex,
            "said": words.welcome.way_to_pay(way),
            "is_by_hand": way.kind != "stk",
        }
        for way in found
    ]


def _same(desk: Desk, way: Mapping[str, Plain]) -> str | None:
    """The way that customers have already and that this one repeats, in words."""
    with desk.open():
        found = collected.ways_to_pay()
    wanted = (way["kind"], way["number"], way.get("account") or None)
    for known in found:
        if (known.kind, known.number, known.account) == wanted:
            return words.welcome.way_to_pay(known)
    return None


def _added(
    chat: Chat, desk: Desk, given: Mapping[str, Plain], way: Mapping[str, Plain], proved: str
) -> Steps:
    """The way in words; None where it was given up."""
    for turn in range(3):
        try:
            return (yield chat.act(f"add{turn}", partial(_add, desk, way, proved)))
        except Refusal as refusal:
            yield chat.say(refusal.said)
            if refusal.code != "payments.account_incomplete":
                return None
            reads = readings.a_way_to_be_paid(given["country"], given["phone"])
            way = yield chat.ask(
                f"way{turn}", words.house.how_to_change_ways(given["country"]), reads=reads
            )
            if way["kind"] == "later":
                return None
    return None


def _add(desk: Desk, way: Mapping[str, Plain], proved: str) -> str:
    """Done, frozen, or put before a second person."""
    with stepping.proved(proved), desk.open():
        said = words.welcome.way_to_pay(
            WayToPay(way["kind"], way.get("label") or "", way["number"], way.get("account"), HOUSE)
        )
        try:
            return attempt(lambda: add_way(desk.plain(), way))
        except ApprovalNeeded as needed:
            identity.ask_approval(needed)
            return said


def _closed(desk: Desk, account_ids: list[str], proved: str) -> int:
    def close() -> int:
        for account_id in account_ids:
            try:
                attempt(partial(payments.close_account, UUID(account_id)))
            except ApprovalNeeded as needed:
                identity.ask_approval(needed)
        return len(account_ids)

    with stepping.proved(proved):
        return desk.may(PAYMENT_ACCOUNT_CHANGE, close)


@flow("tax_registration", version=4)
def tax_registration(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the country. Asks for what the country's law wants on an invoice with tax, and only then
    registers: whoever stops half-way sends plain invoices as before."""
    desk, place = desk_of(given), country(given["country"])
    proved = yield from prove_it_is_you(chat, desk, steps.ask_pin())
    if not proved:
        return
    yes, no = words.house.yes_no()
    options = [Option(yes, value=True), Option(no, value=False)]
    is_registered = yield chat.ask(
        "registered",
        words.house.is_registered(place.tax_name),
        reads=readings.yes_or_no(options),
        options=options,
    )
    for name, is_needed in invoices.asked_of_seller(place.code) if is_registered else []:
        if not (yield from _detail(chat, desk, place, name, is_needed, proved)):
            return
    try:
        yield chat.act("keep", partial(_keep, desk, {"is_vat_registered": is_registered}, proved))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say(words.house.tax_kept(place.tax_name, is_registered))


def _detail(
    chat: Chat, desk: Desk, place: Country, name: str, is_needed: bool, proved: str
) -> Steps:
    """Ask for one detail until it can be kept; one that the law does not need may be left for
    later. False where the PIN was given too long ago."""
    question, turn = _asks_for(name, place), 0
    options = [] if is_needed else [Option(words.welcome.later())]
    while True:
        reads = readings.a_tax_id if name == "tax_id" else readings.a_detail
        said = yield chat.ask(f"{name}{turn}", question, reads=reads, options=options)
        if not said and not is_needed:
            return True
        try:
            yield chat.act(f"keep {name}{turn}", partial(_keep, desk, {name: said}, proved))
            return True
        except Refusal as refusal:
            if refusal.code == stepping.StepNeeded.code:
                yield chat.say(refusal.said)
                return False
            question, turn = refusal.said, turn + 1


def _asks_for(name: str, place: Country) -> str:
    if name == "address":
        return words.house.what_address()
    if name == "signatory":
        return words.house.what_signatory()
    named = {
        "tax_id": place.tax_id_name,
        "vat_number": place.vat_number_name,
        "registration_number": place.registration_name,
    }
    return words.house.what_tax_id(named[name] or words.house.registration_number())


def _keep(desk: Desk, changes: Mapping[str, Plain], proved: str) -> bool:
    with stepping.proved(proved):
        desk.may(BUSINESS_UPDATE, lambda: identity.update_business(desk.business_id, **changes))
    return True
