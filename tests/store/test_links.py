"""Links: unguessable, made again from what they lead to, and not to be read out of the table."""

from __future__ import annotations

import math
from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from hesabu.kit import crypto, ids
from hesabu.store import links, tenancy
from hesabu.store.links import LinkNotFound


def opened(business_id: UUID, kind: str = "pay") -> tuple[str, UUID]:
    subject_id = ids.new_id()
    with tenancy.bound(business_id):
        return links.make(kind, business_id, subject_id), subject_id


def test_a_link_leads_to_its_thing_without_anybody_bound(business_id: UUID) -> None:
    token, subject_id = opened(business_id)
    assert links.follow("pay", token) == (business_id, subject_id)


def test_the_same_thing_has_the_same_link_made_again_without_looking(business_id: UUID) -> None:
    token, subject_id = opened(business_id)
    with tenancy.bound(business_id):
        assert links.make("pay", business_id, subject_id) == token
    assert links.token_of("pay", subject_id) == token
    assert links.token_of("view", subject_id) != token


def test_a_link_opens_only_what_it_was_made_for(business_id: UUID) -> None:
    token, _ = opened(business_id)
    with pytest.raises(LinkNotFound):
        links.follow("view", token)


@pytest.mark.parametrize("token", ["", "x", "x" * 22, "x" * 10_000, "é", "\x00", "a/b", "%00"])
def test_a_guess_leads_nowhere(database: str, token: str) -> None:
    with pytest.raises(LinkNotFound) as refused:
        links.follow("pay", token)
    assert refused.value.status == 404


def test_a_token_made_again_leads_nowhere_until_it_is_opened(database: str) -> None:
    with pytest.raises(LinkNotFound):
        links.follow("pay", links.token_of("pay", ids.new_id()))


def test_what_is_rolled_back_leads_nowhere(business_id: UUID) -> None:
    subject_id = ids.new_id()
    with pytest.raises(KeyError), tenancy.bound(business_id):
        raise KeyError(links.make("pay", business_id, subject_id))
    with pytest.raises(LinkNotFound):
        links.follow("pay", links.token_of("pay", subject_id))


def test_the_table_does_not_hold_the_token(business_id: UUID) -> None:
    token, subject_id = opened(business_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(l)::text, token_hash FROM store_link l WHERE subject_id = %s",
            (subject_id,),
        )
        text, token_hash = cursor.fetchone()
    assert token not in text
    assert token.encode() not in bytes(token_hash)


def test_tokens_fit_into_an_address_and_a_message(business_id: UUID) -> None:
    tokens = {links.token_of("pay", ids.new_id()) for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(token) == 22 and token.isalnum() and token.isascii() for token in tokens)


def test_a_token_is_one_of_more_than_can_be_guessed(business_id: UUID) -> None:
    """128 bits: every sign as likely as any other, at every place."""
    assert links._LENGTH * math.log2(len(set(links._LETTERS))) >= 128
    tokens = [links.token_of("pay", UUID(int=number)) for number in range(2000)]
    for place in range(links._LENGTH):
        seen = {token[place] for token in tokens}
        assert len(seen) == len(links._LETTERS)


def test_a_link_from_when_tokens_were_shorter_still_leads_there(
    business_id: UUID, owner_url: str
) -> None:
    """And what it leads to has its longer link as well, once the migration ran; run twice it changes nothing more."""
    subject_id, short = ids.new_id(), "k3Vd0x9QmZyT2b"
    connection.cursor().execute(
        "INSERT INTO store_link (id, token_hash, kind, business_id, subject_id) VALUES (%s, %s, 'pay', %s, %s)",
        (ids.new_id(), crypto.digest(f"pay:{short}"), business_id, subject_id),
    )
    migration = import_module("hesabu.store.migrations.0008_longer_links")
    with psycopg.connect(owner_url) as owner:
        for _ in range(2):
            migration.lengthen(None, SimpleNamespace(connection=owner))
    assert links.follow("pay", short) == (business_id, subject_id)
    assert links.follow("pay", links.token_of("pay", subject_id)) == (business_id, subject_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_link WHERE subject_id = %s", (subject_id,))
        assert cursor.fetchone()[0] == 2
