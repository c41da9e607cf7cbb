"""The request to Africa's Talking, and what its answer means."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import structlog

from hesabu.kit import http
from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.providers.africastalking import codes, parse
from hesabu.messaging.providers.port import (
    Accepted,
    Contents,
    Errand,
    Fetched,
    Outcome,
    Refused,
    Uncertain,
)
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Cost, Text

log = structlog.get_logger(__name__)
_COST = re.compile(r"([A-Z]{3}) (\d{1,9}(?:\.\d{1,6})?)")


class AfricasTalking:
    """One app. `base_url` ends with the version of the API; without a `sender` messages come from a name of theirs."""

    returns_marks = False

    def __init__(self, *, base_url: str, username: str, api_key: str, sender: str = "") -> None:
        self._url = f"{base_url.rstrip('/')}/messaging"
        self._username = username
        self._sender = sender
        self._headers = {"apiKey": api_key, "Accept": "application/json"}
        self._client = http.Client("africastalking", timeout_seconds=15)

    def send(self, errand: Errand) -> Outcome:
        if not isinstance(errand.content, Text):
            return Refused("rejected")
        if not errand.address.phone:
            return Refused("no_address")
        form = {
            "username": self._username,
            "to": errand.address.phone,
            "message": errand.content.body,
        }
        if self._sender:
            form["from"] = self._sender
        try:
            answer = self._client.request("POST", self._url, data=form, headers=self._headers)
        except http.NotSent:
            return Refused("unreachable", Cure.WAIT)
        except http.Unknown as error:
            log.warning("africastalking.unknown", why=str(error))
            return Uncertain("no_answer")
        return outcome_of(answer)

    def mark_read(self, provider_id: str, *, shows_typing: bool) -> bool:
        """A text message has no such courtesies."""
        return False

    def fetch(self, media_id: str, *, sha256: str, bytes_max: int) -> Fetched:
        raise MediaUnavailable

    def read(self, body: bytes, ref: str) -> Contents:
        return parse.letter(body, ref)


def outcome_of(answer: http.Response) -> Outcome:
    """What an answer says. Taken is only what has an id; refused, what their own words or the door refused."""
    if answer.is_ok:
        return _of_recipient(answer.json())
    if answer.status in (429, 503):
        return Refused("busy", Cure.WAIT)
    log.warning("africastalking.refused", status=answer.status)
    if answer.status == 401:
        return Refused("token_invalid", Cure.OPERATOR)
    if answer.status == 403:
        return Refused("not_permitted", Cure.OPERATOR)
    if 400 <= answer.status < 500:
        return Refused(f"http_{answer.status}", Cure.NONE)
    return Uncertain(f"http_{answer.status}")


def _of_recipient(said: Any) -> Outcome:
    told = said.get("SMSMessageData") if isinstance(said, dict) else None
    if not isinstance(told, dict) or not isinstance(told.get("Recipients"), list):
        return Uncertain("unreadable_answer")
    if not told["Recipients"]:
        number = codes.WORDS.get(str(told.get("Message", "")).strip())
        code, cure = codes.of_code(number) if number else ("rejected", Cure.NONE)
        log.warning("africastalking.refused", code=code)
        return Refused(code, cure)
    one = told["Recipients"][0]
    number = one.get("statusCode") if isinstance(one, dict) else None
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 6:
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool):
        return Uncertain("unreadable_answer")
    if number not in codes.TAKEN:
        code, cure = codes.of_code(number)
        log.warning("africastalking.refused", code=code)
        return Refused(code, cure)
    message_id = one.get("messageId")
    if not isinstance(message_id, str) or message_id in ("", "None"):
        return Uncertain("unreadable_answer")
    return Accepted(message_id, cost=cost_of(one.get("cost")))


def cost_of(said: Any) -> Cost | None:
    """`KES 0.8000`, exactly; None where no price is named."""
    found = _COST.fullmatch(said.strip()) if isinstance(said, str) else None
    return Cost(found[1], Decimal(found[2])) if found else None
