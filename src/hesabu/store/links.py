"""Links: short unguessable addresses that lead to one thing of one business, for people who do not sign in.

A token is 14 letters of a keyed mark over what it leads to: it can be made again from the thing, so it is not kept; the
table has only its hash, and reading the table opens nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from hesabu.kit import crypto, ids
from hesabu.kit.errors import NotFound

_LENGTH = 14


class LinkNotFound(NotFound):
    code = "link.not_found"
    title = "This link leads nowhere."
    hint = "Copy it again, whole, or ask whoever sent it."


def token_of(kind: str, subject_id: UUID) -> str:
    """The token of a thing, without looking it up."""
    return crypto.mac(f"link.{kind}", subject_id.hex, _LENGTH).replace("-", "x").replace("_", "y")


def make(kind: str, business_id: UUID, subject_id: UUID) -> str:
    """Open the address (again: it is the same one). Inside a binding."""
    token = token_of(kind, subject_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_link (id, token_hash, kind, business_id, subject_id) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (ids.new_id(), _hash(kind, token), kind, business_id, subject_id),
        )
    return token


def follow(kind: str, token: str) -> tuple[UUID, UUID]:
    """(business, subject). Raises LinkNotFound. Needs no binding: the table belongs to the house."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, subject_id FROM store_link WHERE token_hash = %s",
            (_hash(kind, token[:64]),),
        )
        row = cursor.fetchone()
    if row is None:
        raise LinkNotFound()
    return row[0], row[1]


def _hash(kind: str, token: str) -> bytes:
    return crypto.digest(f"{kind}:{token}")
