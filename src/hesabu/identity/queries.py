"""Questions about people and businesses."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from hesabu.identity import models, permissions, rules
from hesabu.identity.errors import BusinessNotFound, NotAllowed, PersonNotFound
from hesabu.identity.held import held_on_person as held_on_person
from hesabu.identity.held import person_ids_of as person_ids_of
from hesabu.identity.types import (
    AttemptView,
    Business,
    GrantView,
    KeyView,
    Membership,
    Outcome,
    Permission,
    Person,
    Role,
)
from hesabu.kit import crypto, ids
from hesabu.store import tenancy


def business(business_id: UUID) -> Business:
    """Inside its binding. Raises BusinessNotFound."""
    row = models.Business.objects.filter(id=business_id).first()
    if row is None:
        raise BusinessNotFound(str(business_id))
    return Business(
        id=row.id,
        name=row.name,
        legal_name=row.legal_name or row.name,
        country=row.country,
        currency=row.currency,
        timezone=row.timezone,
        language=row.language,
        tax_id=row.tax_id,
        is_vat_registered=row.is_vat_registered,
        address=row.address,
        phone=row.phone,
        vat_number=row.vat_number,
        registration_number=row.registration_number,
        signatory=row.signatory,
    )


def person(person_id: UUID) -> Person:
    """Inside any binding. Raises PersonNotFound."""
    row = models.Person.objects.filter(id=person_id).first()
    if row is None:
        raise PersonNotFound(str(person_id))
    return Person(row.id, row.name, row.language, bool(row.pin_hash))


def tidy_name(text: str) -> str:
    """A person's name as it would be kept. Raises BadName."""
    return rules.checked_name(text)


def person_by_email(email: str) -> Person | None:
    """Inside any binding."""
    index = crypto.blind(f"email:{email.strip().lower()}")
    row = models.Person.objects.filter(email_index=index).first()
    return Person(row.id, row.name, row.language, bool(row.pin_hash)) if row else None


def memberships_of(person_id: UUID) -> list[Membership]:
    """The businesses a person belongs to, oldest first. Outside of any business's binding."""
    with tenancy.as_person(person_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.business_id, b.name, m.role FROM identity_membership m"
            " JOIN identity_business b ON b.id = m.business_id WHERE m.person_id = %s ORDER BY m.id",
            (person_id,),
        )
        return [Membership(row[0], row[1], person_id, Role(row[2])) for row in cursor.fetchall()]


def is_trusted_with_danger(roles: Iterable[Role]) -> bool:
    """Whether one of these roles may do what is dangerous: send money elsewhere, bring people in, make keys. Whoever may
    needs a second factor."""
    held = set(roles)
    return any(one.is_dangerous and held & one.to for one in permissions.declared())


def attempts_of(person_id: UUID, limit: int = 50) -> list[AttemptView]:
    """Tries to sign in as this person, newest first. In a house transaction, or its own."""
    with tenancy.house():
        rows = models.Attempt.objects.filter(person_id=person_id).order_by("-at", "-id")[:limit]
        return [
            AttemptView(row.at, row.way, Outcome(row.outcome), row.address, row.agent)
            for row in rows
        ]


def has_come_from(person_id: UUID, address: str) -> bool:
    """Whether the person signed in from that address within the days that tries are kept. In a house transaction, or its own."""
    with tenancy.house():
        return models.Attempt.objects.filter(
            person_id=person_id,
            address_index=crypto.blind(f"address:{address}"),
            outcome=Outcome.IN,
        ).exists()


def members(business_id: UUID) -> list[Membership]:
    """Everybody in the business, oldest first. Inside its binding."""
    name = business(business_id).name
    rows = models.Member.objects.filter(business_id=business_id).order_by("id")
    return [Membership(business_id, name, row.person_id, Role(row.role)) for row in rows]


def role_of(person_id: UUID) -> Role | None:
    """The person's role in the one bound business."""
    role = (
        models.Member.objects.filter(business_id=tenancy.only(), person_id=person_id)
        .values_list("role", flat=True)
        .first()
    )
    return Role(role) if role else None


def may(person_id: UUID, permission: Permission) -> bool:
    """Whether the person may do that in the one bound business."""
    role = role_of(person_id)
    return role is not None and rules.allows(role, permission)


def require(person_id: UUID, permission: Permission) -> None:
    """Raises NotAllowed unless the person may do that in the one bound business."""
    if not may(person_id, permission):
        raise NotAllowed(permission=str(permission))


def keys() -> list[KeyView]:
    """The keys of the one bound business, newest first; those taken back last."""
    rows = models.Key.objects.filter(business_id=tenancy.only()).order_by("-id")
    return sorted(map(_key, rows), key=lambda key: key.revoked_at is not None)


def apps() -> list[GrantView]:
    """What people let act for them at the one bound business, newest first."""
    rows = models.Grant.objects.filter(business_id=tenancy.only()).order_by("-id")
    return [
        GrantView(
            row.id,
            row.app_name,
            row.person_id,
            tuple(row.scopes),
            row.created_at,
            row.last_used_at,
            row.revoked_at,
            row.revoked_why,
        )
        for row in rows
    ]


def _key(row: models.Key) -> KeyView:
    return KeyView(
        row.id,
        row.name,
        f"hsb_{ids.short(row.id)[:8]}…",
        tuple(row.scopes),
        tuple(row.addresses),
        row.made_by_id,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )
