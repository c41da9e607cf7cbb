"""How often a program may ask, and how it is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hesabu.doors.api import paced

if TYPE_CHECKING:
    from doors.api.programs import Program

ITEM = re.compile(r'"(key|business)";r=(\d+);t=(\d+)')


def left(answer: Any) -> dict[str, int]:
    said = answer.headers["RateLimit"]
    assert all(0 < int(t) <= 60 for _, _, t in ITEM.findall(said)), said
    return {name: int(r) for name, r, _ in ITEM.findall(said)}


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_pace")


def test_every_answer_says_what_is_left(program: Program) -> None:
    first = program.asks("GET", "/me")
    assert first.headers["RateLimit-Policy"] == '"key";q=600;w=60, "business";q=3000;w=60'
    refused = program.asks("GET", "/customers/nothing")
    assert refused.status_code == 404
    assert left(refused)["key"] < left(first)["key"] <= 599
    assert left(refused)["business"] < 3000


def test_one_key_that_asks_too_often_waits_and_others_do_not(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doors.api.programs import program_at

    monkeypatch.setattr(paced, "OF_ONE", 2)
    other = program_at(program.business_id)
    statuses = [program.asks("GET", "/me").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = program.asks("GET", "/me")
    assert refused.json()["code"] == "pace.too_often"
    assert left(refused)["key"] == 0
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert other.asks("GET", "/me").status_code == 200


def test_all_keys_of_a_business_together_wait_and_other_businesses_do_not(
    program: Program, new_business: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    from doors.api.programs import program_at

    monkeypatch.setattr(paced, "OF_ALL", 3)
    keys = [program, program_at(program.business_id), program_at(program.business_id)]
    statuses = [one.asks("GET", "/me").status_code for _ in range(3) for one in keys]
    assert statuses.count(429) >= 3
    assert program_at(new_business()).asks("GET", "/me").status_code == 200


def test_a_wrong_key_is_told_nothing_of_anybodys_count(program: Program) -> None:
    program.key = "hsb_nothing"
    refused = program.asks("GET", "/me")
    assert refused.status_code == 401
    assert "RateLimit" not in refused.headers
