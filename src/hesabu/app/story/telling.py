"""Telling the story: set the stage, play, prove, print."""

from __future__ import annotations

import json
import secrets
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from hesabu.app.story import ALL, CHAT_TO_CASH, stage
from hesabu.app.story.phones import Box, Line, Phone, Waited
from hesabu.app.story.stage import CannotPlay, Stage


class Transcript:
    """What is said, kept and (for people) printed at once."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.lines: list[Line] = []
        self._is_quiet = is_quiet

    def note(self, line: Line) -> None:
        self.lines.append(line)
        self.say(line.said())

    def say(self, text: str = "") -> None:
        if not self._is_quiet:
            print(text, flush=True)

    def plain(self) -> list[dict[str, Any]]:
        return [
            {
                "at": line.at,
                "phone": line.phone,
                "who": line.who,
                "text": line.text,
                "buttons": list(line.buttons),
            }
            for line in self.lines
        ]


def tell(
    story: str,
    *,
    language: str,
    is_here: bool,
    faults: int | None,
    as_json: bool,
    timeout_seconds: int,
) -> int:
    """Play it on that stage; 0 when it ended right, 1 when something is off, 2 when it could not be played."""
    transcript = Transcript(is_quiet=as_json)
    chosen: AbstractContextManager[Stage] = stage.here() if is_here else stage.own()
    began = time.monotonic()
    try:
        with chosen as found:
            if story == CHAT_TO_CASH:
                result = _played(found, transcript, faults, timeout_seconds)
            elif story == ALL:
                result = _all_played(found, transcript, language, timeout_seconds)
            else:
                result = _act_played(found, transcript, story, language, timeout_seconds)
    except CannotPlay as error:
        print(error, file=sys.stderr)
        return 2
    result["took_seconds"] = round(time.monotonic() - began, 1)
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        _print(transcript, result)
    return 0 if result["ok"] else 1


def _met(found: Stage, transcript: Transcript, timeout_seconds: int) -> tuple[Box, list[Phone]]:
    """The sandbox, and the two people with their phones, silent so far."""
    box = Box(found.sandbox_url)
    deadline = time.monotonic() + timeout_seconds
    people = [
        Phone(box, number, name, found.phone_number_id, transcript.note, deadline)
        for name, number in _people(found)
    ]
    _settle(people)
    return box, people


def _played(
    found: Stage, transcript: Transcript, faults: int | None, timeout_seconds: int
) -> dict[str, Any]:
    from hesabu.app.story import proof
    from hesabu.app.story.chat_to_cash import Story

    box, people = _met(found, transcript, timeout_seconds)
    story = Story(people[0], people[1], transcript.note, is_stormy=faults is not None)
    ending = ""
    try:
        if faults is not None:
            box.post("/control/reset", seed=faults)
            _settle(people)
            box.put("/control/dials", preset="storm")
        story.tell()
    except Waited as error:
        ending = str(error)
    finally:
        if faults is not None:
            box.put("/control/dials", preset="calm")
    box.post("/control/quiet", timeout_seconds=20)
    proved = proof.found(story.business_id) if story.business_id else {"faults": ["no business"]}
    off = [*([ending] if ending else []), *proved.pop("faults")]
    return {
        "story": CHAT_TO_CASH,
        "faults_seed": faults,
        "ok": not off,
        "off": off,
        "transcript": transcript.plain(),
        **proved,
    }


def _all_played(
    found: Stage, transcript: Transcript, language: str, timeout_seconds: int
) -> dict[str, Any]:
    """Every act, each with people of its own. The time-out is each one's."""
    from hesabu.app.story.acts import ACTS

    stage_of_many = replace(found, is_empty=False)
    off, checks = [], []
    for name in ACTS:
        transcript.say(f"\n── {name}\n")
        result = _act_played(stage_of_many, transcript, name, language, timeout_seconds)
        off += [f"{name}: {fault}" for fault in result["off"]]
        checks += [f"{name}: {check}" for check in result["checks"]]
    told = {"story": ALL, "language": language, "checks": checks}
    return told | {"ok": not off, "off": off, "transcript": transcript.plain()}


def _act_played(
    found: Stage, transcript: Transcript, story: str, language: str, timeout_seconds: int
) -> dict[str, Any]:
    """One act: its own checks, and sound books."""
    from hesabu.app import verify
    from hesabu.app.story.acts import ACTS
    from hesabu.app.story.script import Scene, Wrong

    box, people = _met(found, transcript, timeout_seconds)
    scene = Scene(people[0], people[1], transcript.note, language)
    off = []
    try:
        scene.signs_up()
        ACTS[story](scene)
    except (Waited, Wrong) as error:
        off.append(str(error))
    box.post("/control/quiet", timeout_seconds=20)
    result: dict[str, Any] = {"story": story, "language": language, "checks": scene.checks}
    if scene.business_id is None:
        off.append("no business")
    else:
        verdict = verify.verify_one(scene.business_id)
        off += [f"verify: {fault}" for fault in verdict.faults]
        result["verify"] = {
            "entries": verdict.entry_count,
            "head": verdict.head,
            "faults": list(verdict.faults),
        }
    return result | {"ok": not off, "off": off, "transcript": transcript.plain()}


def _people(found: Stage) -> list[tuple[str, str]]:
    """Name and number. On a stage that others have played on, numbers that nobody has met yet."""
    people = [("Wanjiku Kamau", "254722000111"), ("Jane Wanjiku", "254712345678")]
    if found.is_empty:
        return people
    return [(name, f"2547{secrets.randbelow(10**8):08}") for name, _ in people]


def _settle(people: list[Phone]) -> None:
    for phone in people:
        box, number = phone.box, phone.number
        box.post("/control/phones", phone=number, name=phone.name, balance_cents=50_000_000)


def _print(transcript: Transcript, result: dict[str, Any]) -> None:
    say = transcript.say
    invoice = result.get("invoice")
    if invoice:
        say()
        say(f"{invoice['number']}  {invoice['state']}  {invoice['total']}  {invoice['customer']}")
        for payment in result["payments"]:
            say(
                f"  {payment['amount']} by {payment['method']}, {payment['receipt'] or 'no receipt'}"
            )
        for line in result["lines"]:
            say(line)
    for check in result.get("checks", ()):
        say(f"✓ {check}")
    verdict = result.get("verify")
    if verdict:
        word = "sound" if not verdict["faults"] else f"{len(verdict['faults'])} faults"
        say(f"\nverify: {verdict['entries']} entries, head {verdict['head'][:16]}, {word}")
    for off in result["off"]:
        say(f"✗ {off}")
    say(
        f"{'The story ended right' if result['ok'] else 'Something is off'} ({result['took_seconds']} s)."
    )
