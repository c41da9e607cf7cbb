"""The way in: letters, written as Safaricom writes them, posted to the real ingress."""

from __future__ import annotations

import io
import json
from datetime import timedelta, timezone

from django.conf import settings

from hesabu.app import wiring
from hesabu.app.simulate.told import About, Letter
from hesabu.payments.providers.mpesa.intake import SAFARICOM, MpesaIntake
from hesabu.store.ingress import Ingress

NAIROBI = timezone(timedelta(hours=3))
STRANGER = "203.0.113.9"


class Door:
    """Posts letters to the addresses of businesses."""

    def __init__(self) -> None:
        self._ingress = Ingress(
            settings.APP_URL, {"mpesa": MpesaIntake(SAFARICOM)}, wiring.answers(), pool_size=1
        )

    def post(self, token: str, letter: Letter) -> tuple[str, bytes]:
        """What came back (the status), and the path and bytes that were sent."""
        body = body_of(letter)
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/{token}/{letter.path}".rstrip("/"),
            "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": SAFARICOM[0] if letter.is_vouched else STRANGER,
            "wsgi.input": io.BytesIO(body),
        }
        list(self._ingress(environ, lambda status, headers: said.append(status)))
        return said[0], letter.path.encode() + b"\x00" + body

    def close(self) -> None:
        self._ingress.close()


def body_of(letter: Letter) -> bytes:
    """The letter's bytes."""
    if letter.about is About.NOTHING:
        return f'{{"hello": {letter.blanks}'.encode()
    said = _prompt(letter) if letter.about is About.PROMPT else _hand(letter)
    return json.dumps(said).encode() + b" " * letter.blanks


def _stamp(letter: Letter) -> str:
    return letter.paid_at.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S") if letter.paid_at else ""


def _prompt(letter: Letter) -> dict[str, object]:
    said: dict[str, object] = {
        "MerchantRequestID": "29115-34620561-1",
        "CheckoutRequestID": letter.checkout,
        "ResultCode": letter.code,
        "ResultDesc": "The service request is processed.",
    }
    if letter.code == 0:
        items: list[dict[str, object]] = [
            {"Name": "Amount", "Value": letter.amount_minor // 100},
            {"Name": "MpesaReceiptNumber", "Value": letter.receipt},
            {"Name": "Balance"},
        ]
        if letter.paid_at:
            items.append({"Name": "TransactionDate", "Value": int(_stamp(letter))})
        if letter.phone:
            items.append({"Name": "PhoneNumber", "Value": int(letter.phone[1:])})
        said["CallbackMetadata"] = {"Item": items}
    return {"Body": {"stkCallback": said}}


def _hand(letter: Letter) -> dict[str, object]:
    return {
        "TransactionType": "Pay Bill",
        "TransID": letter.receipt,
        "TransTime": _stamp(letter),
        "TransAmount": f"{letter.amount_minor // 100}.{letter.amount_minor % 100:02d}",
        "BusinessShortCode": letter.number,
        "BillRefNumber": letter.typed,
        "MSISDN": letter.phone[1:] if letter.phone else "2547 ***** 149",
        "FirstName": "JANE",
    }
