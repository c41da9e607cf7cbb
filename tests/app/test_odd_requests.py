"""Requests that no browser sends, over a raw socket, to the server as production runs it: nothing is smuggled, nothing is read
twice, and nothing makes it fall."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hesabu.app import config as configuration
from hesabu.app import processes
from hesabu.app.bench import serving
from steady import PATIENCE_SECONDS, eventually, free_port

SOURCE = Path(configuration.__file__).parents[2]
HOST = b"Host: 127.0.0.1\r\n"
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass(frozen=True)
class Server:
    port: int

    def says(self, *parts: bytes, closes: bool = True) -> bytes:
        """Everything that comes back on one connection, until the server closes it or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as line:
            line.settimeout(PATIENCE_SECONDS if closes else 1.5)
            heard = b""
            try:
                for part in parts:
                    line.sendall(part)
                while piece := line.recv(65536):
                    heard += piece
            except (TimeoutError, ConnectionError):
                pass
            return heard

    def gets(self, path: bytes, *headers: bytes, method: bytes = b"GET") -> tuple[int, bytes]:
        """Status and the whole answer."""
        lines = b"".join(one + b"\r\n" for one in headers)
        heard = self.says(
            method + b" " + path + b" HTTP/1.1\r\n" + HOST + lines + b"Connection: close\r\n\r\n"
        )
        return (int(found[1]) if (found := STATUS.match(heard)) else 0), heard


def statuses(heard: bytes) -> list[int]:
    return [int(one) for one in STATUS.findall(heard)]


def listens_at(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server(database: str) -> Iterator[Server]:
    """granian, with the command that `hesabu up` and `hesabu web` use."""
    port = free_port()
    config = configuration.load(ignore_env_file=True).model_copy(
        update={"web_port": port, "web_workers": 1}
    )
    command = [sys.executable, *processes.web_command(config)[1:]]
    with serving.running(command, PYTHONPATH=str(SOURCE), HESABU_ENV="test"):
        eventually(lambda: listens_at(port))
        found = Server(port)
        assert found.gets(b"/healthz")[0] == 200
        yield found


@pytest.fixture(autouse=True)
def _still_there(server: Server) -> Iterator[None]:
    """Whatever was said, the next one is answered."""
    yield
    assert server.gets(b"/healthz")[0] == 200


HIDDEN = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n",
        b"Content-Length: %d\r\nTransfer-Encoding : chunked\r\n",
        b"Content-Length: %d\r\nTransfer-Encoding: xchunked\r\n",
        b"Content-Length: %d\r\nTransfer-Encoding: chunked, identity\r\n",
        b"Content-Length: %d\r\n Transfer-Encoding: chunked\r\n",
        b"Content-Length: %d\r\nTransfer-Encoding:\x0bchunked\r\n",
        b"Content-Length: %d\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: %d\r\n",
        b"Content-Length: +%d\r\n",
        b"Content-Length: 5, %d\r\n",
        b"Content-Length: -1\r\nX-A: %d\r\n",
        b"Content-Length: 0x%d\r\n",
    ],
)
@pytest.mark.parametrize("path", [b"/account/login/", b"/api/v1/token", b"/hooks/nobody"])
def test_a_request_hidden_in_anothers_body_is_not_heard(
    server: Server, framing: bytes, path: bytes
) -> None:
    """A proxy may read the bounds one way; whichever way it is read here, there is at most one answer, or the line ends."""
    body = b"0\r\n\r\n" + HIDDEN
    head = b"POST " + path + b" HTTP/1.1\r\n" + HOST + framing % len(body)
    heard = server.says(head + b"\r\n" + body, closes=False)
    told = statuses(heard)
    assert len(told) <= 1, heard[:2000]
    if b"xchunked" in framing or framing.count(b"Content-Length") == 2:
        assert told in ([], [400])


def test_a_body_in_pieces_has_its_bounds_read_rightly(server: Server) -> None:
    """After a rightly chunked body the next request on the line is the next request, and only that."""
    head = b"POST /api/v1/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    after = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    heard = server.says(head + b"2\r\n{}\r\n0\r\n\r\n" + after)
    told = statuses(heard)
    assert len(told) == 2
    assert told[0] in (400, 411, 415, 422)
    assert told[1] == 200


@pytest.mark.parametrize("size", [b"FFFFFFFFFFFFFFFFF", b"-1", b"0x2", b"2\n"])
def test_a_piece_of_a_strange_size_is_refused(server: Server, size: bytes) -> None:
    head = b"POST /api/v1/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    told = statuses(server.says(head + size + b"\r\n{}\r\n0\r\n\r\n" + HIDDEN, closes=False))
    assert 200 not in told
    assert not any(one >= 500 for one in told)
    assert len(told) <= 1


@pytest.mark.parametrize(
    "line",
    [
        b"X-Long: " + b"a" * 1_000_000,
        b"Cookie: " + b"a=b; " * 20_000,
        b"\r\n".join(b"X-%d: a" % n for n in range(5000)),
        b"Authorization: Bearer " + b"x" * 900_000,
    ],
    ids=["long", "cookies", "many", "bearer"],
)
def test_headers_beyond_measure_are_refused(server: Server, line: bytes) -> None:
    status, _ = server.gets(b"/account/login/", line)
    assert status in (0, 400, 413, 414, 431)


def test_an_address_beyond_measure_is_refused(server: Server) -> None:
    status, _ = server.gets(b"/" + b"a" * 500_000)
    assert status in (0, 400, 404, 413, 414, 431)


@pytest.mark.parametrize("name", [b"X_Forwarded_For", b"X-Forwarded_For", b"X_Forwarded-For"])
def test_a_header_cannot_pass_for_another_by_its_underscores(server: Server, name: bytes) -> None:
    """`figures are not for strangers` counts on the header's being seen under its true name; a copy with underscores that
    came as it would let a sender speak as the proxy."""
    assert server.gets(b"/metrics")[0] == 200
    status, heard = server.gets(b"/metrics", name + b": 203.0.113.9")
    assert status in (200, 400, 403), heard[:300]


@pytest.mark.parametrize(
    "line",
    [b"X-A: a\x00b", b"X-A: a\rX-B: b", b"X\x00A: a", b"X A: a", b": a", b"X-A: a\r\n\tfolded"],
)
def test_a_header_that_is_none_is_refused(server: Server, line: bytes) -> None:
    status, _ = server.gets(b"/account/login/", line)
    assert status in (0, 200, 400)
    if b"\x00" in line or line.startswith((b"X A", b":")):
        assert status in (0, 400)


PATHS = [
    b"/p/\x00", b"/p/%00", b"/hooks/%00", b"/hooks/x/%00", b"/api/v1/invoices/%00", b"/b/%00/people",
    b"/static/%00", b"/static/..%2f..%2fapp/settings.py", b"/static/%2e%2e/%2e%2e/app/settings.py",
    b"/static/..%252f..%252fapp/settings.py", b"/static/....//....//etc/passwd", b"//etc/passwd",
    b"/static//etc/passwd", b"/static/%5c..%5c..", b"/../../etc/passwd", b"/%ff%fe", b"/p/%c0%ae%c0%ae/",
    b"/p/%252e%252e%252f", b"/%2e/%2e", b"/account/login/%0d%0aSet-Cookie:%20a=b", b"/p/\xf0\x9f\x98\x80",
    b"/account/login/?next=%0d%0aX-Evil:%20a", b"*", b"/p/%E2%80%AE", b"/b/%2561/people",
]  # fmt: skip


@pytest.mark.parametrize(
    "path", PATHS, ids=lambda one: one.decode("latin-1").encode("unicode_escape").decode()
)
def test_a_strange_address_leads_nowhere(server: Server, path: bytes) -> None:
    status, heard = server.gets(path)
    assert status in (0, 200, 301, 302, 400, 401, 404), heard[:500]
    assert b"root:" not in heard
    assert b"SECRET_KEY" not in heard
    head = heard.partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nx-evil" not in head
    assert b"\r\nset-cookie: a=b" not in head
    if status == 200:
        assert path.startswith(b"/account/login/?next=")


def test_an_address_is_decoded_once(server: Server) -> None:
    """%2568 is %68 here and not h: what was let through in one form is not another form later."""
    assert server.gets(b"/%68ealthz")[0] == 200
    assert server.gets(b"/%2568ealthz")[0] == 404
    assert server.gets(b"/hooks%2fnobody")[0] == 404
    assert server.gets(b"/api%252fv1/me")[0] == 404


@pytest.mark.parametrize(
    "claim",
    [
        b"X-HTTP-Method-Override: DELETE",
        b"X-HTTP-Method: DELETE",
        b"X-Method-Override: TRACE",
        b"X-Original-URL: /metrics",
        b"X-Rewrite-URL: /metrics",
        b"X-Forwarded-Prefix: /evil",
        b"X-Original-Host: evil.example",
        b"X-Forwarded-Host: evil.example",
        b"X-Forwarded-Port: 1",
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Scheme: https",
        b"Forwarded: host=evil.example;proto=https",
        b"X-Forwarded-Ssl: on",
        b"Front-End-Https: on",
    ],
)
def test_no_header_makes_a_request_another_one(server: Server, claim: bytes) -> None:
    """Neither its method, nor its address, nor its host, nor that it came by TLS."""
    path = b"/account/login/?next=/home"
    plain, claimed = server.gets(path), server.gets(path, claim)
    assert plain[0] == claimed[0] == 200
    assert b"evil" not in claimed[1]
    assert told_by(plain[1]) == told_by(claimed[1])


def told_by(heard: bytes) -> list[bytes]:
    """What the headers say, without what differs each time."""
    lines = heard.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    changing = (
        b"date:", b"expires:", b"last-modified:", b"etag:", b"set-cookie:",
        b"content-security-policy:", b"content-length:",
    )  # fmt: skip
    return sorted(one for one in lines if not one.startswith(changing))


def test_a_form_cannot_say_another_method(server: Server) -> None:
    form = b"_method=DELETE&X-HTTP-Method-Override=DELETE"
    head = b"POST /healthz?_method=GET HTTP/1.1\r\n" + HOST
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(form)
    assert statuses(server.says(head + kind + b"Connection: close\r\n\r\n" + form))[0] in (403, 405)


@pytest.mark.parametrize(
    "method", [b"TRACE", b"CONNECT", b"TRACK", b"DEBUG", b"GET\x00", b"G" * 9000]
)
@pytest.mark.parametrize(
    "path", [b"/account/login/", b"/hooks/nobody", b"/api/v1/me", b"/static/hesabu.css"]
)
def test_a_strange_method_is_refused_and_says_nothing_back(
    server: Server, method: bytes, path: bytes
) -> None:
    status, heard = server.gets(path, b"X-Told: zq9xk2", method=method)
    assert status in (0, 400, 401, 403, 404, 405, 414, 431, 501), heard[:300]
    assert b"zq9xk2" not in heard.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("path", [b"/hooks/nobody", b"/hooks/", b"/hooks/x/y/z"])
@pytest.mark.parametrize("method", [b"GET", b"POST", b"TRACE"])
def test_the_door_of_webhooks_tells_browsers_what_pages_tell_them(
    server: Server, path: bytes, method: bytes
) -> None:
    _, heard = server.gets(path, b"Content-Length: 0", method=method)
    head = heard.partition(b"\r\n\r\n")[0].lower()
    assert b"x-content-type-options: nosniff" in head
    assert b"content-type: text/plain; charset=utf-8" in head
    assert b"content-security-policy: default-src 'none'" in head
    assert b"cache-control: no-store" in head


def test_a_slow_talker_holds_up_nobody(server: Server) -> None:
    """Eight threads, and twenty who begin a request and say no more."""
    lines = [
        socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) for _ in range(20)
    ]
    try:
        for line in lines:
            line.sendall(
                b"POST /account/login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\nlogin="
            )
        assert server.gets(b"/healthz")[0] == 200
    finally:
        for line in lines:
            line.close()


def test_a_body_beyond_measure_is_refused(server: Server) -> None:
    head = b"POST /account/login/ HTTP/1.1\r\n" + HOST
    kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 30000000\r\n"
    told = statuses(
        server.says(head + kind + b"Connection: close\r\n\r\n" + b"a" * 3_000_000, closes=False)
    )
    assert all(one in (400, 403, 413) for one in told)
