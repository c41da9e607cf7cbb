"""From where a request comes is noted beside whatever it makes happen (`store.origins`)."""

from __future__ import annotations

from collections.abc import Callable

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
