"""The audit page, and its files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hesabu.doors.web.audit import asking
from hesabu.doors.web.desk import Desk, at_business
from hesabu.identity import queries as identity
from hesabu.identity.permissions import AUDIT_READ
from hesabu.store import audit as log

PAGE = 50
HEADINGS = (
    *("id", "at", "kind", "subject_kind", "subject", "actor_kind", "actor", "actor_id"),
    *("address", "said"),
)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@at_business(AUDIT_READ)
@require_GET
def audit(request: HttpRequest, desk: Desk) -> HttpResponse:
    business = desk.business()
    before = asking.reference(request.GET.get("before", ""))
    found = log.acts(asking.asked(request.GET, business.timezone), before=before, most=PAGE + 1)
    rows = asking.rows(found[:PAGE])
    filters = request.GET.copy()
    filters.pop("before", None)
    people = [
        (str(one.person_id), identity.person(one.person_id).name)
        for one in identity.members(desk.business_id)
    ]
    return render(
        request,
        "web/audit/page.html",
        {
            "desk": desk,
            "business": business,
            "rows": rows,
            "kinds": log.kinds(),
            "people": people,
            "asked": filters.dict(),
            "filters": filters.urlencode(),
            "older": rows[-1].short if len(found) > PAGE else "",
        },
    )


@at_business(AUDIT_READ)
@require_GET
def as_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in _every(request, desk):
        said = {**_plain(row), "said": json.dumps(row.said, ensure_ascii=False, sort_keys=True)}
        writer.writerow([harmless(str(said[name])) for name in HEADINGS])
    return _file(text.getvalue(), "text/csv; charset=utf-8", "audit.csv")


@at_business(AUDIT_READ)
@require_GET
def as_json(request: HttpRequest, desk: Desk) -> HttpResponse:
    every = [_plain(row) for row in _every(request, desk)]
    return _file(json.dumps(every, ensure_ascii=False), "application/json", "audit.json")


def harmless(cell: str) -> str:
    """A spreadsheet takes it for words, whatever it begins with."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _every(request: HttpRequest, desk: Desk) -> list[asking.Row]:
    return asking.rows(log.every_act(asking.asked(request.GET, desk.business().timezone)))


def _plain(row: asking.Row) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in HEADINGS}
    return found | {"id": str(row.id), "at": row.at.isoformat()}


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
