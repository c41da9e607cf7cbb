"""The ingress: a WSGI function in front of Django that takes `/hooks/…` and does four things.

It limits the size, finds the endpoint, lets the provider's intake verify the raw bytes, and files the letter in one
statement. 200 is answered only after the commit; 503 where the database is away, so that the provider tries again; 401
for what does not prove its origin, with a counter and nothing stored. No ORM, no session, no middleware: this path is as
wide as the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import psycopg
import structlog
from prometheus_client import Counter
from psycopg_pool import ConnectionPool, PoolTimeout

from hesabu.kit import crypto
from hesabu.kit.senders import Proxies
from hesabu.store import letters

log = structlog.get_logger(__name__)
FILED = Counter("hesabu_letters_filed_total", "Letters filed", ["provider"])
REFUSED = Counter(
    "hesabu_letters_refused_total", "Webhooks refused before filing", ["provider", "why"]
)
ENDPOINT_MEMORY_SECONDS = 5
JSON = "application/json"
TO_BROWSERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
)
"""No browser has business here. One that was led here all the same is told what pages tell it."""
StartResponse = Callable[..., Any]
_STATUS = {
    200: "200 OK",
    401: "401 Unauthorized",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    411: "411 Length Required",
    413: "413 Content Too Large",
    503: "503 Service Unavailable",
}


class Ingress:
    """`intakes` by provider; `answers` is what each provider wants to hear after its letter is filed. Behind
    `trusted_proxies` the sender is whom they name last in X-Forwarded-For; from anybody else that header is ignored. `also`
    are headers of every answer, besides."""

    def __init__(
        self,
        dsn: str,
        intakes: Mapping[str, letters.Intake],
        answers: Mapping[str, bytes],
        *,
        trusted_proxies: Iterable[str] = (),
        pool_size: int = 8,
        wait_seconds: int = 5,
        also: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._proxies = Proxies(trusted_proxies)
        self._always = (*TO_BROWSERS, *also)
        self._intakes = intakes
        self._answers = answers
        self._known: dict[bytes, tuple[float, letters.OpenEndpoint]] = {}
        self._pool = ConnectionPool(
            dsn,
            min_size=1,
            max_size=pool_size,
            timeout=wait_seconds,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 1},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status, body = self._answer(environ)
        start_response(
            _STATUS[status],
            [
                ("Content-Type", JSON if body[:1] == b"{" else "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                *self._always,
            ],
        )
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        token, _, ref = environ["PATH_INFO"].removeprefix("/hooks/").strip("/").partition("/")
        try:
            self._pool.open()
            endpoint = None if "\x00" in ref else self._endpoint(token)
            if endpoint is None or endpoint.provider not in self._intakes:
                REFUSED.labels("none", "address").inc()
                return 404, b"There is no such address."
            intake = self._intakes[endpoint.provider]
            length = _length(environ.get("CONTENT_LENGTH", ""))
            if length > intake.body_bytes_max:
                REFUSED.labels(endpoint.provider, "size").inc()
                return 413, b"Too large."
            body = environ["wsgi.input"].read(length) if length else b""
            request = _request(environ, body, ref, self.sender(environ))
            return self._take(endpoint, intake, request)
        except letters.NotGenuine as error:
            REFUSED.labels("any", "origin").inc()
            log.warning("letter.not_genuine", why=str(error))
            return 401, b"Not genuine."
        except (psycopg.OperationalError, PoolTimeout) as error:
            log.error("letter.not_filed", error=type(error).__name__)
            return 503, b"Try again."

    def _take(
        self, endpoint: letters.OpenEndpoint, intake: letters.Intake, request: letters.HookRequest
    ) -> tuple[int, bytes]:
        if request.method == "GET":
            said = intake.handshake(endpoint, request)
            return (405, b"Post it.") if said is None else (200, said)
        if request.method != "POST":
            return 405, b"Post it."
        if not request.body:
            return 411, b"There is nothing in it."
        verdict = intake.verify(endpoint, request)
        with self._pool.connection() as connection:
            connection.execute(letters.FILE, letters.filing(endpoint, request, verdict))
        FILED.labels(endpoint.provider).inc()
        return 200, self._answers.get(endpoint.provider, b"OK")

    def sender(self, environ: Mapping[str, Any]) -> str:
        """Who wrote: the nearest address that is no proxy of ours."""
        return self._proxies.sender(
            str(environ.get("REMOTE_ADDR", "")), str(environ.get("HTTP_X_FORWARDED_FOR", ""))
        )

    def _endpoint(self, token: str) -> letters.OpenEndpoint | None:
        token_hash = crypto.digest(token)
        known = self._known.get(token_hash)
        if known and known[0] > time.monotonic():
            return known[1]
        with self._pool.connection() as connection:
            row = connection.execute(letters.FIND_ENDPOINT, (token_hash,)).fetchone()
        if row is None:
            self._known.pop(token_hash, None)
            return None
        if len(self._known) > 10_000:
            self._known.clear()
        endpoint = letters.opened(row)
        self._known[token_hash] = (time.monotonic() + ENDPOINT_MEMORY_SECONDS, endpoint)
        return endpoint


class _Headers(Mapping[str, str]):
    """The request's headers by their lower-case names, looked up where they lie."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return str(self._environ["HTTP_" + name.upper().replace("-", "_")])

    def __iter__(self) -> Iterator[str]:
        return (
            name[5:].replace("_", "-").lower() for name in self._environ if name.startswith("HTTP_")
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _length(declared: str) -> int:
    """Bytes to read; nothing where it is not a whole number (a chunked body has none and is not taken)."""
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _request(environ: Mapping[str, Any], body: bytes, ref: str, sender: str) -> letters.HookRequest:
    headers = _Headers(environ)
    return letters.HookRequest(
        environ["REQUEST_METHOD"], headers, environ.get("QUERY_STRING", ""), body, sender, ref[:128]
    )
