"""The merchant's side: what a message or a tap means to somebody who stands at the desk of a business.

What is done stands in `acts`, one module for what it is about; here is which words and which taps lead there.
"""

from __future__ import annotations

from collections.abc import Callable

from hesabu.doors.chat import leaves, stepping, whose
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
    twins,
    undoing,
)
from hesabu.doors.chat.acts.drafting import begin_invoice
from hesabu.doors.chat.acts.money import payment_given
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.understanding import understood
from hesabu.doors.chat.visit import Visit
from hesabu.identity.permissions import Declared

__all__ = ["COMMANDS", "begin_invoice", "command", "hear", "payment_given", "tap"]

ACTS = (
    drafting,
    changing,
    looking,
    reminding,
    resending,
    papers,
    taking_back,
    twins,
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
    """Answer what a merchant wrote outside of any flow; False where nothing was understood. Of somebody's
    several businesses it is the one that is meant, or they are asked (`whose`)."""
    act = INTENTS.get(said.intent)
    if act is None:
        return said.intent is Intent.UNKNOWN and selling.price_said(visit, desk)
    leave = leaves.INTENTS.get(said.intent)
    there = whose.desk_meant(visit, desk, said, leave)
    if there is None:
        whose.ask(visit)
        return True
    there.require(leave)
    if isinstance(leave, Declared):
        whose.use(visit, there)
    act(visit, there, said)
    return True


def tap(visit: Visit, desk: Desk, tapped: Tap) -> bool:
    """Answer a tap at that desk; False for one that is none of the merchant's."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    desk.require(leaves.TAPS.get(tapped.verb))
    asks_first = tapped.verb in leaves.STEP_TAPS - leaves.ASK_THEMSELVES
    if asks_first and not stepping.is_stepped_up():
        stepping.ask(visit, desk, tapped)
        return True
    whose.use(visit, desk)
    act(visit, desk, tapped)
    return True


stepping.takes_taps(tap)


def command(visit: Visit, desk: Desk, text: str) -> bool:
    """Answer a short word of our own; False for any other."""
    act = COMMANDS.get(text)
    if act is None:
        return False
    leave = leaves.COMMANDS.get(text)
    there = whose.desk_meant(visit, desk, Understood(Intent.UNKNOWN), leave)
    if there is None:
        whose.ask(visit)
        return True
    there.require(leave)
    act(visit, there)
    return True


def hear_again(visit: Visit) -> None:
    """Their words, now that it is known for which business."""
    desk = visit.desk
    if desk is not None and not command(visit, desk, visit.plain_words()):
        hear(visit, desk, understood(visit))


whose.hears_again(hear_again)
