"""Getting to know somebody."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from hesabu.identity import rules
from hesabu.identity.errors import EmailTaken, PersonNotFound
from hesabu.identity.facts import PersonRegistered
from hesabu.identity.models import Person
from hesabu.identity.permissions import anybody
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, tenancy


@anybody("whoever signs up is nobody yet")
def register_person(name: str, language: str = "en", password: str | None = None) -> UUID:
    """Keep a person; their id. Without a password they cannot sign in by one. In a house transaction, or its own."""
    with tenancy.house():
        row = Person(
            id=ids.new_id(),
            name=rules.checked_name(name),
            language=language,
            password=make_password(password),
            created_at=clock.now(),
        )
        row.save(force_insert=True)
        facts.publish(PersonRegistered(business_id=tenancy.HOUSE, subject_id=row.id))
        return row.id


@anybody("a person's own hours")
def set_hours(person_id: UUID, timezone: str) -> str:
    """In whose hours a person is told times outside of any business; "" for those of their first business. What it is now. In a
    house transaction, or its own. Raises BadDetail."""
    chosen = str(rules.checked_detail("timezone", timezone, "")) if timezone.strip() else ""
    with tenancy.house():
        if not Person.objects.filter(id=person_id).update(timezone=chosen):
            raise PersonNotFound(str(person_id))
    return chosen


@anybody("a person's own address; the door has proved that it is theirs")
def set_email(person_id: UUID, email: str) -> None:
    """Keep where a person gets mail. An address belongs to one person. In a house transaction, or its own."""
    address = rules.checked_email(email)
    index = crypto.blind(f"email:{address}")
    with tenancy.house():
        if Person.objects.filter(email_index=index).exclude(id=person_id).exists():
            raise EmailTaken(field="email")
        changed = Person.objects.filter(id=person_id).update(email=address, email_index=index)
        if not changed:
            raise PersonNotFound(str(person_id))
