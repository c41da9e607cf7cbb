"""Invitations: somebody is asked to join. Single use, for seven days, to one address or number, or by a code given by hand.

The secret is shown or sent once and kept hashed. Whoever accepts must hold it, and, where it was sent somewhere, must have
proved to the door that the address or the number is theirs: a forwarded invitation lets nobody in. Nor does one of somebody
who may bring people in no more: it is taken back when they leave or get another role, and looked at again when it is accepted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from hesabu.identity import approvals, permissions, rules
from hesabu.identity.actions.member import add_member
from hesabu.identity.actions.platform import join_platform
from hesabu.identity.actions.refusals import ELSEWHERE, note_refusal
from hesabu.identity.errors import (
    InvitationElsewhere,
    InvitationNotFound,
    PersonNotFound,
    RoleBad,
)
from hesabu.identity.facts import InvitationAccepted, InvitationRevoked, PersonInvited
from hesabu.identity.models import Business, Invitation, Person
from hesabu.identity.permissions import MEMBER_ADD, anybody, needs
from hesabu.identity.types import InvitationWay, Invited, Role
from hesabu.kit import clock, crypto, ids
from hesabu.kit.phones import parse_phone
from hesabu.store import facts, tenancy

LASTS = timedelta(days=7)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LETTERS = 12


@needs(MEMBER_ADD)
def invite(role: Role, way: InvitationWay, address: str = "") -> Invited:
    """Ask somebody to join the one bound business: by an e-mail address, by a WhatsApp number (E.164), or by a code that is
    handed over. Sending it is the door's. Raises BadEmail, BadPhone, RoleBad."""
    business_id = tenancy.only()
    way, role = InvitationWay(way), Role(role)
    if role is Role.OWNER:
        raise RoleBad(field="role")
    kept = _checked(way, address, business_id)
    now = clock.now()
    secret = _code() if way is InvitationWay.CODE else crypto.token(32)
    row = Invitation(
        id=ids.new_id(),
        business_id=business_id,
        role=role.value,
        way=way.value,
        secret_hash=hashed(secret),
        address=kept,
        address_index=index_of(way, kept) if kept else None,
        invited_by_id=approvals.asker(),
        created_at=now,
        expires_at=now + LASTS,
    )
    row.save(force_insert=True)
    facts.publish(
        PersonInvited(business_id=business_id, subject_id=row.id, role=role.value, way=way.value)
    )
    return Invited(row.id, secret, kept or "")


@needs(MEMBER_ADD)
def revoke_invitation(invitation_id: UUID) -> None:
    """Take it back. Again, or once it was accepted: nothing changes."""
    row = (
        Invitation.objects.select_for_update()
        .filter(business_id=tenancy.only(), id=invitation_id)
        .first()
    )
    if row is None:
        raise InvitationNotFound()
    if row.revoked_at is None and row.accepted_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        facts.publish(InvitationRevoked(business_id=row.business_id, subject_id=row.id))


@anybody("whoever holds it, and has proved that it was sent to them")
def accept_invitation(
    secret: str, person_id: UUID, *, emails: Collection[str] = (), phone: str | None = None
) -> UUID:
    """Join; the business, or the house for who joins the platform. `emails` and `phone` are what the door has proved to be theirs. In a house transaction, or its own.
    Raises InvitationNotFound (one answer for what is wrong, used, taken back or over), InvitationElsewhere."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        row = Invitation.objects.select_for_update().filter(secret_hash=hashed(secret)).first()
        return _accepted(row, person_id, emails, phone)


@anybody("whoever writes from the very number that it was sent to")
def accept_by_number(invitation_id: UUID, person_id: UUID, phone: str) -> UUID:
    """Join by answering from the number that was invited; the business. As `accept_invitation`."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        row = (
            Invitation.objects.select_for_update()
            .filter(id=invitation_id, way=InvitationWay.WHATSAPP)
            .first()
        )
        return _accepted(row, person_id, (), phone)


def _accepted(
    row: Invitation | None, person_id: UUID, emails: Collection[str], phone: str | None
) -> UUID:
    now = clock.now()
    if row is None or row.revoked_at or row.accepted_at or row.expires_at <= now:
        raise InvitationNotFound()
    if row.business_id != tenancy.HOUSE and not _stands(row):
        raise InvitationNotFound()
    if row.address_index is not None and not _is_theirs(row, emails, phone):
        note_refusal("invitation:accept", ELSEWHERE, business_id=row.business_id)
        raise InvitationElsewhere()
    if not Person.objects.filter(id=person_id).exists():
        raise PersonNotFound(str(person_id))
    row.accepted_at, row.accepted_by_id = now, person_id
    row.save(update_fields=["accepted_at", "accepted_by_id"])
    if row.business_id == tenancy.HOUSE:
        join_platform(row, person_id)
        return tenancy.HOUSE
    with tenancy.bound(row.business_id):
        add_member(person_id, Role(row.role))
        tenancy.forget_read()
        facts.publish(
            InvitationAccepted(business_id=row.business_id, subject_id=row.id, person_id=person_id)
        )
    return row.business_id


def _stands(row: Invitation) -> bool:
    """Whether whoever invited may still bring people in there. What the system invited, nobody has to answer for."""
    if row.invited_by_id is None:
        return True
    with tenancy.bound(row.business_id):
        return permissions.may(row.invited_by_id, MEMBER_ADD)


def _is_theirs(row: Invitation, emails: Collection[str], phone: str | None) -> bool:
    assert row.address_index is not None
    way, kept = InvitationWay(row.way), bytes(row.address_index)
    shown = [phone] if phone and way is InvitationWay.WHATSAPP else []
    if way is InvitationWay.EMAIL:
        shown = [email.strip().lower() for email in emails]
    return any(crypto.same(kept, index_of(way, one)) for one in shown)


def _checked(way: InvitationWay, address: str, business_id: UUID) -> str | None:
    if way is InvitationWay.EMAIL:
        return rules.checked_email(address)
    if way is InvitationWay.WHATSAPP:
        return parse_phone(address, Business.objects.get(id=business_id).country)
    return None


def index_of(way: InvitationWay, address: str) -> bytes:
    return crypto.blind(f"invitation.{way}:{address}")


def _code() -> str:
    drawn = crypto.token(64)
    letters = [_LETTERS[byte % len(_LETTERS)] for byte in crypto.digest(drawn)[:_CODE_LETTERS]]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, _CODE_LETTERS, 4))


def hashed(secret: str) -> bytes:
    """A code is typed as people type."""
    typed = secret.strip()
    if len(typed) <= 20:
        typed = "".join(letter for letter in typed.upper() if letter.isalnum())
    return crypto.digest(f"invitation:{typed}")
