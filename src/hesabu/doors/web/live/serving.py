"""The ASGI side of the live process: one request in, one stream of events out.

What may be followed, and by whom, the site itself says: each request is first an ordinary one, through every middleware, in a
thread. What it grants is streamed; what it refuses is refused here with the same status. Whoever streams is asked about
again while they do (`life.still_signed_in`, through `leave.why_over`).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import random
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import structlog
from django.http import HttpResponse

from hesabu.doors.web.live.board import Board, Full, InThread
from hesabu.doors.web.live.leave import Watch
from hesabu.doors.web.live.signs import Sign
from hesabu.doors.web.live.stream import ENDED, Stream
from hesabu.kit import ids
from hesabu.kit.senders import Proxies

log = structlog.get_logger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Site = Callable[[dict[str, Any]], HttpResponse]
Headers = list[tuple[bytes, bytes]]

STREAMS = "/live/"
BESIDE = ("/healthz", "/readyz", "/metrics")
OPENING_MOST = 100
"""Requests that wait to be asked about; above it is refused at once."""
RETRY_MS = 3000
NOT_OURS = {"content-type", "content-length", "set-cookie", "location", "cache-control", "vary"}
"""Headers of the site's answer that are not those of a stream."""


class Serving:
    """The application. `site` answers an ordinary request of the pages."""

    def __init__(
        self, board: Board, site: Site, in_thread: InThread, *, origin: str, trusted: Iterable[str]
    ) -> None:
        self._board, self._site, self._in_thread = board, site, in_thread
        self._origin = origin
        self._proxies = Proxies(trusted)
        self._opening_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await _said(send, 405, [(b"allow", b"GET")])
        elif path in BESIDE:
            await self._beside(scope, headers, send)
        elif not path.startswith(STREAMS) or scope["method"] == "HEAD":
            await _said(send, 404)
        elif self._came_without_tls(scope, headers) or not self._comes_from_our_pages(headers):
            ENDED.labels("origin").inc()
            await _said(send, 403)
        else:
            await self._streamed(scope, headers, receive, send)

    def _comes_from_our_pages(self, headers: dict[str, str]) -> bool:
        """Browsers say so of themselves; what is no browser brings no cookie that is not its own."""
        if headers.get("sec-fetch-site", "none") == "cross-site":
            return False
        return headers.get("origin", self._origin) == self._origin

    def _came_without_tls(self, scope: Scope, headers: dict[str, str]) -> bool:
        """As our own proxy says, where everybody is to come with it."""
        is_claimed = headers.get("x-forwarded-proto") == "http"
        client = scope.get("client") or ("", 0)
        return is_claimed and self._origin.startswith("https:") and self._proxies.is_ours(client[0])

    async def _beside(self, scope: Scope, headers: dict[str, str], send: Send) -> None:
        try:
            answer = await self._asked(scope, headers)
        except Full:
            await _said(send, 503)
            return
        kept = [one for one in _kept(answer) if one[0] != b"content-length"]
        kind = answer.get("Content-Type", "text/plain").encode()
        body = answer.content if scope["method"] == "GET" else b""
        await _said(send, answer.status_code, [*kept, (b"content-type", kind)], body)

    async def _streamed(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send
    ) -> None:
        cors = self._cors(headers)
        address = self._sender(scope, headers)
        stream, answer = None, None
        try:
            self._board.require_room(address)
            answer = await self._asked(scope, headers)
            watch: Watch | None = getattr(answer, "watch", None)
            if watch is not None:
                stream = self._board.open(watch, address)
        except Full as full:
            ENDED.labels(f"full_{full.why}").inc()
            wait = b"%d" % random.randint(20, 60)
            status = 503 if full.why == "all" else 429
            await _said(send, status, [*cors, (b"retry-after", wait)])
            return
        if stream is None:
            assert answer is not None
            refused = answer.status_code
            await _said(send, 401 if refused < 400 else refused, [*_kept(answer), *cors])
            return
        leaving = asyncio.create_task(_left(receive, stream))
        try:
            await self._run(stream, answer, scope, headers, send, cors)
        finally:
            leaving.cancel()
            self._board.drop(stream)

    async def _run(
        self,
        stream: Stream,
        answer: HttpResponse,
        scope: Scope,
        headers: dict[str, str],
        send: Send,
        cors: Headers,
    ) -> None:
        begin = {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store, no-transform"),
                (b"x-accel-buffering", b"no"),  # a proxy that gathers would hold events back
                *_kept(answer),
                *cors,
            ],
        }
        try:
            slow_seconds = stream.bounds.slow_seconds
            async with asyncio.timeout(slow_seconds):
                await send(begin)
            await _write(send, f"retry: {RETRY_MS}\n: follows\n\n", slow_seconds)
            after, is_back = _after(scope, headers)
            await self._board.catch_up(stream, after, is_back)
            while not stream.is_gone:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(stream.bounds.heartbeat_seconds):
                        await stream.awake.wait()
                stream.awake.clear()
                told = "".join(_event(sign) for sign in stream.taken())
                if stream.over:
                    await _write(send, told + _end(stream.over), slow_seconds, more=False)
                    return
                if not stream.is_gone:
                    await _write(send, told or ": still here\n\n", slow_seconds)
        except TimeoutError:
            stream.end("slow")
            log.info("live.dropped", why="slow")

    async def _asked(self, scope: Scope, headers: dict[str, str]) -> HttpResponse:
        """What the site says to it."""
        if self._opening_count >= OPENING_MOST:
            raise Full("all")
        self._opening_count += 1
        try:
            answer: HttpResponse = await self._in_thread(self._site, self._environ(scope, headers))
            return answer
        finally:
            self._opening_count -= 1

    def _environ(self, scope: Scope, headers: dict[str, str]) -> dict[str, Any]:
        """The request as WSGI has it. It has no body, and its host and sender are looked at by the site as ever."""
        client = scope.get("client") or ("", 0)
        environ = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": scope["path"].encode().decode("latin-1"),
            "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
            "SERVER_NAME": "live",
            "SERVER_PORT": "0",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": client[0],
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        }
        for name, value in headers.items():
            if "_" not in name and name not in ("content-length", "content-type"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ

    def _sender(self, scope: Scope, headers: dict[str, str]) -> str:
        client = scope.get("client") or ("", 0)
        return self._proxies.sender(client[0], headers.get("x-forwarded-for", ""))

    def _cors(self, headers: dict[str, str]) -> Headers:
        """For our pages where this process has a port of its own, and for no other origin."""
        if "origin" not in headers:
            return [(b"vary", b"Origin")]
        return [
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", self._origin.encode()),
            (b"access-control-allow-credentials", b"true"),
        ]


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        joined = "; " if key == "cookie" else ", "
        found[key] = f"{found[key]}{joined}{text}" if key in found else text
    return found


def _kept(answer: HttpResponse) -> Headers:
    return [
        (name.lower().encode(), value.encode())
        for name, value in answer.items()
        if name.lower() not in NOT_OURS
    ]


def _after(scope: Scope, headers: dict[str, str]) -> tuple[UUID | None, bool]:
    """The last sign they saw, and whether they say that they saw one: browsers that come back by themselves by a header, our
    pages in the address."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[-1]
    said = headers.get("last-event-id", "") or asked
    try:
        return (ids.read_short(said), True) if said else (None, False)
    except ids.BadId:
        return None, True


def _event(sign: Sign) -> str:
    told = {"kind": sign.kind} | ({"id": sign.about} if sign.about else {})
    mark = f"id: {ids.short(sign.fact_id)}\n" if sign.fact_id else ""
    return f"{mark}event: changed\ndata: {json.dumps(told, separators=(',', ':'))}\n\n"


TO_COME_BACK = ("stopped", "long", "away")
"""Ends that say nothing of the reader: their page opens the stream again."""


def _end(why: str) -> str:
    if why in TO_COME_BACK:
        return ": until later\n\n"
    return f"event: ended\ndata: {why}\n\n"


async def _left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.leave()


async def _write(send: Send, text: str, seconds: float, *, more: bool = True) -> None:
    async with asyncio.timeout(seconds):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _said(send: Send, status: int, headers: Headers | None = None, body: bytes = b"") -> None:
    own = [(b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())]
    await send(
        {"type": "http.response.start", "status": status, "headers": [*own, *(headers or [])]}
    )
    await send({"type": "http.response.body", "body": body})
