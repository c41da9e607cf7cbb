"""One access token per app, shared by all processes.

With M-PESA, each new token kills the one before it, so processes that each fetched their own would keep
throwing each other out. The token therefore lives in one sealed row per app, and whoever finds it
used up takes a short lease on the row, fetches, and puts the new one there; the others wait for
it. The lease, not a lock, keeps a transaction from being held across the network; a holder that
dies loses it after a few seconds.

    good? ── yes ──▶ use it
      └ no ─▶ leased? ── no ──▶ take the lease, fetch (no transaction), store
                  └ yes ──▶ wait a little, look again

A row without a token is leased until its `expires_at`; with one, it is good until then.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from hesabu.kit import clock, crypto, ids
from hesabu.payments.providers.port import Fetched, NoToken
from hesabu.store import tenancy

EARLY_SECONDS = 60
"""A token is renewed this long before it ends, so that it does not end on its way."""

LEASE_SECONDS = 20
"""Longer than a fetch can take."""

WAIT_SECONDS = 12
"""How long to wait for somebody else's fetch."""

LOOK_AGAIN = timedelta(milliseconds=100)
"""How often to look meanwhile."""


@dataclass(frozen=True, slots=True)
class _Row:
    """The row as it was seen; a lease is taken only on what was seen."""

    sealed: bytes | None
    expires_at: datetime | None

    def token(self, now: datetime) -> str | None:
        if self.sealed is None or self.expires_at is None or self.expires_at <= now:
            return None
        return crypto.unseal(self.sealed).decode()

    def is_leased(self, now: datetime) -> bool:
        return self.sealed is None and self.expires_at is not None and self.expires_at > now


def token(app: str, fetch: Callable[[], Fetched], refused: str | None = None) -> str:
    """A token of the app that is known by the words `app`. `refused` is one that the provider has
    just turned down: it will not be given again. Raises NoToken. Opens transactions of its own."""
    app_hash = crypto.blind(f"token\x00{app}")
    give_up_at = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up_at:
        row = _look(app_hash)
        now = clock.now()
        kept = row.token(now)
        if kept is not None and kept != refused:
            return kept
        if not row.is_leased(now) and _lease(app_hash, row, now):
            return _renew(app_hash, fetch)
        time.sleep(LOOK_AGAIN.total_seconds())
    raise NoToken("not_sent")


def _renew(app_hash: bytes, fetch: Callable[[], Fetched]) -> str:
    try:
        fetched = fetch()
    except BaseException:
        _put(app_hash, None, clock.now())
        raise
    lifetime = timedelta(seconds=max(1, fetched.lifetime_seconds - EARLY_SECONDS))
    _put(app_hash, crypto.seal(fetched.token.encode()), clock.now() + lifetime)
    return fetched.token


def _look(app_hash: bytes) -> _Row:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT token, expires_at FROM payments_token WHERE credentials_hash = %s", (app_hash,)
        )
        row = cursor.fetchone()
    if row is None:
        return _Row(None, None)
    return _Row(bytes(row[0]) if row[0] is not None else None, row[1])


def _lease(app_hash: bytes, seen: _Row, now: datetime) -> bool:
    """Take the right to fetch, unless somebody was quicker."""
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_token AS t (id, credentials_hash, token, expires_at)"
            " VALUES (%s, %s, NULL, %s) ON CONFLICT (credentials_hash) DO UPDATE"
            " SET token = NULL, expires_at = EXCLUDED.expires_at"
            " WHERE t.token IS NOT DISTINCT FROM %s AND t.expires_at IS NOT DISTINCT FROM %s",
            (
                ids.new_id(),
                app_hash,
                now + timedelta(seconds=LEASE_SECONDS),
                seen.sealed,
                seen.expires_at,
            ),
        )
        return bool(cursor.rowcount == 1)


def _put(app_hash: bytes, sealed: bytes | None, expires_at: datetime) -> None:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_token SET token = %s, expires_at = %s WHERE credentials_hash = %s",
            (sealed, expires_at, app_hash),
        )
