"""What Africa's Talking posts: delivery reports, incoming SMS, opt-outs. Forms, unsigned, once."""

from __future__ import annotations

from urllib.parse import urlencode

from hesabu.sandbox.africastalking.accounts import Account, Received, Text
from hesabu.sandbox.africastalking.codes import network_of
from hesabu.sandbox.daraja.wire import moment
from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.world import World


def post_report(world: World, text: Text, status: str, reason: str) -> None:
    fields = {
        "id": text.id,
        "status": status,
        "phoneNumber": f"+{text.phone}",
        "networkCode": network_of(text.phone),
        "retryCount": "0",
    }
    if reason:
        fields["failureReason"] = reason
    url = text.account.delivery_webhook
    _post(world, url, fields, f"report {status} {text.id}", text.phone)


def post_incoming(world: World, account: Account, received: Received) -> None:
    phone = received.sender
    fields = {
        "date": written(received.at),
        "from": f"+{phone}",
        "id": received.id,
        "linkId": "",
        "text": received.words,
        "to": received.to,
        "cost": "None",
        "networkCode": network_of(phone),
    }
    _post(world, account.inbound_webhook, fields, f"incoming {received.id}", phone)


def post_optout(world: World, account: Account, sender: str, phone: str) -> None:
    fields = {"senderId": sender, "phoneNumber": f"+{phone}"}
    _post(world, account.optout_webhook, fields, f"opt-out {phone}", phone)


def written(at: float) -> str:
    return moment(at).strftime("%Y-%m-%d %H:%M:%S")


def _post(world: World, url: str, fields: dict[str, str], subject: str, line: str) -> None:
    world.delivery.post(
        Parcel("africastalking", url, urlencode(fields).encode(), subject=subject, line=line)
    )
