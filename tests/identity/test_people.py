"""People, businesses and who belongs to which."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.utils import DataError, ProgrammingError

from hesabu.identity import actions, permissions, queries
from hesabu.identity.errors import (
    BadDetail,
    BusinessNotFound,
    EmailTaken,
    LastOwner,
    PersonNotFound,
)
from hesabu.identity.types import Role
from hesabu.invoicing.permissions import INVOICE_ISSUE, INVOICE_READ
from hesabu.kit import ids
from hesabu.kit.countries import UnknownCountry
from hesabu.kit.phones import BadPhone
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE
from hesabu.store import facts, tenancy

NewBusiness = Callable[..., UUID]


@pytest.fixture
def person_id(database: str) -> UUID:
    return actions.register_person("Jane Wanjiku")


def test_a_business_begins_with_its_owner_and_an_open_book(person_id: UUID) -> None:
    business_id = actions.register_business("Kamau Designs", "ke", person_id)
    with tenancy.bound(business_id):
        found = queries.business(business_id)
        kinds = {fact.kind for fact in facts.timeline(business_id)}
        assert queries.role_of(person_id) is Role.OWNER
    assert (found.country, found.currency, found.timezone) == ("KE", "KES", "Africa/Nairobi")
    assert found.legal_name == "Kamau Designs"
    assert kinds == {"identity.BusinessRegistered"} | {k for k in kinds if k.startswith("ledger.")}


def test_registering_again_under_the_same_id_changes_nothing(person_id: UUID) -> None:
    chosen = ids.new_id()
    for _ in range(2):
        assert actions.register_business("Twice", "KE", person_id, business_id=chosen) == chosen
    assert [m.business_id for m in queries.memberships_of(person_id)] == [chosen]


def test_a_business_needs_a_person_and_a_place(person_id: UUID) -> None:
    with pytest.raises(PersonNotFound):
        actions.register_business("Nobody's", "KE", ids.new_id())
    with pytest.raises(UnknownCountry):
        actions.register_business("Nowhere's", "XX", person_id)


def test_a_person_sees_their_own_businesses_and_no_others(
    person_id: UUID, new_business: NewBusiness
) -> None:
    new_business("Somebody else's")
    first = actions.register_business("First", "KE", person_id)
    second = actions.register_business("Second", "KE", person_id)
    found = queries.memberships_of(person_id)
    assert [(m.business_id, m.business_name, m.role) for m in found] == [
        (first, "First", Role.OWNER),
        (second, "Second", Role.OWNER),
    ]
    assert queries.memberships_of(ids.new_id()) == []


def test_another_tenants_business_is_not_there(new_business: NewBusiness) -> None:
    mine, theirs = new_business("Mine"), new_business("Theirs")
    with tenancy.bound(mine), pytest.raises(BusinessNotFound):
        queries.business(theirs)


def test_unbound_nothing_can_be_read(new_business: NewBusiness) -> None:
    business_id = new_business()
    with pytest.raises((ProgrammingError, DataError)):
        queries.business(business_id)


def test_details_change_and_the_fact_names_fields_only(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        actions.update_business(
            business_id, tax_id="P051234567X", phone="0712 345 678", address=" Moi  Avenue "
        )
        actions.update_business(business_id, phone="+254712345678")
    with tenancy.bound(business_id):
        found = queries.business(business_id)
        told = [f for f in facts.timeline(business_id) if f.kind.endswith("BusinessUpdated")]
        (change,) = queries.business_changes()
    assert (found.tax_id, found.phone) == ("P051234567X", "+254712345678")
    assert found.address == "Moi Avenue"
    assert [f.payload for f in told] == [
        {"changed": "address,phone,tax_id", "change_id": str(change.id)}
    ]
    assert change.before == {"address": None, "phone": None, "tax_id": None}
    assert change.after["address"] == "Moi Avenue"


def test_details_that_make_no_sense_are_refused(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        for changes in ({"currency": "USD"}, {"timezone": "Mars"}, {"address": "x" * 301}):
            with pytest.raises(BadDetail):
                actions.update_business(business_id, **changes)
        with pytest.raises(BadPhone):
            actions.update_business(business_id, phone="12")


def test_what_identifies_somebody_is_sealed_at_rest(person_id: UUID, admin_url: str) -> None:
    actions.set_email(person_id, f"jane-{person_id.hex}@example.com")
    with psycopg.connect(admin_url) as admin:
        row = admin.execute(
            "SELECT name, email FROM identity_person WHERE id = %s", (person_id,)
        ).fetchone()
    assert row is not None
    assert b"Jane" not in row[0]
    assert b"example" not in row[1]


def test_an_address_belongs_to_one_person(person_id: UUID) -> None:
    email = f"{person_id.hex}@Example.com"
    actions.set_email(person_id, email)
    actions.set_email(person_id, email)
    with tenancy.house():
        found = queries.person_by_email(email.lower())
    assert found is not None
    assert found.id == person_id
    other = actions.register_person("Ali Omar")
    with pytest.raises(EmailTaken):
        actions.set_email(other, email.upper())


def test_a_seller_may_issue_but_not_change_where_money_goes(
    business_id: UUID, person_id: UUID
) -> None:
    with tenancy.bound(business_id):
        actions.add_member(person_id, Role.SELLER)
        actions.add_member(person_id, Role.OWNER)
        assert queries.role_of(person_id) is Role.SELLER
        assert permissions.may(person_id, INVOICE_ISSUE)
        assert not permissions.may(person_id, PAYMENT_ACCOUNT_CHANGE)
        assert not permissions.may(ids.new_id(), INVOICE_READ)


def test_the_last_owner_stays(business_id: UUID, person_id: UUID) -> None:
    with tenancy.bound(business_id):
        [owner] = queries.members(business_id)
        actions.add_member(person_id, Role.MANAGER)
        with pytest.raises(LastOwner):
            actions.remove_member(owner.person_id)
        with pytest.raises(LastOwner):
            actions.change_role(owner.person_id, Role.VIEWER)
        actions.change_role(person_id, Role.OWNER)
        actions.remove_member(owner.person_id)
        assert [m.person_id for m in queries.members(business_id)] == [person_id]
    assert queries.memberships_of(owner.person_id) == []


def test_a_membership_cannot_be_written_for_a_business_that_is_not_bound(
    new_business: NewBusiness, person_id: UUID
) -> None:
    mine, theirs = new_business(), new_business()
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        tenancy.bound(mine),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO identity_membership (id, business_id, person_id, role, created_at)"
            " VALUES (%s, %s, %s, 'owner', now())",
            (ids.new_id(), theirs, person_id),
        )
