"""What both pages have: how an export is shown while it is made, and how it is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from hesabu.identity.types import ExportState, ExportView
from hesabu.kit import ids
from hesabu.store import pace

ASKED_PER_HOUR = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """An export, as a line of the page."""

    state: str
    percent: int
    asked_at: datetime
    expires_at: datetime | None
    is_there: bool
    fetch: str
    look: str


def shown(views: Sequence[ExportView], url: str, **where: str) -> list[Shown]:
    """`url` begins the names of the addresses: `<url>-fetch` and `<url>-state`."""
    return [_shown(view, url, where) for view in views]


def _shown(view: ExportView, url: str, where: dict[str, str]) -> Shown:
    place = {**where, "export": ids.short(view.id)}
    percent = 100 * view.done_count // view.total_count if view.total_count else 0
    return Shown(
        view.state.value,
        100 if view.state is ExportState.MADE else min(percent, 99),
        view.asked_at,
        view.expires_at,
        view.is_there,
        reverse(f"{url}-fetch", kwargs=place),
        reverse(f"{url}-state", kwargs=place),
    )


def piece(request: HttpRequest, one: Shown) -> HttpResponse:
    """The line alone, for a page that waits."""
    return render(request, "web/privacy/export.html", {"one": one})


def keep_pace(person_id: object) -> None:
    """Raises TooOften."""
    pace.keep("web.export", str(person_id), times=ASKED_PER_HOUR, seconds=3600)


def handed(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
