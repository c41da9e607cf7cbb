"""Customers: found again by phone, else by name, so that nobody is entered twice."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.invoicing import errors, finding
from hesabu.invoicing.facts import CustomerChanged, CustomerKept
from hesabu.invoicing.models import Customer
from hesabu.invoicing.permissions import CUSTOMER_KEEP
from hesabu.invoicing.reminders.actions.reaching import keep_email
from hesabu.invoicing.rules import names
from hesabu.invoicing.rules.totals import clean
from hesabu.kit import clock, ids
from hesabu.kit.phones import parse_phone
from hesabu.store import tenancy
from hesabu.store.facts import publish

CHANGEABLE = frozenset({"name", "phone", "email", "address", "tax_id", "language", "contact_id"})
_DETAIL_MAX = 300


@needs(CUSTOMER_KEEP)
def keep_customer(name: str, phone: str | None = None, contact_id: UUID | None = None) -> UUID:
    """The customer with that phone, else with exactly that name, else a new one.

    Somebody known by name only is given the phone; a name that is known with another phone is another customer. Raises
    CustomerNameMissing, BadPhone, and CustomerAmbiguous where a name alone means several.
    """
    business_id = tenancy.only()
    e164 = parse_phone(phone, identity.business(business_id).country) if phone else None
    _one_at_a_time(business_id)
    if e164:
        known = finding.customer_by_phone(e164)
        if known is None:
            nameless = [row for row in finding.customers_by_name(name) if row.phone is None]
            known = nameless[0] if len(nameless) == 1 else None
        return _completed(known, e164, contact_id) if known else _begun(name, e164, contact_id)
    named = finding.customers_by_name(names.checked(name))
    if len(named) > 1:
        raise errors.CustomerAmbiguous(field="phone")
    return _completed(named[0], None, contact_id) if named else _begun(name, None, contact_id)


@needs(CUSTOMER_KEEP)
def change_customer(customer_id: UUID, **changes: str | UUID | None) -> None:
    """Change any of CHANGEABLE. What was issued before keeps what it says. Raises PhoneTaken, CustomerDetailBad."""
    business_id = tenancy.only()
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise errors.CustomerDetailBad(f"no such detail: {unknown[0]}", field=unknown[0])
    _one_at_a_time(business_id)
    row = finding.customer(customer_id)
    details = {field: _checked(field, value, business_id) for field, value in changes.items()}
    changed = sorted(field for field, value in details.items() if getattr(row, field) != value)
    if not changed:
        return
    if details.get("phone"):
        holder = finding.customer_by_phone(str(details["phone"]))
        if holder is not None and holder.id != customer_id:
            raise errors.PhoneTaken(field="phone")
    mailed_before = row.email
    for field in changed:
        setattr(row, field, details[field])
    row.name_index = finding.name_index(business_id, row.name)
    row.phone_index = finding.phone_index(business_id, row.phone) if row.phone else None
    row.save(update_fields=[*changed, "name_index", "phone_index"])
    if "email" in changed:
        keep_email(row, mailed_before)
    publish(
        CustomerChanged(business_id=business_id, subject_id=customer_id, changed=",".join(changed))
    )


def _checked(field: str, value: str | UUID | None, business_id: UUID) -> str | UUID | None:
    if field == "contact_id" or isinstance(value, UUID):
        return value
    if field == "name":
        return names.checked(value or "")
    text = clean(value or "")
    if field == "phone":
        return parse_phone(text, identity.business(business_id).country) if text else None
    if len(text) > _DETAIL_MAX or (field == "email" and text and "@" not in text[1:-1]):
        raise errors.CustomerDetailBad(field=field)
    return text if text or field == "language" else None


def _one_at_a_time(business_id: UUID) -> None:
    """Two messages that name one new customer must not make two: a name has no unique index, so they queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            (f"invoicing.customers:{business_id}",),
        )


def _completed(row: Customer, e164: str | None, contact_id: UUID | None) -> UUID:
    changed = []
    if e164 and row.phone is None:
        row.phone, row.phone_index = e164, finding.phone_index(row.business_id, e164)
        changed += ["phone", "phone_index"]
    if contact_id and row.contact_id != contact_id:
        row.contact_id = contact_id
        changed.append("contact_id")
    if changed:
        row.save(update_fields=changed)
    return row.id


def _begun(name: str, e164: str | None, contact_id: UUID | None) -> UUID:
    business_id = tenancy.only()
    kept = names.checked(name)
    row = Customer(
        id=ids.new_id(),
        business_id=business_id,
        name=kept,
        name_index=finding.name_index(business_id, kept),
        phone=e164,
        phone_index=finding.phone_index(business_id, e164) if e164 else None,
        contact_id=contact_id,
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    publish(CustomerKept(business_id=business_id, subject_id=row.id))
    return row.id
