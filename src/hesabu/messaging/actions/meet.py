"""Getting to know contacts.

One contact may be found by two marks, its number and its user id, and the marks may disagree with what is kept:

    number known   user id known     what is done
    no             no                somebody new
    yes            no                the user id is added; but where the contact has another one already, the number has
                                     passed to somebody else, who is new
    no             yes               the number is added, or has changed
    the same contact                 nothing
    two contacts                     they are one and are merged; but where the number's contact has another user id, or
                                     both signed up, the number has passed from one to the other

WhatsApp gives another user id only to another person (or another number), so a number whose user id differs is not
proof of who somebody is: whoever gets a discarded number does not get the account that was tied to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from hesabu.identity.permissions import anybody, inner
from hesabu.kit import clock, crypto, ids
from hesabu.messaging.errors import BadEmail, ContactNotFound, NoAddress
from hesabu.messaging.facts import (
    ContactIntroduced,
    ContactMet,
    ContactNumberChanged,
    ContactProved,
    ContactsMerged,
)
from hesabu.messaging.models import Contact, Talk
from hesabu.messaging.types import Channel
from hesabu.store import facts, tenancy


def phone_index(phone: str) -> bytes:
    return crypto.blind(f"phone:{phone}")


def user_index(user_id: str) -> bytes:
    return crypto.blind(f"whatsapp:{user_id}")


@anybody("whoever writes, or is written to, is met first")
def meet(
    phone: str | None = None,
    whatsapp_user_id: str | None = None,
    name: str | None = None,
    *,
    email: str | None = None,
) -> UUID:
    """The contact with this number (E.164) or user id; new if there is none. In any binding; with both marks, in a house
    transaction, because two contacts may prove to be one.

    A mail address is no mark, since people share them: it is kept with whom the marks name. Only where there is no mark at
    all it finds whoever was met by that address alone. Raises BadEmail.
    """
    if email is not None:
        return _meet_with_email(phone, whatsapp_user_id, name, checked_email(email))
    if phone and not whatsapp_user_id:
        found = Contact.objects.filter(phone_index=phone_index(phone)).first()
        if found is not None and (not name or found.name == name):
            return found.id
    return meet_row(phone, whatsapp_user_id, name).id


def _meet_with_email(phone: str | None, user_id: str | None, name: str | None, email: str) -> UUID:
    if phone or user_id:
        row = meet_row(phone, user_id, name)
    else:
        lock_contacts()
        found = Contact.objects.filter(
            email_index=email_index(email),
            phone_index=None,
            whatsapp_user_index=None,
            merged_into=None,
        )
        row = found.order_by("id").select_for_update().first() or _begun(None, None, name)
    _keep_email(row, email)
    return row.id


@anybody("the door keeps where its own contact gets mail")
def keep_email(contact_id: UUID, email: str | None) -> None:
    """Where they get mail from now on; None forgets it. A new address is tried afresh. In any binding. Doing it again
    changes nothing. Raises BadEmail."""
    given = checked_email(email) if email else None
    if known(contact_id).email != given:
        _keep_email(living(contact_id), given)


def _keep_email(row: Contact, email: str | None) -> None:
    if row.email == email:
        return
    row.email, row.email_index = email, email_index(email) if email else None
    row.closed_channels = {
        name: why for name, why in row.closed_channels.items() if name != Channel.EMAIL
    }
    row.save(update_fields=["email", "email_index", "closed_channels"])


def checked_email(email: str) -> str:
    """As it is kept: without spaces at its ends, its domain in small letters. Raises BadEmail."""
    local, _, domain = email.strip().rpartition("@")
    given = f"{local}@{domain.lower()}"
    try:
        validate_email(given)
    except ValidationError as error:
        raise BadEmail(field="email") from error
    return given


def email_index(email: str) -> bytes:
    return crypto.blind(f"email:{email.lower()}")


def meet_row(phone: str | None, user_id: str | None, name: str | None = None) -> Contact:
    """The contact's row, locked."""
    if not phone and not user_id:
        raise NoAddress()
    lock_contacts()
    by_phone = _locked(phone_index=phone_index(phone)) if phone else None
    by_user = _locked(whatsapp_user_index=user_index(user_id)) if user_id else None
    row = _reconciled(by_phone, by_user, phone, user_id) or _begun(phone, user_id, name)
    if name and row.name != name:
        row.name = name
        row.save(update_fields=["name"])
    return row


@anybody("the door has asked who the contact is")
def introduce(contact_id: UUID, person_id: UUID) -> None:
    """Remember which person a contact is; a doubt was about whom it was before. In a house transaction, or its own. Doing it
    again changes nothing."""
    with tenancy.house():
        row = living(contact_id)
        if row.person_id == person_id:
            return
        row.person_id, row.doubted_at, row.proved_at = person_id, None, clock.now()
        row.save(update_fields=["person_id", "doubted_at", "proved_at"])
        facts.publish(
            ContactIntroduced(business_id=tenancy.HOUSE, subject_id=row.id, person_id=person_id)
        )


@inner
def part(person_id: UUID) -> None:
    """Their contacts are nobody's we know any more: the account is gone. In any binding."""
    Contact.objects.filter(person_id=person_id).update(person_id=None)


@anybody("whoever is written to may always say no")
def opt_out(contact_id: UUID, *, reminders_only: bool = True) -> None:
    """They asked for no reminders and no news: invoices and receipts still go. Not `reminders_only`: they asked not to be
    written to first at all, and only answers go. In any binding. Doing it again changes nothing."""
    row = living(contact_id)
    column = "reminders_out_at" if reminders_only else "opted_out_at"
    if getattr(row, column) is None:
        setattr(row, column, clock.now())
        row.save(update_fields=[column])


@anybody("whoever is written to may always say so")
def opt_in(contact_id: UUID) -> None:
    """They may be written to again, and every channel that they closed is tried again. In any binding."""
    row = living(contact_id)
    row.opted_out_at = row.reminders_out_at = None
    row.closed_channels = {
        name: why for name, why in row.closed_channels.items() if why[0] != "opted_out"
    }
    row.save(update_fields=["opted_out_at", "reminders_out_at", "closed_channels"])


def known(contact_id: UUID) -> Contact:
    """The row a contact is known by now. Raises ContactNotFound."""
    row = Contact.objects.filter(id=contact_id).first()
    while row is not None and row.merged_into_id is not None:
        row = Contact.objects.filter(id=row.merged_into_id).first()
    if row is None:
        raise ContactNotFound(str(contact_id))
    return row


def living(contact_id: UUID) -> Contact:
    """The same, locked. Messages are locked before contacts, never after."""
    row = _locked(id=known(contact_id).id)
    return row if row is not None and row.merged_into_id is None else living(contact_id)


def lock_contacts() -> None:
    """Who is who is settled one at a time: two letters at once must not make two contacts of one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('messaging.contacts'))")


@dataclass(frozen=True, slots=True)
class NewMarks:
    """What a contact is known by from now on; None leaves a mark as it is."""

    phone: str | None
    user_id: str | None


def move_number(old_phone: str | None, old_user_id: str | None, new: NewMarks) -> None:
    """A contact has a new number, as the provider says. Whoever was kept under it is the same person, unless two people
    signed up with the two: then only the number moves. In a house transaction."""
    lock_contacts()
    row = _locked(whatsapp_user_index=user_index(old_user_id)) if old_user_id else None
    if row is None and old_phone:
        row = _locked(phone_index=phone_index(old_phone))
    if row is None:
        return
    for other in _holders_of(new):
        if other.id == row.id:
            continue
        if _are_two_people(row, other):
            _strip(other, new)
        else:
            row = _merged(row, other)
    _mark(row, new.phone or row.phone, new.user_id or row.whatsapp_user_id)
    doubt(row)
    facts.publish(ContactNumberChanged(business_id=tenancy.HOUSE, subject_id=row.id, is_lost=False))


def _locked(**by: object) -> Contact | None:
    row: Contact | None = Contact.objects.select_for_update().filter(**by).first()
    return row


def _reconciled(
    by_phone: Contact | None, by_user: Contact | None, phone: str | None, user_id: str | None
) -> Contact | None:
    """The contact both marks lead to, put right; None where it is somebody new."""
    if by_phone and by_user and by_phone.id != by_user.id:
        if by_phone.whatsapp_user_id is None and not _are_two_people(by_phone, by_user):
            return _merged(by_user, by_phone)
        _lose_number(by_phone)
        by_phone = None
    if by_phone and user_id and by_phone.whatsapp_user_id not in (None, user_id):
        _lose_number(by_phone)
        return None
    row = by_phone or by_user
    if row is None:
        return None
    had_number = row.phone is not None
    has_moved = bool(phone) and row.phone != phone
    _mark(row, phone or row.phone, user_id or row.whatsapp_user_id)
    if had_number and has_moved:
        doubt(row)
        facts.publish(
            ContactNumberChanged(business_id=tenancy.HOUSE, subject_id=row.id, is_lost=False)
        )
    return row


def _are_two_people(one: Contact, two: Contact) -> bool:
    """Both signed up, and not as the same person."""
    return None not in (one.person_id, two.person_id) and one.person_id != two.person_id


def _begun(phone: str | None, user_id: str | None, name: str | None) -> Contact:
    row = Contact(id=ids.new_id(), name=name, created_at=clock.now())
    row.phone, row.phone_index = phone, phone_index(phone) if phone else None
    row.whatsapp_user_id = user_id
    row.whatsapp_user_index = user_index(user_id) if user_id else None
    row.save(force_insert=True)
    if tenancy.current().is_house:
        facts.publish(ContactMet(business_id=tenancy.HOUSE, subject_id=row.id))
    return row


def _mark(row: Contact, phone: str | None, user_id: str | None) -> None:
    if row.phone == phone and row.whatsapp_user_id == user_id:
        return
    if row.phone != phone:  # what was closed, was closed for the old number
        row.closed_channels = {
            name: why for name, why in row.closed_channels.items() if name == Channel.EMAIL
        }
    row.phone, row.phone_index = phone, phone_index(phone) if phone else None
    row.whatsapp_user_id = user_id
    row.whatsapp_user_index = user_index(user_id) if user_id else None
    row.save(
        update_fields=[
            "phone",
            "phone_index",
            "whatsapp_user_id",
            "whatsapp_user_index",
            "closed_channels",
        ]
    )


def doubt(row: Contact) -> None:
    """They may be somebody else from now on. It is for people alone: whoever never signed up acts for nobody anyway."""
    if row.person_id is not None and row.doubted_at is None:
        row.doubted_at = clock.now()
        row.save(update_fields=["doubted_at"])


@anybody("the door has had them prove that they are the person")
def vouch(contact_id: UUID) -> None:
    """They are the person they were. In a house transaction, or its own. Again: nothing changes."""
    with tenancy.house():
        row = living(contact_id)
        was_doubted = row.doubted_at is not None
        row.doubted_at, row.proved_at = None, clock.now()
        row.save(update_fields=["doubted_at", "proved_at"])
        if was_doubted:
            facts.publish(ContactProved(business_id=tenancy.HOUSE, subject_id=row.id))


def _lose_number(row: Contact) -> None:
    """The number belongs to somebody else now."""
    _mark(row, None, row.whatsapp_user_id)
    doubt(row)
    facts.publish(ContactNumberChanged(business_id=tenancy.HOUSE, subject_id=row.id, is_lost=True))


def _holders_of(new: NewMarks) -> list[Contact]:
    found = [
        _locked(whatsapp_user_index=user_index(new.user_id)) if new.user_id else None,
        _locked(phone_index=phone_index(new.phone)) if new.phone else None,
    ]
    return list({row.id: row for row in found if row is not None}.values())


def _strip(row: Contact, marks: NewMarks) -> None:
    """Take these marks away from a contact that no longer has them."""
    phone = None if row.phone == marks.phone else row.phone
    user_id = None if row.whatsapp_user_id == marks.user_id else row.whatsapp_user_id
    _mark(row, phone, user_id)
    doubt(row)
    facts.publish(ContactNumberChanged(business_id=tenancy.HOUSE, subject_id=row.id, is_lost=True))


def _merged(one: Contact, two: Contact) -> Contact:
    """One contact of two: who signed up stays, else who was met first. The other leads there from now on."""
    first, second = sorted((one, two), key=lambda row: (row.person_id is None, row.id))
    phone = one.phone or two.phone
    user_id = one.whatsapp_user_id or two.whatsapp_user_id
    closed = {**second.closed_channels, **first.closed_channels}
    _mark(second, None, None)
    second.merged_into = first
    second.save(update_fields=["merged_into"])
    _mark(first, phone, user_id)
    first.name = first.name or second.name
    first.language = first.language or second.language
    first.person_id = first.person_id or second.person_id
    wrote_last = _who_wrote_last(first, second)
    first.window_closes_at = _later(first.window_closes_at, second.window_closes_at)
    first.last_inbound_at = _later(first.last_inbound_at, second.last_inbound_at)
    first.opted_out_at = _later(first.opted_out_at, second.opted_out_at)
    first.reminders_out_at = _later(first.reminders_out_at, second.reminders_out_at)
    if first.email is None and second.email is not None:
        first.email, first.email_index = second.email, second.email_index
    if wrote_last is second:
        first.channel = second.channel
    first.closed_channels = closed
    first.save()
    _join_talks(first, second)
    facts.publish(
        ContactsMerged(business_id=tenancy.HOUSE, subject_id=first.id, other_id=second.id)
    )
    return first


def _join_talks(first: Contact, second: Contact) -> None:
    """One talk of two: the first's goes on, and what was kept of the other stands behind it, for the door to take from it
    what still holds."""
    talks = {
        talk.contact_id: talk
        for talk in Talk.objects.select_for_update().filter(contact_id__in=[first.id, second.id])
    }
    kept, other = talks.get(first.id), talks.get(second.id)
    if other is None:
        return
    if kept is None:
        Talk.objects.filter(contact_id=second.id).update(contact_id=first.id)
        return
    kept.answers = [*(kept.answers or ()), *(other.answers or ())]
    kept.save(update_fields=["answers"])
    other.flow, other.answers = None, None
    other.save(update_fields=["flow", "answers"])


def _who_wrote_last(one: Contact, two: Contact) -> Contact:
    if two.last_inbound_at is None:
        return one
    if one.last_inbound_at is None or one.last_inbound_at < two.last_inbound_at:
        return two
    return one


def _later(one: datetime | None, two: datetime | None) -> datetime | None:
    return max(filter(None, (one, two)), default=None)
