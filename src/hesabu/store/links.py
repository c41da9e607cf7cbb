"""Links: short unguessable addresses that lead to one thing of one business, for people who do not sign in.

A token is 22 letters and figures, 131 bits, of a keyed mark over what it leads to: it can be made again from the thing, so it
is not kept; the table has only its hash, and reading the table opens nothing. Links from when tokens were shorter still lead
there: each has a row of its own.
"""

from __future__ import annotations

import string
from uuid import UUID

from django.db import connection

from hesabu.kit import crypto, ids
from hesabu.kit.errors import NotFound

_LETTERS = string.digits + string.ascii_letters
_LENGTH = 22
"""As many of 62 signs as carry 128 bits."""


class LinkNotFound(NotFound):
    code = "link.not_found"
    title = "This link leads nowhere."
    hint = "Copy it again, whole, or ask whoever sent it."


def token_of(kind: str, subject_id: UUID) -> str:
    """The token of a thing, without looking it up."""
    mark = int.from_bytes(crypto.blind(f"link.{kind}\x00{subject_id.hex}"), "big")
    letters = []
    for _ in range(_LENGTH):
        mark, at = divmod(mark, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join(letters)


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
