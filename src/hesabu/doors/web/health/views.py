"""Whether the process is up, whether it may be given work, and its figures."""

from __future__ import annotations

import ipaddress
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from hesabu.doors.web.desk import open_to_all
from hesabu.doors.web.problems import PageForbidden
from hesabu.kit import crypto

log = structlog.get_logger(__name__)

JOBS_WAITING = Gauge("hesabu_jobs_waiting", "Jobs that wait for a worker and are due")
LETTERS_WAITING = Gauge("hesabu_letters_waiting", "Letters filed and not yet read")
LETTERS_ASIDE = Gauge("hesabu_letters_aside", "Letters set aside for a person to look at")

_WAITING = (
    (
        JOBS_WAITING,
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()",
    ),
    (LETTERS_WAITING, "SELECT count(*) FROM store_letter WHERE state = 'filed'"),
    (LETTERS_ASIDE, "SELECT count(*) FROM store_letter WHERE state = 'aside'"),
)
_SAID_BY_PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
"""A proxy on this machine also comes from loopback; one of these says that it speaks for somebody else."""
_seen: dict[str, bool] = {}  # migrations do not come undone under a running process


@open_to_all("a supervisor asks; it tells nothing")
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing of what it stands on."""
    return _told({"status": "ok"})


@open_to_all("a supervisor asks; it tells which part is away")
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and its tables are those of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _seen.get("migrated"):
            missing = _unapplied()
            if missing:
                return _told(
                    {
                        "status": "unready",
                        "database": "connected",
                        "detail": f"{missing} migrations are not applied",
                    },
                    503,
                )
            _seen["migrated"] = True
    except DatabaseError as error:
        log.warning("web.unready", error=type(error).__name__)
        return _told({"status": "unready", "detail": "the database does not answer"}, 503)
    return _told({"status": "ready", "database": "connected"})


def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@open_to_all("asks for its own token or address")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus on this machine, or for the holder of the token (METRICS_TOKEN)."""
    if not _may_read_metrics(request):
        raise PageForbidden()
    with connection.cursor() as cursor:
        for gauge, question in _WAITING:
            cursor.execute(question)
            gauge.set(cursor.fetchone()[0])
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    tokens = (getattr(settings, name, "") for name in ("METRICS_TOKEN", "METRICS_TOKEN_BEFORE"))
    given = request.headers.get("Authorization", "")
    if crypto.same_as_one(given, [f"Bearer {token}" for token in tokens if token]):
        return True
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and not any(name in request.headers for name in _SAID_BY_PROXIES)


def _told(body: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response
