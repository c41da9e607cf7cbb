"""Pace: counted across all processes, one slot of time after another."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from hesabu.kit import clock
from hesabu.store import pace
from hesabu.store.pace import TooOften

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_beyond_the_number_it_is_too_often_until_the_next_slot(database: str) -> None:
    who = secrets.token_hex(8)
    with clock.fixed(NOON):
        for _ in range(3):
            pace.keep("knock", who, times=3, seconds=60)
        with pytest.raises(TooOften) as refused:
            pace.keep("knock", who, times=3, seconds=60)
        assert refused.value.retry_after_seconds == 60
        pace.keep("knock", who + "!", times=3, seconds=60)
        pace.keep("ring", who, times=3, seconds=60)
    with clock.fixed(NOON + timedelta(seconds=61)):
        pace.keep("knock", who, times=3, seconds=60)


def test_many_at_once_get_no_more_places_than_there_are(database: str) -> None:
    who, let_in = secrets.token_hex(8), []

    def knock() -> None:
        try:
            with clock.fixed(NOON):
                pace.keep("knock", who, times=5, seconds=3600)
            let_in.append(1)
        except TooOften:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=knock) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(let_in) == 5


def test_who_was_counted_is_not_kept_in_clear(database: str) -> None:
    pace.keep("knock", "+254712345678", times=9, seconds=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM store_pace WHERE name = 'knock'")
        assert all(len(bytes(row[0])) == 32 for row in cursor.fetchall())


def test_who_showed_themselves_begins_anew(database: str) -> None:
    who = secrets.token_hex(8)
    pace.keep("knock", who, times=1, seconds=3600)
    pace.forget("knock", who)
    pace.keep("knock", who, times=1, seconds=3600)
