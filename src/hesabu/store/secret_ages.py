"""Since when each secret of the house is in use: a keyed digest and two instants, never the secret.

The digest is made with the key of the blind index, so that a word somebody chose cannot be guessed from the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from hesabu.kit import clock, crypto


def note(held: Mapping[str, str]) -> dict[str, datetime]:
    """Name → since when this value is in use. What was never seen is in use from now."""
    names = list(held)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_secret (name, digest, first_seen_at, last_seen_at)"
            " SELECT n, d, %s, %s FROM unnest(%s::text[], %s::bytea[]) AS t (n, d)"
            " ON CONFLICT (name, digest) DO UPDATE SET last_seen_at = excluded.last_seen_at"
            " RETURNING name, first_seen_at",
            (clock.now(), clock.now(), names, [_digest(name, held[name]) for name in names]),
        )
        return dict(cursor.fetchall())


def _digest(name: str, value: str) -> bytes:
    return crypto.blind(f"secret:{name}:{value}")
