"""A real browser, and a server in this process for it to visit.

The browser itself is tests/conftest.py's: one for all tests of a process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from doors.web.conftest import _fresh_pace, new_shop, shop
from steady import PATIENCE_SECONDS

__all__ = ["_fresh_pace", "new_shop", "shop"]

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "narrow": {
        "color_scheme": "light",
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
    },
    "narrow-dark": {
        "color_scheme": "dark",
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
    },
}


def _tidy(application: Callable[..., Any]) -> Callable[..., Any]:
    """A server thread closes what it answered with, as WSGI asks (else the collector does, in the midst of another request), and
    takes its database connection with it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        from django.db import connections

        parts: Any = ()
        try:
            parts = application(environ, start_response)
            return [b"".join(parts)]
        finally:
            getattr(parts, "close", lambda: None)()
            connections.close_all()

    return answer


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A test's output is what it asserts."""


@contextmanager
def served(application: Callable[..., Any]) -> Iterator[str]:
    """The application on a free port of this machine, until the block ends."""
    server = make_server("127.0.0.1", 0, _tidy(application), _Server, _Quiet)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_SECONDS)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in one of the looks. What the page complains of fails the test when it ends."""
    contexts = []
    complaints: list[str] = []

    def open_page(url: str, look: str = "light", **options: Any) -> Page:
        context = browser.new_context(**(LOOKS[look] | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if _is_complaint(said) else None
        )
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(said: Any) -> bool:
    """The browser itself reports an answer of 404 or 422 as an error; a broken policy or script is one."""
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line each."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert found.response["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
