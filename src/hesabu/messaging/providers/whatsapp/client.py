"""The requests to Meta, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from hesabu.kit import http
from hesabu.messaging.errors import MediaTooLarge, MediaUnavailable
from hesabu.messaging.providers.port import (
    Accepted,
    Attachment,
    Contents,
    Errand,
    Fetched,
    Outcome,
    Refused,
    Uncertain,
)
from hesabu.messaging.providers.whatsapp import codes, compose, parse
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Letter

log = structlog.get_logger(__name__)
REDIRECTS_MAX = 3


class WhatsApp:
    """One number of one app. `base_url` ends with the version of the API."""

    returns_marks = True

    def __init__(self, *, base_url: str, token: str, phone_number_id: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._phone_number_id = phone_number_id
        self._authorization = {"Authorization": f"Bearer {token}"}
        self._client = http.Client("whatsapp", timeout_seconds=15)

    def send(self, errand: Errand) -> Outcome:
        if isinstance(errand.content, Letter):
            return Refused("rejected")
        uploads: dict[UUID, str] = {}
        for file_id, attachment in errand.attachments.items():
            held = attachment.provider_id or self._upload(attachment)
            if isinstance(held, Refused):
                return Refused(held.code, held.cure, uploads)
            uploads[file_id] = held
        payload = compose.message(errand.address, errand.content, errand.mark, uploads)
        try:
            answer = self._post("messages", json=payload)
        except http.NotSent:
            return Refused("unreachable", Cure.WAIT, uploads)
        except http.Unknown as error:
            log.warning("whatsapp.unknown", why=str(error))
            return Uncertain("no_answer", uploads)
        return self._outcome_of(answer, uploads)

    def mark_read(self, provider_id: str, *, shows_typing: bool) -> bool:
        payload: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": provider_id,
        }
        if shows_typing:
            payload["typing_indicator"] = {"type": "text"}
        try:
            return self._post("messages", json=payload).is_ok
        except http.HttpFailure:
            return False

    def fetch(self, media_id: str, *, sha256: str, bytes_max: int) -> Fetched:
        try:
            return self._fetch(media_id, sha256, bytes_max)
        except http.HttpFailure as error:
            raise MediaUnavailable() from error

    def read(self, body: bytes, ref: str) -> Contents:
        return parse.envelope(body, phone_number_id=self._phone_number_id)

    def _url(self, path: str) -> str:
        return f"{self._base_url}/{self._phone_number_id}/{path}"

    def _post(self, path: str, **options: Any) -> http.Response:
        url = self._url(path)
        return self._client.request("POST", url, headers=self._authorization, **options)

    def _outcome_of(self, answer: http.Response, uploads: dict[UUID, str]) -> Outcome:
        return outcome_of(answer, uploads)

    def _upload(self, attachment: Attachment) -> str | Refused:
        """Give Meta a file to hold. Whatever goes wrong here, no message was sent."""
        files = {"file": (attachment.filename, attachment.content, attachment.content_type)}
        fields = {"messaging_product": "whatsapp", "type": attachment.content_type}
        try:
            answer = self._post("media", data=fields, files=files, timeout_seconds=40)
        except http.HttpFailure:
            return Refused("unreachable", Cure.WAIT)
        if not answer.is_ok:
            refused = self._outcome_of(answer, {})
            return refused if isinstance(refused, Refused) else Refused("unreachable", Cure.WAIT)
        held = answer.json()
        media_id = held.get("id") if isinstance(held, dict) else None
        if not isinstance(media_id, str) or not media_id:
            return Refused("provider_error", Cure.WAIT)
        return media_id

    def _fetch(self, media_id: str, sha256: str, bytes_max: int) -> Fetched:
        answer = self._media(media_id)
        held = answer.json()
        if not answer.is_ok or not isinstance(held, dict) or not isinstance(held.get("url"), str):
            raise MediaUnavailable()
        size = str(held.get("file_size", "0"))
        if size.isascii() and size.isdigit() and int(size) > bytes_max:
            raise MediaTooLarge()
        content = self._download(held["url"])
        if len(content) > bytes_max:
            raise MediaTooLarge()
        expected = sha256 or str(held.get("sha256", ""))
        if expected and expected not in _digests(content):
            log.warning("whatsapp.media_differs")
            raise MediaUnavailable()
        return Fetched(content, str(held.get("mime_type", "application/octet-stream")))

    def _media(self, media_id: str) -> http.Response:
        return self._client.request(
            "GET",
            f"{self._base_url}/{media_id}",
            params={"phone_number_id": self._phone_number_id},
            headers=self._authorization,
            idempotent=True,
        )

    def _download(self, url: str) -> bytes:
        """The file, with our token for the address Meta named and for no other."""
        first = urlsplit(url)
        for _ in range(REDIRECTS_MAX):
            is_named = urlsplit(url)[:2] == first[:2]
            headers = self._authorization if is_named else {}
            answer = self._client.request("GET", url, headers=headers, idempotent=True)
            if answer.is_ok:
                return answer.content
            url = answer.headers.get("location", "") if 300 <= answer.status < 400 else ""
            if not url:
                break
        raise MediaUnavailable()


def outcome_of(answer: http.Response, uploads: dict[UUID, str]) -> Outcome:
    """What an answer to a send says. Only an error that Meta itself wrote, or a refusal at the door, means not taken."""
    said = answer.json()
    said = said if isinstance(said, dict) else {}
    if answer.is_ok:
        return _accepted(said, uploads)
    error = said.get("error")
    if isinstance(error, dict):
        otherwise = Cure.WAIT if answer.status >= 500 or answer.status == 429 else Cure.NONE
        code, cure = codes.of_error(error, otherwise=otherwise)
        log.warning("whatsapp.refused", status=answer.status, code=code)
        return Refused(code, cure, uploads)
    if answer.status in (429, 503):
        return Refused("busy", Cure.WAIT, uploads)
    if answer.status in (401, 403):  # a wall in front of Meta, not Meta
        return Refused(f"http_{answer.status}", Cure.WAIT, uploads)
    if 400 <= answer.status < 500:
        return Refused(f"http_{answer.status}", Cure.NONE, uploads)
    log.warning("whatsapp.unreadable_answer", status=answer.status)
    return Uncertain(f"http_{answer.status}", uploads)


def _accepted(said: dict[str, Any], uploads: dict[UUID, str]) -> Outcome:
    try:
        provider_id = said["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        return Uncertain("unreadable_answer", uploads)
    if not isinstance(provider_id, str) or not provider_id:
        return Uncertain("unreadable_answer", uploads)
    contacts = said.get("contacts")
    first = contacts[0] if isinstance(contacts, list) and contacts else {}
    user_id = first.get("user_id") if isinstance(first, dict) else None
    return Accepted(provider_id, user_id if isinstance(user_id, str) and user_id else None, uploads)


def _digests(content: bytes) -> set[str]:
    """SHA-256 in hexadecimal, as the media object has it, and in base64, as webhooks do."""
    digest = hashlib.sha256(content).digest()
    return {digest.hex(), base64.b64encode(digest).decode()}
