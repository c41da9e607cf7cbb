"""Deleting one's account: said, waited for, and done.

    ask_closing ── sessions, keys and tokens end at once ── some days, in which cancel_closing takes it back ── close_account

What goes: name, addresses, password, PIN, second factors, sessions, tries to sign in, their place in businesses. What stays:
that somebody with this id did what the facts and books say, since both are kept by law and a fact names nobody. Who is the only
owner of a business hands it over first; looked at again when the day comes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from hesabu.identity import queries
from hesabu.identity.actions.grants import revoke_all
from hesabu.identity.actions.member import let_go
from hesabu.identity.actions.platform import require_another_admin
from hesabu.identity.errors import ClosingNotFound, LastOwner, LastOwnerOf, PersonNotFound
from hesabu.identity.facts import AccountClosed, ClosingAsked, ClosingCancelled, KeyRevoked
from hesabu.identity.models import (
    Attempt,
    Closing,
    Entry,
    Invitation,
    Key,
    Person,
    PlatformMember,
    TextCode,
    TextFactor,
)
from hesabu.identity.permissions import anybody, inner
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy

GONE = "—"
"""What stands where a name stood."""


@anybody("a person's own account; the door has proved once more that it is theirs")
def ask_closing(person_id: UUID, *, wait_days: int) -> datetime:
    """From when on the account will be gone. Asked again: the day stays. In a house transaction, or its own. Raises
    LastOwnerOf, LastAdmin."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        _person(person_id)
        alone = queries.owned_alone(person_id)
        if alone:
            raise LastOwnerOf(", ".join(alone))
        require_another_admin(person_id)
        row = _open(person_id)
        if row is None:
            now = clock.now()
            row = Closing(
                id=ids.new_id(),
                person_id=person_id,
                asked_at=now,
                due_at=now + timedelta(days=wait_days),
            )
            row.save(force_insert=True)
            facts.publish(
                ClosingAsked(business_id=tenancy.HOUSE, subject_id=person_id, due_at=row.due_at)
            )
        _end_ways_in(person_id)
        return row.due_at


@anybody("a person's own account; whoever signs in can stop it")
def cancel_closing(person_id: UUID) -> None:
    """In a house transaction, or its own. Raises ClosingNotFound."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        _person(person_id)
        row = _open(person_id)
        if row is None:
            raise ClosingNotFound()
        row.cancelled_at = clock.now()
        row.save(update_fields=["cancelled_at"])
        facts.publish(ClosingCancelled(business_id=tenancy.HOUSE, subject_id=person_id))


@inner
def close_account(person_id: UUID) -> None:
    """Its day has come. In a house transaction. Raises LastOwner, ClosingNotFound for who changed their mind meanwhile."""
    person = _person(person_id)
    row = _open(person_id)
    if row is None or row.due_at > clock.now():
        raise ClosingNotFound()
    if queries.owned_alone(person_id):
        raise LastOwner()
    for membership in queries.memberships_of(person_id):
        with tenancy.bound(membership.business_id, actor=tenancy.Actor("person", person_id)):
            let_go(person_id)
    _end_ways_in(person_id)
    _forget(person)
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    facts.publish(AccountClosed(business_id=tenancy.HOUSE, subject_id=person_id))


def _person(person_id: UUID) -> Person:
    """Locked, so that saying so and taking it back come one after the other."""
    row = Person.objects.select_for_update().filter(id=person_id).first()
    if row is None:
        raise PersonNotFound(str(person_id))
    return row


def _open(person_id: UUID) -> Closing | None:
    return Closing.objects.filter(person_id=person_id, cancelled_at=None, done_at=None).first()


_SESSIONS = """
DELETE FROM django_session s USING usersessions_usersession u
WHERE u.user_id = %s AND s.session_key = u.session_key
"""


def _end_ways_in(person_id: UUID) -> None:
    """All sessions, the keys they made, the apps that act for them, and links on their way."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS, (person_id,))
        cursor.execute("DELETE FROM usersessions_usersession WHERE user_id = %s", (person_id,))
    for key in Key.objects.select_for_update().filter(made_by_id=person_id, revoked_at=None):
        key.revoked_at = clock.now()
        key.save(update_fields=["revoked_at"])
        with tenancy.bound(key.business_id):
            facts.publish(KeyRevoked(business_id=key.business_id, subject_id=key.id))
    revoke_all(person_id)
    Entry.objects.filter(person_id=person_id, used_at=None).update(expires_at=clock.now())


_LIBRARIES = (
    *("account_emailaddress", "mfa_authenticator", "socialaccount_socialaccount"),
    "usersessions_usersession",
)
"""Tables of libraries whose rows are a person's own, by `user_id`."""


def _forget(person: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM account_emailconfirmation WHERE email_address_id IN"
            " (SELECT id FROM account_emailaddress WHERE user_id = %s)",
            (person.id,),
        )
        for table in _LIBRARIES:
            cursor.execute(f"DELETE FROM {table} WHERE user_id = %s", (person.id,))
    Attempt.objects.filter(person_id=person.id).delete()
    Entry.objects.filter(person_id=person.id).delete()
    TextFactor.objects.filter(person_id=person.id).delete()
    TextCode.objects.filter(person_id=person.id).delete()
    PlatformMember.objects.filter(person_id=person.id).delete()
    Invitation.objects.filter(accepted_by_id=person.id).update(address=None, address_index=None)
    person.name, person.email, person.email_index = GONE, None, None
    person.pin_hash, person.pin_wrong_count, person.pin_locked_until = "", 0, None
    person.is_active, person.last_login = False, None
    person.set_unusable_password()
    person.save()
