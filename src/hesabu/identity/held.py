"""What is held on a person here: for them, unsealed. Never what opens an account: passwords, PINs, secrets of factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.identity import models
from hesabu.kit import crypto
from hesabu.store import facts, tenancy


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


def proved_emails_of(person_id: UUID) -> list[str]:
    """Addresses that they sign in with and have proved to be theirs. In any binding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM account_emailaddress WHERE user_id = %s AND verified ORDER BY id",
            (person_id,),
        )
        return [shown(row[0]) for row in cursor.fetchall()]


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
        cursor.execute(
            "SELECT ip, user_agent, created_at, last_seen_at FROM usersessions_usersession WHERE user_id = %s ORDER BY id",
            (person_id,),
        )
        sessions = cursor.fetchall()
    keys = models.Key.objects.filter(made_by_id=person_id).order_by("id")
    apps = models.Grant.objects.filter(person_id=person_id).order_by("id")
    attempts = models.Attempt.objects.filter(person_id=person_id).order_by("at")
    texts = models.TextFactor.objects.filter(person_id=person_id)
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
            {"email": shown(email), "is_verified": proved} for email, proved in addresses
        ],
        "second_factors": [
            *({"kind": kind, "since": since} for kind, since in factors),
            *({"kind": "text_message", "since": t.since, "number": t.number} for t in texts),
        ],
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
        "sessions": [
            {"address": shown(ip), "browser": agent, "since": since, "last_seen_at": seen}
            for ip, agent, since, seen in sessions
        ],
        "keys_made": [
            {"name": one.name, "may": one.scopes, "since": one.created_at, "ended": one.revoked_at}
            for one in keys
        ],
        "apps_let_in": [
            {
                "name": one.app_name,
                "may": one.scopes,
                "since": one.created_at,
                "ended": one.revoked_at,
            }
            for one in apps
        ],
        "happened": [
            {"at": one.at, "what": one.kind, "further": one.payload}
            for one in facts.timeline(person_id)
        ],
        "belongs_to": [
            {"business_id": str(business), "role": role, "since": since}
            for business, role, since in places
        ],
    }


def shown(email: str) -> str:
    """An address as the library's tables keep it, readable."""
    return crypto.reveal(email) if email.startswith(crypto.HIDDEN) else email
