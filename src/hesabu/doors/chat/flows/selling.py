"""Keeping what is sold: its name and its price."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hesabu.doors.chat import proof, readings, stepping, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.proving import prove_it_is_you
from hesabu.doors.chat.memory import Deed
from hesabu.doors.chat.speech import Chat, Plain, Refusal, Steps
from hesabu.doors.chat.words import stepping as steps
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import HABIT_KEEP, ITEM_KEEP
from hesabu.kit.money import Money


@flow("keep_item", version=2)
def keep_item(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the country and currency, and the name and the price where they were said."""
    desk, currency = desk_of(given), given["currency"]
    name, price = given["name"], given["price"]
    if not name:
        name = yield chat.ask(
            "name", words.selling.what_is_sold(), reads=readings.some_words, takes_anything=True
        )
    for turn in range(3):
        if not price:
            reads = readings.an_amount(given["country"], currency)
            price = yield chat.ask(f"price{turn}", words.selling.what_price(name), reads=reads)
        proved = yield from _proved_for_price(chat, desk, name, price, currency, turn)
        if proved is None:
            return None
        try:
            deed = yield chat.act(
                f"keep{turn}", partial(_kept, desk, name, price, currency, proved)
            )
        except Refusal as refusal:
            yield chat.say(refusal.said)
            price = None
            continue
        yield chat.say(words.selling.item_kept(name, Money.parse(price, currency)))
        return deed
    return None


def _proved_for_price(
    chat: Chat, desk: Desk, name: str, price: str, currency: str, turn: int
) -> Steps:
    """What is new is kept without the PIN, another price is not. None: it was not given."""
    asks = yield chat.look(f"asks{turn}", partial(_asks_for_pin, desk, name, price, currency))
    if not asks:
        return ""
    return (yield from prove_it_is_you(chat, desk, steps.ask_pin_at_till())) or None


def _asks_for_pin(desk: Desk, name: str, price: str, currency: str) -> bool:
    with desk.open():
        known = invoices.item_named(name)
    is_same = known is None or known.unit_price == Money.parse(price, currency)
    return not is_same and stepping.asks_for(desk, None)


def _kept(desk: Desk, name: str, price: str, currency: str, proved: str) -> Plain:
    """The deed, with how it was before."""
    proof.need()
    to = Money.parse(price, currency)
    with desk.open():
        known = invoices.item_named(name)
    is_same = known is None or known.unit_price == to
    with stepping.proved(proved):
        item_id = desk.may(
            ITEM_KEEP,
            lambda: invoicing.keep_item(
                known.name if known else name, to, known.tax_code if known else None
            ),
            settles=Money.zero(to.currency) if is_same else None,
        )
    before = None
    if known is not None:
        amount = known.unit_price
        before = [known.name, amount.minor, amount.currency, known.tax_code]
    return {
        "verb": "item",
        "business": desk.business_id.hex,
        "subject": item_id.hex,
        "before": before,
    }


@flow("item_as_before", version=1)
def item_as_before(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, and the deed that is taken back: what is sold gets its price of before."""
    desk, deed = desk_of(given), Deed.of(given["deed"])
    proved = yield from prove_it_is_you(chat, desk, steps.ask_pin_at_till())
    if not proved:
        return
    try:
        said = yield chat.act("put back", lambda: put_as_before(desk, deed, proved))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say(said)


def put_as_before(desk: Desk, deed: Deed, proved: str = "") -> str:
    """In words."""
    name, minor, currency, tax_code = deed.before
    price = Money(minor, currency)
    with stepping.proved(proved):
        desk.may(ITEM_KEEP, partial(invoicing.keep_item, name, price, tax_code))
    return words.selling.item_kept(name, price)


@flow("set_habit", version=1)
def set_habit(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the habit's name. What it may be set to is the room's to say."""
    desk, name = desk_of(given), given["habit"]
    usual = yield chat.look("usual", lambda: _usual(desk, name))
    for turn in range(3):
        to = yield chat.ask(
            f"to{turn}",
            words.house.set_to_what(usual["title"], usual["says"], usual["example"]),
            reads=readings.some_value,
            takes_anything=True,
        )
        try:
            says = yield chat.act(f"keep{turn}", partial(_set, desk, name, to))
        except Refusal as refusal:
            yield chat.say(refusal.said)
            continue
        yield chat.say(words.house.one_habit(usual["title"], says))
        return


def _usual(desk: Desk, name: str) -> Plain:
    with desk.open():
        habit = invoices.habit(name)
    example = ", ".join(habit.choices) or habit.usual
    return {"title": habit.title, "says": habit.says, "example": example}


def _set(desk: Desk, name: str, to: str) -> str:
    desk.may(HABIT_KEEP, lambda: invoicing.keep_habit(name, to))
    with desk.open():
        return invoices.habit(name).says
