"""Text as a phone shows it: WhatsApp's marks for bold and the like, links, times, amounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from hesabu.sandbox.daraja.wire import moment
from hesabu.sandbox.page.markup import Child, Html, el, joined
from hesabu.sandbox.people import as_local

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'*_~]")
MARKS = (
    (re.compile(r"```(.+?)```", re.DOTALL), "code"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "b"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "i"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)


def chat_text(text: str) -> Html:
    """Links first, so that an underscore in an address stays one."""
    return _linked(text, _marked)


def linked(text: str) -> Html:
    """Text in which only addresses mean something, as in SMS and mail."""
    return _linked(text, joined)


def _linked(text: str, between: Callable[[str], Html]) -> Html:
    pieces: list[Child] = []
    at = 0
    for link in LINK.finditer(text):
        pieces.append(between(text[at : link.start()]))
        pieces.append(el("a", link[0], href=link[0], target="_blank", rel="noopener noreferrer"))
        at = link.end()
    pieces.append(between(text[at:]))
    return joined(pieces)


def _marked(text: str, depth: int = 0) -> Html:
    for pattern, tag in MARKS[depth:]:
        found = pattern.search(text)
        if found:
            before, after = text[: found.start()], text[found.end() :]
            inner = found[1] if tag == "code" else _marked(found[1], depth)
            return joined([_marked(before, depth), el(tag, inner), _marked(after, depth)])
    return joined(text)


def clock_time(at: float) -> Html:
    then = moment(at)
    return el("time", f"{then:%H:%M}", datetime=then.isoformat(timespec="seconds"))


def day_name(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if (today - day).days == 1:
        return "Yesterday"
    return f"{day:%A} {day.day} {day:%B %Y}"


def day_of(at: float) -> date:
    then: datetime = moment(at)
    return then.date()


def number_words(msisdn: str) -> str:
    """0712 345 678 for a Kenyan number, +… for others."""
    local = as_local(msisdn)
    if local.startswith("0") and len(local) == 10:
        return f"{local[:4]} {local[4:7]} {local[7:]}"
    return f"+{msisdn}"


def kes(cents: int) -> str:
    return f"KES {cents // 100:,}.{cents % 100:02d}"


def size_words(count: int) -> str:
    return f"{max(1, round(count / 1024))} kB" if count < 1024**2 else f"{count / 1024**2:.1f} MB"
