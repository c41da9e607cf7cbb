"""Grants: an app acts for a person at one business, by short access tokens and refresh tokens that rotate.

    grant_app ── a code, once, for a minute ──▶ exchange_code ──▶ access (15 min) + refresh (HESABU_APP_IDLE_DAYS)
                                                        renew ──▶ a new pair; the old refresh token is dead
                             a dead code or refresh token again ──▶ the whole family is taken back

A code is good for the app that asked, at the address it was sent to, with the verifier that only this app knows (PKCE, S256).
Whoever holds a dead refresh token is either the app, which has a newer one, or a thief: nobody can tell which, so both are
shut out, and the person is told.

The chain of renewals has an end of its own (HESABU_APP_DAYS). It ends before where the person leaves the business, has a role
that allows no more what the app may, needs a second factor that they did not have when they agreed, or signs out everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from hesabu.identity import permissions, queries
from hesabu.identity.errors import (
    AppElsewhere,
    AppNotFound,
    ClientBad,
    FactorNeeded,
    KeyNotFound,
    NotLetIn,
    ScopesBad,
)
from hesabu.identity.facts import AppGranted, AppRevoked
from hesabu.identity.models import App, Grant, Person, Token
from hesabu.identity.permissions import APP_GRANT, KEY_REVOKE, anybody, needs
from hesabu.identity.rules import checked_challenge, proves
from hesabu.identity.types import Role, Tokens
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, tenancy

CODE, ACCESS, REFRESH = "code", "access", "refresh"
PREFIXES = {CODE: "hsc", ACCESS: "hsa", REFRESH: "hsr"}
CODE_LIVES, ACCESS_LIVES = timedelta(minutes=1), timedelta(minutes=15)


@needs(APP_GRANT)
def grant_app(
    app_id: UUID, scopes: Sequence[str], *, redirect_uri: str, challenge: str, has_factor: bool
) -> tuple[UUID, str]:
    """The bound person lets an app act for them at the one bound business, by what they may themselves of what it asks: the
    grant's id, and the code that is sent to the app. Raises ScopesBad where that is nothing, FactorNeeded, AppElsewhere."""
    business_id, actor = tenancy.only(), tenancy.current().actor
    checked_challenge(challenge)
    app = App.objects.filter(id=app_id, dropped_at=None).first()
    if app is None or redirect_uri not in app.redirect_uris:
        raise AppNotFound()
    if app.business_id != business_id and not app.is_for_others:
        raise AppElsewhere()
    role = permissions.role_of(actor.id) if actor.kind == "person" and actor.id else None
    if actor.id is None or role is None or not set(scopes) <= set(app.scopes):
        raise ScopesBad(field="scopes")
    if _needs_factor(role) and not has_factor:
        raise FactorNeeded()
    chosen = sorted(set(scopes) & permissions.granted(role))
    if not chosen:
        raise ScopesBad(field="scopes")
    now = clock.now()
    row = Grant(
        id=ids.new_id(),
        business_id=business_id,
        person_id=actor.id,
        app=app,
        app_name=app.name,
        scopes=chosen,
        created_at=now,
        ends_at=now + timedelta(days=settings.CONFIG.app_days),
        has_factor=has_factor,
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
    code = _made(row, CODE, now + CODE_LIVES, redirect_uri=redirect_uri, challenge=challenge)
    return row.id, code


@anybody("the app that asked for the code, which proves that it did")
def exchange_code(
    client_id: str, secret: str, code: str, *, redirect_uri: str, verifier: str
) -> Tokens:
    """The first pair. Opens its own transaction. Raises ClientBad, NotLetIn; a code that comes again ends what came of it."""
    with tenancy.house(actor=tenancy.SYSTEM):
        row, grant = _held(_proved(client_id, secret), code, CODE)
        why = "reused" if row.used_at else _why_over(grant)
        if why:
            _revoke(grant, why)
        elif row.expires_at > clock.now():
            if row.redirect_uri != redirect_uri or not proves(verifier, row.challenge):
                raise NotLetIn()
            return _pair(row, grant, None)
    raise NotLetIn()


@anybody("the app that holds the refresh token, which proves that it is this app")
def renew(
    client_id: str, secret: str, refresh: str, *, scopes: Sequence[str] | None = None
) -> Tokens:
    """The next pair, for fewer scopes where fewer are asked for. Opens its own transaction. Raises ClientBad, NotLetIn, and
    ScopesBad for more than was granted; a refresh token that comes again ends its family."""
    with tenancy.house(actor=tenancy.SYSTEM):
        row, grant = _held(_proved(client_id, secret), refresh, REFRESH)
        why = "reused" if row.used_at else _why_over(grant)
        if why:
            _revoke(grant, why)
        elif row.expires_at > clock.now():
            if scopes is not None and not (scopes and set(scopes) <= set(grant.scopes)):
                raise ScopesBad(field="scope")
            return _pair(row, grant, scopes)
    raise NotLetIn()


@anybody("the app that holds the token, which proves that it is this app")
def give_back(client_id: str, secret: str, token: str) -> None:
    """An app wants it no more: a refresh token or a code ends all, an access token itself. What is no token of this app
    changes nothing, and nobody is told (RFC 7009). Opens its own transaction. Raises ClientBad."""
    with tenancy.house(actor=tenancy.SYSTEM):
        app = _proved(client_id, secret)
        try:
            row, grant = _held(app, token, CODE, ACCESS, REFRESH)
        except NotLetIn:
            return
        if row.kind == ACCESS:
            row.delete()
        else:
            _revoke(grant, "given_back")


@needs(APP_GRANT)
def revoke_app(grant_id: UUID) -> None:
    """Take everything back from an app: one's own, and others' by whoever may take keys back. Again: nothing changes."""
    found = Grant.objects.select_for_update().filter(business_id=tenancy.only(), id=grant_id)
    grant, actor = found.first(), tenancy.current().actor
    if grant is None:
        raise KeyNotFound(str(grant_id))
    if actor.kind != "person" or grant.person_id != actor.id:
        permissions.require(KEY_REVOKE)
    _revoke(grant, "asked")


@anybody("the browser's door, about the person who is signed in there")
def end_apps_of(person_id: UUID) -> None:
    """Take everything back from all apps of a person, who signs out everywhere. Opens its own transaction."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        sign_out_apps(person_id)


def sign_out_apps(person_id: UUID) -> int:
    """The same in the open house transaction; how many there were."""
    found = list(_open(person_id=person_id))
    for grant in found:
        _revoke(grant, "signed_out")
    return len(found)


def end_grants_beyond_role(person_id: UUID) -> None:
    """What the person's role in the one bound business allows no more is over, and all where they have none."""
    for grant in _open(person_id=person_id, business_id=tenancy.only()):
        why = _why_over_by(permissions.role_of(person_id), grant)
        if why:
            _revoke(grant, why)


def revoke_all(person_id: UUID) -> None:
    """Of every app that acts for them, at every business. In a house transaction."""
    for grant in Grant.objects.select_for_update().filter(person_id=person_id, revoked_at=None):
        _revoke(grant, "left")


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


def _open(**of: object) -> Iterable[Grant]:
    return Grant.objects.select_for_update().filter(revoked_at=None, **of).order_by("id")


def _proved(client_id: str, secret: str) -> App:
    """The app that says who it is, by its secret where it has one. Raises ClientBad."""
    try:
        app_id = ids.read("app", client_id[:60])
    except ids.BadId as error:
        raise ClientBad() from error
    row = App.objects.filter(id=app_id).first()
    if row is None or row.dropped_at is not None:
        raise ClientBad()
    if row.secret_hash is None:
        if secret:
            raise ClientBad()
    elif not crypto.same(bytes(row.secret_hash), crypto.digest(secret)):
        raise ClientBad()
    return row


def _held(app: App, token: str, *kinds: str) -> tuple[Token, Grant]:
    """The token and its family, locked, where it was given to this app and nothing was taken back. Raises NotLetIn."""
    token_id, secret, kind = split(token, *kinds)
    row = Token.objects.select_for_update().filter(id=token_id, kind=kind).first()
    if row is None or not crypto.same(bytes(row.secret_hash), crypto.digest(secret)):
        raise NotLetIn()
    grant = Grant.objects.select_for_update().get(id=row.grant_id)
    if grant.app_id != app.id or grant.revoked_at is not None:
        raise NotLetIn()
    return row, grant


def _why_over(grant: Grant) -> str:
    """Why nothing more is given for it; empty where something is."""
    if grant.ends_at is None or grant.ends_at <= clock.now():
        return "over"
    if not Person.objects.filter(id=grant.person_id, is_active=True).exists():
        return "left"
    with tenancy.bound(grant.business_id):
        return _why_over_by(permissions.role_of(grant.person_id), grant)


def _why_over_by(role: Role | None, grant: Grant) -> str:
    if role is None:
        return "left"
    if not set(grant.scopes) <= permissions.granted(role):
        return "role"
    return "factor" if _needs_factor(role) and not grant.has_factor else ""


def _needs_factor(role: Role) -> bool:
    return settings.CONFIG.second_factor_for_all or queries.is_trusted_with_danger([role])


def _pair(row: Token, grant: Grant, scopes: Sequence[str] | None) -> Tokens:
    now = clock.now()
    assert grant.ends_at is not None
    row.used_at = now
    row.save(update_fields=["used_at"])
    Token.objects.filter(grant=grant, kind=ACCESS, expires_at__lt=now).delete()
    fewer = sorted(set(scopes)) if scopes is not None else None
    access_ends = min(now + ACCESS_LIVES, grant.ends_at)
    refresh_ends = min(now + timedelta(days=settings.CONFIG.app_idle_days), grant.ends_at)
    return Tokens(
        _made(grant, ACCESS, access_ends, scopes=fewer),
        _made(grant, REFRESH, refresh_ends),
        int((access_ends - now).total_seconds()),
        tuple(grant.scopes if fewer is None else fewer),
    )


def _made(grant: Grant, kind: str, expires_at: datetime, **more: object) -> str:
    secret = crypto.token(32)
    row = Token(
        id=ids.new_id(),
        grant=grant,
        kind=kind,
        secret_hash=crypto.digest(secret),
        expires_at=expires_at,
        **more,
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
