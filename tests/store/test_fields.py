"""Sealed columns: words in Python, bytes at rest, and keys that can be changed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core import serializers
from django.db import connection

from hesabu.kit import crypto
from hesabu.store import letters, tenancy
from hesabu.store.fields import SealedJSON, SealedText
from hesabu.store.models import Endpoint

OLD, NEW, BLIND = os.urandom(32), os.urandom(32), os.urandom(32)


@pytest.fixture
def keys() -> Iterator[Any]:
    """`keys(**ids)` configures a keyring; afterwards it is the app's again."""
    before = crypto.keyring()

    def use(**named: bytes) -> None:
        crypto.configure(crypto.Keyring(named, BLIND))

    yield use
    crypto.configure(before)


def kept(secret: str) -> UUID:
    with tenancy.house():
        return letters.open_endpoint("test", secret=secret)[0]


def secret_of(endpoint_id: UUID) -> str:
    with tenancy.house():
        return str(Endpoint.objects.get(id=endpoint_id).secret)


def at_rest(endpoint_id: UUID) -> bytes:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM store_endpoint WHERE id = %s", (endpoint_id,))
        return bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["Jane Wanjiku", "", "Ọlá 👍 Ѓорѓи", "x" * 100_000])
def test_what_is_kept_is_read_the_same_and_lies_there_unreadable(database: str, text: str) -> None:
    endpoint_id = kept(text)
    assert secret_of(endpoint_id) == text
    assert not text or text.encode() not in at_rest(endpoint_id)


def test_the_same_text_twice_does_not_show_that_it_is_the_same(database: str) -> None:
    assert at_rest(kept("Jane")) != at_rest(kept("Jane"))


def test_nothing_stays_nothing(database: str) -> None:
    with tenancy.house():
        endpoint_id, _ = letters.open_endpoint("test")
        assert Endpoint.objects.get(id=endpoint_id).secret is None


def test_a_sealed_column_is_not_found_by_its_text(database: str) -> None:
    endpoint_id = kept("Jane")
    with tenancy.house():
        assert not Endpoint.objects.filter(id=endpoint_id, secret="Jane").exists()


@pytest.mark.parametrize("value", [{"name": "Jane", "lines": [1, "é", None]}, [], "text", 0, {}])
def test_json_is_sealed_too(database: str, value: Any) -> None:
    field = SealedJSON()
    raw = field.get_db_prep_value(value, connection)
    sealed = bytes(getattr(raw, "obj", raw))
    assert b"Jane" not in sealed
    assert field.from_db_value(sealed, None, connection) == value
    assert json.loads(crypto.unseal(sealed)) == value


def test_nothing_is_sealed_as_nothing() -> None:
    for field in (SealedText(), SealedJSON()):
        assert field.get_db_prep_value(None, connection) is None
        assert field.from_db_value(None, None, connection) is None


def test_after_a_rotation_old_rows_open_and_new_ones_carry_the_new_key(
    database: str, keys: Any
) -> None:
    keys(k1=OLD)
    before = kept("before")
    keys(k2=NEW, k1=OLD)
    after = kept("after")
    assert (secret_of(before), secret_of(after)) == ("before", "after")
    ring = crypto.keyring()
    assert [ring.key_id_of(at_rest(row)) for row in (before, after)] == ["k1", "k2"]


def test_saving_again_seals_with_the_new_key(database: str, keys: Any) -> None:
    keys(k1=OLD)
    endpoint_id = kept("words")
    keys(k2=NEW, k1=OLD)
    with tenancy.house():
        row = Endpoint.objects.get(id=endpoint_id)
        row.save()
    keys(k2=NEW)
    assert secret_of(endpoint_id) == "words"


def test_without_its_key_a_row_is_refused_and_not_garbled(database: str, keys: Any) -> None:
    keys(k1=OLD)
    endpoint_id = kept("before")
    keys(k2=NEW)
    with pytest.raises(crypto.Unreadable, match="k1"):
        secret_of(endpoint_id)


def test_a_row_that_was_tampered_with_is_refused(database: str) -> None:
    endpoint_id = kept("KES 75,000")
    raw = bytearray(at_rest(endpoint_id))
    raw[-1] ^= 1
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_endpoint SET secret = %s WHERE id = %s", (bytes(raw), endpoint_id)
        )
    with pytest.raises(crypto.Unreadable):
        secret_of(endpoint_id)


def test_a_sealed_value_is_not_written_out_by_serialisers(database: str) -> None:
    endpoint_id = kept("words")
    with tenancy.house(), pytest.raises(TypeError):
        serializers.serialize("json", [Endpoint.objects.get(id=endpoint_id)])
