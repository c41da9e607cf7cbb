"""The mail box on a phone: newest first, each opening onto its words and its files."""

from __future__ import annotations

from hesabu.sandbox.mail.boxes import Mail, bare
from hesabu.sandbox.page.files import document
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import clock_time, linked
from hesabu.sandbox.people import Person
from hesabu.sandbox.world import World


def mail(world: World, person: Person) -> Html:
    mails = list(reversed(world.mail.of(person.email)))
    shown: list[Child] = [_one(each) for each in mails]
    if not shown:
        shown = [_empty(person)]
    where = None
    if not person.on_whatsapp:
        where = el("p", f"{person.first_name} reads this on a computer.", cls="note where")
    return el(
        "div",
        where,
        el(
            "div",
            shown,
            cls="mails",
            tabindex="0",
            role="region",
            aria_label=f"Mail of {person.name}",
            data_live="mail",
        ),
        cls="mail",
    )


def _empty(person: Person) -> Html:
    words = (
        f"No mail for {person.email}. Bills come here when neither WhatsApp nor SMS gets through."
    )
    if not person.email:
        words = f"{person.first_name} has no address. Give one under People."
    return el("div", el("p", words), cls="empty", data_key="empty", data_version=words)


def _one(letter: Mail) -> Html:
    summary = el(
        "summary",
        el("span", _name_of(letter.sender), cls="from"),
        clock_time(letter.at),
        el("b", letter.subject or "(no subject)", cls="subject"),
        el("span", _dot(letter), data_part="unread"),
    )
    body = el(
        "div",
        el(
            "p",
            f"From {letter.sender}",
            el("br"),
            f"To {letter.to}",
            cls="note",
        ),
        el("p", linked(letter.words), cls="words"),
        _files(letter),
        el("div", _acts(letter), cls="mail-acts", data_part="acts"),
        cls="body",
    )
    return el(
        "details",
        summary,
        body,
        cls="letter",
        data_key=letter.id,
        data_version="1",
        data_mail=letter.id,
    )


def _name_of(sender: str) -> str:
    name = sender.replace(f"<{bare(sender)}>", "").strip().strip('"')
    return name if name and "<" not in name else sender


def _dot(letter: Mail) -> Html | None:
    if letter.is_opened:
        return None
    return el("span", el("span", "unread", cls="unseen"), cls="dot")


def _files(letter: Mail) -> Html | None:
    files = [
        document(
            f"/control/mail/{letter.id}/attachments/{ordinal}",
            each.filename,
            len(each.content),
            each.mime_type,
        )
        for ordinal, each in enumerate(letter.attachments)
        if not each.content_id
    ]
    return el("div", files, cls="files") if files else None


def _acts(letter: Mail) -> list[Child]:
    shown: list[Child] = []
    if letter.html:
        link = f"/control/mail/{letter.id}/html"
        shown.append(el("a", "As it was drawn ↗", href=link, target="_blank", rel="noopener"))
    if not letter.is_opened:
        shown.append(_act(letter, "open", "Mark as read", cls="plain-only"))
    if letter.is_unsubscribed:
        shown.append(el("span", "Unsubscribed", cls="chip"))
    else:
        shown.append(_act(letter, "unsubscribe", "Unsubscribe"))
    if letter.is_spam:
        shown.append(el("span", "Marked as spam", cls="chip"))
    else:
        shown.append(_act(letter, "spam", "This is spam"))
    return shown


def _act(letter: Mail, act: str, words: str, *, cls: str | None = None) -> Html:
    return el(
        "form",
        el("input", type="hidden", name="mail", value=letter.id),
        el("button", words, name="do", value=act, cls="quiet"),
        action="/act/mail",
        method="post",
        cls=cls,
    )
