"""One access token per Daraja app, shared by all processes.

Each new token kills the one before it, so processes that each fetched their own would keep
throwing each other out. The token therefore lives in one sealed row per app, and whoever finds it
used up takes a short lease on the row, fetches, and puts the new one there; the others wait for
it. The lease, not a lock, keeps a transaction from being held across the network; a holder that
dies loses it after a few seconds.

    valid? ── yes ──▶ use it
      └ no ─▶ lease free? ── yes ──▶ fetch (no transaction) ──▶ store, free the lease
                   └ no ──▶ wait a little, look again
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from hesabu.kit import clock, crypto
from hesabu.store import tenancy

EARLY_SECONDS = 60
"""A token is renewed this long before it ends, so that it does not end on its way."""

LEASE_SECONDS = 20
"""Longer than a fetch can take."""

WAIT_SECONDS = 12
"""How long to wait for somebody else's fetch."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A token as the provider gave it."""

    token: str = field(repr=False)
    lifetime_seconds: int


class NoToken(Exception):
    """No token is to be had, so whatever it was for has certainly not been sent. `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def token(app: str, fetch: Callable[[], Fetched], *, refused: str | None = None) -> str:
    """A token of the app with consumer key `app`. `refused` is one that the provider has just
    turned down: it will not be given again. Raises NoToken. Opens transactions of its own."""
    app_id = crypto.blind(f"mpesa.app\x00{app}")
    give_up_at = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up_at:
        kept = _kept(app_id)
        if kept is not None and kept != refused:
            return kept
        if _lease(app_id):
            return _renew(app_id, fetch)
        time.sleep(0.1)
    raise NoToken("not_sent")


def _renew(app_id: bytes, fetch: Callable[[], Fetched]) -> str:
    try:
        fetched = fetch()
    except BaseException:
        _keep(app_id, None, clock.now())
        raise
    lifetime = timedelta(seconds=max(1, fetched.lifetime_seconds - EARLY_SECONDS))
    _keep(app_id, fetched.token, clock.now() + lifetime)
    return fetched.token


def _kept(app_id: bytes) -> str | None:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT token FROM payments_mpesa_token WHERE app_id = %s AND good_until > %s",
            (app_id, clock.now()),
        )
        row = cursor.fetchone()
    return crypto.unseal(bytes(row[0])).decode() if row and row[0] is not None else None


def _lease(app_id: bytes) -> bool:
    """Take the right to fetch, if nobody has it."""
    now = clock.now()
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_mpesa_token AS t (app_id, token, good_until, leased_until)"
            " VALUES (%s, NULL, %s, %s) ON CONFLICT (app_id) DO UPDATE"
            " SET leased_until = EXCLUDED.leased_until"
            " WHERE t.leased_until IS NULL OR t.leased_until < %s",
            (app_id, now, now + timedelta(seconds=LEASE_SECONDS), now),
        )
        return cursor.rowcount == 1


def _keep(app_id: bytes, token: str | None, good_until: datetime) -> None:
    sealed = crypto.seal(token.encode()) if token is not None else None
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_mpesa_token SET token = %s, good_until = %s, leased_until = NULL"
            " WHERE app_id = %s",
            (sealed, good_until, app_id),
        )
