"""A photo that came by WhatsApp: fetched through the guard, known by its bytes, drawn anew before anybody sees it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from doors.web import pictures as files
from hesabu.kit import http, scanning
from hesabu.kit.pictures import BadPicture, Picture
from kit.clamd import listening

if TYPE_CHECKING:
    from doors.chat.town import Phone


class Shelf:
    """What Meta keeps: where the file is, and its bytes."""

    content = b""
    url = ""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Shelf]:
    from django.conf import settings

    found = Shelf()

    class Serves(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = str(len(found.content))
            held = {"url": found.url, "mime_type": "image/png", "file_size": size}
            body = found.content if self.path == "/bytes" else json.dumps(held).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serves)
    Thread(target=server.serve_forever, daemon=True).start()
    place = f"127.0.0.1:{server.server_port}"
    found.url = f"http://{place}/bytes"
    before = set(http._allowed_private)
    http.allow_private({*before, place})
    changed = {"whatsapp_base_url": f"http://{place}/v23.0"}
    monkeypatch.setattr(settings, "CONFIG", settings.CONFIG.model_copy(update=changed))
    yield found
    server.shutdown()
    server.server_close()
    http.allow_private(before)


def came(phone: Phone, shelf: Shelf, content: bytes) -> Picture:
    from hesabu.messaging import actions

    shelf.content = content
    phone.sends("image", {"id": secrets.token_hex(8), "mime_type": "image/png", "sha256": ""})
    return actions.fetch_picture(last_from(phone))


def last_from(phone: Phone) -> UUID:
    from hesabu.messaging.models import Message
    from hesabu.store import tenancy

    with tenancy.house():
        rows = Message.objects.filter(contact_id=phone.contact_id(), direction="in")
        return UUID(str(rows.order_by("-id").values_list("id", flat=True)[0]))


def test_a_photo_is_shown_without_what_it_told_of_its_place(
    shelf: Shelf, new_phone: Callable[..., Phone]
) -> None:
    made = came(new_phone(), shelf, files.with_a_place_in_it())
    assert made.content.startswith(b"\x89PNG")
    assert b"Secret" not in made.content


def test_a_picture_that_is_a_page_too_is_a_picture_alone(
    shelf: Shelf, new_phone: Callable[..., Phone]
) -> None:
    assert b"script" not in came(new_phone(), shelf, files.polyglot()).content


def test_a_page_that_is_called_a_picture_is_refused(
    shelf: Shelf, new_phone: Callable[..., Phone]
) -> None:
    for content in (files.PAGE, files.SVG, files.bomb()):
        with pytest.raises(BadPicture):
            came(new_phone(), shelf, content)


def test_one_that_holds_something_harmful_is_refused_where_a_scanner_is_set(
    shelf: Shelf, new_phone: Callable[..., Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, harmful = new_phone(), files.drawn() + scanning.TRIAL.encode()
    assert came(phone, shelf, harmful).content.startswith(b"\x89PNG"), "drawn anew in any case"
    with listening() as (clamd, place):
        monkeypatch.setattr(scanning, "_place", place)
        with pytest.raises(scanning.Harmful):
            came(phone, shelf, harmful)
        came(phone, shelf, files.drawn())
        assert clamd.heard == [harmful, files.drawn()]
    with pytest.raises(scanning.ScannerAway):
        came(phone, shelf, files.drawn())


def test_a_huge_one_is_not_read_to_its_end(shelf: Shelf, new_phone: Callable[..., Phone]) -> None:
    from hesabu.messaging.errors import MediaTooLarge

    with pytest.raises(MediaTooLarge):
        came(new_phone(), shelf, files.drawn() + b"\0" * (6 * 1024 * 1024))


def test_a_picture_at_a_private_address_is_not_fetched(
    shelf: Shelf, new_phone: Callable[..., Phone]
) -> None:
    """Whoever can say where a file is cannot have us look inside the house."""
    from hesabu.messaging.errors import MediaUnavailable

    for url in ("http://127.0.0.1:1/bytes", "http://169.254.169.254/latest", "http://10.0.0.1/x"):
        shelf.url = url
        with pytest.raises(MediaUnavailable):
            came(new_phone(), shelf, files.drawn())
