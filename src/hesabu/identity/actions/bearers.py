"""Bearers: who a key or an access token speaks for."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from hesabu.identity.actions.grants import ACCESS, split
from hesabu.identity.actions.keys import PREFIX
from hesabu.identity.errors import NotLetIn, WrongAddress
from hesabu.identity.models import Grant, Key, Token
from hesabu.identity.permissions import anybody
from hesabu.identity.types import Bearer
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy

NOTED_EVERY = timedelta(minutes=1)


@anybody("whoever holds the key or the token")
def let_in(shown: str, address: str) -> Bearer:
    """Who holds this, and that it was used now. Opens its own transaction. Raises NotLetIn, WrongAddress."""
    with tenancy.house():
        if shown.startswith(f"{PREFIX}_"):
            return _by_key(shown, address)
        return _by_token(shown)


def _by_key(shown: str, address: str) -> Bearer:
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
    if row.addresses and not _is_within(address, row.addresses):
        raise WrongAddress()
    if row.last_used_at is None or now - row.last_used_at > NOTED_EVERY:
        Key.objects.filter(id=row.id).update(last_used_at=now)
    return Bearer("key", row.id, row.business_id, frozenset(row.scopes), None, row.name)


def _by_token(shown: str) -> Bearer:
    token_id, secret, _ = split(shown, ACCESS)
    row, now = Token.objects.filter(id=token_id, kind=ACCESS).first(), clock.now()
    kept = bytes(row.secret_hash) if row else bytes(32)
    if not crypto.same(kept, crypto.digest(secret)) or row is None or row.expires_at <= now:
        raise NotLetIn()
    grant = Grant.objects.get(id=row.grant_id)
    if grant.revoked_at is not None:
        raise NotLetIn()
    if grant.last_used_at is None or now - grant.last_used_at > NOTED_EVERY:
        Grant.objects.filter(id=grant.id).update(last_used_at=now)
    scopes = frozenset(grant.scopes)
    return Bearer("app", grant.id, grant.business_id, scopes, grant.person_id, grant.app_name)


def _is_within(address: str, networks: list[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)
