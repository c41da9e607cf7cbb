"""A chat line as a bubble: text, file, buttons, rows, ticks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from hesabu.sandbox.page.markup import Html, el
from hesabu.sandbox.page.words import chat_text, clock_time, day_name, day_of, size_words
from hesabu.sandbox.whatsapp.chats import Chat, Line

TICKS = {"sent": ("✓", "sent"), "delivered": ("✓✓", "heard"), "read": ("✓✓", "read")}


def bubbles(chat: Chat, form: str, now: float) -> Iterator[Html]:
    """All lines of a chat, with a heading where a day begins. Each has a key and a version."""
    day, today = None, day_of(now)
    for line in chat.lines:
        if day_of(line.at) != day:
            day = day_of(line.at)
            name = day_name(day, today)
            yield el("p", name, cls="day", data_key=f"day-{day}", data_version=name)
        yield _bubble(chat, line, form)


def _bubble(chat: Chat, line: Line, form: str) -> Html:
    arrived = line.is_mine or line.is_marked("delivered") or line.is_marked("read")
    version = hashlib.sha256(
        json.dumps([line.shown, line.type, arrived, line.status == "failed"]).encode()
    ).hexdigest()[:12]
    speaker = "You said" if line.is_mine else f"{chat.number.name} said"
    kind = "me" if line.is_mine else ""
    state = "" if arrived else "failed" if line.status == "failed" else "waiting"
    inner = el(
        "div",
        el("span", speaker, ": ", cls="unseen"),
        _quote(chat, line),
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
        _choices(line, form) if arrived else None,
        cls=f"turn {kind}".strip(),
        data_key=line.id,
        data_version=version,
    )


def _quote(chat: Chat, line: Line) -> Html | None:
    about = chat.line(line.context_id) if line.context_id else None
    if about is None or line.type in ("interactive", "button"):
        return None
    return el("blockquote", str(about.shown.get("text", ""))[:120])


def _file(file: dict[str, Any] | None) -> Html | None:
    if not file:
        return None
    if "id" not in file:
        return el("p", "Fetching ", file["link"], cls="text")
    href = f"/control/media/{file['id']}"
    if file["kind"] in ("image", "sticker"):
        picture = el("img", src=href, alt=file["filename"] or "a picture", loading="lazy")
        return el("a", picture, href=href, target="_blank", rel="noopener", cls="picture")
    if file["kind"] == "audio":
        return el("audio", controls=True, src=href, aria_label="a voice message")
    extension = file["filename"].rsplit(".", 1)[-1][:4].upper() if "." in file["filename"] else "•"
    return el(
        "a",
        el("span", extension, cls="kind", aria_hidden="true"),
        el("span", el("b", file["filename"]), el("small", size_words(file["bytes"]))),
        href=href,
        target="_blank",
        rel="noopener",
        cls="doc",
    )


def _location(location: dict[str, Any] | None) -> Html | None:
    if not location:
        return None
    name = location.get("name") or "A place"
    return el("p", f"📍 {name} ({location['latitude']}, {location['longitude']})", cls="text")


def _meta(line: Line) -> Html:
    """What changes after the bubble is there: the page refreshes this part alone."""
    reactions = " ".join(emoji for emoji in line.reactions.values() if emoji)
    parts: list[Html | str] = [clock_time(line.at)]
    if line.is_mine:
        ticks, words = TICKS.get(line.status, ("", ""))
        parts.append(el("span", ticks, cls=f"ticks {words}", aria_hidden="true"))
        parts.append(el("span", words, cls="unseen"))
    elif line.status == "failed":
        error = line.marks[-1].error or {}
        parts.insert(0, f"Never arrived: {error['error_data']['details']} ({error['code']}) ")
    elif line.status in ("", "sent"):
        parts.insert(0, "Waiting for the phone ")
    if reactions:
        parts.append(el("span", reactions, cls="reactions"))
    return el("span", parts, cls="meta", data_part="meta")


def _choices(line: Line, form: str) -> Html | None:
    shown = line.shown
    taps = [(reply["id"], reply["title"]) for reply in shown.get("buttons", ())]
    taps += [(reply["payload"], reply["text"]) for reply in shown.get("replies", ())]
    choices: list[Html] = [_tap(form, "tap", line.id, key, title) for key, title in taps]
    if shown.get("url"):
        choices.append(
            el(
                "a",
                shown["url"]["title"],
                " ↗",
                href=shown["url"]["url"],
                target="_blank",
                rel="noopener",
            )
        )
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
