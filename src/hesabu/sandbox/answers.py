"""Requests in and answers out: what both providers and the control desk need of HTTP."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

BODY_BYTES_MAX = 32 * 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class TooLarge(ValueError):
    """The body is larger than the box takes."""


class NotJson(ValueError):
    """The body is not a JSON object."""


@dataclass(frozen=True)
class Part:
    """One part of a multipart form."""

    name: str
    content: bytes
    filename: str = ""
    content_type: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


async def body_of(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The raw body, read once and kept where the journal can find it."""
    kept = request.scope.get("hesabu.body")
    if isinstance(kept, bytes):
        return kept
    pieces, size = [], 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > bytes_max:
                raise TooLarge(f"more than {bytes_max} bytes")
            pieces.append(piece)
    except ClientDisconnect:
        pieces.clear()
    body = b"".join(pieces)
    request.scope["hesabu.body"] = body
    return body


async def json_of(request: Request) -> dict[str, Any]:
    try:
        read = json.loads(await body_of(request) or b"null")
    except ValueError as error:
        raise NotJson("the body is not JSON") from error
    if not isinstance(read, dict):
        raise NotJson("the body is not a JSON object")
    return read


async def form_of(request: Request) -> dict[str, Part]:
    """A form's fields by name, url-encoded or multipart; the last of a name counts."""
    return {part.name: part for part in await fields_of(request)}


async def fields_of(request: Request) -> list[Part]:
    """Every field of a form in order, for forms in which a name comes more than once."""
    body, kind = await body_of(request), request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return parts_of(body, kind)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return [Part(name, value.encode()) for name, value in pairs]


def parts_of(body: bytes, content_type: str) -> list[Part]:
    match = re.search(r'boundary="?([^";]+)"?', content_type)
    if match is None:
        return []
    found = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + match[1].encode())[1:]:
        if piece.startswith(b"--"):
            break
        head, gap, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if gap:
            found.append(_part(head.decode("utf-8", "replace"), content))
    return found


def _part(head: str, content: bytes) -> Part:
    def quoted(name: str) -> str:
        match = re.search(rf'[;\s]{name}="((?:[^"\\]|\\.)*)"', head, re.IGNORECASE)
        return match[1].replace('\\"', '"').replace("%22", '"') if match else ""

    kind = re.search(r"^content-type:\s*([^\r\n;]+)", head, re.IGNORECASE | re.MULTILINE)
    return Part(quoted("name"), content, quoted("filename"), kind[1].strip() if kind else "")


def is_web_address(value: object, *, with_scheme: tuple[str, ...] = ("https",)) -> bool:
    """An address a provider would call. Plain http is for this machine only, unless allowed."""
    if not isinstance(value, str):
        return False
    parts = urlsplit(value)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return True
    return parts.scheme in with_scheme and bool(parts.hostname)
