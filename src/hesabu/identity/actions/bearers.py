"""Bearers: who a key or an access token speaks for."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from django.conf import settings

from hesabu.identity import permissions
from hesabu.identity.actions.grants import ACCESS, split
from hesabu.identity.actions.keys import PREFIX
from hesabu.identity.errors import NotLetIn, WrongAddress
from hesabu.identity.facts import KeyUsedElsewhere
from hesabu.identity.models import Grant, Key, Token
from hesabu.identity.permissions import anybody
from hesabu.identity.types import Bearer
from hesabu.kit import clock, crypto, ids
from hesabu.store import pace, tenancy
from hesabu.store.facts import publish

NOTED_EVERY = timedelta(minutes=1)


@anybody("whoever holds the key or the token")
def let_in(shown: str, address: str) -> Bearer:
    """Who holds this, and that it was used now. Opens its own transaction. Raises NotLetIn, WrongAddress."""
    with tenancy.house():
        if not shown.startswith(f"{PREFIX}_"):
            return _by_token(shown)
        bearer, networks = _by_key(shown, address)
        if not networks or _is_within(address, networks):
            return bearer
        _tell_elsewhere(bearer)
    raise WrongAddress()


def _tell_elsewhere(bearer: Bearer) -> None:
    """Somebody has the key who should not, or its program moved: told once an hour."""
    if pace.count("identity.key_elsewhere", str(bearer.id), seconds=3600) == 1:
        with tenancy.bound(bearer.business_id):
            publish(KeyUsedElsewhere(business_id=bearer.business_id, subject_id=bearer.id))


def _by_key(shown: str, address: str) -> tuple[Bearer, list[str]]:
    """Whose it is, and the networks that it may be used from; none means any."""
    _, _, rest = shown.partition("_")
    letters, _, secret = rest.partition("_")
    try:
        key_id = ids.read_short(letters)
    except ids.BadId as error:
        raise NotLetIn() from error
    row, now = Key.objects.filter(id=key_id).first(), clock.now()
    kept = bytes(row.secret_hash) if row else bytes(32)
    if not crypto.same(kept, crypto.digest(secret)) or row is None:
        raise NotLetIn()
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise NotLetIn()
    scopes = _scopes_now(row)
    is_there = not row.addresses or _is_within(address, row.addresses)
    is_due = row.last_used_at is None or now - row.last_used_at > NOTED_EVERY
    if is_there and is_due:
        Key.objects.filter(id=row.id).update(last_used_at=now, last_used_from=address)
    bearer = Bearer("key", row.id, row.business_id, scopes, None, row.name)
    return bearer, row.addresses


def _scopes_now(row: Key) -> frozenset[str]:
    """Of what the key was made for, what its maker may there today. Raises NotLetIn where they belong there no more."""
    with tenancy.bound(row.business_id):
        role = permissions.role_of(row.made_by_id)
    if role is None:
        raise NotLetIn()
    return frozenset(row.scopes) & permissions.granted(role)


def _by_token(shown: str) -> Bearer:
    token_id, secret, _ = split(shown, ACCESS)
    row, now = Token.objects.filter(id=token_id, kind=ACCESS).first(), clock.now()
    kept = bytes(row.secret_hash) if row else bytes(32)
    if not crypto.same(kept, crypto.digest(secret)) or row is None or row.expires_at <= now:
        raise NotLetIn()
    grant = Grant.objects.select_related("app", "person").get(id=row.grant_id)
    if grant.revoked_at is not None or (grant.app and grant.app.dropped_at is not None):
        raise NotLetIn()
    if not grant.person.is_active or (grant.ends_at is not None and grant.ends_at <= now):
        raise NotLetIn()
    if settings.CONFIG.second_factor_for_all and not grant.has_factor:
        raise NotLetIn()  # switched on meanwhile: renewing ends the grant and says why
    if grant.last_used_at is None or now - grant.last_used_at > NOTED_EVERY:
        Grant.objects.filter(id=grant.id).update(last_used_at=now)
    scopes = frozenset(grant.scopes if row.scopes is None else row.scopes)
    if not grant.has_factor:
        scopes -= {one.name for one in permissions.declared() if one.needs_factor}
    return Bearer("app", grant.id, grant.business_id, scopes, grant.person_id, grant.app_name)


def _is_within(address: str, networks: list[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)
