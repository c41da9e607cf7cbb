"""Mailgun and a plain mail server keep what every provider of messages promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from hesabu.messaging.providers.mail.mailgun import Mailgun
from hesabu.messaging.providers.mail.smtp import Smtp
from hesabu.messaging.types import Channel, Letter, Text
from providers.mail.events import event
from providers.mail.postoffice import HANGS_UP, Postoffice, postoffice
from providers.suite import SenderPromises, Way
from providers.ways import DOUBTFUL, EMAIL, MARK, NOWHERE, as_text, errand, will
from providers.wire import Says, wire

KEY = "key-that-nobody-knows"
LETTER = Letter("Invoice INV-1", "Hello", "https://pay.example.com/i/tok")
PATH = "/v3/mg.example.com/messages"
TAKEN = {"id": "<20261121090000.1@mg.example.com>", "message": "Queued. Thank you."}
REFUSED = {"message": "'to' parameter is not a valid address. please check documentation"}


class TestMailgun(SenderPromises):
    @pytest.fixture
    def way(self) -> Iterator[Way]:
        with wire() as told:

            def at(url: str) -> Mailgun:
                return Mailgun(
                    base_url=f"{url}/v3",
                    domain="mg.example.com",
                    api_key=KEY,
                    mail_from="billing@mg.example.com",
                )

            events: dict[str, dict[str, Any]] = {
                "pass_on": event("accepted"),
                "deliver": event("delivered"),
                "see": event("opened"),
                "fail": event("failed", severity="permanent", reason="bounce"),
            }
            yield Way(
                channel=Channel.EMAIL,
                provider=at(told.url),
                nobody_home=at(NOWHERE),
                errand=errand(LETTER, name="Kamau Designs"),
                strange_errand=errand(Text("Hello")),
                taken=will(told, PATH, Says(200, TAKEN)),
                refused=will(told, PATH, Says(400, REFUSED)),
                busy=will(told, PATH, Says(429, {"message": "slow down"})),
                key_unknown=will(told, PATH, Says(401, b"Forbidden")),
                doubts=[will(told, PATH, answer) for answer in DOUBTFUL],
                handed_over=lambda: [as_text(asked) for asked in told.asked_at(PATH)],
                secrets=[KEY],
                letters={verb: (json.dumps(said).encode(), "") for verb, said in events.items()},
                carries=("Hello", "jane%40example.com", MARK, "Kamau"),
            )


def smtp_at(port: int, **more: Any) -> Smtp:
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "clerk",
        "password": KEY,
        "mail_from": "billing@example.com",
        "timeout_seconds": 30,
    }
    return Smtp(**given | more)


class TestSmtp(SenderPromises):
    @pytest.fixture
    def way(self) -> Iterator[Way]:
        with postoffice() as told:
            yield Way(
                channel=Channel.EMAIL,
                provider=smtp_at(told.port),
                nobody_home=smtp_at(1),
                errand=errand(LETTER, name="Kamau Designs"),
                strange_errand=errand(Text("Hello")),
                taken=told.will,
                refused=partial(told.will, RCPT="550 5.1.1 No such user"),
                busy=partial(told.will, RCPT="451 4.7.1 Greylisted"),
                key_unknown=partial(told.will, AUTH="535 5.7.8 No"),
                doubts=_doubts(told),
                handed_over=told.texts,
                secrets=[KEY],
                letters={},
                carries=("Hello", LETTER.link, EMAIL, MARK, "Kamau Designs"),
                guards_addresses=False,
            )


def _doubts(told: Postoffice) -> list[Any]:
    return [
        partial(told.end_with, HANGS_UP),
        partial(told.end_with, "gibberish"),
        partial(told.end_with, "354 Go on"),
        partial(told.end_with, "200 Perhaps"),
    ]
