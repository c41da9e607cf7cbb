"""Keys: how a program signs in at one business.

A key is `hsb_<id>_<secret>`. The id finds the row, the secret's hash is compared in constant time; the secret itself is shown
once. A key can do no more than the one who made it could then, nor more than they may now: where they leave the business, or
have a role that allows no more what the key may, it is taken back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.identity import permissions
from hesabu.identity.errors import AddressesBad, ExpiryBad, KeyNotFound, ScopesBad
from hesabu.identity.facts import KeyMade, KeyRevoked
from hesabu.identity.models import Key
from hesabu.identity.permissions import KEY_MAKE, KEY_REVOKE, needs
from hesabu.identity.rules import checked_name
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, tenancy

PREFIX = "hsb"
LONGEST = timedelta(days=731)


@needs(KEY_MAKE)
def make_key(
    name: str,
    scopes: Sequence[str],
    *,
    expires_at: datetime | None = None,
    addresses: Sequence[str] = (),
) -> tuple[UUID, str]:
    """A key of the one bound business, made by the person who is bound: its id, and the whole of it, shown this once."""
    business_id, actor = tenancy.only(), tenancy.current().actor
    if actor.kind != "person" or actor.id is None:
        raise ScopesBad(field="scopes")
    chosen = _checked_scopes(actor.id, scopes)
    now = clock.now()
    if expires_at is not None and not now < expires_at <= now + LONGEST:
        raise ExpiryBad(field="expires_at")
    secret = crypto.token(32)
    row = Key(
        id=ids.new_id(),
        business_id=business_id,
        name=checked_name(name),
        secret_hash=crypto.digest(secret),
        scopes=chosen,
        addresses=_checked_networks(addresses),
        made_by_id=actor.id,
        created_at=now,
        expires_at=expires_at,
    )
    row.save(force_insert=True)
    facts.publish(KeyMade(business_id=business_id, subject_id=row.id, scopes=",".join(chosen)))
    return row.id, f"{PREFIX}_{ids.short(row.id)}_{secret}"


@needs(KEY_REVOKE)
def revoke_key(key_id: UUID) -> None:
    """Take a key back, at once and for ever. Again: nothing changes."""
    business_id = tenancy.only()
    row = Key.objects.select_for_update().filter(business_id=business_id, id=key_id).first()
    if row is None:
        raise KeyNotFound(str(key_id))
    if row.revoked_at is None:
        _revoke(row)


def end_keys_beyond_role(person_id: UUID) -> None:
    """Of the keys that the person made for the one bound business: those that may what their role allows no more, and all where
    they have none."""
    role = permissions.role_of(person_id)
    mine = permissions.granted(role) if role else frozenset()
    rows = Key.objects.select_for_update().filter(
        business_id=tenancy.only(), made_by_id=person_id, revoked_at=None
    )
    for row in rows.order_by("id"):
        if role is None or not set(row.scopes) <= mine:
            _revoke(row)


def revoke_keys_since(person_id: UUID, since: datetime) -> int:
    """Those that the person made from then on, at any business; how many. In a house transaction."""
    rows = Key.objects.select_for_update().filter(
        made_by_id=person_id, created_at__gte=since, revoked_at=None
    )
    found = list(rows.order_by("id"))
    for row in found:
        with tenancy.bound(row.business_id):
            _revoke(row)
    return len(found)


def _revoke(row: Key) -> None:
    row.revoked_at = clock.now()
    row.save(update_fields=["revoked_at"])
    facts.publish(KeyRevoked(business_id=row.business_id, subject_id=row.id))


def _checked_scopes(person_id: UUID, scopes: Sequence[str]) -> list[str]:
    role = permissions.role_of(person_id)
    mine = permissions.granted(role) if role else frozenset()
    if not scopes or not set(scopes) <= mine:
        raise ScopesBad(field="scopes")
    return sorted(set(scopes))


def _checked_networks(addresses: Sequence[str]) -> list[str]:
    try:
        return [
            str(ipaddress.ip_network(one.strip(), strict=False)) for one in addresses if one.strip()
        ]
    except ValueError as error:
        raise AddressesBad(field="addresses") from error
