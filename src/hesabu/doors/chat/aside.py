"""What was set aside: a conversation that was left for something else, and can be gone on with.

Somebody who is asked "What shall I change?" and writes "remind Jane" wants Jane reminded. That is done, and the question is
not lost. What only shows something is shown, and the question is put again below it. For what asks something itself the
question waits, and once that is answered it is offered: "You were changing INV-0007. Shall we go on?"

    open ──another clear act──▶ aside ──offered once, [Go on]──▶ open
                                  ├─ [Leave it]  it is forgotten; a draft that was made stays a draft
                                  └─ after a day, or beyond `ASIDE_MAX`, the oldest is forgotten

A question about the PIN, or about where money goes, is never set aside: it is dropped, and nothing was changed by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hesabu.doors.chat import engine, taps, words
from hesabu.doors.chat.desk import attempt, desk_of
from hesabu.doors.chat.engine import Script
from hesabu.doors.chat.memory import SetAside
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import InvoiceView
from hesabu.kit import clock, ids
from hesabu.kit.errors import HesabuError
from hesabu.store.tenancy import HOUSE

ASIDE_MAX, KEPT_FOR = 3, timedelta(days=1)

_KEPT = frozenset(
    [
        "new_invoice",
        "change_draft",
        "record_payment",
        "place_money",
        "keep_item",
        "set_habit",
    ]
)
"""Conversations that can be gone on with later: no answer in them proves who somebody is."""
_SHOWS = frozenset(["show", "more", "link", "owes", "list", "summary", "items", "item", "keepsold"])
"""Taps that may stand below an answer without asking anything."""


def put(visit: Visit) -> None:
    """Leave the conversation that is open. One that may not be kept is dropped, and so is a new invoice of which nothing was
    said yet."""
    script, visit.memory.script = visit.memory.script, None
    if script is None or not _is_worth_keeping(script):
        return
    kept = [one for one in visit.memory.set_aside if one.script.run_id != script.run_id]
    visit.memory.set_aside = [*kept, SetAside(script, clock.now())][-ASIDE_MAX:]


def _is_worth_keeping(script: Script) -> bool:
    if script.flow not in _KEPT:
        return False
    is_answered = any(line[0] in (engine.ASKED, engine.DID) for line in script.lines)
    told = script.given.get("told") or {}
    is_told = bool(told.get("lines") or (told.get("customer") or {}).get("name"))
    return script.flow != "new_invoice" or is_answered or is_told


def offer(visit: Visit) -> None:
    """At the end of a message after which nothing else is asked: the newest that was set aside, once."""
    visit.memory.set_aside = [
        one for one in visit.memory.set_aside if clock.now() - one.at < KEPT_FOR
    ]
    waiting = [one for one in visit.memory.set_aside if not one.is_offered]
    if visit.memory.script is not None or not waiting or _asks(visit):
        return
    newest = waiting[-1]
    visit.memory.set_aside = [
        replace(one, is_offered=True) if one is newest else one for one in visit.memory.set_aside
    ]
    go_on, leave = words.talk.go_on_buttons()
    visit.say(
        Saying(
            _described(visit, newest.script),
            (_option("goon", newest.script, go_on), _option("leaveoff", newest.script, leave)),
        )
    )


def _asks(visit: Visit) -> bool:
    """Whether something that was just said waits for an answer."""
    shown = [taps.read(option.id) for saying in visit.said for option in saying.options]
    return any(tapped is not None and tapped.verb not in _SHOWS for tapped in shown)


def _option(verb: str, script: Script, title: str) -> Option:
    return Option(title, taps.written(verb, HOUSE, UUID(script.run_id)))


def tap(visit: Visit, tapped: taps.Tap) -> bool:
    """[Go on] and [Leave it]; False for any other."""
    if tapped.verb not in TAPS:
        return False
    found = _of(visit, tapped)
    if found is None:
        visit.say(words.talk.old_question())
        return True
    visit.memory.set_aside = [one for one in visit.memory.set_aside if one is not found]
    if tapped.verb == "leaveoff":
        visit.say(words.talk.left_off())
        return True
    put(visit)
    visit.memory.script = found.script
    visit.answer(None)
    return True


TAPS = ("goon", "leaveoff")


def _of(visit: Visit, tapped: taps.Tap) -> SetAside | None:
    run_id = tapped.subject_id.hex
    return next((one for one in visit.memory.set_aside if one.script.run_id == run_id), None)


def _described(visit: Visit, script: Script) -> str:
    """What they were doing, in words."""
    if script.flow == "new_invoice":
        told = (script.given["told"].get("customer") or {}).get("name")
        name = told or _answered_name(script)
        return words.talk.were_writing(name) if name else words.talk.were_writing_one()
    view = _invoice_of(script) if script.flow == "change_draft" else None
    if view is not None:
        return words.talk.were_changing(view)
    turn = engine.hear(script, None, ids.new_id().hex, perform=attempt)
    return words.talk.were_asked(turn.waiting.question if turn.waiting else "")


def _answered_name(script: Script) -> str:
    said: list[Any] = [line[2] for line in script.lines if line[0] == engine.ASKED]
    names = [one["name"] for one in said if isinstance(one, dict) and one.get("name")]
    return str(names[0]) if names else ""


def _invoice_of(script: Script) -> InvoiceView | None:
    def look() -> InvoiceView:
        with desk_of(script.given).open():
            return invoices.invoice(UUID(script.given["invoice"]))

    try:
        return attempt(look)
    except HesabuError:
        return None
