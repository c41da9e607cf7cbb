"""Whose letters are Meta's.

Meta signs each webhook with the app's secret: `X-Hub-Signature-256: sha256=<hex of HMAC-SHA256(secret, raw body)>`. It is
computed over the bytes as they came (Meta escapes slashes and non-ASCII letters, so parsing and writing again would break
it) and compared in constant time. An installation without a secret takes no letters at all.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from hesabu.kit import crypto
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint, Verdict

HEADER = "x-hub-signature-256"


def signature_of(secret: str, body: bytes) -> str:
    """The header's value for these bytes."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


class WhatsAppIntake:
    """Knows the app's secret and the word of the handshake; an endpoint may carry its own."""

    body_bytes_max = 3 * 1024 * 1024

    def __init__(
        self, app_secret: str, verify_token: str, *, before: tuple[str, str] = ("", "")
    ) -> None:
        """`before` holds what the two were until lately, and may still come."""
        self._app_secrets = [app_secret, before[0]]
        self._verify_tokens = [verify_token, before[1]]

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        secrets = [
            one for one in ([endpoint.secret] if endpoint.secret else self._app_secrets) if one
        ]
        given = request.headers.get(HEADER, "")
        if not secrets:
            raise NotGenuine("whatsapp: no app secret is set")
        if not given:
            raise NotGenuine("whatsapp: unsigned")
        if not crypto.same_as_one(given, [signature_of(one, request.body) for one in secrets]):
            raise NotGenuine("whatsapp: wrongly signed")
        return Verdict(is_vouched=True)

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        """Meta asks once, when the address is registered: the challenge goes back verbatim if the word is right."""
        query = parse_qs(request.query, keep_blank_values=True)
        expected = [endpoint.verify_token] if endpoint.verify_token else self._verify_tokens
        said = query.get("hub.verify_token", [""])[0]
        challenge = query.get("hub.challenge", [""])[0]
        if query.get("hub.mode") != ["subscribe"] or not any(expected):
            raise NotGenuine("whatsapp: no handshake")
        if not crypto.same_as_one(said, expected):
            raise NotGenuine("whatsapp: wrong word in the handshake")
        return challenge.encode()
