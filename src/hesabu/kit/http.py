"""The HTTP client: every request that leaves the house goes through here.

Three promises. A request has a time-out. A caller learns the one thing that matters about a failure: `NotSent` (the other
side certainly never had it, so it is safe to send again) or `Unknown` (it may have been received; ask, never guess). And
no request reaches a host that settings do not name, nor a private address, whatever a name resolves to, unless that host and
port were allowed by settings: the address is checked at the moment of connecting, so that a name which changes between check
and use gains nothing. Where nothing was said yet, nothing is reached.

What comes back with any status is a Response; a status is the provider's word and for the caller to read. Retries, with
full jitter, happen only for `NotSent` and for requests marked idempotent.
"""

from __future__ import annotations

import ipaddress
import random
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx
import structlog

from hesabu.kit import strict_json

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 20 * 1024 * 1024
ANSWER_SECONDS_MAX = 60
"""However slowly an answer comes in, each of its bytes in time: it is given up after this."""
_allowed_private: set[str] = set()
_listed: set[str] = set()


class HttpFailure(Exception):
    """A request without an answer."""


class NotSent(HttpFailure):
    """The other side certainly did not receive it."""


class Unknown(HttpFailure):
    """It may or may not have been received."""


def allow_private(hosts: Iterable[str]) -> None:
    """Settings name the private `host:port` pairs that may be reached (a sandbox, a mail relay)."""
    _allowed_private.clear()
    _allowed_private.update(hosts)


def allow_hosts(hosts: Iterable[str]) -> None:
    """Settings name the hosts that may be called at all; `*.name` stands for all below that name."""
    _listed.clear()
    _listed.update(hosts)


def is_listed(host: str) -> bool:
    """Whether a host may be called."""
    name = host.lower().removesuffix(".")
    above = (name[at:] for at, letter in enumerate(name) if letter == ".")
    return name in _listed or any(f"*{suffix}" in _listed for suffix in above)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `json()` is None where the body is no JSON, or JSON that nobody means (nested without end, numbers without
    measure): gateways answer HTML when they are unwell."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        try:
            return strict_json.read(self.content)
        except strict_json.NotJson:
            return None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address lies in the public internet. One that carries an IPv4 address within it is judged by that."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(str(carried))
    return found.is_global and not found.is_multicast


def _is_private_address(host: str) -> bool:
    try:
        return not is_public(host.strip("[]"))
    except ValueError:  # a name
        return False


class _GuardedNetwork(httpcore.SyncBackend):
    """Connects to addresses, not names, after looking at them."""

    def connect_tcp(self, host: str, port: int, **options: Any) -> httpcore.NetworkStream:  # type: ignore[override]
        is_allowed = f"{host}:{port}" in _allowed_private
        if not is_allowed and _is_private_address(host):
            raise httpcore.ConnectError(f"{host} is a private address")
        # Not looked up either: a question to a name server tells something, too.
        if not is_allowed and not is_listed(host):
            log.warning("http.not_listed", host=host[:80])
            raise httpcore.ConnectError(f"{host[:80]} is not on the list of hosts to call")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host[:80]} does not resolve") from error
        failure: Exception | None = None
        for *_, address in found:
            if not is_allowed and not is_public(str(address[0])):
                raise httpcore.ConnectError(f"{host} is at a private address")
            try:
                return super().connect_tcp(str(address[0]), port, **options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")


def _transport() -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(retries=0, limits=httpx.Limits(max_connections=32))
    transport._pool._network_backend = _GuardedNetwork()
    return transport


class Client:
    """One provider's client: `name` is for logs and metrics, `base_url` is joined with each path."""

    def __init__(
        self,
        name: str,
        base_url: str = "",
        *,
        timeout_seconds: int = 10,
        headers: Mapping[str, str] | None = None,
        attempts_max: int = 3,
        answer_seconds_max: int = ANSWER_SECONDS_MAX,
    ) -> None:
        self.name = name
        self._answer_seconds_max = answer_seconds_max
        self._attempts_max = attempts_max
        self._httpx = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(timeout_seconds, connect=min(5, timeout_seconds)),
            headers={"User-Agent": "Hesabu/1", **(headers or {})},
            transport=_transport(),
            follow_redirects=False,
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        idempotent: bool = False,
        timeout_seconds: int | None = None,
        **options: Any,
    ) -> Response:
        """Send it. `options` are json, data, content, files, params, headers, auth. Raises NotSent or Unknown."""
        if timeout_seconds is not None:
            options["timeout"] = timeout_seconds
        for attempt in range(1, self._attempts_max + 1):
            try:
                return self._once(method, path, options)
            except NotSent:
                if attempt == self._attempts_max:
                    raise
            except Unknown:
                if not idempotent or attempt == self._attempts_max:
                    raise
            time.sleep(random.uniform(0, min(2.0, 0.1 * 2**attempt)))
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, options: dict[str, Any]) -> Response:
        try:
            with self._httpx.stream(method, path, **options) as answer:
                body = bytearray()
                give_up_at = time.monotonic() + self._answer_seconds_max
                for chunk in answer.iter_bytes():
                    body += chunk
                    if time.monotonic() > give_up_at:
                        raise Unknown(f"{self.name}: the answer drips")
                    if len(body) > MAX_BODY_BYTES:
                        raise Unknown(
                            f"{self.name}: the answer is larger than {MAX_BODY_BYTES} bytes"
                        )
                return Response(answer.status_code, bytes(body), answer.headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(f"{self.name}: {error}") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise NotSent(f"{self.name}: {error}") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Unknown(f"{self.name}: {type(error).__name__}") from error

    def close(self) -> None:
        self._httpx.close()
