"""Grants: an app acts for a person at one business, by short access tokens and refresh tokens that rotate.

    grant_app ── a code, once, for ten minutes ──▶ exchange ──▶ access (15 min) + refresh (60 days)
                                                   refresh ──▶ a new pair; the old refresh token is dead
                                                   a dead one comes again ──▶ the whole family is taken back

Whoever holds a dead refresh token is either the app, which has a newer one, or a thief: nobody can tell which, so both are
shut out, and the person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hesabu.identity import permissions
from hesabu.identity.errors import KeyNotFound, NotLetIn, ScopesBad
from hesabu.identity.facts import AppGranted, AppRevoked
from hesabu.identity.models import Grant, Token
from hesabu.identity.permissions import APP_GRANT, anybody, needs
from hesabu.identity.rules import checked_name
from hesabu.identity.types import Tokens
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, tenancy

CODE, ACCESS, REFRESH = "code", "access", "refresh"
PREFIXES = {CODE: "hsc", ACCESS: "hsa", REFRESH: "hsr"}
LIVES = {CODE: timedelta(minutes=10), ACCESS: timedelta(minutes=15), REFRESH: timedelta(days=60)}


@needs(APP_GRANT)
def grant_app(app_name: str, scopes: Sequence[str]) -> tuple[UUID, str]:
    """The bound person lets an app act for them at the one bound business: the grant's id, and a code to hand over."""
    business_id, actor = tenancy.only(), tenancy.current().actor
    role = permissions.role_of(actor.id) if actor.kind == "person" and actor.id else None
    if (
        actor.id is None
        or role is None
        or not scopes
        or not set(scopes) <= permissions.granted(role)
    ):
        raise ScopesBad(field="scopes")
    chosen = sorted(set(scopes))
    row = Grant(
        id=ids.new_id(),
        business_id=business_id,
        person_id=actor.id,
        app_name=checked_name(app_name, "app_name"),
        scopes=chosen,
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    facts.publish(
        AppGranted(
            business_id=business_id,
            subject_id=row.id,
            person_id=actor.id,
            scopes=",".join(chosen),
        )
    )
    return row.id, _made(row, CODE)


@anybody("whoever holds the code or the refresh token")
def exchange(token: str) -> Tokens:
    """A pair for a code or a refresh token. Opens its own transactions. Raises NotLetIn; a dead token ends its family."""
    token_id, secret, kind = split(token, CODE, REFRESH)
    is_reused = False
    with tenancy.house(actor=tenancy.Actor("system")):
        row = Token.objects.select_for_update().filter(id=token_id, kind=kind).first()
        if row is None or not crypto.same(bytes(row.secret_hash), crypto.digest(secret)):
            raise NotLetIn()
        grant = Grant.objects.select_for_update().get(id=row.grant_id)
        if grant.revoked_at is not None or row.expires_at <= clock.now():
            raise NotLetIn()
        if row.used_at is None:
            row.used_at = clock.now()
            row.save(update_fields=["used_at"])
            return Tokens(
                _made(grant, ACCESS),
                _made(grant, REFRESH),
                int(LIVES[ACCESS].total_seconds()),
                tuple(grant.scopes),
            )
        is_reused = True
        _revoke(grant, "reused")
    assert is_reused
    raise NotLetIn()


@needs(APP_GRANT)
def revoke_app(grant_id: UUID) -> None:
    """Take everything back from an app. Again: nothing changes."""
    grant = (
        Grant.objects.select_for_update().filter(business_id=tenancy.only(), id=grant_id).first()
    )
    if grant is None:
        raise KeyNotFound(str(grant_id))
    _revoke(grant, "asked")


def split(token: str, *kinds: str) -> tuple[UUID, str, str]:
    """(id, secret, kind) of a token as it is shown. Raises NotLetIn for what is none."""
    prefix, _, rest = token.partition("_")
    letters, _, secret = rest.partition("_")
    for kind in kinds:
        if PREFIXES[kind] == prefix:
            try:
                return ids.read_short(letters), secret, kind
            except ids.BadId as error:
                raise NotLetIn() from error
    raise NotLetIn()


def _made(grant: Grant, kind: str) -> str:
    secret = crypto.token(32)
    row = Token(
        id=ids.new_id(),
        grant=grant,
        kind=kind,
        secret_hash=crypto.digest(secret),
        expires_at=clock.now() + LIVES[kind],
    )
    row.save(force_insert=True)
    return f"{PREFIXES[kind]}_{ids.short(row.id)}_{secret}"


def _revoke(grant: Grant, why: str) -> None:
    if grant.revoked_at is not None:
        return
    grant.revoked_at, grant.revoked_why = clock.now(), why
    grant.save(update_fields=["revoked_at", "revoked_why"])
    Token.objects.filter(grant=grant, kind=ACCESS).delete()
    told = AppRevoked(business_id=grant.business_id, subject_id=grant.id, why=why)
    with tenancy.bound(grant.business_id):
        facts.publish(told)
