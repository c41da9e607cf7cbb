"""The requests to Meta, and what their answers mean."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hesabu.kit import http
from hesabu.messaging.errors import MediaTooLarge, MediaUnavailable
from hesabu.messaging.providers.port import Accepted, Outcome, Refused, Uncertain
from hesabu.messaging.providers.whatsapp.client import WhatsApp, outcome_of
from hesabu.messaging.rules import Cure

PHOTO = b"\xff\xd8 a photo"
SHA256 = hashlib.sha256(PHOTO).hexdigest()


def _outcome(status: int, body: object) -> Outcome:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return outcome_of(http.Response(status, raw, {}), {})


def _error(code: object) -> dict[str, Any]:
    return {"error": {"message": "no", "type": "OAuthException", "code": code}}


def test_an_id_means_accepted_not_delivered() -> None:
    said = {
        "messages": [{"id": "wamid.1", "message_status": "accepted"}],
        "contacts": [{"user_id": "KE.1"}],
    }
    assert _outcome(200, said) == Accepted("wamid.1", "KE.1")
    assert _outcome(201, {"messages": [{"id": "wamid.1"}]}) == Accepted("wamid.1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'{"messages":[]}',
        b'{"messages":[{"id":7}]}',
        b'{"messages":"x"}',
    ],
)
def test_a_good_answer_that_says_nothing_is_uncertain(body: bytes) -> None:
    assert isinstance(_outcome(200, body), Uncertain)


@pytest.mark.parametrize(
    ("status", "code", "word", "cure"),
    [
        (401, 190, "token_invalid", Cure.OPERATOR),
        (403, 10, "not_permitted", Cure.OPERATOR),
        (403, 250, "not_permitted", Cure.OPERATOR),
        (429, 130429, "rate_limited", Cure.WAIT),
        (400, 80007, "rate_limited", Cure.WAIT),
        (400, 131056, "pair_rate_limited", Cure.SLOW_DOWN),
        (400, 131047, "window_closed", Cure.TEMPLATE),
        (400, 131026, "undeliverable", Cure.NONE),
        (400, 131030, "not_in_test_list", Cure.NONE),
        (400, 132000, "template_wrong", Cure.NONE),
        (400, "132001", "template_missing", Cure.LANGUAGE),
        (500, 131000, "provider_error", Cure.WAIT),
        (500, 777, "whatsapp_777", Cure.WAIT),
        (400, 777, "whatsapp_777", Cure.NONE),
        (400, None, "rejected", Cure.NONE),
        (400, True, "rejected", Cure.NONE),
    ],
)
def test_an_error_that_meta_wrote_means_it_was_not_taken(
    status: int, code: object, word: str, cure: Cure
) -> None:
    assert _outcome(status, _error(code)) == Refused(word, cure)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (503, Refused("busy", Cure.WAIT)),
        (429, Refused("busy", Cure.WAIT)),
        (403, Refused("http_403", Cure.WAIT)),
        (404, Refused("http_404", Cure.NONE)),
        (500, Uncertain("http_500")),
        (502, Uncertain("http_502")),
        (504, Uncertain("http_504")),
        (302, Uncertain("http_302")),
    ],
)
def test_what_a_gateway_says_instead(status: int, outcome: Outcome) -> None:
    assert _outcome(status, b"<html>unwell</html>") == outcome


class MediaShelf:
    """Media as Meta serves it: first where it is, then the bytes, for those who carry our token."""

    def __init__(self) -> None:
        self.base_url = ""
        self.size = str(len(PHOTO))
        self.moved_to = ""
        self.tokens: list[tuple[str, str | None]] = []


@pytest.fixture
def shelf() -> Iterator[MediaShelf]:
    found = MediaShelf()

    class Serves(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            found.tokens.append((path, self.headers.get("Authorization")))
            if path == "/v23.0/photo":
                url = f"{found.base_url.removesuffix('/v23.0')}/bytes"
                held = {
                    "url": url,
                    "mime_type": "image/jpeg",
                    "sha256": SHA256,
                    "file_size": found.size,
                }
                self._say(200, json.dumps(held).encode())
            elif path == "/bytes" and found.moved_to:
                self.send_response(302)
                self.send_header("Location", found.moved_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path == "/bytes":
                self._say(200, PHOTO)
            else:
                self._say(400, json.dumps(_error(100)).encode())

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serves)
    found.base_url = f"http://127.0.0.1:{server.server_port}/v23.0"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    before = set(http._allowed_private)
    http.allow_private({*before, f"127.0.0.1:{server.server_port}"})
    yield found
    http.allow_private(before)
    server.shutdown()
    server.server_close()


def _client(shelf: MediaShelf) -> WhatsApp:
    return WhatsApp(base_url=shelf.base_url, token="t0ken", phone_number_id="1")


def test_media_is_fetched_with_our_token_and_checked_by_its_hash(shelf: MediaShelf) -> None:
    fetched = _client(shelf).fetch("photo", sha256=SHA256, bytes_max=1000)
    assert (fetched.content, fetched.content_type) == (PHOTO, "image/jpeg")
    assert {token for _, token in shelf.tokens} == {"Bearer t0ken"}
    with pytest.raises(MediaUnavailable):
        _client(shelf).fetch("photo", sha256="0" * 64, bytes_max=1000)


def test_media_that_is_too_large_is_not_even_loaded(shelf: MediaShelf) -> None:
    shelf.size = "5000000"
    with pytest.raises(MediaTooLarge):
        _client(shelf).fetch("photo", sha256="", bytes_max=1000)
    assert [path for path, _ in shelf.tokens] == ["/v23.0/photo"]


def test_media_that_lied_about_its_size_is_refused(shelf: MediaShelf) -> None:
    shelf.size = "1"
    with pytest.raises(MediaTooLarge):
        _client(shelf).fetch("photo", sha256="", bytes_max=4)


def test_media_that_is_gone_is_said_to_be_gone(shelf: MediaShelf) -> None:
    with pytest.raises(MediaUnavailable):
        _client(shelf).fetch("nothing", sha256="", bytes_max=1000)


def test_our_token_does_not_follow_a_redirect_elsewhere(shelf: MediaShelf) -> None:
    port = shelf.base_url.split(":")[2].split("/")[0]
    http.allow_private({f"127.0.0.1:{port}", f"localhost:{port}"})
    shelf.moved_to = f"http://localhost:{port}/elsewhere"
    with pytest.raises(MediaUnavailable):
        _client(shelf).fetch("photo", sha256="", bytes_max=1000)
    assert shelf.tokens[-1] == ("/elsewhere", None)


def test_an_unreachable_provider_certainly_took_nothing() -> None:
    away = WhatsApp(base_url="http://127.0.0.1:9/v23.0", token="t", phone_number_id="1")
    assert away.mark_read("wamid.1", shows_typing=True) is False
    with pytest.raises(MediaUnavailable):
        away.fetch("photo", sha256="", bytes_max=10)
