"""What is held on a person here: for them, unsealed. Never what opens an account: passwords, PINs, secrets of factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.identity import models
from hesabu.kit import crypto
from hesabu.store import tenancy


def person_ids_of(*, email: str | None) -> list[UUID]:
    """Whose address it is. In any binding."""
    if not email:
        return []
    by_row = models.Person.objects.filter(email_index=crypto.blind(f"email:{email}"))
    found = set(by_row.values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id FROM account_emailaddress WHERE email = %s", (crypto.hide(email),)
        )
        return sorted(found | {row[0] for row in cursor.fetchall()})


def held_on_person(person_id: UUID) -> dict[str, Any]:
    """In a house transaction."""
    row = models.Person.objects.get(id=person_id)
    with tenancy.as_person(person_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, role, created_at FROM identity_membership WHERE person_id = %s",
            (person_id,),
        )
        places = cursor.fetchall()
        cursor.execute(
            "SELECT email, verified FROM account_emailaddress WHERE user_id = %s", (person_id,)
        )
        addresses = cursor.fetchall()
        cursor.execute(
            "SELECT type, created_at FROM mfa_authenticator WHERE user_id = %s", (person_id,)
        )
        factors = cursor.fetchall()
    attempts = models.Attempt.objects.filter(person_id=person_id).order_by("at")
    return {
        "id": str(person_id),
        "name": row.name,
        "email": row.email,
        "language": row.language,
        "known_since": row.created_at,
        "last_signed_in_at": row.last_login,
        "has_password": row.has_usable_password(),
        "has_pin": bool(row.pin_hash),
        "sign_in_addresses": [
            {"email": _shown(email), "is_verified": proved} for email, proved in addresses
        ],
        "second_factors": [{"kind": kind, "since": since} for kind, since in factors],
        "attempts_to_sign_in": [
            {
                "at": one.at,
                "address": one.address,
                "agent": one.agent,
                "way": one.way,
                "outcome": one.outcome,
            }
            for one in attempts
        ],
        "belongs_to": [
            {"business_id": str(business), "role": role, "since": since}
            for business, role, since in places
        ],
    }


def _shown(email: str) -> str:
    return crypto.reveal(email) if email.startswith(crypto.HIDDEN) else email
