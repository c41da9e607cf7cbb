"""The pure rules of messaging: the moves of a message, the window, when to try again, what fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from hesabu.kit.moves import Moves
from hesabu.messaging.errors import BadContent
from hesabu.messaging.types import (
    Buttons,
    Choices,
    Content,
    Document,
    Kind,
    State,
    Template,
    Text,
)

TOLD = {
    "pass_on": State.SENT,
    "fail": State.FAILED,
    "deliver": State.DELIVERED,
    "see": State.SEEN,
    "play": State.PLAYED,
}
"""What a provider's status does to a message that nothing more is known of, least telling first."""

_UNTOLD = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.ACCEPTED)
_LADDER = (State.SENT, State.FAILED, State.DELIVERED, State.SEEN, State.PLAYED)

MOVES: Moves[State] = Moves(
    {
        (State.QUEUED, "take"): State.SENDING,
        (State.SENDING, "accept"): State.ACCEPTED,
        (State.SENDING, "put_back"): State.QUEUED,
        (State.SENDING, "lose"): State.UNCERTAIN,
        (State.UNCERTAIN, "accept"): State.ACCEPTED,
        (State.UNCERTAIN, "put_back"): State.QUEUED,
        **{(state, verb): target for state in _UNTOLD for verb, target in TOLD.items()},
        **{
            (state, verb): target
            for place, state in enumerate(_LADDER)
            for verb, target in TOLD.items()
            if _LADDER.index(target) > place
        },
        **{
            (state, "try_again"): State.QUEUED
            for state in (State.SENDING, State.UNCERTAIN, State.ACCEPTED, State.SENT)
        },
        (State.RECEIVED, "answer"): State.ANSWERED,
    }
)


def after_telling(state: State, verb: str) -> State:
    """Where a status leads; a late or doubled one leads nowhere."""
    return MOVES.after(state, verb) if MOVES.allows(state, verb) else state


WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(seconds=30)
"""A message that starts this close to the end may arrive after it."""


def window_after(closes_at: datetime | None, sent_at: datetime, now: datetime) -> datetime:
    """When the window closes after a word sent at `sent_at`. A clock that runs ahead gains nothing; it never shrinks."""
    fresh = min(sent_at, now) + WINDOW
    return max(closes_at, fresh) if closes_at else fresh


def is_window_open(closes_at: datetime | None, now: datetime) -> bool:
    return closes_at is not None and now < closes_at - WINDOW_MARGIN


def refusal_before_sending(
    *, is_template: bool, has_fallback: bool, is_window_open: bool, is_opted_out: bool
) -> str:
    """Why a message may not go at all, as a code; empty where it may."""
    if is_window_open:
        return ""
    if is_opted_out:
        return "opted_out"
    return "" if is_template or has_fallback else "window_closed"


class Cure(StrEnum):
    """What helps against a refusal by the provider, which surely did not take the message."""

    NONE = "none"  # nothing: it is final
    WAIT = "wait"  # it is busy or unwell
    SLOW_DOWN = "slow_down"  # too much to this one contact
    TEMPLATE = "template"  # outside of the window
    UPLOAD = "upload"  # the uploaded file is gone
    OPERATOR = "operator"  # our account there needs a person


GIVE_UP_AFTER = timedelta(hours=24)
ATTEMPTS_MAX = {Cure.NONE: 1, Cure.WAIT: 12, Cure.SLOW_DOWN: 7, Cure.TEMPLATE: 3, Cure.UPLOAD: 3}
_OPERATOR_ATTEMPTS_MAX = 60

UNCERTAIN_SECONDS = 60
"""How long a message may be uncertain before a person is told."""
LOST_SECONDS = 120
"""How long a request may run; one that is older died with its worker."""


def again_after_seconds(
    cure: Cure, attempt: int, age: timedelta, *, can_turn_to_template: bool, reused_upload: bool
) -> int | None:
    """Seconds until the next try after attempt number `attempt` (from 1) was refused; None gives up."""
    if age > GIVE_UP_AFTER or attempt >= ATTEMPTS_MAX.get(cure, _OPERATOR_ATTEMPTS_MAX):
        return None
    if cure is Cure.WAIT:
        return int(min(2**attempt, 900))
    if cure is Cure.SLOW_DOWN:
        return int(min(4**attempt, 3600))
    if cure is Cure.OPERATOR:
        return int(min(60 * attempt, 1800))
    if cure is Cure.TEMPLATE:
        return 0 if can_turn_to_template else None
    if cure is Cure.UPLOAD:
        return 0 if reused_upload else None
    return None


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


def files_of(content: Content) -> list[tuple[UUID, str]]:
    """The kept files that travel with it, each with the name it is shown under."""
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
    for name in ("params", "replies"):
        if name in values:
            values[name] = tuple(values[name])
    known: dict[Kind, type] = {k: c for c, k in KIND_OF.items()}
    content: Content = known[kind](**values)
    return content
