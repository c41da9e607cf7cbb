"""Whoever signs out leaves nothing of it in the browser: what it kept of our pages is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest, HttpResponse

CLEARED = '"cache", "storage"'
"""Not cookies: the answer to signing out brings one, with the word that they are out."""


class Left:
    """Around every request in which somebody was signed out, by themselves or because their time was over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        user_logged_out.connect(_left, dispatch_uid="hesabu.left")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if getattr(request, "has_left", False):
            answer["Clear-Site-Data"] = CLEARED
        return answer


def _left(sender: Any, request: HttpRequest | None = None, **rest: Any) -> None:
    if request is not None:
        request.has_left = True  # type: ignore[attr-defined]
