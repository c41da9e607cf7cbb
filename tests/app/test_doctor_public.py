"""How the house looks from outside: a sound one, and one with each thing that may be wrong."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.certificates import certificate
from hesabu.app.config import Config
from hesabu.app.doctor import public
from hesabu.app.doctor.public import Place

HOST = "pay.kamau.co.ke"
pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
HSTS = "max-age=31536000; includeSubDomains"


class Site(ThreadingHTTPServer):
    """What a proxy would answer: status and headers by path."""

    daemon_threads = True

    def __init__(self, answers: dict[str, tuple[int, dict[str, str]]]) -> None:
        self.answers = answers
        super().__init__(("127.0.0.1", 0), Says)

    def handle_error(self, *_: Any) -> None:
        """A handshake that is refused is not told on standard error."""


class Says(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        status, told = self.server.answers.get(self.path, (404, {}))
        self.send_response(status)
        for name, value in {**told, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Not told."""


LED = {
    "/account/login/": (308, {"Location": f"https://{HOST}/account/login/"}),
    "/api/v1/customers": (403, {}),
}
Looking = Callable[..., list[str]]


@pytest.fixture
def looked(tmp_path: Path) -> Iterator[Looking]:
    """What the doctor says is not fine about a site that is so."""
    running: list[Site] = []

    def serve(site: Site) -> int:
        running.append(site)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        return int(site.server_address[1])

    def look(
        *,
        hsts: str = HSTS,
        health: int = 200,
        plain: dict[str, tuple[int, dict[str, str]]] | None = None,
        days: int = 60,
        host: str = HOST,
        is_trusted: bool = True,
        oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
    ) -> list[str]:
        chain, key = certificate(tmp_path, host, days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if oldest < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = oldest
        context.load_cert_chain(chain, key)
        told = {"Strict-Transport-Security": hsts} if hsts else {}
        site = Site({"/healthz": (health, told)})
        site.socket = context.wrap_socket(site.socket, server_side=True)
        place = Place(
            HOST,
            serve(site),
            serve(Site(LED if plain is None else plain)),
            at="127.0.0.1",
            trust=str(chain) if is_trusted else None,
        )
        found = list(public.look(place))
        assert all(one.remedy for one in found if one.grade != "fine")
        return [one.said for one in found if one.grade != "fine"]

    yield look
    for one in running:
        one.shutdown()
        one.server_close()


def test_a_sound_site_has_nothing_wrong(looked: Looking) -> None:
    assert looked() == []


@pytest.mark.parametrize("hsts", ["", "max-age=300; includeSubDomains", "max-age=31536000"])
def test_a_site_that_does_not_tell_browsers_to_come_by_tls_is_wrong(
    looked: Looking, hsts: str
) -> None:
    assert looked(hsts=hsts) == ["browsers are not told to come by TLS alone"]


def test_a_certificate_that_nobody_trusts_is_wrong(looked: Looking) -> None:
    (said,) = looked(is_trusted=False)
    assert "is not trusted" in said


def test_a_certificate_of_another_host_is_wrong(looked: Looking) -> None:
    (said,) = looked(host="elsewhere.example")
    assert "is not trusted" in said


@pytest.mark.parametrize("days", [15, 3])
def test_a_certificate_that_ends_soon_is_told(looked: Looking, days: int) -> None:
    (said,) = looked(days=days)
    assert said.startswith("the certificate is trusted, and good for")


def test_pages_without_tls_are_wrong(looked: Looking) -> None:
    shown = {"/account/login/": (200, {}), "/api/v1/customers": (403, {})}
    assert looked(plain=shown) == ["pages are shown without TLS"]


@pytest.mark.parametrize("status", [200, 301])
def test_programs_that_are_answered_or_led_on_without_tls_are_wrong(
    looked: Looking, status: int
) -> None:
    led = {**LED, "/api/v1/customers": (status, {"Location": f"https://{HOST}/"})}
    (said,) = looked(plain=led)
    assert said.startswith("without TLS programs are answered")


def test_a_house_that_is_not_up_is_wrong(looked: Looking) -> None:
    assert looked(health=502) == ["/healthz is answered by 502"]


def test_a_site_that_speaks_what_is_too_old_is_wrong(looked: Looking) -> None:
    assert looked(oldest=ssl.TLSVersion.TLSv1) == ["TLS 1 is spoken", "TLS 1.1 is spoken"]


def test_nobody_there_is_told_and_no_fault(tmp_path: Path) -> None:
    chain, _ = certificate(tmp_path, HOST)
    nobody = Place(HOST, 9, 9, at="127.0.0.1", trust=str(chain))
    (found,) = public.look(nobody)
    assert (found.grade, "is not reached by TLS" in found.said) == ("wrong", True)


@pytest.mark.parametrize("address", ["", "http://pay.kamau.co.ke"])
def test_an_address_without_tls_is_wrong_by_itself(address: str) -> None:
    config = Config(_env_file=None, public_url=address)  # type: ignore[call-arg]
    (found,) = public.examine(config)
    assert found.grade == "wrong"
