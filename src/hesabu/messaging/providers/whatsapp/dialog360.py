"""WhatsApp by way of 360dialog: the same words at another door.

One key is one number, so no path names it. Files lie at Meta's address until 360dialog's host is put in its place. Its
webhooks are Meta's, but unsigned: they carry the headers that were asked for when the address was registered.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from hesabu.kit import crypto, http
from hesabu.messaging.providers.port import Contents, Outcome, Refused, Uncertain
from hesabu.messaging.providers.whatsapp import parse
from hesabu.messaging.providers.whatsapp.client import WhatsApp, outcome_of
from hesabu.messaging.rules import Cure
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint, Verdict

log = structlog.get_logger(__name__)
HEADER = "x-hesabu-secret"


class Dialog360(WhatsApp):
    """One number. `base_url` has no version in it."""

    def __init__(self, *, base_url: str, api_key: str) -> None:
        super().__init__(base_url=base_url, token="", phone_number_id="")
        self._authorization = {"D360-API-KEY": api_key}

    def register(self, url: str, secret: str) -> bool:
        """Have letters brought to this address, with the secret beside them. Doing it again changes nothing."""
        headers = {HEADER: secret} if secret else {}
        asked = {"url": url, "headers": headers}
        try:
            return self._post("v1/configs/webhook", json=asked).is_ok
        except http.HttpFailure:
            return False

    def read(self, body: bytes, ref: str) -> Contents:
        return parse.envelope(body)

    def _url(self, path: str) -> str:
        return f"{self._base_url}/{path}"

    def _media(self, media_id: str) -> http.Response:
        return self._client.request(
            "GET", self._url(media_id), headers=self._authorization, idempotent=True
        )

    def _download(self, url: str) -> bytes:
        """From 360dialog's host, whatever host was named: ours is the only key that is not Meta's."""
        named = urlsplit(url.replace("\\/", "/"))
        query = f"?{named.query}" if named.query else ""
        return super()._download(f"{self._base_url}{named.path}{query}")

    def _outcome_of(self, answer: http.Response, uploads: dict[UUID, str]) -> Outcome:
        said = answer.json()
        meta = said.get("meta") if isinstance(said, dict) else None
        if answer.is_ok or not _is_own(answer, said, meta):
            return outcome_of(answer, uploads)
        log.warning("dialog360.refused", status=answer.status)
        if answer.status == 401:
            return Refused("token_invalid", Cure.OPERATOR, uploads)
        if answer.status == 403:
            return Refused("not_permitted", Cure.OPERATOR, uploads)
        if answer.status == 429:
            return Refused("busy", Cure.WAIT, uploads)
        if 400 <= answer.status < 500:
            return Refused("rejected", Cure.NONE, uploads)
        return Uncertain(f"http_{answer.status}", uploads)


def _is_own(answer: http.Response, said: Any, meta: Any) -> bool:
    """Whether 360dialog itself speaks, in its envelope or in plain text, and not Meta through it."""
    if isinstance(said, dict) and isinstance(said.get("error"), dict):
        return False
    return isinstance(meta, dict) or answer.status in (401, 403)


class Dialog360Intake:
    """Knows the word that was given to 360dialog when the address was registered. Without one, the token in the path, which
    nobody else was told, is all that vouches."""

    body_bytes_max = 3 * 1024 * 1024

    def __init__(self, secret: str, *, before: str = "") -> None:
        """`before` is what it was until lately, and may still come."""
        self._secret = secret
        self._secrets = [secret, before]

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        if not self._secret:
            return Verdict(is_vouched=False)
        given = request.headers.get(HEADER, "")
        if not crypto.same_as_one(given, self._secrets):
            raise NotGenuine("360dialog: wrong word in the header")
        return Verdict(is_vouched=True)

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        return None
