"""What the sandbox's tests stand on: the box behind an in-process client, and a listener.

The listener plays the product: it notes what arrives, checks nothing by itself, and answers what
a test tells it to. It hangs on the other side of the box's own HTTP client, so every byte goes
through httpx on both ways.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

from hesabu.sandbox.app import create_app
from hesabu.sandbox.config import SandboxConfig
from steady import PATIENCE_SECONDS

HOOK = "http://127.0.0.1:9/hooks/whatsapp"
CALLBACK = "http://127.0.0.1:9/hooks/stk"
REPORTS = "http://127.0.0.1:9/hooks/sms/delivery"
INCOMING = "http://127.0.0.1:9/hooks/sms/inbound"
OPTOUTS = "http://127.0.0.1:9/hooks/sms/optout"
EVENTS = "http://127.0.0.1:9/hooks/mailgun"
D360 = "http://127.0.0.1:9/hooks/360dialog"
DOMAIN = "mail.sandbox.test"
WANJIKU, JANE = "254722000111", "254712345678"
NUMBER = "100200300400500"
START = 1_795_248_000.0
"""Saturday 21 November 2026, 08:00 UTC: 11:00 in Nairobi."""


@dataclass
class Heard:
    url: str
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Listener:
    heard: list[Heard] = field(default_factory=list)
    answers: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(Heard(str(request.url), request.content, dict(request.headers)))
        return self.answers(request)

    def values(self) -> list[dict[str, Any]]:
        """The `value` of each WhatsApp webhook."""
        return [h.json["entry"][0]["changes"][0]["value"] for h in self.heard if h.url == HOOK]

    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values() for message in value.get("messages", ())]

    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values() for status in value.get("statuses", ())]

    def at(self, url: str) -> list[Any]:
        return [h.json for h in self.heard if h.url == url]

    def forms(self, url: str) -> list[dict[str, str]]:
        return [dict(parse_qsl(h.body.decode())) for h in self.heard if h.url == url]

    def reports(self) -> list[tuple[str, str]]:
        """Status and reason of each delivery report."""
        return [(f["status"], f.get("failureReason", "")) for f in self.forms(REPORTS)]

    def events(self) -> list[dict[str, Any]]:
        return [each["event-data"] for each in self.at(EVENTS)]

    def callbacks(self) -> list[dict[str, Any]]:
        return [each["Body"]["stkCallback"] for each in self.at(CALLBACK)]


class Clock:
    """A clock that only the box's own jumps move."""

    def __call__(self) -> float:
        return START


class Box:
    """One box, its client, and the product's ear."""

    def __init__(self, seed: int = 7, *, frozen: bool = True, **config: Any) -> None:
        self.listener = Listener()
        told = {
            "seed": seed,
            "whatsapp_webhook": HOOK,
            "africastalking_delivery_webhook": REPORTS,
            "africastalking_inbound_webhook": INCOMING,
            "africastalking_optout_webhook": OPTOUTS,
            "mailgun_webhook": EVENTS,
            **config,
        }
        frozen_clock = {"read_time": Clock()} if frozen else {}
        self.app = create_app(
            SandboxConfig(**told), transport=httpx.MockTransport(self.listener), **frozen_clock
        )
        self.world = self.app.state.world
        transport = httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(
            transport=transport, base_url="http://box.test", timeout=PATIENCE_SECONDS
        )

    async def close(self) -> None:
        await self.http.aclose()
        await self.world.close()

    # --- the desk

    async def desk(self, path: str, body: Any = None, *, expect: int = 200) -> Any:
        answer = await (
            self.http.get(f"/control/{path}")
            if body is None
            else self.http.post(f"/control/{path}", json=body)
        )
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def turn(self, provider: str, **dials: Any) -> None:
        answer = await self.http.put("/control/dials", json={provider: dials})
        assert answer.status_code == 200, answer.text

    async def say(self, phone: str, text: str = "Hello", **more: Any) -> str:
        said = await self.desk(f"phones/{phone}/say", more or {"text": text})
        return str(said["id"])

    async def phone(self, phone: str) -> dict[str, Any]:
        return dict(await self.desk(f"phones/{phone}"))

    async def lines(self, phone: str) -> list[dict[str, Any]]:
        chats = (await self.phone(phone))["chats"]
        return [line for chat in chats for line in chat["lines"]]

    async def pass_time(self, seconds: float = 2) -> None:
        await self.desk("advance", {"seconds": seconds})

    # --- WhatsApp

    async def whatsapp(self, body: dict[str, Any], **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {more.pop('token', 'sandbox-token')}"}
        url = f"/whatsapp/v23.0/{more.pop('number', NUMBER)}/messages"
        return await self.http.post(
            url, json={"messaging_product": "whatsapp", **body}, headers=headers
        )

    async def send_text(self, to: str, text: str = "Karibu", **more: Any) -> httpx.Response:
        return await self.whatsapp({"to": to, "type": "text", "text": {"body": text}, **more})

    async def dialog360(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"D360-API-KEY": more.pop("key", "sandbox-360dialog-key")}
        return await self.http.request(method, f"/360dialog{path}", headers=headers, **more)

    # --- SMS and mail

    async def sms(
        self, to: str = f"+{JANE}", message: str = "Hello", **more: Any
    ) -> httpx.Response:
        headers = {"apiKey": more.pop("key", "sandbox-africastalking-key")}
        headers["Accept"] = more.pop("accept", "application/json")
        fields = {"username": "sandbox", "to": to, "message": message, **more}
        url = "/africastalking/version1/messaging"
        return await self.http.post(url, data=fields, headers=headers)

    async def mail(
        self, to: Any = "jane@example.test", *, files: Any = None, **more: Any
    ) -> httpx.Response:
        key, domain = more.pop("key", "sandbox-mailgun-key"), more.pop("domain", DOMAIN)
        fields = {
            "from": "Kamau Designs <bills@mail.sandbox.test>",
            "to": to,
            "subject": "Invoice INV-0001",
            "text": "KES 75,000 is due.",
            **more,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        url = f"/mailgun/v3/{domain}/messages"
        return await self.http.post(url, data=given, files=files, auth=("api", key))

    # --- M-PESA

    async def token(self, key: str = "sandbox-key", secret: str = "sandbox-secret") -> str:
        answer = await self.http.get(
            "/daraja/oauth/v1/generate?grant_type=client_credentials", auth=(key, secret)
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def daraja(self, path: str, body: dict[str, Any], token: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or await self.token()}"}
        return await self.http.post(f"/daraja{path}", json=body, headers=headers)

    async def push(self, *, token: str = "", **over: Any) -> httpx.Response:
        return await self.daraja("/mpesa/stkpush/v1/processrequest", push_body(**over), token)

    async def ringing(self, **over: Any) -> str:
        """A prompt on Jane's phone; returns its CheckoutRequestID."""
        answer = await self.push(**over)
        assert answer.status_code == 200, answer.text
        await self.pass_time(0.5)
        return str(answer.json()["CheckoutRequestID"])


def signed(body: bytes, secret: str = "sandbox-app-secret") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def password(shortcode: str, stamp: str) -> str:
    passkey = SandboxConfig().mpesa_passkey
    return base64.b64encode(f"{shortcode}{passkey}{stamp}".encode()).decode()


def push_body(**over: Any) -> dict[str, Any]:
    shortcode, stamp = str(over.get("BusinessShortCode", "174379")), "20261121110000"
    body = {
        "BusinessShortCode": shortcode,
        "Password": password(shortcode, stamp),
        "Timestamp": stamp,
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 75000,
        "PartyA": JANE,
        "PartyB": "174379",
        "PhoneNumber": JANE,
        "CallBackURL": CALLBACK,
        "AccountReference": "INV-0001",
        "TransactionDesc": "Invoice",
    }
    return {**body, **over}


def in_box(story: Callable[[Box], Awaitable[None]], **config: Any) -> None:
    """Run a story in a fresh box, with its own event loop, in its own thread: a browser's loop may be in this one."""

    async def run() -> None:
        box = Box(**config)
        try:
            await story(box)
        finally:
            await box.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, run()).result()
