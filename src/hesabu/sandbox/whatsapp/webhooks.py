"""What Meta posts to the business: built as Meta builds it, escaped and signed as Meta does."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.chats import Chat, Line, Mark
from hesabu.sandbox.whatsapp.numbers import WABA_ID, Number
from hesabu.sandbox.world import World


def raw(payload: dict[str, Any]) -> bytes:
    """JSON with `/` and everything that is not ASCII escaped: whoever re-serialises it breaks it."""
    return (
        json.dumps(payload, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()
    )


def signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post_message(
    world: World, chat: Chat, person: Person, line: Line, said: dict[str, Any]
) -> None:
    """Tell the business what the person said; a second tick shows once it has listened."""
    message: dict[str, Any] = {"id": line.id, "timestamp": str(int(line.at)), **said}
    contact: dict[str, Any] = {"profile": {"name": person.name}, "user_id": person.user_id}
    message["from_user_id"] = person.user_id
    if person.shows_phone:
        message = {"from": person.phone, **message}
        contact["wa_id"] = person.phone

    def arrived() -> None:
        if not line.is_marked("delivered"):
            line.marks.append(Mark("delivered", world.clock.now()))
            world.changed(chat.phone)

    value = {"contacts": [contact], "messages": [message]}
    _post(world, chat, value, f"message {line.id}", arrived=arrived)


def post_status(world: World, chat: Chat, person: Person, line: Line, mark: Mark) -> None:
    status: dict[str, Any] = {
        "id": line.id,
        "status": mark.status,
        "timestamp": str(int(mark.at)),
        "recipient_user_id": person.user_id,
    }
    if person.shows_phone or line.by_phone:
        status["recipient_id"] = person.phone
    if line.opaque:
        status["biz_opaque_callback_data"] = line.opaque
    if mark.status in ("sent", "delivered", "read"):
        is_service = line.category == "service"
        status["conversation"] = {
            "id": world.chance.about("conversation", chat.phone).randbytes(16).hex(),
            "origin": {"type": line.category},
        }
        status["pricing"] = {
            "billable": not is_service,
            "pricing_model": "PMP",
            "category": line.category,
            "type": "free_customer_service" if is_service else "regular",
        }
    if mark.error:
        status["errors"] = [mark.error]
    _post(world, chat, {"statuses": [status]}, f"status {mark.status} {line.id}")


def _post(
    world: World, chat: Chat, value: dict[str, Any], subject: str, *, arrived: Any = None
) -> None:
    """By whoever hosts the number: Meta signs, 360dialog only sends the headers it was given."""
    number = chat.number
    body = raw(_envelope(number, value))
    is_resold = bool(number.dialog360_webhook)
    signed = {"X-Hub-Signature-256": signature(number.app_secret, body)}
    world.delivery.post(
        Parcel(
            provider="360dialog" if is_resold else "whatsapp",
            url=number.dialog360_webhook or number.webhook,
            body=body,
            subject=subject,
            line=chat.phone,
            headers=number.dialog360_headers if is_resold else signed,
            is_retried=True,
            arrived=arrived,
        )
    )


def _envelope(number: Number, value: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "display_phone_number": number.display_phone,
        "phone_number_id": number.phone_number_id,
    }
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"value": whole, "field": "messages"}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA_ID, "changes": [change]}],
    }


async def handshake(world: World, number: Number) -> dict[str, Any]:
    """Ask the product's address to repeat a challenge, as Meta does when it is registered."""
    challenge = world.chance.digits("challenge", 10)
    params = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": number.verify_token,
    }
    if not number.webhook:
        return {"is_verified": False, "why": "no webhook address is set"}
    answer = await world.delivery.get(number.webhook, params)
    is_verified = answer.status_code == 200 and answer.text == challenge
    world.journal.record(
        "webhook",
        "whatsapp",
        "handshake",
        method="GET",
        url=number.webhook,
        status=answer.status_code,
        response=answer.text,
    )
    return {"is_verified": is_verified, "status": answer.status_code}
