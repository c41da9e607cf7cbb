"""A counterpart to talk to, letters to file, and somebody who wrote a moment ago."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from providers.whatsapp import envelopes
from steady import fresh_digits

if TYPE_CHECKING:
    from messaging.counterpart import Deliver, Meta, Talk
    from messaging.ladder import Town


@pytest.fixture
def meta(database: str) -> Iterator[Meta]:
    """The counterpart, and settings that lead there."""
    from django.conf import settings
    from django.test import override_settings

    from hesabu.kit import http
    from messaging.counterpart import Meta, handler

    found = Meta()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(found))
    found.host = f"127.0.0.1:{server.server_port}"
    found.base_url = f"http://{found.host}/v23.0"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    before = set(http._allowed_private)
    http.allow_private({*before, found.host})
    config = settings.CONFIG.model_copy(
        update={
            "whatsapp_base_url": found.base_url,
            "whatsapp_token": "token",
            "whatsapp_phone_number_id": envelopes.PHONE_NUMBER_ID,
        }
    )
    with override_settings(CONFIG=config):
        yield found
    http.allow_private(before)
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone() -> str:
    """A number nobody else in this run has."""
    return f"2547{fresh_digits(8)}"


@pytest.fixture
def deliver_letters(meta: Meta) -> Deliver:
    """Files letters as the ingress does, and drains them."""
    from django.db import connection

    from hesabu.messaging import actions
    from hesabu.store import letters, tenancy

    token = actions.open_channel()

    def deliver(*bodies: bytes, drained: bool = True) -> list[UUID]:
        from hesabu.kit import crypto

        filed = []
        with tenancy.house(), connection.cursor() as cursor:
            cursor.execute(letters.FIND_ENDPOINT, (crypto.digest(token),))
            endpoint = letters.opened(cursor.fetchone())
            for body in bodies:
                request = letters.HookRequest("POST", {}, "", body, "127.0.0.1", "")
                values = letters.filing(endpoint, request, letters.Verdict(is_vouched=True))
                cursor.execute(letters.FILE, values)
                filed += [values[0]] if cursor.rowcount else []
        if drained:
            while letters.drain("whatsapp", actions.read_letters):
                pass
        return filed

    return deliver


@pytest.fixture
def talk(business_id: UUID, phone: str, meta: Meta, deliver_letters: Deliver) -> Talk:
    from hesabu.kit import clock, ids
    from hesabu.messaging import queries
    from hesabu.store import tenancy
    from messaging.counterpart import Talk

    said = envelopes.text(
        "Hi",
        message_id=f"wamid.{secrets.token_hex(8)}",
        sender=phone,
        at=int(clock.now().timestamp()),
    )
    deliver_letters(envelopes.envelope(messages=[said]))
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
    assert contact is not None
    return Talk(business_id, contact.id, phone, ids.new_id(), meta, deliver_letters)


@pytest.fixture
def new_town(
    new_business: Callable[..., UUID], meta: Meta, database: str
) -> Iterator[Callable[..., Town]]:
    """Makes a business with somebody to write to, by all three channels, on sockets of this machine."""
    from django.conf import settings
    from django.test import override_settings

    from hesabu.kit import http
    from hesabu.messaging.providers.africastalking.intake import AfricasTalkingIntake
    from hesabu.messaging.providers.mail.intake import MailgunIntake
    from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake
    from hesabu.store.ingress import Ingress
    from messaging import ladder

    texts, mails = ladder.Texts(), ladder.Mails()
    server = ThreadingHTTPServer(("127.0.0.1", 0), ladder.handler(texts, mails))
    host = f"127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    http.allow_private({*http._allowed_private, host})
    intakes = {
        "whatsapp": WhatsAppIntake("app secret", "word"),
        "africastalking": AfricasTalkingIntake(),
        "mailgun": MailgunIntake(ladder.SIGNING_KEY),
    }
    ingress = Ingress(database, intakes, {}, pool_size=2)
    ways = {
        "sms_provider": "africastalking",
        "africastalking_base_url": f"http://{host}/at/version1",
        "africastalking_username": "shop",
        "mail_provider": "mailgun",
        "mailgun_base_url": f"http://{host}/mg/v3",
        "mailgun_domain": "mg.example.com",
        "mail_from": "billing@mg.example.com",
    }
    with override_settings(CONFIG=settings.CONFIG.model_copy(update=ways)):
        yield lambda **more: ladder.Town(new_business(), meta, texts, mails, ingress, **more)
    ingress.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def town(new_town: Callable[..., Town]) -> Town:
    return new_town()
