"""The merchant's side: what a message or a tap means to somebody who stands at the desk of a business.

What is done stands in `acts`, one module for what it is about; here is which words and which taps lead there.
"""

from __future__ import annotations

from collections.abc import Callable

from hesabu.doors.chat import leaves
from hesabu.doors.chat.acts import (
    approving,
    changing,
    drafting,
    house,
    looking,
    money,
    papers,
    parts,
    reminding,
    resending,
    selling,
    support,
    taking_back,
    undoing,
)
from hesabu.doors.chat.acts.drafting import begin_invoice
from hesabu.doors.chat.acts.money import payment_given
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit

__all__ = ["COMMANDS", "begin_invoice", "command", "hear", "payment_given", "tap"]

ACTS = (
    drafting,
    changing,
    looking,
    reminding,
    resending,
    papers,
    taking_back,
    undoing,
    money,
    parts,
    selling,
    house,
    approving,
    support,
)
INTENTS: dict[Intent, Callable[[Visit, Desk, Understood], None]] = {
    intent: act for module in ACTS for intent, act in getattr(module, "INTENTS", {}).items()
}
TAPS: dict[str, Callable[[Visit, Desk, Tap], None]] = {
    verb: act for module in ACTS for verb, act in module.TAPS.items()
}
COMMANDS: dict[str, Callable[[Visit, Desk], None]] = {
    **looking.COMMANDS,
    **money.COMMANDS,
    **house.COMMANDS,
}
"""Short words of our own that the grammar does not know."""


def hear(visit: Visit, desk: Desk, said: Understood) -> bool:
    """Answer what a merchant wrote outside of any flow; False where nothing was understood. Somebody with several businesses
    speaks for the one whose message they quote."""
    act = INTENTS.get(said.intent)
    if act is None:
        return said.intent is Intent.UNKNOWN and selling.price_said(visit, desk)
    quoted = visit.quoted()
    there = (quoted and visit.desk_at(quoted.business_id)) or desk
    there.require(leaves.INTENTS.get(said.intent))
    act(visit, there, said)
    return True


def tap(visit: Visit, desk: Desk, tapped: Tap) -> bool:
    """Answer a tap at that desk; False for one that is none of the merchant's."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    desk.require(leaves.TAPS.get(tapped.verb))
    act(visit, desk, tapped)
    return True


def command(visit: Visit, desk: Desk, text: str) -> bool:
    """Answer a short word of our own; False for any other."""
    act = COMMANDS.get(text)
    if act is None:
        return False
    desk.require(leaves.COMMANDS.get(text))
    act(visit, desk)
    return True
