"""From which sum on a chat asks for the PIN before money is counted as received."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hesabu.doors.chat import readings, stepping
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.proving import prove_it_is_you
from hesabu.doors.chat.speech import Chat, Option, Plain, Refusal, Steps
from hesabu.doors.chat.words import stepping as steps
from hesabu.identity import actions as identity
from hesabu.identity.permissions import BUSINESS_UPDATE
from hesabu.kit.money import Money

LEVELS = ("always", "above", "never")


@flow("pin_for_payments", version=1)
def pin_for_payments(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the country and the currency."""
    desk, currency = desk_of(given), given["currency"]
    now = yield chat.look("now", lambda: _now(desk))
    options = [
        Option(title, value=level) for level, title in zip(LEVELS, steps.levels(), strict=True)
    ]
    level = yield chat.ask("level", steps.which_level(now), options=options)
    if level == "above":
        reads = readings.an_amount(given["country"], currency)
        amount = yield chat.ask("amount", steps.above_what(), reads=reads)
        level = f"above {Money.parse(amount, currency).minor}"
    proved = yield from prove_it_is_you(chat, desk, steps.ask_pin())
    if not proved:
        return
    try:
        yield chat.act("keep", partial(_keep, desk, level, proved))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say((yield chat.look("then", lambda: _now(desk))))


def _now(desk: Desk) -> str:
    return steps.level_now(desk.business().pin_above)


def _keep(desk: Desk, level: str, proved: str) -> bool:
    def keep() -> None:
        identity.update_business(desk.business_id, pin_for_payments=level)

    with stepping.proved(proved):
        desk.may(BUSINESS_UPDATE, keep)
    return True
