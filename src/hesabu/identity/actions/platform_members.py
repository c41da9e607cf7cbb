"""Who is of the platform: invited by mail, given another role, let go. By admins; the first one is made on the command line."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import rules
from hesabu.identity.actions.invitations import LASTS, hashed, index_of
from hesabu.identity.actions.platform import grant_platform, take_platform
from hesabu.identity.errors import InvitationNotFound, PersonNotFound
from hesabu.identity.facts import PlatformInvitationRevoked, PlatformInvited
from hesabu.identity.models import Invitation, PlatformMember
from hesabu.identity.platform import MEMBER_KEEP, needs_platform
from hesabu.identity.types import InvitationWay, Invited, PlatformRole
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy
from hesabu.store.facts import publish


@needs_platform(MEMBER_KEEP)
def invite_platform(role: PlatformRole, email: str) -> Invited:
    """Ask somebody to join the platform. Whoever accepts has proved that the address is theirs. Sending it is the door's. In a
    house transaction. Raises BadEmail."""
    address = rules.checked_email(email)
    now, secret = clock.now(), crypto.token(32)
    row = Invitation(
        id=ids.new_id(),
        business_id=tenancy.HOUSE,
        role=PlatformRole(role).value,
        way=InvitationWay.EMAIL.value,
        secret_hash=hashed(secret),
        address=address,
        address_index=index_of(InvitationWay.EMAIL, address),
        invited_by_id=tenancy.current().actor.id,
        created_at=now,
        expires_at=now + LASTS,
    )
    row.save(force_insert=True)
    publish(
        PlatformInvited(business_id=tenancy.HOUSE, subject_id=row.id, role=PlatformRole(role).value)
    )
    return Invited(row.id, secret, address)


@needs_platform(MEMBER_KEEP)
def revoke_platform_invitation(invitation_id: UUID) -> None:
    """Take it back. Again, or once it was accepted: nothing changes. In a house transaction."""
    rows = Invitation.objects.select_for_update()
    row = rows.filter(business_id=tenancy.HOUSE, id=invitation_id).first()
    if row is None:
        raise InvitationNotFound()
    if row.revoked_at is None and row.accepted_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        publish(PlatformInvitationRevoked(business_id=tenancy.HOUSE, subject_id=row.id))


@needs_platform(MEMBER_KEEP)
def change_platform(person_id: UUID, role: PlatformRole, to: PlatformRole) -> None:
    """Give somebody of the platform another role in the place of this one. In a house transaction. Raises LastAdmin,
    PersonNotFound for who does not have it."""
    if PlatformRole(role) is PlatformRole(to):
        return
    _require_held(person_id, role)
    grant_platform(person_id, to)
    take_platform(person_id, role)


@needs_platform(MEMBER_KEEP)
def let_platform_go(person_id: UUID, role: PlatformRole) -> None:
    """Take somebody's role on the platform away, at once. In a house transaction. Raises LastAdmin, PersonNotFound."""
    _require_held(person_id, role)
    take_platform(person_id, role)


def _require_held(person_id: UUID, role: PlatformRole) -> None:
    held = PlatformMember.objects.filter(person_id=person_id, role=PlatformRole(role).value)
    if not held.exists():
        raise PersonNotFound(str(person_id))
