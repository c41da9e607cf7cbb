"""A business begins, and its details change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hesabu.identity import rules
from hesabu.identity.errors import (
    BadDetail,
    BusinessNotFound,
    ChangedSince,
    ChangeIsOld,
    ChangeNotFound,
    PersonNotFound,
)
from hesabu.identity.facts import BusinessRegistered, BusinessUpdated, MemberJoined
from hesabu.identity.models import Business, BusinessChange, Listing, Member, Person
from hesabu.identity.permissions import BUSINESS_UPDATE, anybody, needs
from hesabu.identity.types import LOGO_BYTES_MAX, Role
from hesabu.kit import clock, ids, pictures
from hesabu.kit.countries import country as country_of
from hesabu.store import facts, files, tenancy

CHANGEABLE = frozenset(
    {
        "name",
        "legal_name",
        "timezone",
        "language",
        "tax_id",
        "is_vat_registered",
        "address",
        "phone",
        "vat_number",
        "registration_number",
        "signatory",
        "email",
        "pin_for_payments",
    }
)
LOGO_SIDES = (900, 450)
"""A logo is drawn anew at most so wide and high: sharp on paper at six centimetres."""


@anybody("whoever is known may begin a business, and owns it")
def register_business(
    name: str,
    country: str,
    owner_id: UUID,
    timezone: str | None = None,
    language: str | None = None,
    *,
    currency: str | None = None,
    business_id: UUID | None = None,
) -> UUID:
    """Begin a business with its owner; its id. It binds itself: call it unbound or in a house transaction. `currency` is one
    of the country's, its usual one by itself; so is the `language` of its papers. Raises BadDetail for another.

    A caller that may be run twice gives the `business_id` it chose the first time: a business that is there already, with
    that owner, is left as it is.
    """
    place = country_of(country)
    kept_in = currency or place.currency
    if kept_in not in place.currencies:
        raise BadDetail("no currency of that country", field="currency")
    details = _checked({"name": name, "timezone": timezone or place.timezone}, place.code)
    new_id = business_id or ids.new_id()
    with tenancy.bound(new_id, actor=tenancy.Actor("person", owner_id)):
        if not Person.objects.filter(id=owner_id).exists():
            raise PersonNotFound(str(owner_id))
        if Member.objects.filter(business_id=new_id, person_id=owner_id, role=Role.OWNER).exists():
            return new_id
        now = clock.now()
        Business(
            id=new_id,
            country=place.code,
            currency=kept_in,
            language=language or place.languages[0],
            created_at=now,
            **details,
        ).save(force_insert=True)
        Member(business_id=new_id, person_id=owner_id, role=Role.OWNER, created_at=now).save(
            force_insert=True
        )
        Listing(business_id=new_id, country=place.code, created_at=now).save(force_insert=True)
        tenancy.forget_read()
        facts.publish(
            BusinessRegistered(
                business_id=new_id,
                subject_id=new_id,
                country=place.code,
                currency=kept_in,
            ),
            MemberJoined(business_id=new_id, subject_id=owner_id, role=Role.OWNER.value),
        )
    return new_id


@needs(BUSINESS_UPDATE)
def update_business(business_id: UUID, **changes: Any) -> None:
    """Change details of the bound business: any of CHANGEABLE. What is the same already leaves no fact."""
    row = _locked(business_id)
    _change(row, _checked(changes, row.country))


@needs(BUSINESS_UPDATE)
def set_logo(business_id: UUID, content: bytes) -> None:
    """Show this picture on papers from now on: what it is is read from its bytes, and it is drawn anew, so that nothing but the
    picture is kept. Raises BadPicture."""
    if len(content) > LOGO_BYTES_MAX:
        raise pictures.BadPicture("too large", field="logo")
    drawn = pictures.drawn_anew(content, LOGO_SIDES)
    _change(_locked(business_id), {"logo_id": files.keep(drawn.content, "image/png", "logo.png")})


@needs(BUSINESS_UPDATE)
def drop_logo(business_id: UUID) -> None:
    """Papers show no picture from now on. Again: nothing changes."""
    _change(_locked(business_id), {"logo_id": None})


@needs(BUSINESS_UPDATE)
def undo_change(change_id: UUID) -> None:
    """Details as they were before that change, within ten minutes, where nothing changed them since. Again: nothing changes.
    Raises ChangeNotFound, ChangeIsOld, ChangedSince."""
    business_id = tenancy.only()
    row = _locked(business_id)
    change = BusinessChange.objects.filter(business_id=business_id, id=change_id).first()
    if change is None:
        raise ChangeNotFound()
    if change.undone_at is not None:
        return
    if clock.now() - change.at > rules.UNDO_WITHIN:
        raise ChangeIsOld()
    if any(_plain(getattr(row, field)) != value for field, value in change.after.items()):
        raise ChangedSince()
    before = dict(change.before)
    if before.get("logo_id"):
        before["logo_id"] = UUID(before["logo_id"])
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    _change(row, before)


def _locked(business_id: UUID) -> Business:
    row = Business.objects.select_for_update().filter(id=business_id).first()
    if row is None:
        raise BusinessNotFound(str(business_id))
    return row


def _change(row: Business, details: dict[str, Any]) -> None:
    """What is the same already leaves no fact. What it was lies sealed beside the fact, which names fields alone."""
    changed = sorted(field for field, value in details.items() if getattr(row, field) != value)
    if not changed:
        return
    actor = tenancy.current().actor
    change = BusinessChange(
        id=ids.new_id(),
        business_id=row.id,
        person_id=actor.id if actor.kind == "person" else None,
        before={field: _plain(getattr(row, field)) for field in changed},
        after={field: _plain(details[field]) for field in changed},
        at=clock.now(),
    )
    change.save(force_insert=True)
    for field in changed:
        setattr(row, field, details[field])
    row.save(update_fields=changed)
    tenancy.forget_read()
    facts.publish(
        BusinessUpdated(
            business_id=row.id, subject_id=row.id, changed=",".join(changed), change_id=change.id
        )
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _checked(changes: dict[str, Any], country: str) -> dict[str, Any]:
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise BadDetail(f"no such detail: {sorted(unknown)[0]}", field=sorted(unknown)[0])
    return {field: rules.checked_detail(field, value, country) for field, value in changes.items()}
