"""Preparing an attempt: what goes out, to whom, with which files, committed as `sending` before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.kit import clock
from hesabu.messaging import channel as channels
from hesabu.messaging import rules
from hesabu.messaging.actions import climbing, tell
from hesabu.messaging.actions.choosing import NotSent, words_to_send
from hesabu.messaging.actions.meet import known
from hesabu.messaging.models import Contact, Dispatch, Message, Upload
from hesabu.messaging.providers.port import Address, Attachment, Errand, Sender
from hesabu.messaging.types import Channel, Content, Letter, State
from hesabu.store import files, flags, jobs, tenancy

SWITCHES = {
    Channel.WHATSAPP: "messaging.whatsapp",
    Channel.SMS: "messaging.sms",
    Channel.EMAIL: "messaging.email",
}
PAUSE_SECONDS = 60
"""How long a message waits before it looks again whether the channel was switched back on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was prepared."""

    message_id: UUID
    business_id: UUID
    channel: Channel
    number: int
    errand: Errand
    reused_upload: bool
    returns_marks: bool


def prepare(business_id: UUID, message_id: UUID) -> Attempt | None:
    """Take the message and commit that we did; None where there is nothing to ask (now)."""
    with bound(business_id):
        row = locked(message_id)
        if row is None or row.state != State.QUEUED:
            return None
        wait_until = _wait_until(row)
        if wait_until is not None:
            defer_delivery(row, wait_until)
            return None
        contact = known(row.contact_id)
        words = words_to_send(row, contact)
        if isinstance(words, NotSent):
            _refuse(row, words)
            return None
        try:
            attachments = _attachments(row, words)
        except files.FileNotFound:
            climbing.give_up(row, "file_missing")
            return None
        return _taken(row, contact, words, attachments)


def _refuse(row: Message, why: NotSent) -> None:
    if not why.is_final:
        climbing.give_up(row, why.code)
        return
    row.error_code = why.code
    tell.move(row, "fail")
    tell.save(row)


def bound(
    business_id: UUID, actor: tenancy.Actor = tenancy.SYSTEM
) -> AbstractContextManager[tenancy.Binding]:
    if business_id == tenancy.HOUSE:
        return tenancy.house(actor=actor)
    return tenancy.bound(business_id, actor=actor)


def locked(message_id: UUID) -> Message | None:
    row: Message | None = (
        Message.objects.select_for_update()
        .filter(business_id=tenancy.only(), id=message_id)
        .first()
    )
    return row


def _wait_until(row: Message) -> datetime | None:
    """When to look again, where now is too early: the channel is off, it has to wait, or one before it has."""
    now = clock.now()
    if not flags.is_on(SWITCHES[Channel(row.channel)]):
        return now + timedelta(seconds=PAUSE_SECONDS)
    if row.not_before is not None and row.not_before > now:
        return row.not_before
    earlier = (
        Message.objects.filter(
            business_id=row.business_id,
            contact_id=row.contact_id,
            state=State.QUEUED,
            id__lt=row.id,
            not_before__gt=now,
        )
        .order_by("-not_before")
        .values_list("not_before", flat=True)
        .first()
    )
    return earlier + timedelta(milliseconds=50) if earlier else None


def _attachments(row: Message, words: Content | Letter) -> Mapping[UUID, Attachment]:
    """The files that travel with it. Only WhatsApp keeps what it was given once; a text message carries none."""
    holds = row.channel == Channel.WHATSAPP
    return {fid: _attachment(fid, name, holds=holds) for fid, name in rules.files_of(words)}


def _attachment(file_id: UUID, filename: str, *, holds: bool) -> Attachment:
    if holds:
        held = Upload.objects.filter(
            business_id=tenancy.only(), file_id=file_id, expires_at__gt=clock.now()
        ).first()
        if held is not None:
            return Attachment(b"", "", filename, held.provider_id)
    file = files.read(file_id)
    return Attachment(file.content, file.content_type, filename)


def _taken(
    row: Message,
    contact: Contact,
    words: Content | Letter,
    attachments: Mapping[UUID, Attachment],
) -> Attempt:
    now, channel = clock.now(), Channel(row.channel)
    row.attempt_count += 1
    row.sent_at, row.not_before = now, None
    tell.move(row, "take")
    tell.save(row, ["attempt_count", "sent_at", "goes_as_template"])
    Dispatch(
        business_id=row.business_id,
        message_id=row.id,
        attempt=row.attempt_count,
        channel=channel,
        asked_at=now,
        price_category=_price_category(row, channel),
    ).save(force_insert=True)
    errand = Errand(
        Address(contact.phone, contact.whatsapp_user_id, contact.email),
        words,
        f"{row.id.hex}.{row.attempt_count}",
        attachments,
        _sender(row) if channel is Channel.EMAIL else Sender(),
    )
    return Attempt(
        row.id,
        row.business_id,
        channel,
        row.attempt_count,
        errand,
        reused_upload=any(attachment.provider_id for attachment in attachments.values()),
        returns_marks=channels.provider(channel).returns_marks,
    )


def _sender(row: Message) -> Sender:
    """A mail shows the business that it comes from."""
    if row.business_id == tenancy.HOUSE:
        return Sender()
    return Sender(identity.business(row.business_id).name)


def defer_delivery(row: Message, run_at: datetime) -> None:
    jobs.defer(
        "messaging.deliver",
        business_id=row.business_id,
        message_id=row.id,
        run_at=run_at,
        lock=f"contact:{row.contact_id}",
    )


def _price_category(row: Message, channel: Channel) -> str:
    """What it is sent for, where the provider has no word of its own for it, as none has for text messages."""
    return row.category if channel is Channel.SMS else ""
