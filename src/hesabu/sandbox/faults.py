"""Requests in, and what the dials make of them. Wraps one provider's part of the box.

The order of the dials is the order of a real path: a limiter and a gateway stand in front of the
provider and may turn a request away; then the provider itself may fail before it has done
anything, or after; or it does the thing and its answer comes too late.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from hesabu.sandbox.answers import TooLarge, body_of
from hesabu.sandbox.world import World

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
Refusal = Callable[[World], Response]

WALL = """<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body>
<iframe src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=0-0" frameborder=0 width="100%" height="100%">
Request unsuccessful. Incapsula incident ID: 0-0</iframe></body></html>"""
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
READABLE = ("application/json", "application/x-www-form-urlencoded")


class Door:
    """One provider's door: every request through it meets the dials and is written down."""

    def __init__(self, world: World, provider: str, *, error: Refusal, limit: Refusal) -> None:
        self._world = world
        self._provider = provider
        self._error = error
        self._limit = limit

    def __call__(self, endpoint: Endpoint) -> Endpoint:
        async def through(request: Request) -> Response:
            started = time.monotonic()
            try:
                await body_of(request)
            except TooLarge:
                return JSONResponse({"error": {"message": "Payload too large"}}, 413)
            fault, answer = await self._answered(request, endpoint)
            await self._write_down(request, answer, fault, started)
            return answer

        return through

    async def _answered(self, request: Request, endpoint: Endpoint) -> tuple[str, Response]:
        dials = self._world.dials[self._provider]
        name = f"{self._provider} {endpoint.__name__}"
        ordinal = self._world.count(name)

        def falls(dial: str) -> bool:
            return self._world.chance.happens(dials.number(dial), dial, name, ordinal)

        if falls("request_limit"):
            return "request_limit", self._limit(self._world)
        if falls("request_garbage"):
            return "request_garbage", HTMLResponse(WALL, 403)
        if falls("request_error_before"):
            return "request_error_before", self._error(self._world)
        answer = await endpoint(request)
        if falls("request_error_after"):
            return "request_error_after", HTMLResponse(BAD_GATEWAY, 502)
        if falls("request_timeout"):
            await self._world.timetable.sleep(dials.number("request_timeout_seconds"))
            return "request_timeout", answer
        return "", answer

    async def _write_down(
        self, request: Request, answer: Response, fault: str, started: float
    ) -> None:
        kind = request.headers.get("content-type", "")
        body = await body_of(request)
        readable = kind.startswith(READABLE)
        said = bytes(answer.body) if isinstance(getattr(answer, "body", None), bytes) else b""
        is_text = (answer.media_type or "").startswith(("application/json", "text/"))
        self._world.journal.record(
            "request",
            self._provider,
            f"{request.method} {request.url.path}",
            method=request.method,
            url=request.url.path,
            status=answer.status_code,
            request=body.decode("utf-8", "replace") if readable else f"({len(body)} bytes)",
            response=said.decode("utf-8", "replace") if is_text else f"({len(said)} bytes)",
            fault=fault,
            took_ms=round((time.monotonic() - started) * 1000),
        )
