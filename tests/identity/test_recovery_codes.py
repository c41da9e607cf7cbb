"""Recovery codes: seen once, good once, and of no use to whoever has a copy of the database."""

from __future__ import annotations

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from argon2.low_level import Type, hash_secret_raw
from django.db import connection

from hesabu.identity import actions
from hesabu.kit import crypto
from hesabu.store import tenancy


@pytest.fixture
def person_id(database: str) -> UUID:
    with tenancy.house():
        found = actions.register_person("Wanjiku Kamau")
    actions.begin_recovery_codes(found)
    return found


def kept(person_id: UUID) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", (person_id,))
        return dict(json.loads(cursor.fetchone()[0]))


def test_ten_codes_each_good_once(person_id: UUID) -> None:
    codes = actions.make_recovery_codes(person_id)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"\d{4}-\d{4}-\d{4}", code) for code in codes)
    assert [actions.spend_recovery_code(person_id, code) for code in codes] == [True] * 10
    assert [actions.spend_recovery_code(person_id, code) for code in codes] == [False] * 10


def test_they_are_typed_as_people_type(person_id: UUID) -> None:
    first, second, *_ = actions.make_recovery_codes(person_id)
    assert actions.spend_recovery_code(person_id, first.replace("-", ""))
    assert actions.spend_recovery_code(person_id, second.replace("-", " "))


def test_they_are_seen_once(person_id: UUID) -> None:
    codes = actions.make_recovery_codes(person_id)
    assert actions.make_recovery_codes(person_id) == []
    assert actions.spend_recovery_code(person_id, codes[0])


def test_what_is_kept_is_a_slow_hash_with_a_salt_and_a_key_that_lies_elsewhere(
    person_id: UUID,
) -> None:
    codes = actions.make_recovery_codes(person_id)
    found = kept(person_id)
    text = json.dumps(found)
    assert set(found) == {"salt", "cost", "digests"}
    assert not any(code in text or code.replace("-", "") in text for code in codes)
    cost = found["cost"]
    assert isinstance(cost, dict)
    assert cost["memory_cost"] >= 19_456
    assert cost["time_cost"] >= 2
    salt = base64.b64decode(str(found["salt"]))
    assert len(salt) >= 16
    assert isinstance(found["digests"], list)

    def slowly(text: str) -> str:
        raw = hash_secret_raw(text.encode(), salt, hash_len=32, type=Type.ID, **cost)
        return base64.b64encode(raw).decode()

    figures = codes[0].replace("-", "")
    keyed = crypto.mac("recovery code", f"{person_id}:{figures}", 43)
    assert slowly(keyed) in found["digests"], "kept is what argon2 makes of it, at that cost"
    assert slowly(figures) not in found["digests"]


def test_another_persons_code_opens_nothing(person_id: UUID) -> None:
    with tenancy.house():
        other = actions.register_person("Otieno Ouma")
    actions.begin_recovery_codes(other)
    assert not actions.spend_recovery_code(other, actions.make_recovery_codes(person_id)[0])
    assert not actions.spend_recovery_code(uuid4(), "1234-5678-9012")


@pytest.mark.parametrize(
    "typed",
    ["", "123456", "1234-5678-901", "1234-5678-90123", "١٢٣٤-٥٦٧٨-٩٠١٢", "-" * 5000, "\0" * 12],
)
def test_what_is_no_such_code_costs_no_hash(
    person_id: UUID, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hesabu.identity.actions import recovery_codes

    actions.make_recovery_codes(person_id)
    asked: list[str] = []
    monkeypatch.setattr(recovery_codes, "_digest", lambda *of: asked.append("") or "")
    assert not actions.spend_recovery_code(person_id, typed)
    assert asked == []


def test_two_at_the_same_moment_spend_it_once(person_id: UUID) -> None:
    code = actions.make_recovery_codes(person_id)[0]

    def spend(_: int) -> bool:
        try:
            return actions.spend_recovery_code(person_id, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as four:
        assert sorted(four.map(spend, range(4))) == [False, False, False, True]
