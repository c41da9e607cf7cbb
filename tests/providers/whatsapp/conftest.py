"""The sandbox in a process of its own, our ingress on a socket in front of it, and phones to play with."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from providers.whatsapp import envelopes
from sandbox.served import is_open
from steady import PATIENCE_SECONDS, eventually, free_port

if TYPE_CHECKING:
    from providers.whatsapp.box import Box

SECRET, WORD, TOKEN = "app secret", "the word", "the token"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def webhook(database: str) -> Iterator[str]:
    """The address that Meta is given: our ingress, served."""
    from hesabu.messaging import actions
    from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake
    from hesabu.store.ingress import Ingress

    ingress = Ingress(database, {"whatsapp": WhatsAppIntake(SECRET, WORD)}, {}, pool_size=2)
    server = make_server("127.0.0.1", 0, ingress, handler_class=_Quiet)  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/{actions.open_channel()}"
    server.shutdown()
    server.server_close()
    ingress._pool.close()


@pytest.fixture(scope="module")
def sandbox_url(webhook: str) -> Iterator[str]:
    """A sandbox with a seed of its own, so that no id was ever seen before."""
    port = free_port()
    told = {
        "PORT": str(port),
        "SEED": str(secrets.randbelow(2**31)),
        "WHATSAPP_WEBHOOK": webhook,
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": WORD,
        "WHATSAPP_TOKEN": TOKEN,
        "WHATSAPP_PHONE_NUMBER_ID": envelopes.PHONE_NUMBER_ID,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "hesabu.sandbox"],
        env={**os.environ, **{f"HESABU_SANDBOX_{name}": value for name, value in told.items()}},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: is_open(url))
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@pytest.fixture
def box(sandbox_url: str) -> Iterator[Box]:
    """The sandbox, calm, and settings that lead there."""
    from django.conf import settings
    from django.test import override_settings

    from hesabu.kit import http
    from providers.whatsapp.box import Box

    before = set(http._allowed_private)
    http.allow_private({*before, sandbox_url.removeprefix("http://")})
    config = settings.CONFIG.model_copy(
        update={
            "whatsapp_base_url": f"{sandbox_url}/whatsapp/v23.0",
            "whatsapp_token": TOKEN,
            "whatsapp_phone_number_id": envelopes.PHONE_NUMBER_ID,
        }
    )
    found = Box(sandbox_url)
    found.turn({"preset": "calm"})
    with override_settings(CONFIG=config):
        yield found
    http.allow_private(before)
