"""Recovery codes: ten, each good once, for whoever lost their second factor.

They come from the system's chance and are seen once, on the page that makes them. What is kept is what argon2 makes of each,
with a key that lies outside of the database, so neither a copy of it nor the house itself can show them again. One salt for
all ten, so that a try costs one hash. Hashing happens outside of the transaction that spends, so no row is locked meanwhile.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from typing import Any
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from django.db import connection, transaction

from hesabu.identity.permissions import anybody
from hesabu.kit import clock, crypto, strict_json

COUNT, FIGURES = 10, 12
_COST = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
"""As for PINs; kept beside the digests, so that a change here leaves old codes good."""
KIND = "recovery_codes"
KEPT = "SELECT data::text FROM mfa_authenticator WHERE user_id = %s AND type = %s"
HELD = f"{KEPT} FOR UPDATE"


@anybody("whoever sets up a second factor gets codes for when it is lost")
def begin_recovery_codes(person_id: UUID) -> None:
    """Have the place for them; they are made when they are first looked at. Of two at once, one makes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, %s, '{}', %s)"
            " ON CONFLICT DO NOTHING",
            (person_id, KIND, clock.now()),
        )


@anybody("the page that shows them asks for a factor first")
def make_recovery_codes(person_id: UUID) -> list[str]:
    """The codes, this once; none where they were made before."""
    codes = [_new() for _ in range(COUNT)]
    salt = os.urandom(16)
    digests = [_digest(person_id, code, salt, _COST) for code in codes]
    kept = {"salt": base64.b64encode(salt).decode(), "cost": _COST, "digests": digests}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = %s WHERE user_id = %s AND type = %s"
            " AND NOT data ? 'digests'",
            (json.dumps(kept), person_id, KIND),
        )
        return codes if cursor.rowcount else []


@anybody("the code is itself the proof")
def spend_recovery_code(person_id: UUID, code: str) -> bool:
    """Whether it was one of theirs that was not used yet. It is used then."""
    figures = "".join(letter for letter in code if letter not in " -")
    if len(figures) != FIGURES or not (figures.isascii() and figures.isdigit()):
        return False
    kept = _kept(person_id)
    if not kept.get("digests"):
        return False
    tried = _digest(person_id, figures, base64.b64decode(kept["salt"]), kept["cost"])
    with transaction.atomic():
        kept = _kept(person_id, is_held=True)
        left = [one for one in kept.get("digests", ()) if not crypto.same(one, tried)]
        if len(left) == len(kept.get("digests", ())):
            return False
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mfa_authenticator SET data = %s WHERE user_id = %s AND type = %s",
                (json.dumps({**kept, "digests": left}), person_id, KIND),
            )
    return True


def _new() -> str:
    figures = f"{secrets.randbelow(10**FIGURES):0{FIGURES}}"
    return "-".join(figures[at : at + 4] for at in range(0, FIGURES, 4))


def _digest(person_id: UUID, code: str, salt: bytes, cost: dict[str, int]) -> str:
    figures = code.replace("-", "")
    mark = crypto.mac("recovery code", f"{person_id}:{figures}", 43)
    raw = hash_secret_raw(mark.encode(), salt, hash_len=32, type=Type.ID, **cost)
    return base64.b64encode(raw).decode()


def _kept(person_id: UUID, *, is_held: bool = False) -> dict[str, Any]:
    """`is_held`: nobody else spends one until the end of the transaction."""
    with connection.cursor() as cursor:
        if is_held:
            cursor.execute(HELD, (person_id, KIND))
        else:
            cursor.execute(KEPT, (person_id, KIND))
        row = cursor.fetchone()
    return dict(strict_json.read(row[0])) if row else {}
