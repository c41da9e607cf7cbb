"""What a visitor gets when it did not work: a page that says what to do, or RFC 9457 for a program.

`Problems` is a middleware, so that views raise what the rooms raise. Nothing of an error's inside is shown: a refusal shows
its title and hint, a fault its number in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hesabu.doors.web.pace import TooOften
from hesabu.kit import crypto
from hesabu.kit.errors import Forbidden, HesabuError, NotFound, Unavailable

log = structlog.get_logger(__name__)
View = Callable[[HttpRequest], HttpResponse]


class Problems:
    """Turns what a view raises into an answer."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, HesabuError):
            if error.status >= 500:
                log.warning(
                    "web.refused",
                    code=error.code,
                    path=request.resolver_match and request.resolver_match.route,
                )
            return answer(request, error)
        if isinstance(error, OperationalError):
            log.error("web.database_away", exc_info=error)
            return answer(request, Unavailable())
        return None


def answer(request: HttpRequest, error: HesabuError) -> HttpResponse:
    response = _as_json(error) if wants_json(request) else _as_page(request, error)
    if isinstance(error, TooOften):
        response["Retry-After"] = str(error.retry_after_seconds)
    elif error.status == 503:
        response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    """A program says so: it accepts JSON and does not ask for a page."""
    accepted = request.headers.get("Accept", "")
    return "json" in accepted and "text/html" not in accepted


def _as_json(error: HesabuError) -> HttpResponse:
    return JsonResponse(
        error.problem(), status=error.status, content_type="application/problem+json"
    )


def _as_page(request: HttpRequest, error: HesabuError) -> HttpResponse:
    page = {
        "status": error.status,
        "title": _(error.title),
        "hint": _(error.hint),
        "code": error.code,
    }
    page["reference"] = error.extra.get("reference", "")
    return HttpResponse(
        render_to_string("web/problem.html", {"page": page}, request), status=error.status
    )


# Django's own handlers, for the root urlconf.


class PageNotFound(NotFound):
    code = "page.not_found"
    title = "There is nothing at this address."
    hint = "Check that the link was copied whole, or ask whoever sent it for a new one."


class PageForbidden(Forbidden):
    code = "page.forbidden"
    title = "This page is not open to you."
    hint = "Go back and try again. If it stays so, ask whoever sent you here."


class RequestNotUnderstood(HesabuError):
    code, status = "request.not_understood", 400
    title = "We could not make sense of that request."
    hint = "Go back, reload the page and try again."


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, PageNotFound())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, PageForbidden())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, RequestNotUnderstood())


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, PageForbidden())


def fault(request: HttpRequest, **_ignored: Any) -> HttpResponse:
    """A fault of ours. The reference is what the visitor can tell us, and what the log says beside the traceback."""
    reference = crypto.token(6)
    log.error("web.fault", reference=reference, exc_info=True)
    return answer(request, HesabuError(reference=reference))
