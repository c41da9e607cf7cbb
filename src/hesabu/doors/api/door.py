"""The door itself: who is let in, in whose name an operation runs, and how a refusal is told."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from hesabu.doors.api import paced
from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity.errors import ApprovalNeeded, NotLetIn
from hesabu.identity.permissions import Declared
from hesabu.identity.types import Bearer
from hesabu.kit import crypto, ids
from hesabu.kit.errors import HesabuError, Invalid, NotFound, Unavailable
from hesabu.store import idempotency, pace, tenancy

log = structlog.get_logger(__name__)


class NotUnderstood(Invalid):
    code = "request.not_understood"
    title = "We could not make sense of that request."
    hint = "Look at the faults, and at /api/v1/openapi.json."


class NothingHere(NotFound):
    code = "request.nothing_here"
    title = "There is nothing at this address."


class TooLarge(HesabuError):
    code, status = "request.too_large", 413
    title = "That is more than we take at once."
    hint = "Send it in smaller pieces."


class Holder(HttpBearer):
    """Whoever holds a key or an access token. Every wrong one gets the same answer, and only so many a minute."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        try:
            bearer = identity.let_in(token, paced.address_of(request))
        except HesabuError:
            paced.failed(request)
            raise
        paced.counted(request, bearer)
        return bearer


def bearer_of(request: HttpRequest) -> Bearer:
    return cast(Bearer, request.auth)  # type: ignore[attr-defined]


def needing(what: Declared) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The operation runs bound to the bearer's business, as the bearer, and needs that permission."""

    def mark(run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def operation(request: HttpRequest, **given: Any) -> Any:
            bearer = bearer_of(request)
            try:
                with tenancy.bound(bearer.business_id, actor=_actor(bearer)):
                    permissions.require(what)
                    return run(request, **given)
            except ApprovalNeeded as needed:
                raise _asked(bearer, needed) from needed

        operation.leave = what.name  # type: ignore[attr-defined]
        return operation

    return mark


def _asked(bearer: Bearer, needed: ApprovalNeeded) -> ApprovalNeeded:
    """Nothing was done; it is put before a second person now, and the answer says where to look. Asked again, it is the same."""
    with tenancy.bound(bearer.business_id, actor=_actor(bearer)):
        approval_id = identity.ask_approval(needed)
    base, shown = settings.CONFIG.public_url.rstrip("/"), ids.show("apv", approval_id)
    needed.extra |= {
        "approval_id": shown,
        "approval_url": f"{base}/api/v1/approvals/{shown}",
        "page_url": f"{base}/b/{ids.short(bearer.business_id)}/approvals",
    }
    return needed


def open_to_all(why: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The operation needs no permission, and why."""

    def mark(run: Callable[..., Any]) -> Callable[..., Any]:
        run.leave = f"open: {why}"  # type: ignore[attr-defined]
        return run

    return mark


def once(
    request: HttpRequest, scope: str, asked: Any, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What `act` answers; with an Idempotency-Key, its first answer. Inside the operation."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return act()
    if len(key) > 200 or not key.isprintable():
        raise NotUnderstood("Idempotency-Key", field="Idempotency-Key")
    said = asked.model_dump(mode="json") if hasattr(asked, "model_dump") else asked
    return idempotency.once(f"api.{scope}", key, {"asked": said}, act)


def _actor(bearer: Bearer) -> tenancy.Actor:
    who: UUID = bearer.person_id or bearer.id
    return tenancy.Actor(bearer.kind, who, bearer.scopes)


def problem(error: HesabuError, **more: Any) -> HttpResponse:
    answer = JsonResponse(
        error.problem() | more, status=error.status, content_type="application/problem+json"
    )
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="hesabu"'
    if isinstance(error, pace.TooOften):
        answer["Retry-After"] = str(error.retry_after_seconds)
    elif error.status == 503:
        answer["Retry-After"] = "30"
    answer["Cache-Control"] = "no-store"
    return answer


def told_as_problems(api: NinjaAPI) -> None:
    """Everything that can go wrong, in one form."""

    @api.exception_handler(HesabuError)
    def refused(request: HttpRequest, error: HesabuError) -> HttpResponse:
        return problem(error)

    @api.exception_handler(ValidationError)
    def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [
            {"at": ".".join(map(str, one["loc"])), "wrong": str(one["msg"])[:200]}
            for one in error.errors[:50]
        ]
        return problem(NotUnderstood(), faults=faults)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(NothingHere())

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        known = NotLetIn() if error.status_code == 401 else NotUnderstood()
        return problem(known)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(TooLarge())

    @api.exception_handler(SuspiciousOperation)
    def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        return problem(NotUnderstood())

    @api.exception_handler(RecursionError)
    def too_deep(request: HttpRequest, error: RecursionError) -> HttpResponse:
        return problem(NotUnderstood())

    @api.exception_handler(OperationalError)
    def away(request: HttpRequest, error: OperationalError) -> HttpResponse:
        log.error("api.database_away", exc_info=error)
        return problem(Unavailable())

    @api.exception_handler(Exception)
    def fault(request: HttpRequest, error: Exception) -> HttpResponse:
        reference = crypto.token(6)
        log.error("api.fault", reference=reference, exc_info=error)
        return problem(HesabuError(reference=reference))
