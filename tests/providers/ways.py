"""What the tests of all providers of messages share: errands, and answers that leave everybody in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hesabu.messaging.providers.port import Address, Attachment, Errand, Sender
from hesabu.messaging.types import Content, Letter
from providers.suite import GARBAGE
from providers.wire import Asked, HangsUp, Says, Wire

NOWHERE = "http://127.0.0.1:1"
PHONE, EMAIL = "+254711222333", "jane@example.com"
MARK = "0190aaaa0000700080000000000000aa.1"
DOUBTFUL: tuple[Says | HangsUp, ...] = (
    HangsUp(),
    Says(500, GARBAGE),
    Says(502),
    Says(504, GARBAGE),
    Says(200, GARBAGE),
    Says(200, b""),
    Says(200, [1, 2]),
    Says(200, {"unknown": "shape"}),
)


def errand(
    content: Content | Letter, attachments: dict[Any, Attachment] | None = None, name: str = ""
) -> Errand:
    address = Address(PHONE, None, EMAIL)
    return Errand(address, content, MARK, attachments or {}, Sender(name))


def will(wire: Wire, path: str, answer: Says | HangsUp) -> Callable[[], None]:
    return lambda: wire.says(path, answer)


def as_text(asked: Asked) -> str:
    """A request's body, readable."""
    if isinstance(asked.body, bytes):
        return asked.body.decode("utf-8", "replace")
    return json.dumps(asked.body, ensure_ascii=False)
