"""Sessions in the database, sealed: what somebody is in the middle of (an address, a code that was sent) is unreadable there,
and the key of a session lies hidden, so that a copy of the table lets nobody in."""

from __future__ import annotations

import base64
import json
from typing import Any

import structlog
from django.contrib.sessions.backends.db import SessionStore as Kept

from hesabu.kit import crypto

log = structlog.get_logger(__name__)


class SessionStore(Kept):
    """Django's, with its contents sealed."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        written = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(crypto.seal(written)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(crypto.unseal(base64.b64decode(session_data)))
        except (crypto.Unreadable, ValueError):
            log.warning("session.unreadable")
            return {}
        return found
