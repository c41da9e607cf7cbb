"""What fits into a message, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hesabu.messaging.errors import BadContent
from hesabu.messaging.rules.plain import plain_text
from hesabu.messaging.types import (
    Buttons,
    Choices,
    Content,
    Document,
    Kind,
    Letter,
    Template,
    Text,
)

BODY_MAX, TEXT_MAX, CAPTION_MAX, FOOTER_MAX = 1024, 4096, 1024, 60
BUTTON_TITLE_MAX, ROW_TITLE_MAX, ROW_DESCRIPTION_MAX = 20, 24, 72
BUTTON_ID_MAX, ROW_ID_MAX = 256, 200
BUTTONS_MAX, ROWS_MAX = 3, 10


def fit(text: str, most: int) -> str:
    """At most that many letters; what is cut off shows as an ellipsis."""
    text = text.strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def checked(content: Content) -> Content:
    """The content as it will go: words cut to what the provider takes. Raises BadContent for what cannot be cut."""
    if isinstance(content, Text):
        return Text(_said(content.body, TEXT_MAX), content.previews_links)
    if isinstance(content, Buttons):
        return Buttons(
            _said(content.body, BODY_MAX),
            _buttons(content.buttons, least=1),
            content.document,
            content.filename,
            fit(content.footer, FOOTER_MAX),
        )
    if isinstance(content, Choices):
        return Choices(
            _said(content.body, BODY_MAX),
            fit(content.button, BUTTON_TITLE_MAX),
            _rows(content.rows),
            fit(content.footer, FOOTER_MAX),
        )
    if isinstance(content, Document):
        return Document(
            content.file_id,
            fit(content.filename, 240) or "document",
            fit(content.caption, CAPTION_MAX),
            _buttons(content.buttons, least=0),
        )
    if not content.name or not content.language:
        raise BadContent("a template has a name and a language", field="template")
    return content


def _said(body: str, most: int) -> str:
    if not body.strip():
        raise BadContent("there are no words in it", field="body")
    return fit(body, most)


def _buttons(buttons: Sequence[tuple[str, str]], least: int) -> tuple[tuple[str, str], ...]:
    if not least <= len(buttons) <= BUTTONS_MAX:
        raise BadContent(f"{least} to {BUTTONS_MAX} buttons, not {len(buttons)}", field="buttons")
    _require_ids([button_id for button_id, _ in buttons], BUTTON_ID_MAX, "buttons")
    fitted = tuple((button_id, fit(title, BUTTON_TITLE_MAX)) for button_id, title in buttons)
    if len({title for _, title in fitted}) < len(fitted) or not all(t for _, t in fitted):
        raise BadContent("every button has a title of its own", field="buttons")
    return fitted


def _rows(rows: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    if not 1 <= len(rows) <= ROWS_MAX:
        raise BadContent(f"1 to {ROWS_MAX} rows, not {len(rows)}", field="rows")
    _require_ids([row_id for row_id, _, _ in rows], ROW_ID_MAX, "rows")
    return tuple(
        (row_id, fit(title, ROW_TITLE_MAX), fit(description, ROW_DESCRIPTION_MAX))
        for row_id, title, description in rows
    )


def _require_ids(row_ids: Sequence[str], most: int, field: str) -> None:
    if len(set(row_ids)) < len(row_ids):
        raise BadContent("two ids are the same", field=field)
    if any(not one or one != one.strip() or len(one) > most for one in row_ids):
        raise BadContent(f"an id has 1 to {most} letters and no space at its ends", field=field)


KIND_OF: dict[type, Kind] = {
    Text: Kind.TEXT,
    Buttons: Kind.BUTTONS,
    Choices: Kind.CHOICES,
    Document: Kind.DOCUMENT,
    Template: Kind.TEMPLATE,
}


def files_of(content: Content | Letter) -> list[tuple[UUID, str]]:
    """The kept files that travel with it, each with the name it is shown under."""
    if isinstance(content, Letter):
        return list(content.attachments)
    if isinstance(content, Document):
        return [(content.file_id, content.filename)]
    if isinstance(content, Buttons) and content.document:
        return [(content.document, content.filename)]
    if isinstance(content, Template) and content.header_document:
        return [(content.header_document, content.header_filename)]
    return []


def written(content: Content) -> dict[str, Any]:
    """Content as it is kept."""
    kept: dict[str, Any] = {name: getattr(content, name) for name in content.__slots__}
    plain = {name: str(v) if isinstance(v, UUID) else v for name, v in kept.items()}
    return {"kind": KIND_OF[type(content)].value, **plain}


def content_from(kept: dict[str, Any]) -> Content:
    """Content as it was written."""
    values = {name: value for name, value in kept.items() if name != "kind"}
    kind = Kind(kept["kind"])
    for name in ("file_id", "document", "header_document"):
        if values.get(name):
            values[name] = UUID(values[name])
    for name in ("buttons", "rows"):
        if name in values:
            values[name] = tuple(tuple(row) for row in values[name])
    for name in ("params", "english", "replies"):
        if name in values:
            values[name] = tuple(values[name])
    known: dict[Kind, type] = {k: c for c, k in KIND_OF.items()}
    content: Content = known[kind](**values)
    return content


SUBJECT_MAX, LETTER_BODY_MAX, LINK_MAX = 200, 20_000, 1_000


def checked_letter(letter: Letter) -> Letter:
    """The same words for channels without templates and buttons, as they will go. Raises BadContent."""
    link = letter.link.strip()
    if link and (len(link) > LINK_MAX or not link.startswith(("https://", "http://"))):
        raise BadContent("a link is an address that can be opened", field="link")
    return Letter(
        " ".join(fit(letter.subject, SUBJECT_MAX).split()),
        _said(letter.body, LETTER_BODY_MAX),
        link,
        tuple((file_id, fit(name, 240) or "document") for file_id, name in letter.attachments),
    )


def written_letter(letter: Letter) -> dict[str, Any]:
    """A letter as it is kept."""
    return {
        "subject": letter.subject,
        "body": letter.body,
        "link": letter.link,
        "attachments": [[str(file_id), name] for file_id, name in letter.attachments],
    }


def letter_from(kept: dict[str, Any]) -> Letter:
    """A letter as it was written."""
    files = tuple((UUID(file_id), name) for file_id, name in kept["attachments"])
    return Letter(kept["subject"], kept["body"], kept["link"], files)


def letter_of(content: Content, letter: Letter | None) -> Letter | None:
    """What goes where there are no buttons: the letter, else the plain words of the content; None where it has none."""
    if letter is not None:
        return letter
    words = plain_text(content)
    if not words:
        return None
    return Letter(fit(words.splitlines()[0], MADE_SUBJECT_MAX), words, "", files_of(content))


MADE_SUBJECT_MAX = 78
