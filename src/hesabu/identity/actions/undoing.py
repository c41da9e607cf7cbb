"""Taking back what was made by whoever had somebody's phone.

What of it was theirs is known by when: the ways in, from the first that was set up on (`FirstProof.known` says what there was
before it); keys, invitations and links, from when the first of it was asked. So nothing that is older is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hesabu.identity.actions.grants import sign_out_apps
from hesabu.identity.actions.keys import revoke_keys_since
from hesabu.identity.actions.ways import put_back
from hesabu.identity.facts import InvitationRevoked, PinCleared
from hesabu.identity.models import Entry, FirstProof, Grant, Invitation, Passage, Person
from hesabu.identity.proofs import PIN
from hesabu.kit import clock
from hesabu.store import facts, tenancy


def undo(person: Person, stopped: Sequence[FirstProof]) -> tuple[str, ...]:
    """What was taken back, by kind. In a house transaction, with the person's row held."""
    since = min(row.asked_at for row in stopped)
    undone = []
    used = sorted((row for row in stopped if row.known), key=lambda row: row.used_at or since)
    if any(row.what == PIN for row in stopped) or (used and _is_set_since(person, used[0].used_at)):
        undone += ["pin"] if _clear_pin(person) else []
    if used:
        undone += put_back(person.id, used[0].known)
        Grant.objects.filter(person_id=person.id, has_factor=True).update(has_factor=False)
    if revoke_keys_since(person.id, since):
        undone.append("keys")
    if _revoke_invitations(person.id, since):
        undone.append("invitations")
    if sign_out_apps(person.id):
        undone.append("apps")
    Entry.objects.filter(person_id=person.id, used_at=None).update(expires_at=clock.now())
    Passage.objects.filter(person_id=person.id, used_at=None).update(expires_at=clock.now())
    return tuple(undone)


def _is_set_since(person: Person, at: datetime | None) -> bool:
    return bool(at and person.pin_set_at and person.pin_set_at >= at)


def _clear_pin(person: Person) -> bool:
    if not person.pin_hash:
        return False
    person.pin_hash, person.pin_wrong_count, person.pin_locked_until = "", 0, None
    person.save(update_fields=["pin_hash", "pin_wrong_count", "pin_locked_until"])
    facts.publish(PinCleared(business_id=tenancy.HOUSE, subject_id=person.id))
    return True


def _revoke_invitations(person_id: UUID, since: datetime) -> int:
    """Those that nobody has accepted yet."""
    now = clock.now()
    rows = Invitation.objects.select_for_update().filter(
        invited_by_id=person_id, created_at__gte=since, accepted_at=None, revoked_at=None
    )
    found = list(rows.order_by("id"))
    for row in found:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        with tenancy.bound(row.business_id):
            facts.publish(InvitationRevoked(business_id=row.business_id, subject_id=row.id))
    return len(found)
