"""Leaves: what each thing that can be said or tapped here needs.

Either a permission, asked for before the act begins, so that nobody is led through ten questions to a refusal; or the reason
why it needs none. What an act leads to asks for its own besides. A word or a tap that is missing here is refused, and a
test fails on it.
"""

from __future__ import annotations

from enum import StrEnum

from hesabu.doors.chat.grammar.types import Intent
from hesabu.identity.permissions import (
    BUSINESS_READ,
    BUSINESS_UPDATE,
    MEMBER_READ,
    SUPPORT_ALLOW,
    Declared,
    declared,
)
from hesabu.invoicing.permissions import (
    CUSTOMER_KEEP,
    CUSTOMER_READ,
    HABIT_KEEP,
    INVOICE_CREDIT,
    INVOICE_DRAFT,
    INVOICE_ISSUE,
    INVOICE_READ,
    INVOICE_SEND,
    INVOICE_VOID,
    ITEM_KEEP,
    ITEM_READ,
    PROMISE_KEEP,
)
from hesabu.payments.permissions import (
    PAYMENT_ACCOUNT_CHANGE,
    PAYMENT_ACCOUNT_STOP,
    PAYMENT_CLAIM,
    PAYMENT_COLLECT,
    PAYMENT_CONFIRM,
    PAYMENT_PLACE,
    PAYMENT_READ,
    PAYMENT_RECORD,
)

Leave = Declared | str

DETAILS = (
    "business details",
    "business settings",
    "change business name",
    "change my business name",
    "change business address",
    "change my business address",
    "change my address",
    "change my logo",
    "maelezo ya biashara",
    "badilisha jina la biashara",
    "badilisha anwani ya biashara",
    "badilisha nembo",
)
"""Words for what stands on papers: it is changed on a page."""

_TALK = "courtesy: nothing is done and nothing of the business is told"
_ASKED = "asks first; the tap that does it needs its own"
_OWN = "about the person or the contact alone"
_STAYS = "leaves everything as it is"

INTENTS: dict[Intent, Leave] = {
    Intent.INVOICE: INVOICE_DRAFT,
    Intent.REPEAT: INVOICE_DRAFT,
    Intent.CHANGE: INVOICE_DRAFT,
    Intent.WHO_OWES: INVOICE_READ,
    Intent.LIST: INVOICE_READ,
    Intent.STATUS: INVOICE_READ,
    Intent.VIEW: INVOICE_READ,
    Intent.SUMMARY: INVOICE_READ,
    Intent.PRODUCTS: ITEM_READ,
    Intent.PAID: PAYMENT_RECORD,
    Intent.HAVE_PAID: PAYMENT_RECORD,
    Intent.REMIND: INVOICE_SEND,
    Intent.RESEND: INVOICE_SEND,
    Intent.VOID: _ASKED,
    Intent.CANCEL: _ASKED,
    Intent.UNDO: "takes back what the same person did; each way back needs what the deed needed",
    Intent.PAYMENT_SETUP: PAYMENT_ACCOUNT_CHANGE,
    Intent.SETTINGS: BUSINESS_READ,
    Intent.MENU: _TALK,
    Intent.HELP: _TALK,
    Intent.GREETING: _TALK,
    Intent.THANKS: _TALK,
    Intent.LANGUAGE: _OWN,
    Intent.STOP: _OWN,
    Intent.START: _OWN,
    Intent.YES: "stands for a tap that was offered",
    Intent.NO: "stands for a tap that was offered",
    Intent.NUMBER: "stands for a tap or an option that was offered",
    Intent.SKIP: "an answer inside a flow",
    Intent.DONE: "an answer inside a flow; of a customer, see below",
    Intent.PROMISE: "a customer's word; a merchant's is not understood",
    Intent.PAY: INVOICE_READ,
    Intent.I_OWE: INVOICE_READ,
    Intent.EXPENSE: _TALK,
    Intent.WRONG_AMOUNT: "a customer's word; a merchant's is not understood",
    Intent.CALL_ME: "a customer's word; a merchant's is not understood",
    Intent.UNKNOWN: "not understood: a hint and the menu",
}
"""What a merchant says, at their desk."""

CUSTOMERS_INTENTS: dict[Intent, Leave] = {
    Intent.PAY: PAYMENT_COLLECT,
    Intent.VIEW: INVOICE_READ,
    Intent.STATUS: INVOICE_READ,
    Intent.HAVE_PAID: PAYMENT_CLAIM,
    Intent.PAID: PAYMENT_CLAIM,
    Intent.DONE: PAYMENT_CLAIM,
    Intent.PROMISE: PROMISE_KEEP,
    Intent.WRONG_AMOUNT: "their words are passed on",
    Intent.CALL_ME: "their words are passed on",
    Intent.GREETING: _TALK,
    Intent.THANKS: _TALK,
    Intent.HELP: _TALK,
    Intent.MENU: _TALK,
    Intent.I_OWE: INVOICE_READ,
}
"""What a customer says, about the bills that they were sent."""

TAPS: dict[str, Leave] = {
    "send": INVOICE_ISSUE,
    "drop": INVOICE_DRAFT,
    "again": INVOICE_DRAFT,
    "new": INVOICE_DRAFT,
    "change": INVOICE_DRAFT,
    "show": INVOICE_READ,
    "more": INVOICE_READ,
    "link": INVOICE_READ,
    "owes": INVOICE_READ,
    "list": INVOICE_READ,
    "summary": INVOICE_READ,
    "remind": INVOICE_SEND,
    "remindall": INVOICE_SEND,
    "resend": INVOICE_SEND,
    "paper": INVOICE_READ,
    "receipt": INVOICE_SEND,
    "sendpart": INVOICE_SEND,
    "takeback": _ASKED,
    "void": INVOICE_VOID,
    "credit": INVOICE_CREDIT,
    "keep": _STAYS,
    "withdraw": PAYMENT_RECORD,
    "confirm": PAYMENT_CONFIRM,
    "reject": PAYMENT_CONFIRM,
    "place": PAYMENT_PLACE,
    "leave": _STAYS,
    "same": PAYMENT_RECORD,
    "apart": PAYMENT_RECORD,
    "settle": PAYMENT_RECORD,
    "items": ITEM_READ,
    "item": ITEM_READ,
    "additem": ITEM_KEEP,
    "reprice": ITEM_KEEP,
    "dropitem": ITEM_KEEP,
    "keepsold": ITEM_KEEP,
    "ways": PAYMENT_ACCOUNT_CHANGE,
    "settings": BUSINESS_READ,
    "pin": _OWN,
    "tillpin": BUSINESS_UPDATE,
    "tax": BUSINESS_UPDATE,
    "details": BUSINESS_UPDATE,
    "help": _TALK,
    "businesses": _OWN,
    "switch": "to a business that they belong to; what they do there is asked there",
    "habits": BUSINESS_READ,
    "habit": BUSINESS_READ,
    "switchhabit": HABIT_KEEP,
    "sethabit": HABIT_KEEP,
    "approve": "what waits says itself who may approve it",
    "refuse": "what waits says itself who may refuse it",
    "stopway": PAYMENT_ACCOUNT_STOP,
    "letlook": SUPPORT_ALLOW,
    "nolook": SUPPORT_ALLOW,
    "amend": INVOICE_DRAFT,
    "right": INVOICE_SEND,
    "willcall": INVOICE_SEND,
}
"""What a merchant taps."""

CUSTOMERS_TAPS: dict[str, Leave] = {
    "pay": PAYMENT_COLLECT,
    "view": INVOICE_READ,
    "said": PAYMENT_CLAIM,
    "bill": INVOICE_READ,
    "passon": "their words are passed on",
}
"""What a customer taps, below a bill."""

EITHER_TAPS: dict[str, Leave] = {
    "pick": "an answer to a question of a flow, whose acts ask for themselves",
    "speak": _OWN,
    "goon": "goes on with a question that was set aside; its flow asks for itself",
    "leaveoff": _STAYS,
    "join": "holds an invitation, which was sent to their number",
    "nojoin": _STAYS,
}
"""What anybody taps."""

COMMANDS: dict[str, Leave] = {
    "summary": INVOICE_READ,
    "today": INVOICE_READ,
    "this week": INVOICE_READ,
    "place": PAYMENT_PLACE,
    "pin": _OWN,
    "my pin": _OWN,
    "set pin": _OWN,
    "change pin": _OWN,
    "pin yangu": _OWN,
    "weka pin": _OWN,
    "badilisha pin": _OWN,
    "lock": _OWN,
    "funga": _OWN,
    "logo": BUSINESS_UPDATE,
    "my logo": BUSINESS_UPDATE,
    "nembo": BUSINESS_UPDATE,
    "nembo yangu": BUSINESS_UPDATE,
    "payment pin": BUSINESS_UPDATE,
    "pin for payments": BUSINESS_UPDATE,
    "pin ya malipo": BUSINESS_UPDATE,
    "vat": BUSINESS_UPDATE,
    "kodi": BUSINESS_UPDATE,
    "usajili wa kodi": BUSINESS_UPDATE,
    "panga": PAYMENT_PLACE,
    "switch": _OWN,
    "biashara nyingine": _OWN,
}
"""Short words of our own."""

COMMANDS |= dict.fromkeys(DETAILS, BUSINESS_UPDATE)


class Bound(StrEnum):
    """How far a chat carries a permission by itself."""

    FREE = "free"  # it creates, sends and asks
    TILL = "till"  # what settles a debt or changes a price: see `till`
    STEP = "step"  # the PIN each time


STEPS: frozenset[str] = frozenset(one.name for one in declared() if one.is_dangerous) | {
    INVOICE_VOID.name,
    INVOICE_CREDIT.name,
}
"""Permissions that a chat alone does not carry: the PIN is asked for, or they are used in a browser. A telephone that lies on
a table creates, sends and asks; it takes nothing back, sends no money elsewhere and lets nobody in."""

BOUNDS: dict[str, Bound] = dict.fromkeys(STEPS, Bound.STEP) | {
    PAYMENT_RECORD.name: Bound.TILL,
    PAYMENT_CONFIRM.name: Bound.TILL,
    PAYMENT_PLACE.name: Bound.TILL,
    ITEM_KEEP.name: Bound.TILL,
    BUSINESS_READ.name: Bound.FREE,
    CUSTOMER_KEEP.name: Bound.FREE,
    CUSTOMER_READ.name: Bound.FREE,
    HABIT_KEEP.name: Bound.FREE,
    INVOICE_DRAFT.name: Bound.FREE,
    INVOICE_ISSUE.name: Bound.FREE,  # in another's place, for less, it asks: `drafting.takes_away`
    INVOICE_READ.name: Bound.FREE,
    INVOICE_SEND.name: Bound.FREE,
    ITEM_READ.name: Bound.FREE,
    MEMBER_READ.name: Bound.FREE,
    PAYMENT_CLAIM.name: Bound.FREE,  # it is the seller who counts it, or does not
    PAYMENT_COLLECT.name: Bound.FREE,  # the money comes, or nothing is counted
    PAYMENT_ACCOUNT_STOP.name: Bound.FREE,  # it leaves money where it went
    PAYMENT_READ.name: Bound.FREE,
    PROMISE_KEEP.name: Bound.FREE,
}
"""How far a chat carries each permission. One that is missing here asks for the PIN each time, and a test fails on it."""

STEP_TAPS: frozenset[str] = frozenset({"withdraw", "approve"}) | {
    verb for verb, leave in TAPS.items() if isinstance(leave, Declared) and leave.name in STEPS
}
"""Taps that ask for the PIN; what takes money back, or answers for a second person, does whatever its leave says."""

WITHOUT_STEP: dict[str, str] = {
    "nolook": "it ends what was allowed, or says no",
    "stopway": "it leaves money where it went",
    "refuse": "it leaves everything as it is",
    "details": "it leads to a page, which asks who is there",
}
"""Taps about what is dangerous that ask for nothing more, and why: whoever is robbed must be quick."""
STEP_TAPS -= WITHOUT_STEP.keys()
ASK_THEMSELVES: frozenset[str] = frozenset(
    {"ways", "tax", "tillpin", "approve", "void", "credit", "withdraw"}
)
"""Those of them that ask by themselves, once it is known that there is something left to do; all others are asked before."""
