"""Africa's Talking keeps what every provider of messages promises."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode

import pytest

from hesabu.messaging.providers.africastalking.client import AfricasTalking
from hesabu.messaging.types import Channel, Letter, Text
from providers.africastalking.answers import KEY, answered, recipient
from providers.suite import SenderPromises, Way
from providers.ways import DOUBTFUL, NOWHERE, PHONE, as_text, errand, will
from providers.wire import Says, wire

PATH = "/version1/messaging"


def report(status: str, **more: str) -> bytes:
    said = {"id": "ATPid_1", "status": status, "phoneNumber": PHONE, "networkCode": "63902"}
    return urlencode(said | more).encode()


class TestAfricasTalking(SenderPromises):
    @pytest.fixture
    def way(self) -> Iterator[Way]:
        with wire() as told:

            def at(url: str) -> AfricasTalking:
                return AfricasTalking(base_url=f"{url}/version1", username="shop", api_key=KEY)

            yield Way(
                channel=Channel.SMS,
                provider=at(told.url),
                nobody_home=at(NOWHERE),
                errand=errand(Text("Hello")),
                strange_errand=errand(Letter("Subject", "Hello")),
                taken=will(told, PATH, answered(recipient())),
                refused=will(told, PATH, answered(recipient(403, "InvalidPhoneNumber"))),
                busy=will(told, PATH, answered(recipient(501, "GatewayError"))),
                key_unknown=will(told, PATH, Says(401, b"The supplied authentication is invalid")),
                doubts=[will(told, PATH, answer) for answer in DOUBTFUL],
                handed_over=lambda: [
                    str(parse_qs(as_text(asked))) for asked in told.asked_at(PATH)
                ],
                secrets=[KEY],
                letters={
                    "pass_on": (report("Buffered"), "delivery"),
                    "deliver": (report("Success"), "delivery"),
                    "fail": (report("Failed", failureReason="UserIsInactive"), "delivery"),
                },
                carries=("Hello", PHONE, "shop"),
            )
