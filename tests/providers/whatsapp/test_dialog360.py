"""Where 360dialog differs from Meta: keys, paths, files, errors, and who vouches for a letter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from hesabu.kit import ids
from hesabu.messaging.providers.port import Accepted, Attachment, Refused, Uncertain
from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360, Dialog360Intake
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Document, Text
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint
from providers.ways import errand
from providers.wire import Says, Wire, wire

PHOTO = b"the bytes of a photo"
ENDPOINT = OpenEndpoint(ids.new_id(), "360dialog", None, None, None, None)


@pytest.fixture
def told() -> Iterator[Wire]:
    with wire() as found:
        yield found


@pytest.fixture
def dialog(told: Wire) -> Dialog360:
    return Dialog360(base_url=told.url, api_key="the key")


def test_success_is_201_and_the_key_stands_in_its_own_header(told: Wire, dialog: Dialog360) -> None:
    told.says("/messages", Says(201, {"messages": [{"id": "wamid.1"}]}))
    assert dialog.send(errand(Text("Hello"))) == Accepted("wamid.1")
    (asked,) = told.asked_at("/messages")
    assert asked.headers["d360-api-key"] == "the key"
    assert "authorization" not in asked.headers
    assert asked.body["messaging_product"] == "whatsapp"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Says(401, b"Invalid api_key"), Refused("token_invalid", Cure.OPERATOR)),
        (Says(403, {"meta": {"http_code": 403}}), Refused("not_permitted", Cure.OPERATOR)),
        (Says(400, {"meta": {"http_code": 400}}), Refused("rejected", Cure.NONE)),
        (Says(400, {"error": {"code": 131047}}), Refused("window_closed", Cure.TEMPLATE)),
        (Says(500, {"meta": {"http_code": 500}}), Uncertain("http_500")),
        (Says(502, b"Bad gateway"), Uncertain("http_502")),
    ],
)
def test_its_own_errors_and_metas_are_told_apart(
    told: Wire, dialog: Dialog360, answer: Says, expected: Refused | Uncertain
) -> None:
    told.says("/messages", answer)
    assert dialog.send(errand(Text("Hello"))) == expected


def test_a_file_is_uploaded_without_a_number_in_the_path(told: Wire, dialog: Dialog360) -> None:
    told.says("/media", Says(201, {"id": "media1"}))
    told.says("/messages", Says(201, {"messages": [{"id": "wamid.1"}]}))
    file_id = ids.new_id()
    sent = errand(
        Document(file_id, "INV-1.pdf"), {file_id: Attachment(b"%PDF", "application/pdf", "a.pdf")}
    )
    assert dialog.send(sent) == Accepted("wamid.1", uploads={file_id: "media1"})
    assert told.asked_at("/messages")[0].body["document"]["id"] == "media1"


def test_a_file_that_came_in_is_fetched_from_its_own_host(told: Wire, dialog: Dialog360) -> None:
    lies_at = "https:\\/\\/lookaside.fbsbx.com\\/whatsapp_business\\/attachments\\/?mid=7&ext=1"
    digest = hashlib.sha256(PHOTO).hexdigest()
    held = {"url": lies_at, "mime_type": "image/jpeg", "sha256": digest, "file_size": "20"}
    told.says("/media7", Says(200, held))
    told.says("/whatsapp_business/attachments/", Says(200, PHOTO))
    fetched = dialog.fetch("media7", sha256=digest, bytes_max=100)
    assert (fetched.content, fetched.content_type) == (PHOTO, "image/jpeg")
    (asked,) = told.asked_at("/whatsapp_business/attachments/")
    assert asked.path.endswith("?mid=7&ext=1")
    assert asked.headers["d360-api-key"] == "the key"


def test_its_address_is_registered_with_the_word_it_will_bring(
    told: Wire, dialog: Dialog360
) -> None:
    told.says("/v1/configs/webhook", Says(200, {"url": "https://pay.example.com/hooks/t"}))
    assert dialog.register("https://pay.example.com/hooks/t", "the word")
    (asked,) = told.asked
    assert asked.body == {
        "url": "https://pay.example.com/hooks/t",
        "headers": {"x-hesabu-secret": "the word"},
    }
    told.says("/v1/configs/webhook", Says(401))
    assert not dialog.register("https://pay.example.com/hooks/t", "the word")


def request(**headers: str) -> HookRequest:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return HookRequest("POST", given, "", b"{}", "203.0.113.9", "")


def test_only_who_knows_the_word_is_taken_and_vouched_for() -> None:
    intake = Dialog360Intake("the word")
    assert intake.verify(ENDPOINT, request(x_hesabu_secret="the word")).is_vouched
    for forged in (request(), request(x_hesabu_secret="another"), request(x_hesabu_secret="")):
        with pytest.raises(NotGenuine):
            intake.verify(ENDPOINT, forged)


def test_without_a_word_the_address_alone_vouches_a_little() -> None:
    verdict = Dialog360Intake("").verify(ENDPOINT, request())
    assert not verdict.is_vouched
    assert verdict.external_key is None
