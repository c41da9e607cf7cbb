"""Passwords that leaked: what is asked, of whom, and what happens when nobody answers. The list stands on a socket."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings
from structlog.testing import capture_logs

from doors.web.people import PASSWORD, is_in, new_address, new_browser, signed_up
from doors.web.test_signing_in_sessions import configured
from hesabu.doors.web.account import breaches
from hesabu.kit import http
from steady import PATIENCE_SECONDS, eventually, free_port

pytestmark = pytest.mark.usefixtures("database")
LEAKED = "nobody would ever guess this one"
MARK = hashlib.sha1(LEAKED.encode()).hexdigest().upper()


class List:
    """What it was asked, and how it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.pause = threading.Event()
        self.status, self.drip_seconds, self.is_left = 200, 0.0, False
        self.lines = [f"{MARK[5:]}:17", "0018A45C4D1DEF81644B54AB7F969B88D65:1", "F" * 35 + ":0"]


@pytest.fixture
def leaks() -> Iterator[List]:
    made = List()

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers.get("Add-Padding", "")))
            self.send_response(made.status)
            self.end_headers()
            for line in made.lines:
                try:
                    self.wfile.write(f"{line}\r\n".encode())
                    self.wfile.flush()
                except OSError:
                    made.is_left = True
                    return
                made.pause.wait(made.drip_seconds)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    allowed = settings.CONFIG.allowed_private_hosts.split(",")
    http.allow_private([*allowed, f"127.0.0.1:{server.server_port}"])
    with configured(breach_list_url=f"http://127.0.0.1:{server.server_port}/range/"):
        yield made
    http.allow_private(allowed)
    server.shutdown()
    server.server_close()


def test_a_password_that_leaked_is_refused(leaks: List) -> None:
    browser, address = new_browser(), new_address()
    answer = browser.post(
        "/account/signup/", {"name": "Wanjiku Kamau", "email": address, "password1": LEAKED}
    )
    assert "has leaked" in answer.content.decode()
    assert not is_in(browser)


def test_five_letters_of_a_hash_go_out_and_padding_is_asked_for(leaks: List) -> None:
    assert breaches.is_leaked(LEAKED)
    assert leaks.asked == [(f"/range/{MARK[:5]}", "true")]


def test_padding_is_no_leak(leaks: List) -> None:
    leaks.lines = [f"{MARK[5:]}:0", "junk", ":", "A:B", ""]
    assert not breaches.is_leaked(LEAKED)


def test_a_password_that_did_not_leak_is_taken(leaks: List) -> None:
    assert is_in(signed_up(new_browser(), new_address(), PASSWORD))
    assert leaks.asked


def test_a_new_password_is_asked_about_when_it_is_changed(leaks: List) -> None:
    browser = signed_up(new_browser(), new_address(), PASSWORD)
    answer = browser.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": LEAKED}
    )
    assert "has leaked" in answer.content.decode()


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_list_that_is_unwell_stops_nobody(leaks: List, status: int) -> None:
    leaks.status = status
    assert not breaches.is_leaked(LEAKED)


def test_a_list_that_is_slow_is_not_waited_for(leaks: List) -> None:
    leaks.drip_seconds, leaks.lines = 0.5, ["0" * 35 + ":1"] * 2 * PATIENCE_SECONDS
    assert not breaches.is_leaked(LEAKED)
    eventually(lambda: leaks.is_left)


def test_a_list_that_is_away_stops_nobody_and_is_logged() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with configured(breach_list_url=nobody), capture_logs() as logged:
        assert not breaches.is_leaked(LEAKED)
    assert [one["event"] for one in logged] == ["breach_list.away"]
    assert LEAKED not in str(logged)


def test_a_list_inside_the_house_is_not_asked_unless_it_is_allowed(leaks: List) -> None:
    http.allow_private([])
    assert not breaches.is_leaked(LEAKED)
    assert leaks.asked == []


def test_without_a_list_nothing_goes_out(leaks: List) -> None:
    with configured(breach_list_url=""):
        assert not breaches.is_leaked(LEAKED)
    assert leaks.asked == []
