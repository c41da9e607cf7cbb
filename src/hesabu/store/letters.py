"""Letters: every webhook is filed before it is answered and read afterwards.

    provider ──POST /hooks/<token>[/<ref>]──▶ ingress: size · token · verify · file · commit ──▶ 200
                                                                                   │
                                     worker: drain ──▶ the provider's reader ──▶ read | aside

A letter is unique on its endpoint and the provider's own id where the provider signs, else on the endpoint and the
SHA-256 of the body: what is not signed may lie about its id, and a forged or failed callback that shares an id must never
shadow the true one. A batch that cannot be read is read letter by letter; the bad one is set aside with its reason, and
the others go on.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.db import connection

from hesabu.kit import clock, crypto, ids, strict_json
from hesabu.kit.errors import NotFound
from hesabu.kit.marks import Marks
from hesabu.store import tenancy
from hesabu.store.models import Endpoint

log = structlog.get_logger(__name__)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
TRIES_MAX = 5


class EndpointNotFound(NotFound):
    code = "endpoint.not_found"
    title = "There is no such address."


class NotGenuine(Exception):
    """The request does not prove where it comes from: 401, a counter, nothing stored."""


@dataclass(frozen=True, slots=True)
class OpenEndpoint:
    """An endpoint as the ingress knows it."""

    id: UUID
    provider: str
    business_id: UUID | None
    subject_id: UUID | None
    secret: str | None
    verify_token: str | None


@dataclass(frozen=True, slots=True)
class HookRequest:
    """What came in: lower-case header names, the raw bytes, the sender's address, and the path behind the token."""

    method: str
    headers: Mapping[str, str]
    query: str
    body: bytes
    remote_address: str
    ref: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`external_key` is the provider's own id (signed providers) or None for the body's hash; `is_vouched` says whether
    the signature or the sender's published address vouches for it."""

    is_vouched: bool
    external_key: bytes | None = None


class Intake(Protocol):
    """How one provider's letters are recognised. Pure: no database, no network, fast."""

    body_bytes_max: int

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        """Called with every POST before anything is stored. Raises NotGenuine."""
        ...

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        """Called with every GET: the body to answer, or None where the provider has no handshake. Raises NotGenuine."""
        ...


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter as its reader gets it."""

    id: UUID
    endpoint_id: UUID
    provider: str
    business_id: UUID | None
    subject_id: UUID | None
    ref: str
    is_vouched: bool
    body: bytes
    attempt_count: int


Read = Callable[[Sequence[FiledLetter]], None]


def open_endpoint(
    provider: str,
    *,
    business_id: UUID | None = None,
    subject_id: UUID | None = None,
    secret: str | None = None,
    verify_token: str | None = None,
    token: str | None = None,
) -> tuple[UUID, str]:
    """A new address for a provider: (endpoint id, token). Inside a binding."""
    token = token or crypto.token(18)
    row = Endpoint(
        id=ids.new_id(),
        token_hash=crypto.digest(token),
        token=token,
        provider=provider,
        business_id=business_id,
        subject_id=subject_id,
        secret=secret,
        verify_token=verify_token,
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    return row.id, token


def token_of(endpoint_id: UUID) -> str:
    """The token of an endpoint, to build the address that a provider is given."""
    row = Endpoint.objects.filter(id=endpoint_id, closed_at=None).first()
    if row is None:
        raise EndpointNotFound(str(endpoint_id))
    return str(row.token)


def close_endpoint(endpoint_id: UUID) -> None:
    """Stop taking letters there. Doing it again changes nothing."""
    Endpoint.objects.filter(id=endpoint_id, closed_at=None).update(closed_at=clock.now())


FIND_ENDPOINT = (
    "SELECT id, provider, business_id, subject_id, secret, verify_token FROM store_endpoint"
    " WHERE token_hash = %s AND closed_at IS NULL"
)
FILE = (
    "INSERT INTO store_letter (id, endpoint_id, provider, business_id, subject_id, external_key, ref, is_vouched,"
    " body, state, attempt_count, reason, received_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'filed', 0, '', %s) ON CONFLICT DO NOTHING"
)


def opened(row: Sequence[object]) -> OpenEndpoint:
    """An endpoint from the columns of FIND_ENDPOINT."""
    found_id, provider, business_id, subject_id, secret, verify_token = row
    return OpenEndpoint(
        found_id,  # type: ignore[arg-type]
        str(provider),
        business_id,  # type: ignore[arg-type]
        subject_id,  # type: ignore[arg-type]
        crypto.unseal(bytes(secret)).decode() if secret is not None else None,  # type: ignore[call-overload]
        crypto.unseal(bytes(verify_token)).decode() if verify_token is not None else None,  # type: ignore[call-overload]
    )


def filing(endpoint: OpenEndpoint, request: HookRequest, verdict: Verdict) -> tuple[object, ...]:
    """The values of FILE. An unsigned letter's key covers the mark in its path as well as its body, and whether its sender is
    vouched for: what a stranger says first, word for word, takes nothing from whom we believe."""
    stranger = b"" if verdict.is_vouched else b"\x00stranger\x00"
    external_key = verdict.external_key or crypto.digest(
        stranger + request.ref.encode() + b"\x00" + request.body
    )
    return (
        ids.new_id(),
        endpoint.id,
        endpoint.provider,
        endpoint.business_id,
        endpoint.subject_id,
        external_key,
        request.ref,
        verdict.is_vouched,
        crypto.seal(request.body),
        clock.now(),
    )


COLUMNS = "id, endpoint_id, provider, business_id, subject_id, ref, is_vouched, body, attempt_count"


def letter_from(row: Sequence[Any]) -> FiledLetter:
    """A letter from COLUMNS, its body opened."""
    return FiledLetter(*(*row[:7], crypto.unseal(bytes(row[7])), row[8]))


def mark_read(letter_ids: Sequence[UUID]) -> None:
    """In the transaction of what reading them did. What its reader set aside stays aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_letter SET state = 'read', read_at = %s, attempt_count = attempt_count + 1"
            " WHERE id = ANY(%s) AND state = 'filed'",
            (clock.now(), list(letter_ids)),
        )


def set_aside(letter_id: UUID, reason: str) -> None:
    """Not to be read again by itself; a person looks at it. `reason` is a code and ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_letter SET state = 'aside', reason = %s, read_at = %s, attempt_count = attempt_count + 1"
            " WHERE id = %s AND state = 'filed'",
            (reason[:400], clock.now(), letter_id),
        )
    log.error("letter.set_aside", letter_id=str(letter_id), reason=reason[:80])


def count_attempt(letter_id: UUID, error: Exception) -> None:
    """One more try failed; after the last it is set aside."""
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT attempt_count + 1 FROM store_letter WHERE id = %s AND state = 'filed' FOR UPDATE",
            (letter_id,),
        )
        row = cursor.fetchone()
        if row and row[0] >= TRIES_MAX:
            set_aside(letter_id, f"failed {row[0]} times: {type(error).__name__}")
        elif row:
            cursor.execute(
                "UPDATE store_letter SET attempt_count = %s, reason = %s WHERE id = %s",
                (row[0], type(error).__name__, letter_id),
            )


def drain(provider: str, read: Read, *, limit: int = 100) -> int:
    """Read up to `limit` waiting letters of a house-wide provider, oldest first. How many were taken."""
    try:
        taken = _drain_batch(provider, read, limit)
    except Exception:
        log.warning("letters.batch_failed", provider=provider, exc_info=True)
        return _drain_singly(provider, read, _waiting(provider, limit, "attempt_count = 0"))
    return taken or _drain_singly(provider, read, _waiting(provider, limit, RETRY_IS_DUE))


RETRY_IS_DUE = (
    "attempt_count > 0 AND received_at + make_interval(secs => 2 ^ attempt_count) < now()"
)
_CLAIM = (
    f"SELECT {COLUMNS} FROM store_letter WHERE provider = %s AND state = 'filed' AND attempt_count = 0"
    " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
)


def _drain_batch(provider: str, read: Read, limit: int) -> int:
    with tenancy.house(actor=tenancy.Actor("provider")):
        letters = _claim(_CLAIM, (provider, limit))
        if letters:
            read(letters)
            mark_read([letter.id for letter in letters])
        return len(letters)


def _waiting(provider: str, limit: int, which: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM store_letter WHERE provider = %s AND state = 'filed' AND {which} ORDER BY id LIMIT %s",
            (provider, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def _drain_singly(provider: str, read: Read, waiting: Sequence[UUID]) -> int:
    for letter_id in waiting:
        try:
            with tenancy.house(actor=tenancy.Actor("provider"), cause_id=letter_id):
                one = _claim(
                    f"SELECT {COLUMNS} FROM store_letter WHERE id = %s AND state = 'filed' FOR UPDATE SKIP LOCKED",
                    (letter_id,),
                )
                if one:
                    read(one)
                    mark_read([letter_id])
        except Exception as error:
            log.warning("letter.failed", letter_id=str(letter_id), exc_info=True)
            count_attempt(letter_id, error)
    return len(waiting)


def _claim(query: str, values: Sequence[str | int | UUID]) -> list[FiledLetter]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    letters = []
    for row in rows:
        try:
            letters.append(letter_from(row))
        except crypto.Unreadable as error:
            set_aside(row[0], f"unreadable: {error}")
    return letters


def erase_bodies(marks: Marks) -> int:
    """Forget what letters said that tell of a person and were read; how many. In a house transaction."""
    count, after = 0, UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, body FROM store_letter WHERE state <> 'filed' AND id > %s ORDER BY id LIMIT 500",
                (after,),
            )
            rows = cursor.fetchall()
            told = [row[0] for row in rows if marks.are_in(_words(row[1]))]
            _forget(cursor, "id = ANY(%s)", told)
        count += len(told)
        if not rows:
            return count
        after = rows[-1][0]


def erase_bodies_before(instant: datetime, most: int = 20_000) -> int:
    """Forget what letters said that came before that and were read; how many. That they came, and when, stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM store_letter WHERE state <> 'filed' AND received_at < %s AND length(body) > %s LIMIT %s",
            (instant, len(crypto.seal(b"")), most),
        )
        old = [row[0] for row in cursor.fetchall()]
        _forget(cursor, "id = ANY(%s)", old)
    return len(old)


def _words(body: bytes) -> str:
    """A letter's text; what JSON escapes is what it stands for."""
    try:
        text = crypto.unseal(bytes(body)).decode("utf-8", "replace")
    except crypto.Unreadable:
        log.error(
            "letter.unreadable", exc_info=True
        )  # nobody can read it here, so nobody is told of in it
        return ""
    try:
        return json.dumps(strict_json.read(text), ensure_ascii=False)
    except strict_json.NotJson:  # no JSON, or nested on purpose to stop its reader
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _forget(cursor: Any, where: str, values: list[UUID]) -> None:
    if values:
        cursor.execute(
            f"UPDATE store_letter SET body = %s WHERE {where}", (crypto.seal(b""), values)
        )


def pause_after(taken: int, idle_seconds: float) -> float:
    """How long a drain rests: not at all while there is work, then a little longer each time, up to 50 ms."""
    if taken:
        return 0.0
    rest = min(0.05, max(0.005, idle_seconds * 1.5))
    time.sleep(rest)
    return rest
