"""The HTTP client, against a real server: what a failure means, and where no request may go."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hesabu.kit import clock, http
from hesabu.kit.http import Client, NotSent, Unknown
from steady import PATIENCE_SECONDS, eventually, free_port

BOMB = gzip.compress(b"\0" * (http.MAX_BODY_BYTES + 1), 1)


class Provider(ThreadingHTTPServer):
    """Answers by path and counts what reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.given_up = 0
        super().__init__(("127.0.0.1", 0), Answers)

    def handle_error(self, *_: Any) -> None:
        """Clients of these tests hang up; nobody needs to read of it."""

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        self.server.bodies.append(self.rfile.read(length))
        getattr(self, self.path.strip("/").replace("-", "_"))()

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def said(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fine(self) -> None:
        self.said(200, b'{"ok": true}')

    def unwell(self) -> None:
        self.said(502, b"<html>Bad gateway</html>")

    def elsewhere(self) -> None:
        self.said(302, b"", Location=f"http://{self.server.at}/fine")

    def slow(self) -> None:
        """Says nothing for as long as it is waited for."""
        self.connection.settimeout(PATIENCE_SECONDS)
        self.server.given_up += self.connection.recv(1) == b""
        self.close_connection = True

    def hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def halfway(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def third_time(self) -> None:
        if self.server.asked.count("/third-time") < 3:
            self.hang_up()
        else:
            self.fine()

    def giant(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(40):
                self.wfile.write(b"x" * 1024 * 1024)
        except OSError:
            self.close_connection = True

    def bomb(self) -> None:
        self.said(200, BOMB, Content_Encoding="gzip")

    def no_gzip(self) -> None:
        self.said(200, b"this is no gzip", Content_Encoding="gzip")

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def provider(server: Provider) -> Provider:
    server.asked.clear()
    server.bodies.clear()
    return server


@pytest.fixture
def allow() -> Iterator[Callable[..., None]]:
    """Allow private hosts, as settings do, and put back what was allowed."""
    before, listed = set(http._allowed_private), set(http._listed)
    yield lambda *hosts: http.allow_private(hosts)
    http.allow_private(before)
    http.allow_hosts(listed)


@pytest.fixture
def client(provider: Provider, allow: Callable[..., None]) -> Iterator[Client]:
    allow(provider.at)
    made = Client("provider", f"http://{provider.at}", timeout_seconds=PATIENCE_SECONDS)
    yield made
    made.close()


def test_an_answer_is_whatever_the_provider_said(client: Client, provider: Provider) -> None:
    answer = client.request("POST", "/fine", json={"a": 1})
    assert (answer.status, answer.is_ok, answer.json()) == (200, True, {"ok": True})
    assert provider.bodies == [b'{"a":1}']


def test_an_error_of_the_provider_is_an_answer_and_not_sent_again(
    client: Client, provider: Provider
) -> None:
    answer = client.request("GET", "/unwell", idempotent=True)
    assert (answer.status, answer.is_ok, answer.json()) == (502, False, None)
    assert "Bad gateway" in answer.text
    assert provider.asked == ["/unwell"]


def test_a_redirect_is_an_answer_and_not_followed(client: Client, provider: Provider) -> None:
    answer = client.request("GET", "/elsewhere")
    assert answer.status == 302
    assert answer.headers["location"].endswith("/fine")
    assert provider.asked == ["/elsewhere"]


def test_no_answer_in_time_leaves_it_unknown_and_is_not_sent_again(
    provider: Provider, allow: Callable[..., None]
) -> None:
    allow(provider.at)
    before = provider.given_up
    with pytest.raises(Unknown):
        Client("hasty", f"http://{provider.at}", timeout_seconds=1).request("POST", "/slow")
    eventually(lambda: provider.given_up == before + 1)
    assert provider.asked == ["/slow"]


@pytest.mark.parametrize("path", ["/hang-up", "/halfway"])
def test_a_connection_lost_after_asking_leaves_it_unknown(
    client: Client, provider: Provider, path: str
) -> None:
    with pytest.raises(Unknown):
        client.request("POST", path)
    assert provider.asked == [path]


def test_what_may_be_repeated_is_repeated_until_it_is_answered(
    client: Client, provider: Provider
) -> None:
    assert client.request("GET", "/third-time", idempotent=True).json() == {"ok": True}
    assert provider.asked == ["/third-time"] * 3


def test_repeating_ends_after_three_tries(client: Client, provider: Provider) -> None:
    with pytest.raises(Unknown):
        client.request("GET", "/hang-up", idempotent=True)
    assert provider.asked == ["/hang-up"] * 3


def test_a_port_where_nobody_listens_was_never_reached(allow: Callable[..., None]) -> None:
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it meanwhile
        at = f"127.0.0.1:{kept.getsockname()[1]}"
        allow(at)
        with pytest.raises(NotSent):
            Client("gone", f"http://{at}").request("POST", "/fine")


def test_what_was_not_sent_is_tried_again_though_it_may_not_be_repeated(
    allow: Callable[..., None],
) -> None:
    """Nobody listens at first; the one who does later gets it once."""
    port = free_port()
    heard: list[bytes] = []

    def listen() -> None:
        with socket.create_server(("127.0.0.1", port)) as listening:
            listening.settimeout(PATIENCE_SECONDS)
            with listening.accept()[0] as taken:
                heard.append(taken.recv(65536))
                taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    allow(f"127.0.0.1:{port}")
    late = threading.Timer(0.05, listen)
    late.start()
    client = Client("late", f"http://127.0.0.1:{port}", attempts_max=40)
    assert client.request("POST", "/fine").text == "ok"
    late.join()
    assert len(heard) == 1


@pytest.mark.parametrize("path", ["/giant", "/bomb"])
def test_an_answer_larger_than_is_kept_leaves_it_unknown(client: Client, path: str) -> None:
    with pytest.raises(Unknown, match="larger"):
        client.request("GET", path)


def test_an_answer_that_is_not_packed_as_it_says_leaves_it_unknown(client: Client) -> None:
    with pytest.raises(Unknown):
        client.request("GET", "/no-gzip")


@pytest.mark.parametrize("allowed", [[], ["127.0.0.1"], ["127.0.0.1:1"], ["localhost:{port}"]])
def test_a_private_address_is_not_reached_unless_host_and_port_are_allowed(
    provider: Provider, allow: Callable[..., None], allowed: list[str]
) -> None:
    allow(*[host.format(port=provider.server_address[1]) for host in allowed])
    with pytest.raises(NotSent, match="private"):
        Client("inside", f"http://{provider.at}", attempts_max=1).request("GET", "/fine")
    assert provider.asked == []


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0", "127.1", "2130706433", "[::1]"])
def test_a_name_that_leads_inside_is_not_reached_however_it_is_written(
    provider: Provider, allow: Callable[..., None], host: str
) -> None:
    """The address is looked at when connecting, so a name that resolves to this machine gains nothing, on the list or not."""
    allow()
    http.allow_hosts([host.strip("[]")])
    with pytest.raises(NotSent, match="private"):
        Client("inside", f"http://{host}:{provider.server_address[1]}", attempts_max=1).request(
            "GET", "/fine"
        )
    assert provider.asked == []


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("api.safaricom.co.ke", ["api.safaricom.co.ke"]),
        ("API.Safaricom.co.ke", ["api.safaricom.co.ke"]),
        ("api.safaricom.co.ke.", ["api.safaricom.co.ke"]),
        ("scontent.xx.fbcdn.net", ["*.fbcdn.net"]),
    ],
)
def test_a_host_on_the_list_may_be_called(
    allow: Callable[..., None], host: str, listed: list[str]
) -> None:
    http.allow_hosts(listed)
    assert http.is_listed(host)


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("evil.example", ["api.safaricom.co.ke"]),
        ("api.safaricom.co.ke.evil.example", ["api.safaricom.co.ke"]),
        ("evil-api.safaricom.co.ke", ["api.safaricom.co.ke", "*.api.safaricom.co.ke"]),
        ("safaricom.co.ke", ["api.safaricom.co.ke"]),
        ("fbcdn.net", ["*.fbcdn.net"]),
        ("evilfbcdn.net", ["*.fbcdn.net"]),
        ("8.8.8.8", ["api.safaricom.co.ke"]),
        ("api.safaricom.co.ke", []),
    ],
)
def test_a_host_that_no_setting_names_is_neither_called_nor_looked_up(
    allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch, host: str, listed: list[str]
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *of, **rest: asked.append(of) or [])
    allow()
    http.allow_hosts(listed)
    with pytest.raises(NotSent, match="not on the list"):
        Client("nobody", f"http://{host}", attempts_max=1).request("GET", "/fine")
    assert asked == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("196.201.214.200", True),
        ("2a03:2880:f12f:83:face:b00c:0:25de", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::c4c9:d6c8", True),
    ],
)
def test_which_addresses_are_public(address: str, is_public: bool) -> None:
    assert http.is_public(address) is is_public


@pytest.mark.parametrize(
    "url", ["", "//x", "ftp://example.com", "http://" + "a" * 70 + ".com", "http://nowhere.invalid"]
)
def test_an_address_that_is_none_was_never_reached(url: str) -> None:
    with pytest.raises(NotSent):
        Client("nowhere", url, attempts_max=1).request("GET", "/fine")


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Provider]:
    """A provider by TLS whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    file = tmp_path / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    served = Provider()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    served.socket = context.wrap_socket(served.socket, server_side=True)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def test_whoever_cannot_show_who_they_are_is_told_nothing(
    stranger: Provider, allow: Callable[..., None], tmp_path: Path
) -> None:
    """It does speak TLS, to whoever trusts it; we do not."""
    port = stranger.server_address[1]
    trusting = ssl.create_default_context(cafile=str(tmp_path / "both.pem"))
    with urllib.request.urlopen(f"https://localhost:{port}/fine", context=trusting) as answer:
        assert answer.status == 200
    stranger.asked.clear()
    allow(f"localhost:{port}")
    with pytest.raises(http.HttpFailure):
        Client("stranger", f"https://localhost:{port}", attempts_max=1).request(
            "POST", "/fine", headers={"Authorization": "Bearer x"}
        )
    assert stranger.asked == []
