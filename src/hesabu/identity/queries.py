"""Questions about people and businesses."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from hesabu.identity import models, rules
from hesabu.identity.errors import BusinessNotFound, NotAllowed, PersonNotFound
from hesabu.identity.types import Business, Membership, Permission, Person, Role
from hesabu.kit import crypto
from hesabu.store import tenancy


def business(business_id: UUID) -> Business:
    """Inside its binding. Raises BusinessNotFound."""
    if not tenancy.is_bound() or business_id not in tenancy.current().business_ids:
        return _business(business_id)  # the database refuses
    return tenancy.once(("business", business_id), lambda: _business(business_id))


def _business(business_id: UUID) -> Business:
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


def person_by_email(email: str) -> Person | None:
    """Inside any binding."""
    index = crypto.blind(f"email:{email.strip().lower()}")
    row = models.Person.objects.filter(email_index=index).first()
    return Person(row.id, row.name, row.language, bool(row.pin_hash)) if row else None


def memberships_of(person_id: UUID) -> list[Membership]:
    """The businesses a person belongs to, oldest first. Outside of any business's binding."""
    if not tenancy.is_bound():
        return _memberships_of(person_id)
    return list(tenancy.once(("memberships", person_id), lambda: _memberships_of(person_id)))


def _memberships_of(person_id: UUID) -> list[Membership]:
    with tenancy.as_person(person_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.business_id, b.name, m.role FROM identity_membership m"
            " JOIN identity_business b ON b.id = m.business_id WHERE m.person_id = %s ORDER BY m.id",
            (person_id,),
        )
        return [Membership(row[0], row[1], person_id, Role(row[2])) for row in cursor.fetchall()]


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
