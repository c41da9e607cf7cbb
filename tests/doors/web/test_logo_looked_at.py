"""A logo is looked at by the scanner where one is set, before anything is done with it and with no transaction open."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from doors.web import pictures
from doors.web.test_business import business, logo
from doors.web.test_people import joined
from hesabu.kit import scanning
from kit.clamd import Clamd, listening

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"


@pytest.fixture
def waiting() -> list[int]:
    """How many transactions stood open each time the scanner was asked."""
    return []


@pytest.fixture
def clamd(monkeypatch: pytest.MonkeyPatch, admin_url: str, waiting: list[int]) -> Iterator[Clamd]:
    def meanwhile() -> None:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            waiting.append(admin.execute(OPEN).fetchone()[0])  # type: ignore[index]

    with listening(meanwhile=meanwhile) as (found, place):
        monkeypatch.setattr(scanning, "_place", place)
        yield found


def test_a_logo_that_holds_something_harmful_is_refused_at_the_field(
    business_id: UUID, clamd: Clamd, waiting: list[int]
) -> None:
    owner, _, _ = joined(business_id, "owner")
    answer = logo(owner, business_id, pictures.drawn() + scanning.TRIAL.encode())
    assert answer.status_code == 422
    assert "holds something harmful" in answer.content.decode()
    assert business(business_id).logo_id is None
    assert waiting == [0], "nobody's row is locked while the scanner looks"


def test_a_logo_that_is_well_is_taken_as_it_was_looked_at(business_id: UUID, clamd: Clamd) -> None:
    owner, _, _ = joined(business_id, "owner")
    sent = pictures.drawn()
    assert logo(owner, business_id, sent).status_code == 302
    assert clamd.heard == [sent]
    assert business(business_id).logo_id is not None


def test_while_the_scanner_is_away_no_logo_is_taken(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_place", "unix:/nowhere/clamd.ctl")
    owner, _, _ = joined(business_id, "owner")
    answer = logo(owner, business_id, pictures.drawn())
    assert answer.status_code == 503
    assert "cannot be looked at just now" in answer.content.decode()
    assert business(business_id).logo_id is None


def test_who_may_not_change_it_has_nothing_looked_at(business_id: UUID, clamd: Clamd) -> None:
    seller, _, _ = joined(business_id, "seller")
    assert logo(seller, business_id, pictures.drawn()).status_code == 403
    assert clamd.heard == []
