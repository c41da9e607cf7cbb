"""All channels against the sandbox, which was built from the providers' own descriptions and knows nothing of us."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest

from hesabu.kit import clock, ids
from hesabu.messaging.types import Category, Channel, Letter, Outbound, State, Template, Text
from sandbox.served import is_open
from steady import PATIENCE_SECONDS, eventually, free_port, fresh_digits

LETTER = Letter("Invoice INV-7", "Kamau asks you for KES 1,500.", "https://pay.example.com/i/tok")
TOLD = {
    "WHATSAPP_APP_SECRET": "app secret",
    "WHATSAPP_VERIFY_TOKEN": "the word",
    "WHATSAPP_TOKEN": "the token",
    "WHATSAPP_PHONE_NUMBER_ID": "100200300400777",
    "360DIALOG_KEY": "the 360dialog key",
    "AFRICASTALKING_USERNAME": "shop",
    "AFRICASTALKING_KEY": "the sms key",
    "AFRICASTALKING_SENDERS": "KAMAU",
    "MAILGUN_DOMAIN": "mg.example.com",
    "MAILGUN_KEY": "the mail key",
    "MAILGUN_SIGNING_KEY": "the signing key",
    "SMTP_USER": "clerk",
    "SMTP_PASSWORD": "the mail word",
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def door(database: str) -> Iterator[str]:
    """Our ingress on a socket, for every provider."""
    from hesabu.messaging.providers.africastalking.intake import AfricasTalkingIntake
    from hesabu.messaging.providers.mail.intake import MailgunIntake
    from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360Intake
    from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake
    from hesabu.store.ingress import Ingress

    intakes = {
        "whatsapp": WhatsAppIntake(TOLD["WHATSAPP_APP_SECRET"], TOLD["WHATSAPP_VERIFY_TOKEN"]),
        "360dialog": Dialog360Intake("the secret"),
        "africastalking": AfricasTalkingIntake(),
        "mailgun": MailgunIntake(TOLD["MAILGUN_SIGNING_KEY"]),
    }
    ingress = Ingress(database, intakes, {}, pool_size=2)
    server = make_server("127.0.0.1", 0, ingress, handler_class=_Quiet)  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hooks"
    server.shutdown()
    server.server_close()
    ingress.close()


@pytest.fixture(scope="module")
def sandbox(door: str) -> Iterator[dict[str, Any]]:
    """The sandbox in a process of its own, and the settings that lead there."""
    from hesabu.messaging import actions

    port, mail_port = free_port(), free_port()
    texts = f"{door}/{actions.open_channel('africastalking')}"
    webhooks = {
        "WHATSAPP_WEBHOOK": f"{door}/{actions.open_channel()}",
        "AFRICASTALKING_DELIVERY_WEBHOOK": f"{texts}/delivery",
        "AFRICASTALKING_INBOUND_WEBHOOK": f"{texts}/inbound",
        "AFRICASTALKING_OPTOUT_WEBHOOK": f"{texts}/optout",
        "MAILGUN_WEBHOOK": f"{door}/{actions.open_channel('mailgun')}",
    }
    told = {"PORT": str(port), "SMTP_PORT": str(mail_port), "SEED": str(secrets.randbelow(2**31))}
    whole = told | TOLD | webhooks
    process = subprocess.Popen(
        [sys.executable, "-m", "hesabu.sandbox"],
        env={**os.environ, **{f"HESABU_SANDBOX_{name}": value for name, value in whole.items()}},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: is_open(url))
        yield {
            "url": url,
            "whatsapp_base_url": f"{url}/whatsapp/v23.0",
            "whatsapp_token": TOLD["WHATSAPP_TOKEN"],
            "whatsapp_phone_number_id": TOLD["WHATSAPP_PHONE_NUMBER_ID"],
            "dialog360_base_url": f"{url}/360dialog",
            "dialog360_api_key": TOLD["360DIALOG_KEY"],
            "dialog360_webhook_secret": "the secret",
            "sms_provider": "africastalking",
            "africastalking_base_url": f"{url}/africastalking/version1",
            "africastalking_username": TOLD["AFRICASTALKING_USERNAME"],
            "africastalking_api_key": TOLD["AFRICASTALKING_KEY"],
            "africastalking_sender": "KAMAU",
            "mail_provider": "mailgun",
            "mailgun_base_url": f"{url}/mailgun/v3",
            "mailgun_domain": TOLD["MAILGUN_DOMAIN"],
            "mailgun_api_key": TOLD["MAILGUN_KEY"],
            "mail_from": "billing@mg.example.com",
            "smtp_host": "127.0.0.1",
            "smtp_port": mail_port,
            "smtp_security": "none",
            "smtp_user": TOLD["SMTP_USER"],
            "smtp_password": TOLD["SMTP_PASSWORD"],
        }
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


class World:
    """A business, and somebody with a phone in the sandbox and mail there."""

    def __init__(self, url: str, business_id: UUID) -> None:
        from hesabu.messaging import actions
        from hesabu.store import tenancy

        self._http = httpx.Client(base_url=url, timeout=2 * PATIENCE_SECONDS)
        self.business_id = business_id
        self._http.put("/control/dials", json={"preset": "calm"}).raise_for_status()
        self.phone = f"2547{fresh_digits(8)}"
        self.control("", phone=self.phone, name="Jane Wanjiku")
        self.email = f"jane{secrets.token_hex(4)}@example.com"
        with tenancy.house():
            self.contact_id = actions.meet(f"+{self.phone}", email=self.email)

    def control(self, path: str, **asked: Any) -> Any:
        place = f"/control/phones/{self.phone}/{path}" if path else "/control/phones"
        answer = self._http.post(place, json=asked)
        answer.raise_for_status()
        return answer.json()

    def phone_shows(self) -> dict[str, Any]:
        return dict(self._http.get(f"/control/phones/{self.phone}").json())

    def texts(self) -> list[str]:
        return [one["text"] for one in self.phone_shows()["sms"]]

    def mail_at(self, address: str) -> None:
        """They get their mail at an address whose fate is known."""
        from hesabu.messaging import actions
        from hesabu.store import tenancy

        self.email = address
        with tenancy.house():
            actions.keep_email(self.contact_id, address)

    def send(self, channel: Channel | None = None, **more: Any) -> UUID:
        from hesabu.messaging import actions
        from hesabu.store import tenancy

        given: dict[str, Any] = {
            "letter": LETTER,
            "category": Category.TRANSACTION,
            "outside_window": Template("hello", "en", ["Jane"]),
        } | more
        with tenancy.bound(self.business_id):
            return actions.send(
                self.contact_id, Text("Hello"), f"test:{ids.new_id()}", channel=channel, **given
            )

    def deliver(self, message_id: UUID) -> Outbound:
        """Ask the providers until nothing is queued, and hear what they say."""
        from hesabu.messaging import actions, queries
        from hesabu.store import tenancy

        for _ in range(4):
            actions.deliver(self.business_id, message_id)
            self.settle()
        with tenancy.bound(self.business_id):
            return queries.message(message_id)

    def settle(self) -> None:
        from hesabu.messaging import actions
        from hesabu.store import letters

        asked = {"timeout_seconds": PATIENCE_SECONDS}
        assert self._http.post("/control/quiet", json=asked).json()["is_quiet"]
        for provider in ("whatsapp", "360dialog", "africastalking", "mailgun"):
            while letters.drain(provider, actions.read_letters):
                pass


@pytest.fixture
def new_world(
    sandbox: dict[str, Any], new_business: Callable[..., UUID]
) -> Iterator[Callable[..., World]]:
    from django.conf import settings
    from django.test import override_settings

    from hesabu.kit import http

    before = set(http._allowed_private)
    http.allow_private({*before, sandbox["url"].removeprefix("http://")})
    ways = {name: value for name, value in sandbox.items() if name != "url"}
    stack: list[Any] = []

    def make(**more: Any) -> World:
        changed = override_settings(CONFIG=settings.CONFIG.model_copy(update=ways | more))
        changed.enable()
        stack.append(changed)
        return World(sandbox["url"], new_business())

    yield make
    for changed in reversed(stack):
        changed.disable()
    http.allow_private(before)


def legs(found: Outbound) -> list[str]:
    return [" ".join(filter(None, (leg.channel, leg.state, leg.code))) for leg in found.legs]


def test_a_basic_phone_gets_a_text_and_it_is_delivered_at_an_exact_price(
    new_world: Callable[..., World],
) -> None:
    world = new_world()
    world.control("whatsapp", is_on=False)
    found = world.deliver(world.send())
    assert legs(found) == ["whatsapp failed undeliverable", "sms delivered"]
    assert world.texts() == [f"{LETTER.body}\n{LETTER.link}"]
    assert found.legs[1].cost is not None
    assert found.legs[1].cost.currency == "KES"


def test_what_somebody_writes_as_a_text_comes_in_and_is_answered_there(
    new_world: Callable[..., World],
) -> None:
    from hesabu.messaging import queries
    from hesabu.store import tenancy

    world = new_world()
    world.control("sms", text="Nalipa kesho")
    world.settle()
    with tenancy.house():
        (said,) = queries.unanswered(world.contact_id)
    assert (said.text, said.channel) == ("Nalipa kesho", Channel.SMS)
    found = world.deliver(world.send(letter=None, category=Category.ANSWER))
    assert legs(found) == ["sms delivered"]


def test_who_opts_out_of_texts_gets_mail(new_world: Callable[..., World]) -> None:
    world = new_world()
    world.control("whatsapp", is_on=False)
    world.control("sms/optout", sender="KAMAU")
    world.settle()
    found = world.deliver(world.send())
    assert legs(found) == ["whatsapp failed undeliverable", "email delivered"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("254799000406", "failed opted_out"),
        ("254799000403", "failed invalid_number"),
        ("254799000405", "queued account_unpaid"),
        ("254799000501", "queued provider_error"),
        ("254799100005", "failed opted_out"),
        ("254799100008", "failed rejected"),
        ("254799100022", "failed absent"),
        ("254799100023", "failed expired"),
        ("254799100024", "delivered"),
        ("254799100025", "sent"),
        ("254799100026", "accepted"),
    ],
)
def test_every_ending_of_a_text_is_understood(
    new_world: Callable[..., World], number: str, expected: str
) -> None:
    from hesabu.messaging import actions
    from hesabu.store import tenancy

    world = new_world()
    with tenancy.house():
        world.contact_id = actions.meet(f"+{number}")
    found = world.deliver(world.send(Channel.SMS))
    assert legs(found) == [f"sms {expected}"]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", "delivered"),
        ("open.test", "seen"),
        ("bounce.test", "failed bounced"),
        ("spam.test", "delivered"),
        ("leave.test", "delivered"),
    ],
)
def test_every_ending_of_a_mail_is_understood(
    new_world: Callable[..., World], domain: str, expected: str
) -> None:
    world = new_world()
    world.mail_at(f"a{secrets.token_hex(4)}@{domain}")
    sent = world.send(Channel.EMAIL)
    eventually(lambda: legs(world.deliver(sent)) == [f"email {expected}"])
    again = world.deliver(world.send(Channel.EMAIL))
    is_closed = domain in ("bounce.test", "spam.test", "leave.test")
    assert (again.state is State.FAILED) is is_closed


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.com", "sent"),
        ("bounce.test", "failed bounced"),
        ("full.test", "queued busy"),
    ],
)
def test_a_plain_mail_server_says_sent_at_most(
    new_world: Callable[..., World], domain: str, expected: str
) -> None:
    world = new_world(mail_provider="smtp")
    world.mail_at(f"a{secrets.token_hex(4)}@{domain}")
    assert legs(world.deliver(world.send(Channel.EMAIL))) == [f"email {expected}"]


def test_whatsapp_by_way_of_360dialog(new_world: Callable[..., World], door: str) -> None:
    from hesabu.messaging import actions, queries
    from hesabu.store import tenancy

    world = new_world(whatsapp_provider="360dialog")
    address = f"{door}/{actions.open_channel('360dialog')}"
    assert actions.register_webhook(address)
    try:
        photo = b"\xff\xd8\xff" + secrets.token_bytes(200)
        world.control("say", text="Hi")
        world.settle()
        with tenancy.house():
            (said,) = queries.unanswered(world.contact_id)
        assert (said.text, said.channel) == ("Hi", Channel.WHATSAPP)
        found = world.deliver(world.send(Channel.WHATSAPP))
        assert legs(found) == ["whatsapp delivered"]
        assert world.phone_shows()["chats"][0]["lines"][-1]["from"] == "business"
        import base64

        media = {"base64": base64.b64encode(photo).decode(), "mime_type": "image/jpeg"}
        world.control("say", media=media | {"filename": "a.jpg"})
        world.settle()
        with tenancy.house():
            came = queries.unanswered(world.contact_id)[-1]
        assert actions.fetch_media(came.message_id).content == photo
        actions.mark_read(came.message_id)
    finally:
        world._http.post("/control/reset", json={})


def test_in_a_storm_each_channel_is_used_once_and_nothing_is_called_delivered_that_was_not(
    new_world: Callable[..., World],
) -> None:
    from hesabu.messaging import actions

    world = new_world()
    world._http.put("/control/dials", json={"preset": "storm"}).raise_for_status()
    message_ids = [world.send(channel) for channel in Channel for _ in range(4)]
    for message_id in message_ids:
        world.deliver(message_id)
    world._http.put("/control/dials", json={"preset": "calm"}).raise_for_status()
    for seconds in (60, 200, 1_000):
        with clock.moved(seconds=seconds):
            actions.look_for_lost()
            found = [world.deliver(message_id) for message_id in message_ids]
    for one in found:
        assert one.state in (
            State.ACCEPTED,
            State.SENT,
            State.DELIVERED,
            State.UNCERTAIN,
            State.FAILED,
        ), legs(one)
    texts = world.texts()
    assert len(texts) <= 4
    reached = [one for one in found if one.channel is Channel.SMS and one.state is State.DELIVERED]
    assert len(reached) <= len(texts)


def test_a_template_without_an_approved_swahili_version_goes_in_english(
    new_world: Callable[..., World],
) -> None:
    world = new_world()
    world._http.put("/control/dials", json={"whatsapp": {"english_only": True}}).raise_for_status()
    message_id = world.send(outside_window=Template("hello", "sw", ["Jane"]))
    found = world.deliver(message_id)
    assert legs(found) == ["whatsapp delivered"]
    chat = world.phone_shows()["chats"][0]
    assert "Hello Jane" in str(chat["lines"])
    world._http.put("/control/dials", json={"preset": "calm"}).raise_for_status()
    again = world.deliver(world.send(outside_window=Template("hello", "sw", ["Jane"])))
    assert legs(again) == ["whatsapp delivered"]
    assert "Habari Jane" in str(world.phone_shows()["chats"][0]["lines"])
