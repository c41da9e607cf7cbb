"""A person's ways in, all at once: what there is, and putting back what there was.

The tables are the sign-in library's; its rows are read and written here as they lie, so that it is one statement each, in the
transaction of whoever asks.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.identity.held import shown
from hesabu.identity.models import Person, TextFactor
from hesabu.kit import clock, crypto

CODES = "recovery_codes"


def ways_of(person_id: UUID) -> dict[str, Any]:
    """Plain, as `FirstProof.known` keeps it. In a house transaction."""
    number = TextFactor.objects.filter(person_id=person_id).values_list("number", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type FROM mfa_authenticator WHERE user_id = %s ORDER BY id", (person_id,)
        )
        factors = cursor.fetchall()
        cursor.execute(
            'SELECT email, verified, "primary" FROM account_emailaddress WHERE user_id = %s ORDER BY id',
            (person_id,),
        )
        addresses = cursor.fetchall()
        cursor.execute(
            "SELECT id FROM socialaccount_socialaccount WHERE user_id = %s ORDER BY id",
            (person_id,),
        )
        others = cursor.fetchall()
    return {
        "factors": [list(row) for row in factors],
        "addresses": [[shown(email), proved, first] for email, proved, first in addresses],
        "others": [row[0] for row in others],
        "password": Person.objects.get(id=person_id).password,
        "text": number or "",
    }


def has_new(known: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether there is a way in now that there was not: an address counts once it was proven, codes alone are none."""
    factors = {row[0] for row in now["factors"] if row[1] != CODES}
    proved = {row[0] for row in now["addresses"] if row[1]}
    return bool(
        factors - {row[0] for row in known["factors"]}
        or proved - {row[0] for row in known["addresses"] if row[1]}
        or set(now["others"]) - set(known["others"])
        or (now["password"] != known["password"] and not now["password"].startswith("!"))
        or (now["text"] and now["text"] != known["text"])
    )


def put_back(person_id: UUID, known: dict[str, Any]) -> list[str]:
    """What was taken away or put back, by kind. In a house transaction, with the person's row held."""
    now, undone = ways_of(person_id), []
    kept = {row[0] for row in known["factors"]}
    gone = [row for row in now["factors"] if row[0] not in kept]
    if any(row[1] != CODES for row in gone):
        undone.append("factors")
    if any(row[1] == CODES for row in gone):
        undone.append("codes")
    _drop_factors([row[0] for row in gone])
    if now["text"] != known["text"]:
        undone.append("text")
        _put_text_back(person_id, known["text"])
    if now["password"] != known["password"]:
        undone.append("password")
        Person.objects.filter(id=person_id).update(password=known["password"])
    if now["addresses"] != known["addresses"]:
        undone.append("addresses")
        _put_addresses_back(person_id, known["addresses"])
    others = [one for one in now["others"] if one not in known["others"]]
    if others:
        undone.append("others")
        _drop_others(others)
    return undone


def _put_text_back(person_id: UUID, number: str) -> None:
    rows = TextFactor.objects.filter(person_id=person_id)
    if not number:
        rows.delete()
    elif not rows.update(number=number):
        TextFactor(person_id=person_id, number=number, since=clock.now()).save(force_insert=True)


def _drop_factors(factor_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mfa_authenticator WHERE id = ANY(%s)", (factor_ids,))


def _drop_others(account_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM socialaccount_socialtoken WHERE account_id = ANY(%s)", (account_ids,)
        )
        cursor.execute("DELETE FROM socialaccount_socialaccount WHERE id = ANY(%s)", (account_ids,))


_BACK = """
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT %s, %s, %s, %s
WHERE NOT EXISTS (SELECT 1 FROM account_emailaddress WHERE email = %s AND verified)
"""


def _put_addresses_back(person_id: UUID, known: list[list[Any]]) -> None:
    """Those that came go; those that went come back, but where somebody else has proven them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM account_emailconfirmation WHERE email_address_id IN"
            " (SELECT id FROM account_emailaddress WHERE user_id = %s)",
            (person_id,),
        )
        cursor.execute("DELETE FROM account_emailaddress WHERE user_id = %s", (person_id,))
        for email, proved, first in known:
            hidden = crypto.hide(email)
            cursor.execute(_BACK, (person_id, hidden, proved, first, hidden))
