"""Apps: registered at a business, so that people can let them act for them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hesabu.identity import permissions
from hesabu.identity.errors import AppNotFound, RedirectBad, ScopesBad
from hesabu.identity.facts import AppDropped, AppRegistered
from hesabu.identity.models import App
from hesabu.identity.permissions import APP_REGISTER, needs
from hesabu.identity.rules import REDIRECTS_MAX, checked_name, checked_redirect
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, tenancy

PREFIX = "hsk_"


@needs(APP_REGISTER)
def register_app(
    name: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str],
    *,
    is_confidential: bool,
    is_for_others: bool = False,
) -> tuple[UUID, str]:
    """An app of the one bound business: its id, and its secret, shown this once; none for one that can keep no secret."""
    business_id, actor = tenancy.only(), tenancy.current().actor
    role = permissions.role_of(actor.id) if actor.kind == "person" and actor.id else None
    if actor.id is None or role is None or not scopes:
        raise ScopesBad(field="scopes")
    if not set(scopes) <= permissions.granted(role):
        raise ScopesBad(field="scopes")
    addresses = list(dict.fromkeys(one.strip() for one in redirect_uris if one.strip()))
    if not 0 < len(addresses) <= REDIRECTS_MAX:
        raise RedirectBad(field="redirect_uris")
    secret = f"{PREFIX}{crypto.token(32)}" if is_confidential else ""
    row = App(
        id=ids.new_id(),
        business_id=business_id,
        name=checked_name(name),
        redirect_uris=[checked_redirect(one, is_confidential=is_confidential) for one in addresses],
        scopes=sorted(set(scopes)),
        secret_hash=crypto.digest(secret) if secret else None,
        is_for_others=is_for_others,
        made_by_id=actor.id,
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    facts.publish(
        AppRegistered(
            business_id=business_id,
            subject_id=row.id,
            scopes=",".join(row.scopes),
            is_for_others=is_for_others,
        )
    )
    return row.id, secret


@needs(APP_REGISTER)
def drop_app(app_id: UUID) -> None:
    """Take it off: nothing that it holds opens anything from now on, at any business. Again: nothing changes."""
    row = App.objects.select_for_update().filter(business_id=tenancy.only(), id=app_id).first()
    if row is None:
        raise AppNotFound(str(app_id))
    if row.dropped_at is None:
        row.dropped_at = clock.now()
        row.save(update_fields=["dropped_at"])
        facts.publish(AppDropped(business_id=row.business_id, subject_id=row.id))
