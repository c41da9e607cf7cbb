"""A chat line as a bubble: what it quotes, its text and file, its buttons, ticks and reactions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hesabu.sandbox.page import signs
from hesabu.sandbox.page.files import document, picture
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import chat_text, clock_time, day_name, day_of
from hesabu.sandbox.whatsapp.chats import Chat, Line

QUOTED_MAX = 120
REACTIONS = (("👍", "thumbs up"), ("❤️", "heart"), ("🙏", "thanks"))
KINDS = {
    "image": "Photo",
    "video": "Video",
    "audio": "Voice message",
    "document": "Document",
    "location": "Location",
}


def bubbles(chat: Chat, form: str, now: float) -> Iterator[Html]:
    """All lines of a chat, with a heading where a day begins. Each has a key and a version."""
    day, today = None, day_of(now)
    for line in chat.lines:
        if day_of(line.at) != day:
            day = day_of(line.at)
            name = day_name(day, today)
            yield el("p", name, cls="day", data_key=f"day-{day}", data_version=name)
        yield _turn(chat, line, form)
    if chat.typing_until > now:
        words = el("span", f"{chat.number.name} is typing", cls="unseen")
        bubble = el("div", signs.DOTS, words, cls="bubble")
        yield el("div", bubble, cls="turn typing", data_key="typing", data_version="typing")


def has_arrived(line: Line) -> bool:
    return line.is_mine or line.is_marked("delivered") or line.is_marked("read")


def _turn(chat: Chat, line: Line, form: str) -> Html:
    arrived = has_arrived(line)
    kind = "me" if line.is_mine else ""
    state = "" if arrived else "failed" if line.status == "failed" else "waiting"
    speaker = "You said" if line.is_mine else f"{chat.number.name} said"
    inner = el(
        "div",
        el("span", speaker, ": ", cls="unseen"),
        _quote(chat, line, form),
        _file(line.shown.get("file")),
        el("b", line.shown["header"], cls="title") if line.shown.get("header") else None,
        el("p", chat_text(line.shown["text"]), cls="text") if line.shown.get("text") else None,
        _location(line.shown.get("location")),
        el("small", line.shown["footer"]) if line.shown.get("footer") else None,
        _meta(line),
        cls=" ".join(filter(None, ("bubble", kind, state))),
    )
    return el(
        "div",
        inner,
        _reactions(line),
        _choices(line, form) if arrived else None,
        _acts(line, form) if arrived else None,
        cls=f"turn {kind}".strip(),
        id=_place(form, line.id),
        data_key=line.id,
        data_version=_version(line, arrived=arrived),
    )


def _place(form: str, line_id: str) -> str:
    return f"{form}-{line_id}"


def _version(line: Line, *, arrived: bool) -> str:
    """Changes when the bubble must be drawn anew; ticks and reactions are refreshed in place."""
    drawn = json.dumps([line.shown, line.type, arrived, line.status == "failed"])
    return hashlib.sha256(drawn.encode()).hexdigest()[:12]


def gist(line: Line) -> str:
    """A line in few words, as a quote shows it."""
    file = line.shown.get("file") or {}
    text = str(line.shown.get("text") or "")
    name = KINDS.get(line.type, "") or (KINDS["document"] if file else "")
    if file.get("kind") == "document" or line.type == "template":
        name = str(file.get("filename") or name)
    words = " · ".join(filter(None, (name if file or not text else "", text)))
    return words[:QUOTED_MAX] + ("…" if len(words) > QUOTED_MAX else "")


def _quote(chat: Chat, line: Line, form: str) -> Html | None:
    about = chat.line(line.context_id) if line.context_id else None
    if about is None or line.type in ("interactive", "button"):
        return None
    who = "You" if about.is_mine else chat.number.name
    return el(
        "a",
        el("b", who),
        el("span", chat_text(gist(about).replace("\n", " "))),
        href=f"#{quote(_place(form, about.id))}",
        cls="quote mine" if about.is_mine else "quote",
    )


def _file(file: dict[str, Any] | None) -> Html | None:
    if not file:
        return None
    if "id" not in file:
        return el("p", "Fetching ", file["link"], cls="text")
    href = f"/control/media/{file['id']}"
    if file["kind"] in ("image", "sticker"):
        return picture(href, file["filename"])
    if file["kind"] == "audio":
        return el("audio", controls=True, src=href, aria_label="a voice message")
    return document(href, file["filename"], file["bytes"], file["mime_type"])


def _location(location: dict[str, Any] | None) -> Html | None:
    if not location:
        return None
    name = location.get("name") or "A place"
    return el("p", f"📍 {name} ({location['latitude']}, {location['longitude']})", cls="text")


def _meta(line: Line) -> Html:
    """What changes after the bubble is there: the page refreshes this part alone."""
    parts: list[Child] = [clock_time(line.at)]
    if line.is_mine:
        parts.append(signs.ticks(line.status))
    elif line.status == "failed":
        error = line.marks[-1].error or {}
        parts.insert(0, f"Never arrived: {error['error_data']['details']} ({error['code']}) ")
    elif line.status in ("", "sent"):
        parts.insert(0, "Waiting for the phone ")
    return el("span", parts, cls="meta", data_part="meta")


def _reactions(line: Line) -> Html:
    emoji = [each for each in line.reactions.values() if each]
    inner = el("span", " ".join(emoji), cls="pill", title="Reactions") if emoji else None
    return el("div", inner, cls="reactions", data_part="reactions")


def _acts(line: Line, form: str) -> Html:
    """Behind three dots: quote it, react to it, look at what it set off inside."""
    about = gist(line)[:40] or line.type
    reply = el(
        "button",
        signs.REPLY,
        "Reply",
        form=form,
        name="reply_to",
        value=line.id,
        data_reply=gist(line),
        data_speaker="You" if line.is_mine else "",
    )
    reactions = [
        el(
            "button",
            el("span", emoji, aria_hidden="true"),
            el("span", f"React with {name}", cls="unseen"),
            form=form,
            name="react",
            value=f"{line.id}|{emoji}",
        )
        for emoji, name in REACTIONS
    ]
    inside = el(
        "a", signs.INSIDE, "Inside", href=f"/?inside={quote(line.id)}#inside", data_inside=line.id
    )
    summary = el(
        "summary",
        el("span", "⋯", aria_hidden="true"),
        el("span", f"What to do with: {about}", cls="unseen"),
    )
    return el("details", summary, el("div", reply, reactions, inside), cls="acts-of")


def _choices(line: Line, form: str) -> Html | None:
    shown = line.shown
    taps = [(reply["id"], reply["title"]) for reply in shown.get("buttons", ())]
    taps += [(reply["payload"], reply["text"]) for reply in shown.get("replies", ())]
    choices: list[Html] = [_tap(form, "tap", line.id, key, title) for key, title in taps]
    if shown.get("url"):
        title, url = shown["url"]["title"], shown["url"]["url"]
        choices.append(el("a", title, " ↗", href=url, target="_blank", rel="noopener"))
    if choices:
        return el("div", choices, cls="replies")
    if shown.get("list"):
        return _rows(line, form)
    if shown.get("asks_location"):
        button = el("button", "Send location", form=form, name="location", value="here")
        return el("div", button, cls="replies")
    return None


def _rows(line: Line, form: str) -> Html:
    rows = []
    for section in line.shown["list"]["sections"]:
        if section.get("title"):
            rows.append(el("p", section["title"], cls="section"))
        for row in section["rows"]:
            more = el("small", row["description"]) if row.get("description") else None
            rows.append(_tap(form, "choose", line.id, row["id"], row["title"], more))
    name = line.shown["list"]["button"]
    return el("details", el("summary", "☰ ", name), el("div", rows, cls="rows"), cls="menu")


def _tap(
    form: str, name: str, line_id: str, key: str, title: str, more: Html | None = None
) -> Html:
    return el("button", el("span", title), more, form=form, name=name, value=f"{line_id}|{key}")
