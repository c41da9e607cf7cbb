"""What was refused at a page or at the API leaves a line in the log: input, forged forms, too much, too often, not allowed.

Who tries doors leaves a trail that way, also where nobody is signed in and no fact could be about anybody. The line says which
page or operation by its route, never by its path, which may hold a token, and names the fields that were wrong, never what
was typed. What is not there (404) is left out: every robot asks for it, and pages of another business are on record as tried.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)
STATUSES = {400, 401, 403, 405, 409, 411, 413, 415, 422, 429, 431}


class Refused:
    """Looks at each answer on its way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        fields = _wrong_fields(answer)
        if answer.status_code in STATUSES or fields:
            match = request.resolver_match
            log.info(
                "web.input_refused",
                status=answer.status_code,
                method=request.method if request.method in METHODS else "other",
                route=str(match.route) if match else "",
                fields=fields,
            )
        return answer


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _wrong_fields(answer: HttpResponse) -> list[str]:
    """Names of fields of a form that is shown again because of them; the library shows it with status 200."""
    form = (getattr(answer, "context_data", None) or {}).get("form")
    if form is None or not getattr(form, "is_bound", False):
        return []
    return sorted(form.errors)
