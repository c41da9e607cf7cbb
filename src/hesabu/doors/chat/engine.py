"""The engine of conversations: it replays a flow over what was said so far, and goes on from there. It knows no rooms.

A flow is a plain generator that reads like the conversation:

    @flow("new_invoice", version=1)
    def new_invoice(chat, given):
        customer = yield chat.ask("customer", "Who is it for?", reads=a_customer)
        draft_id = yield chat.act("draft", lambda: draft(customer, ...))
        yield chat.say(f"...")

What is kept of it is a *script*: the flow's name and version, what it was begun with, and one line for each step that it
has taken, in order. A message replays the script from its beginning: a step that has a line gets what the line says, and
nothing happens; the first step without one is where the conversation stands. So a conversation survives a restart, a
week's pause and a second server, and an act is done once, because its result is a line.

    begin ──▶ step ──▶ step ──▶ step that waits for an answer          the script so far
                                  │ a message comes: replay, then read it
                                  ├─ not understood ──▶ a hint and the question again; the script stays
                                  └─ understood ──▶ a line more, and on to the next step that waits, or to the end

All that a flow learns from outside comes through `yield`: answers (`ask`), what the rooms say (`look`, which may be done
again) and what the rooms did (`act`, which may not). A refusal is a line too: it is raised inside the flow, and raised
again by each replay.

A flow that was changed carries another version, or its replay meets a line that does not fit. Then it begins anew and
keeps what still fits: a question of the same name that would take the old answer is not asked again, and an act of the
same name is not done again.

The engine is pure but for the callables that `look` and `act` bring. Whoever calls it runs it in one transaction with
the keeping of the script, so that what was done and the line that says so are committed together.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hesabu.doors.chat.speech import (
    Ask,
    Chat,
    Do,
    Heard,
    Plain,
    Refusal,
    Say,
    Saying,
    Step,
    Steps,
    Unclear,
)
from hesabu.kit.errors import HesabuError

STEPS_MAX = 400
"""A conversation longer than this has lost its way."""


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    version: int
    run: Callable[[Chat, Mapping[str, Plain]], Steps]


FLOWS: dict[str, Flow] = {}


def flow(name: str, *, version: int) -> Callable[[Callable[..., Steps]], Callable[..., Steps]]:
    """Declare a flow. The version is raised whenever a script of before would no longer replay."""

    def declare(run: Callable[..., Steps]) -> Callable[..., Steps]:
        FLOWS[name] = Flow(name, version, run)
        return run

    return declare


# A line of a script: [kind, name, value].
ASKED, SAW, DID, REFUSED, SAID = "asked", "saw", "did", "refused", "said"
Line = Sequence[Plain]


@dataclass(frozen=True, slots=True)
class Script:
    """All that is kept of a conversation in a flow."""

    flow: str
    version: int
    run_id: str
    """Names this run, so that a tap on a question of another one is known."""
    given: Mapping[str, Plain]
    """What it was begun with."""
    lines: tuple[Line, ...] = ()
    kept: Mapping[str, Plain] = field(default_factory=dict)
    """Answers and results of an older version, by "kind:name", for the steps that still ask for them."""


@dataclass(slots=True)
class Turn:
    """What one message led to. `script` is None where the flow has ended."""

    sayings: list[Saying] = field(default_factory=list)
    script: Script | None = None
    waiting: Ask | None = None
    understood: bool = True
    restarted: bool = False
    deed: Plain = None
    """What the flow returned at its end: what it did that can be taken back, or that is worth remembering."""


class _Misfit(Exception):
    """The script has a line that the flow does not come to: it was changed."""


def begin(
    flow: str,
    run_id: str,
    given: Mapping[str, Plain] | None = None,
    kept: Mapping[str, Plain] | None = None,
    perform: Callable[[Callable[[], Plain]], Plain] | None = None,
) -> Turn:
    """Start a flow and run it to its first question."""
    script = Script(flow, FLOWS[flow].version, run_id, dict(given or {}), (), dict(kept or {}))
    return _Run(script, perform).go()


def hear(
    script: Script,
    heard: Heard | None,
    run_id: str,
    perform: Callable[[Callable[[], Plain]], Plain] | None = None,
) -> Turn:
    """Replay, give the answer to the question that waits, and run on to the next. Without an answer the question is put
    again. `run_id` names the new run should the flow begin anew."""
    known = FLOWS.get(script.flow)
    if known is None:
        return Turn(restarted=True)
    if known.version == script.version:
        turn = _Run(script, perform, heard).go_or_misfit()
        if turn is not None:
            return turn
    turn = begin(script.flow, run_id, script.given, kept=_keepable(script), perform=perform)
    turn.restarted = True
    return turn


def undone(script: Script) -> Script | None:
    """The script without its last answer; None where there is none, or something was done since that stays done."""
    for place in range(len(script.lines) - 1, -1, -1):
        kind = script.lines[place][0]
        if kind == ASKED:
            return Script(
                script.flow, script.version, script.run_id, script.given, script.lines[:place]
            )
        if kind == DID:
            return None
    return None


def _keepable(script: Script) -> dict[str, Plain]:
    kept = dict(script.kept)
    kept.update({f"{kind}:{name}": value for kind, name, value in script.lines})
    return {key: value for key, value in kept.items() if key.startswith((f"{ASKED}:", f"{DID}:"))}


class _Run:
    """One message's way through a flow."""

    def __init__(
        self,
        script: Script,
        perform: Callable[[Callable[[], Plain]], Plain] | None,
        heard: Heard | None = None,
    ) -> None:
        self.script = script
        self.heard = heard
        self.lines = list(script.lines)
        self.turn = Turn()
        self.perform = perform or (lambda run: run())

    def go_or_misfit(self) -> Turn | None:
        """None where the flow does not come to what the script says."""
        try:
            return self.go()
        except _Misfit:
            return None

    def go(self) -> Turn:
        steps = FLOWS[self.script.flow].run(Chat(), self.script.given)
        place = 0
        try:
            step = next(steps)
            while True:
                if place >= STEPS_MAX:
                    return Turn(restarted=True)
                if place == len(self.lines):
                    line = self._taken(step)
                    if line is None:
                        return self._waits(step)
                    self.lines.append(line)
                place += 1
                step = self._passed(steps, step, self.lines[place - 1])
        except StopIteration as end:
            if place < len(self.lines):
                raise _Misfit from None
            self.turn.deed = end.value
            return self.turn

    def _taken(self, step: Step) -> Line | None:
        """The line of a step that has none yet; None where it waits for an answer."""
        if isinstance(step, Say):
            self.turn.sayings.append(step.saying)
            return (SAID, "", None)
        if isinstance(step, Do):
            return self._done(step)
        kept = self.script.kept.get(f"{ASKED}:{step.name}")
        if kept is not None and step.fits(kept):
            return (ASKED, step.name, kept)
        return self._answered(step)

    def _done(self, step: Do) -> Line:
        key = f"{DID}:{step.name}"
        if step.is_act and key in self.script.kept:
            return (DID, step.name, self.script.kept[key])
        try:
            result = self.perform(step.run)
        except HesabuError as error:
            said = {"code": error.code, "title": error.title, "hint": error.hint}
            return (REFUSED, step.name, said | {"field": error.field, "more": _plain(error.extra)})
        return (DID if step.is_act else SAW, step.name, result)

    def _answered(self, step: Ask) -> Line | None:
        """One message answers one question."""
        heard, self.heard = self.heard, None
        if heard is None:
            return None
        try:
            answer = step.reads(heard)
        except Unclear as unclear:
            self.turn.understood = False
            if unclear.hint:
                self.turn.sayings.append(Saying(unclear.hint))
            return None
        return (ASKED, step.name, answer)

    def _passed(self, steps: Steps, step: Step, line: Line) -> Step:
        """Give the flow what the line says; its next step."""
        kind, name, value = line
        expected = {Say: (SAID,), Ask: (ASKED,), Do: (SAW, DID, REFUSED)}[type(step)]
        if kind not in expected or name != getattr(step, "name", ""):
            raise _Misfit
        if kind == REFUSED:
            return steps.throw(Refusal(**value))
        return steps.send(copy.deepcopy(value))

    def _waits(self, step: Step) -> Turn:
        if not isinstance(step, Ask):
            raise TypeError("only a question waits")
        self.turn.sayings.append(Saying(step.question, step.options, step.list_title))
        self.turn.waiting = step
        self.turn.script = Script(
            self.script.flow,
            self.script.version,
            self.script.run_id,
            self.script.given,
            tuple(self.lines),
            self.script.kept,
        )
        return self.turn


def _plain(extra: Mapping[str, Any]) -> dict[str, Plain]:
    return {key: value for key, value in extra.items() if isinstance(value, str | int | bool)}
