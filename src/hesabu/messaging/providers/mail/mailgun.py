"""Mailgun. Anymail writes the request and reads the answer; the request itself goes through our own client, which looks at
every address and knows what was certainly not sent."""

from __future__ import annotations

from typing import Any

import structlog
from anymail.backends.mailgun import EmailBackend
from anymail.exceptions import AnymailAPIError, AnymailError
from requests import Response as Answer

from hesabu.kit import http
from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.providers.mail import events
from hesabu.messaging.providers.mail.writing import mail_of
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
from hesabu.messaging.types import Letter

log = structlog.get_logger(__name__)
MARK = "hesabu-mark"
"""The variable in which our own id travels; every event carries it."""


class Mailgun:
    """One sending domain. `base_url` ends with the version of the API."""

    returns_marks = True

    def __init__(self, *, base_url: str, domain: str, api_key: str, mail_from: str) -> None:
        self._settings = {
            "api_url": f"{base_url.rstrip('/')}/",
            "sender_domain": domain,
            "api_key": api_key,
        }
        self._mail_from = mail_from
        self._client = http.Client("mailgun", timeout_seconds=30)

    def send(self, errand: Errand) -> Outcome:
        if not isinstance(errand.content, Letter):
            return Refused("rejected")
        if not errand.address.email:
            return Refused("no_address")
        mail: Any = mail_of(errand, errand.content, mail_from=self._mail_from)
        mail.metadata = {MARK: errand.mark}
        backend = _Backend(self._client, **self._settings)
        try:
            backend.send_messages([mail])
        except http.NotSent:
            return Refused("unreachable", Cure.WAIT)
        except http.Unknown as error:
            log.warning("mailgun.unknown", why=str(error))
            return Uncertain("no_answer")
        except AnymailAPIError as error:
            return _of_error(error)
        except (AnymailError, ValueError) as error:  # what cannot be written as a mail at all
            log.warning("mailgun.unwritable", error=type(error).__name__)
            return Refused("invalid_address")
        provider_id = mail.anymail_status.message_id
        if not isinstance(provider_id, str) or not provider_id:
            return Uncertain("unreadable_answer")
        return Accepted(provider_id.strip("<>"))

    def mark_read(self, provider_id: str, *, shows_typing: bool) -> bool:
        """Mail has no such courtesies."""
        return False

    def fetch(self, media_id: str, *, sha256: str, bytes_max: int) -> Fetched:
        raise MediaUnavailable

    def read(self, body: bytes, ref: str) -> Contents:
        return events.letter(body)


def _of_error(error: AnymailAPIError) -> Outcome:
    """What an answer says that is no success. Only a refusal in the 4xx means not taken; a 200 that cannot be read may be."""
    status = error.status_code
    log.warning("mailgun.refused", status=status)
    if status in (401, 402, 403, 404):
        return Refused("token_invalid" if status == 401 else "not_permitted", Cure.OPERATOR)
    if status in (429, 503):
        return Refused("busy", Cure.WAIT)
    if status == 413:
        return Refused("too_large")
    if status == 400:
        said = str(getattr(error.response, "text", "")).lower()
        return Refused("invalid_address" if "valid address" in said else "rejected")
    if isinstance(status, int) and 400 <= status < 500:
        return Refused(f"http_{status}")
    return Uncertain(f"http_{status}" if status else "unreadable_answer")


class _Backend(EmailBackend):  # type: ignore[misc]
    """Anymail's backend over our client."""

    def __init__(self, client: http.Client, **settings: Any) -> None:
        self._client = client
        super().__init__(fail_silently=False, **settings)

    def create_session(self) -> Any:
        return _Session(self._client)


class _Session:
    """What anymail asks of a session of requests: one request, and an end."""

    def __init__(self, client: http.Client) -> None:
        self._client = client

    def request(self, method: str, url: str, *, timeout: int, **options: Any) -> Answer:
        given = {name: value for name, value in options.items() if value is not None}
        said = self._client.request(method, url, **given)
        answer = Answer()
        answer.status_code, answer.url = said.status, url
        answer._content = said.content
        answer.headers.update(dict(said.headers))
        return answer

    def close(self) -> None:
        """The client stays open for the next mail."""
