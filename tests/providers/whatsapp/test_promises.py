"""WhatsApp, from Meta itself and by way of 360dialog, keeps what every provider of messages promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hesabu.messaging.providers.port import Provider
from hesabu.messaging.providers.whatsapp.client import WhatsApp
from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360
from hesabu.messaging.types import Channel, Letter, Text
from providers.suite import SenderPromises, Way
from providers.ways import DOUBTFUL, MARK, NOWHERE, PHONE, as_text, errand, will
from providers.whatsapp import envelopes
from providers.wire import Says, Wire, wire

TAKEN = {"messaging_product": "whatsapp", "messages": [{"id": "wamid.HBgM"}]}
KEY = "a-very-secret-key"


def refused(code: int) -> dict[str, object]:
    return {"error": {"code": code, "message": f"(#{code}) no", "type": "OAuthException"}}


def way_of(told: Wire, provider: Provider, nobody_home: Provider, path: str, unknown: Says) -> Way:
    words = {"pass_on": "sent", "deliver": "delivered", "see": "read", "fail": "failed"}
    failed = {"errors": [{"code": 131026}]}
    return Way(
        channel=Channel.WHATSAPP,
        provider=provider,
        nobody_home=nobody_home,
        errand=errand(Text("Hello")),
        strange_errand=errand(Letter("Subject", "Hello")),
        taken=will(told, path, Says(200, TAKEN)),
        refused=will(told, path, Says(400, refused(131026))),
        busy=will(told, path, Says(429, refused(130429))),
        key_unknown=will(told, path, unknown),
        doubts=[will(told, path, answer) for answer in DOUBTFUL],
        handed_over=lambda: [as_text(asked) for asked in told.asked_at(path)],
        secrets=[KEY],
        letters={
            verb: (
                envelopes.envelope(
                    statuses=[
                        envelopes.status(word, "wamid.1", **(failed if verb == "fail" else {}))
                    ]
                ),
                "",
            )
            for verb, word in words.items()
        },
        carries=("Hello", PHONE[1:], MARK),
    )


class TestWhatsApp(SenderPromises):
    @pytest.fixture
    def way(self) -> Iterator[Way]:
        number = envelopes.PHONE_NUMBER_ID
        with wire() as told:

            def at(url: str) -> WhatsApp:
                return WhatsApp(base_url=f"{url}/v23.0", token=KEY, phone_number_id=number)

            path = f"/v23.0/{number}/messages"
            yield way_of(told, at(told.url), at(NOWHERE), path, Says(401, refused(190)))


class TestDialog360(SenderPromises):
    @pytest.fixture
    def way(self) -> Iterator[Way]:
        with wire() as told:

            def at(url: str) -> Dialog360:
                return Dialog360(base_url=url, api_key=KEY)

            said = {"success": False, "http_code": 401, "developer_message": "Invalid api_key"}
            unknown = Says(401, {"meta": said})
            yield way_of(told, at(told.url), at(NOWHERE), "/messages", unknown)
