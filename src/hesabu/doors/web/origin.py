"""From where a request comes is noted beside whatever it makes happen (`store.origins`); and what somebody who is signed in
sees is kept by no browser and no proxy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hesabu.doors.web.pace import address_of
from hesabu.store import origins


class Origin:
    """Around every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origins.came_from(address_of(request)):
            return self.get_response(request)


class NotKept:
    """Whatever is answered to somebody with a session, or to a program with a key, is theirs alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_known = (
            settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        )
        if (is_known or answer.cookies) and not request.path.startswith(settings.STATIC_URL):
            answer["Cache-Control"] = "no-store"
        return answer
