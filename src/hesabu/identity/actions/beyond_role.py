"""What somebody made outlives neither their place in a business nor the right to make it: apps, keys, invitations."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import permissions
from hesabu.identity.actions.grants import end_grants_beyond_role
from hesabu.identity.actions.keys import end_keys_beyond_role
from hesabu.identity.facts import InvitationRevoked
from hesabu.identity.models import Invitation
from hesabu.identity.permissions import MEMBER_ADD
from hesabu.kit import clock
from hesabu.store import facts, tenancy


def end_beyond_role(person_id: UUID) -> None:
    """What the person's role in the one bound business allows no more is over, and all where they have none."""
    end_grants_beyond_role(person_id)
    end_keys_beyond_role(person_id)
    if not permissions.may(person_id, MEMBER_ADD):
        _revoke_invitations_of(person_id)


def _revoke_invitations_of(person_id: UUID) -> None:
    business_id, now = tenancy.only(), clock.now()
    rows = Invitation.objects.select_for_update().filter(
        business_id=business_id, invited_by_id=person_id, accepted_at=None, revoked_at=None
    )
    for row in rows.order_by("id"):
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        facts.publish(InvitationRevoked(business_id=business_id, subject_id=row.id))
