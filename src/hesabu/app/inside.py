"""Looking inside, in development only: what one message led to, for the page with the phones to draw.

    GET /inside?message=<the provider's id of a message>   all that followed from it
    GET /inside?since=<cursor>                             what happened since, in the whole installation

    {"letters": [{id, at, provider, state}],           "facts":   [{id, at, kind, subject, cause}],
     "jobs":    [{id, at, name, state, attempts}],     "entries": [{seq, booked_on, kind, lines: [{code, name, amount}]}],
     "cursor":  "..."}

It shows ids, kinds and amounts; no words, names or numbers of people. It reads with the owner's role, because what it shows
crosses businesses; there is no such page in production, and in development only who was given the token may look.
"""

from __future__ import annotations

import hmac
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from hesabu.app.dev_secrets import inside_token
from hesabu.doors.web.desk import open_to_all
from hesabu.kit import crypto, ids
from hesabu.kit.money import Money, say

ROWS_MAX = 200
WAYS = ("wamid", "sms", "mail")
"""What messaging writes before a provider's id when it makes its index, by channel."""

_FROM_MESSAGE = """
WITH RECURSIVE told AS (
    SELECT f.* FROM store_fact f WHERE f.subject_id = %(about)s OR f.cause_id = %(message)s
    UNION
    SELECT f.* FROM store_fact f JOIN told ON f.cause_id = told.id
)
SELECT id, at, kind, subject_kind, subject_id, cause_id FROM told ORDER BY id LIMIT %(most)s
"""
_SINCE = """
SELECT id, at, kind, subject_kind, subject_id, cause_id FROM store_fact WHERE id > %(since)s ORDER BY id DESC LIMIT %(most)s
"""


@open_to_all("never in production; asks for its own token")
@require_GET
def inside(request: HttpRequest) -> JsonResponse:
    """The view; 404 to whoever does not show the token, as if there were no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), inside_token(settings.CONFIG.secret_key).encode()):
        raise Http404
    if wamid := request.GET.get("message"):
        found = _from_message(wamid)
    else:
        found = _since(_cursor(request.GET.get("since", "")))
    return JsonResponse(found)


def _cursor(shown: str) -> UUID:
    try:
        return UUID(shown)
    except ValueError:
        return UUID(int=0)


def _from_message(wamid: str) -> dict[str, Any]:
    rows = _rows(
        "SELECT m.id, m.subject_id, m.direction FROM messaging_dispatch d JOIN messaging_message m ON m.id = d.message_id"
        " WHERE d.provider_index = ANY(%(index)s)",
        index=[crypto.blind(f"{way}:{wamid}") for way in WAYS],
    )
    if not rows:
        return _drawn([])
    message_id, subject_id, _direction = rows[0]
    return _drawn(_rows(_FROM_MESSAGE, about=subject_id, message=message_id, most=ROWS_MAX))


def _since(since: UUID) -> dict[str, Any]:
    return _drawn(list(reversed(_rows(_SINCE, since=since, most=ROWS_MAX))))


def _drawn(facts: list[tuple[Any, ...]]) -> dict[str, Any]:
    """What an act says was caused by a message is drawn under the fact that the message came."""
    fact_ids = [row[0] for row in facts]
    subjects = list({row[4] for row in facts})
    causes = list({row[5] for row in facts if row[5]})
    said = {row[4]: row[0] for row in facts if row[2] == "messaging.MessageReceived"}
    return {
        "letters": _letters(causes),
        "facts": [
            {
                "id": str(fact_id),
                "at": at.isoformat(),
                "kind": kind,
                "subject": f"{subject_kind}:{subject_id}",
                "cause": str(said.get(cause, cause)) if cause else None,
            }
            for fact_id, at, kind, subject_kind, subject_id, cause in facts
        ],
        "jobs": _jobs(fact_ids, subjects),
        "entries": _entries(subjects),
        "cursor": str(max(fact_ids, default=ids.new_id())),
    }


def _letters(letter_ids: list[UUID]) -> list[dict[str, Any]]:
    rows = _rows(
        "SELECT id, received_at, provider, state FROM store_letter WHERE id = ANY(%(ids)s) ORDER BY id",
        ids=letter_ids,
    )
    return [
        {"id": str(letter_id), "at": at.isoformat(), "provider": provider, "state": state}
        for letter_id, at, provider, state in rows
    ]


def _jobs(fact_ids: list[UUID], subjects: list[UUID]) -> list[dict[str, Any]]:
    """Readings that are done, and jobs that still wait, run or failed; a job that succeeded leaves no row."""
    done = _rows(
        "SELECT r.fact_id, f.at, r.reader FROM store_reading r JOIN store_fact f ON f.id = r.fact_id"
        " WHERE r.fact_id = ANY(%(ids)s) ORDER BY r.fact_id, r.reader",
        ids=fact_ids,
    )
    waiting = _rows(
        "SELECT j.id, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id), j.task_name, j.status::text,"
        " j.attempts FROM procrastinate_jobs j WHERE j.args::text LIKE ANY(%(like)s) ORDER BY j.id LIMIT %(most)s",
        like=[f"%{one}%" for one in (*fact_ids, *subjects)] or ["-"],
        most=ROWS_MAX,
    )
    return [
        {"id": f"{fact_id}", "at": at.isoformat(), "name": name, "state": "done", "attempts": 1}
        for fact_id, at, name in done
    ] + [
        {
            "id": str(job_id),
            "at": at.isoformat() if at else None,
            "name": name,
            "state": status,
            "attempts": attempts,
        }
        for job_id, at, name, status, attempts in waiting
    ]


def _entries(subjects: list[UUID]) -> list[dict[str, Any]]:
    rows = _rows(
        "SELECT e.id, e.seq, e.booked_on, e.kind, a.code, a.name, p.amount_minor, p.currency FROM ledger_entry e"
        " JOIN ledger_posting p ON (p.business_id, p.entry_id) = (e.business_id, e.id)"
        " JOIN ledger_account a ON (a.business_id, a.id) = (p.business_id, p.account_id)"
        " WHERE e.purpose_id = ANY(%(ids)s) ORDER BY e.posted_at, e.id, p.line LIMIT %(most)s",
        ids=subjects,
        most=ROWS_MAX,
    )
    found: dict[UUID, dict[str, Any]] = {}
    for entry_id, seq, booked_on, kind, code, name, minor, currency in rows:
        entry = found.setdefault(
            entry_id, {"seq": seq, "booked_on": booked_on.isoformat(), "kind": kind, "lines": []}
        )
        side = "debit" if minor > 0 else "credit"
        amount = say(Money(abs(minor), currency))
        entry["lines"].append({"code": code, "name": name, "side": side, "amount": amount})
    return list(found.values())


def _rows(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
