"""Preparing an attempt: what goes out, to whom, with which files, committed as `sending` before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.kit import clock
from hesabu.messaging import rules
from hesabu.messaging.actions import tell
from hesabu.messaging.actions.meet import known
from hesabu.messaging.models import Contact, Dispatch, Message, Upload
from hesabu.messaging.providers.port import Address, Attachment, Errand
from hesabu.messaging.types import Content, State, Template
from hesabu.store import files, flags, jobs, tenancy

PAUSE_SECONDS = 60
"""How long a message waits before it looks again whether the channel was switched back on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was prepared."""

    message_id: UUID
    business_id: UUID
    number: int
    errand: Errand
    reused_upload: bool


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
        content = _content_to_send(row, contact)
        if content is None:
            tell.save(row, ["goes_as_template"])
            return None
        try:
            attachments = {fid: _attachment(fid, name) for fid, name in rules.files_of(content)}
        except files.FileNotFound:
            row.error_code = "file_missing"
            tell.move(row, "fail")
            tell.save(row)
            return None
        return _taken(row, contact, content, attachments)


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
    if not flags.is_on("messaging.whatsapp"):
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


def _content_to_send(row: Message, contact: Contact) -> Content | None:
    """What goes out, given the window; None where nothing may, and then the message has failed."""
    content = rules.content_from(row.content)
    is_template = isinstance(content, Template)
    is_open = rules.is_window_open(contact.window_closes_at, clock.now())
    code = rules.refusal_before_sending(
        is_template=is_template,
        has_fallback=row.fallback is not None,
        is_window_open=is_open and not row.goes_as_template,
        is_opted_out=contact.opted_out_at is not None,
    )
    if not code and contact.phone is None and contact.whatsapp_user_id is None:
        code = "no_address"
    if code:
        row.error_code = code
        tell.move(row, "fail")
        return None
    if row.fallback is not None and not is_template and (row.goes_as_template or not is_open):
        row.goes_as_template = True
        return rules.content_from(row.fallback)
    return content


def _attachment(file_id: UUID, filename: str) -> Attachment:
    held = Upload.objects.filter(
        business_id=tenancy.only(), file_id=file_id, expires_at__gt=clock.now()
    ).first()
    if held is not None:
        return Attachment(b"", "", filename, held.provider_id)
    file = files.read(file_id)
    return Attachment(file.content, file.content_type, filename)


def _taken(
    row: Message, contact: Contact, content: Content, attachments: Mapping[UUID, Attachment]
) -> Attempt:
    now = clock.now()
    row.attempt_count += 1
    row.sent_at, row.not_before = now, None
    tell.move(row, "take")
    tell.save(row, ["attempt_count", "sent_at", "goes_as_template"])
    Dispatch(
        business_id=row.business_id, message_id=row.id, attempt=row.attempt_count, asked_at=now
    ).save(force_insert=True)
    errand = Errand(
        Address(contact.phone, contact.whatsapp_user_id),
        content,
        f"{row.id.hex}.{row.attempt_count}",
        attachments,
    )
    reused = any(attachment.provider_id for attachment in attachments.values())
    return Attempt(row.id, row.business_id, row.attempt_count, errand, reused)


def defer_delivery(row: Message, run_at: datetime) -> None:
    jobs.defer(
        "messaging.deliver",
        business_id=row.business_id,
        message_id=row.id,
        run_at=run_at,
        lock=f"contact:{row.contact_id}",
    )
