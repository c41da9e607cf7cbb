"""The audit page, and its files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hesabu.doors.web.audit import asking, days, words
from hesabu.doors.web.audit.changes import NOTHING
from hesabu.doors.web.audit.names import names_for
from hesabu.doors.web.desk import Desk, at_business
from hesabu.identity import actions
from hesabu.identity import queries as identity
from hesabu.identity.permissions import AUDIT_READ, BUSINESS_UPDATE
from hesabu.store import audit as log
from hesabu.store import seals

PAGE = 50
HEADINGS = (
    *("id", "at", "kind", "what", "subject_kind", "subject", "about", "actor_kind", "actor"),
    *("actor_id", "address", "said", "before", "changes"),
)
AS_JSON = ("said", "before", "changes")
"""Of these a cell holds JSON."""
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@at_business(AUDIT_READ)
@require_GET
def audit(request: HttpRequest, desk: Desk) -> HttpResponse:
    business = desk.business()
    before = asking.reference(request.GET.get("before", ""))
    asked = asking.asked(request.GET, business.timezone)
    found = log.acts(asked, before=before, most=PAGE + 1)
    shown = found[:PAGE]
    members = [one.person_id for one in identity.members(desk.business_id)]
    names = names_for(shown, also=members)
    sees_personal = desk.may(BUSINESS_UPDATE)
    rows = asking.rows(shown, business.timezone, names, sees_personal=sees_personal)
    filters = request.GET.copy()
    filters.pop("before", None)
    return desk.render(
        request,
        "web/audit/page.html",
        {
            "rows": rows,
            "nothing": NOTHING,
            "kinds": words.grouped(log.kinds()),
            "people": [(str(one), names.people.get(one, "")) for one in members],
            "keys": [(str(one), name) for one, name in names.keys.items()],
            "asked": filters.dict(),
            "filters": filters.urlencode(),
            "older": rows[-1].short if len(found) > PAGE else "",
            "chain": seals.standing(desk.business_id),
            "days": None if before else days.picture(asked, business.timezone),
        },
    )


@at_business(AUDIT_READ)
@require_GET
def as_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in _every(request, desk, "csv"):
        said = {**_plain(row), **{name: _json(_plain(row)[name]) for name in AS_JSON}}
        writer.writerow([harmless(str(said[name])) for name in HEADINGS])
    return _file(text.getvalue(), "text/csv; charset=utf-8", "audit.csv")


@at_business(AUDIT_READ)
@require_GET
def as_json(request: HttpRequest, desk: Desk) -> HttpResponse:
    every = [_plain(row) for row in _every(request, desk, "json")]
    return _file(json.dumps(every, ensure_ascii=False), "application/json", "audit.json")


@at_business(AUDIT_READ)
@require_GET
def as_lines(request: HttpRequest, desk: Desk) -> HttpResponse:
    """An object a line, for programs that read one act after the other."""
    every = _every(request, desk, "jsonl")
    text = "".join(f"{_json(_plain(row))}\n" for row in every)
    return _file(text, "application/jsonl; charset=utf-8", "audit.jsonl")


def harmless(cell: str) -> str:
    """A spreadsheet takes it for words, whatever it begins with."""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def _every(request: HttpRequest, desk: Desk, form: str) -> list[asking.Row]:
    """All that is asked for. That it was taken along is itself an act; of support, the look before it is."""
    timezone = desk.business().timezone
    found = log.every_act(asking.asked(request.GET, timezone))
    sees_personal = desk.may(BUSINESS_UPDATE)
    rows = asking.rows(found, timezone, names_for(found), sees_personal=sees_personal)
    if not desk.is_support:
        actions.note_audit_exported(form, len(rows))
    return rows


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plain(row: asking.Row) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in HEADINGS}
    changes = [{"name": one.name, "before": one.before, "after": one.after} for one in row.changes]
    return found | {"id": str(row.id), "at": row.at.isoformat(), "changes": changes}


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
