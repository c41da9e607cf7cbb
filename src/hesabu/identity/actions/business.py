"""A business begins, and its details change."""

from __future__ import annotations

import zoneinfo
from typing import Any
from uuid import UUID

from hesabu.identity import rules
from hesabu.identity.errors import BadDetail, BusinessNotFound, PersonNotFound
from hesabu.identity.facts import BusinessRegistered, BusinessUpdated, MemberJoined
from hesabu.identity.models import Business, Listing, Member, Person
from hesabu.identity.permissions import BUSINESS_UPDATE, anybody, needs
from hesabu.identity.types import Role
from hesabu.kit import clock, ids, tax_ids
from hesabu.kit.countries import country as country_of
from hesabu.kit.phones import parse_phone
from hesabu.store import facts, tenancy

CHANGEABLE = frozenset(
    {
        "name",
        "legal_name",
        "timezone",
        "language",
        "tax_id",
        "is_vat_registered",
        "address",
        "phone",
        "vat_number",
        "registration_number",
        "signatory",
    }
)


@anybody("whoever is known may begin a business, and owns it")
def register_business(
    name: str,
    country: str,
    owner_id: UUID,
    timezone: str | None = None,
    language: str | None = None,
    *,
    currency: str | None = None,
    business_id: UUID | None = None,
) -> UUID:
    """Begin a business with its owner; its id. It binds itself: call it unbound or in a house transaction. `currency` is one
    of the country's, its usual one by itself; so is the `language` of its papers. Raises BadDetail for another.

    A caller that may be run twice gives the `business_id` it chose the first time: a business that is there already, with
    that owner, is left as it is.
    """
    place = country_of(country)
    kept_in = currency or place.currency
    if kept_in not in place.currencies:
        raise BadDetail("no currency of that country", field="currency")
    details = _checked({"name": name, "timezone": timezone or place.timezone}, place.code)
    new_id = business_id or ids.new_id()
    with tenancy.bound(new_id, actor=tenancy.Actor("person", owner_id)):
        if not Person.objects.filter(id=owner_id).exists():
            raise PersonNotFound(str(owner_id))
        if Member.objects.filter(business_id=new_id, person_id=owner_id, role=Role.OWNER).exists():
            return new_id
        now = clock.now()
        Business(
            id=new_id,
            country=place.code,
            currency=kept_in,
            language=language or place.languages[0],
            created_at=now,
            **details,
        ).save(force_insert=True)
        Member(business_id=new_id, person_id=owner_id, role=Role.OWNER, created_at=now).save(
            force_insert=True
        )
        Listing(business_id=new_id, country=place.code, created_at=now).save(force_insert=True)
        tenancy.forget_read()
        facts.publish(
            BusinessRegistered(
                business_id=new_id,
                subject_id=new_id,
                country=place.code,
                currency=kept_in,
            ),
            MemberJoined(business_id=new_id, subject_id=owner_id, role=Role.OWNER.value),
        )
    return new_id


@needs(BUSINESS_UPDATE)
def update_business(business_id: UUID, **changes: Any) -> None:
    """Change details of the bound business: any of CHANGEABLE. What is the same already leaves no fact."""
    row = Business.objects.select_for_update().filter(id=business_id).first()
    if row is None:
        raise BusinessNotFound(str(business_id))
    details = _checked(changes, row.country)
    changed = sorted(field for field, value in details.items() if getattr(row, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(row, field, details[field])
    row.save(update_fields=changed)
    tenancy.forget_read()
    facts.publish(
        BusinessUpdated(business_id=business_id, subject_id=business_id, changed=",".join(changed))
    )


def _checked(changes: dict[str, Any], country: str) -> dict[str, Any]:
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise BadDetail(f"no such detail: {sorted(unknown)[0]}", field=sorted(unknown)[0])
    return {field: _one(field, value, country) for field, value in changes.items()}


def _one(field: str, value: Any, country: str) -> Any:
    if field == "is_vat_registered":
        return bool(value)
    text = " ".join(str(value or "").split())
    if field == "name":
        return rules.checked_name(text)
    if field == "legal_name":
        return rules.checked_name(text, field) if text else ""
    if field == "timezone":
        if text not in zoneinfo.available_timezones():
            raise BadDetail("no such timezone", field=field)
        return text
    if field == "language":
        if not 2 <= len(text) <= 16:
            raise BadDetail("no such language", field=field)
        return text
    if field == "phone":
        return parse_phone(text, country) if text else None
    if field == "tax_id":
        return tax_ids.checked_tax_id(text, country) if text else None
    if field == "vat_number":
        return tax_ids.checked_vat_number(text, country) if text else None
    if len(text) > 300:
        raise BadDetail("too long", field=field)
    return text or None
