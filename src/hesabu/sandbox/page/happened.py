"""Beside the phones: what went over the wire, newest first, each entry opening onto its raw words."""

from __future__ import annotations

import json

from hesabu.sandbox.journal import Entry
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.panels import PROVIDERS, panel
from hesabu.sandbox.page.words import clock_time
from hesabu.sandbox.world import World

LOG_SHOWN = 60


def happened(world: World) -> Html:
    entries = [_entry(entry) for entry in reversed(world.journal.latest(LOG_SHOWN))]
    return panel(
        "Over the wire",
        el(
            "p",
            "Every request and webhook between the product and the world, newest first. ",
            el("a", "All of it as JSON", href="/control/log"),
            cls="note",
        ),
        el("div", entries, cls="log", data_live="log"),
        is_open=False,
    )


def _entry(entry: Entry) -> Html:
    is_unanswered = bool(entry.method) and entry.status is None
    is_bad = entry.fault or is_unanswered or (entry.status or 200) >= 400
    state = "bad" if is_bad else ""
    mark = str(entry.status or entry.fault or ("no answer" if is_unanswered else "·"))
    who = PROVIDERS.get(entry.provider, "Person")
    arrow = {"request": "in", "webhook": "out", "act": "", "fault": "fault"}[entry.kind]
    parts: list[Child] = [
        el("dt", "What"),
        el("dd", f"{entry.method} {entry.url}".strip() or entry.summary),
    ]
    for name, text in (
        ("Dial", entry.fault),
        ("Sent", entry.request),
        ("Answered", entry.response),
    ):
        if text:
            parts += [el("dt", name), el("dd", el("pre", _pretty(text), tabindex="0"))]
    summary = el(
        "summary",
        clock_time(entry.at),
        el("span", who, " ", arrow, cls="whence"),
        el("span", _short(entry), cls="what"),
        el("span", mark, cls=f"status {state}"),
    )
    return el("details", summary, el("dl", parts), data_key=f"log-{entry.seq}", data_version="1")


def _short(entry: Entry) -> str:
    words = entry.summary
    if entry.attempt > 1:
        words += f" (attempt {entry.attempt})"
    return words


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
