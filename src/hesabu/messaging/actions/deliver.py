"""Delivering a message: prepare (committed), ask (no transaction), record (committed).

Whatever dies between two of these steps leaves a row that says how far it got. Only a message that is `queued` is ever
taken, so a job that runs twice sends once; one that was taken and never recorded becomes `uncertain` by `look_for_lost`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hesabu.kit import clock, crypto
from hesabu.messaging import channel, rules
from hesabu.messaging.actions import tell
from hesabu.messaging.actions.meet import known, lock_contacts, user_index
from hesabu.messaging.models import Contact, Dispatch, Message, Upload
from hesabu.messaging.providers.port import (
    Accepted,
    Address,
    Attachment,
    Errand,
    Outcome,
    Refused,
)
from hesabu.messaging.types import Content, State, Template
from hesabu.store import files, flags, jobs, tenancy

UPLOAD_DAYS = 25
"""The provider holds an uploaded file for 30 days."""
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


def deliver(business_id: UUID, message_id: UUID) -> None:
    """Try to deliver a queued message, once. Opens its own transactions."""
    attempt = prepare(business_id, message_id)
    if attempt is not None:
        record(attempt, channel.provider().send(attempt.errand))


def prepare(business_id: UUID, message_id: UUID) -> Attempt | None:
    """Take the message and commit that we did; None where there is nothing to ask (now)."""
    with _bound(business_id):
        row = _locked(message_id)
        if row is None or row.state != State.QUEUED:
            return None
        wait_until = _wait_until(row)
        if wait_until is not None:
            _defer(row, wait_until)
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


def record(attempt: Attempt, outcome: Outcome) -> None:
    """Commit what the provider said. An attempt that no longer counts only leaves its provider's id."""
    with _bound(attempt.business_id, actor=tenancy.Actor("provider")):
        row = _locked(attempt.message_id)
        if row is None:
            return
        _keep_uploads(attempt, outcome)
        _close_dispatch(attempt, outcome)
        is_current = attempt.number == row.attempt_count and attempt.number >= row.live_from_attempt
        if not is_current or row.state not in (State.SENDING, State.UNCERTAIN):
            if isinstance(outcome, Accepted) and is_current and row.provider_id is None:
                row.provider_id = outcome.provider_id
                tell.save(row)
            return
        if isinstance(outcome, Accepted):
            row.provider_id, row.error_code = outcome.provider_id, ""
            tell.move(row, "accept")
            tell.save(row)
            _learn_user_id(row.contact_id, outcome.user_id)
        elif isinstance(outcome, Refused):
            if not try_again(row, outcome.code, outcome.cure, "put_back", attempt.reused_upload):
                row.error_code = outcome.code
                tell.move(row, "fail")
                tell.save(row)
        else:
            lose(row)


def try_again(
    row: Message, code: str, cure: rules.Cure, verb: str, reused_upload: bool = False
) -> bool:
    """Queue another attempt at a message that surely was not taken, if anything helps against `cure`. In its binding."""
    can_turn = row.fallback is not None and not row.goes_as_template
    wait_seconds = rules.again_after_seconds(
        cure,
        row.attempt_count,
        clock.now() - row.created_at,
        can_turn_to_template=can_turn,
        reused_upload=reused_upload,
    )
    if wait_seconds is None or not rules.MOVES.allows(State(row.state), verb):
        return False
    if cure is rules.Cure.TEMPLATE:
        row.goes_as_template = True
    if cure is rules.Cure.UPLOAD:
        content = rules.content_from(row.content)
        file_ids = [file_id for file_id, _ in rules.files_of(content)]
        Upload.objects.filter(business_id=row.business_id, file_id__in=file_ids).delete()
    if verb == "try_again":
        row.live_from_attempt = row.attempt_count + 1
    row.error_code = code
    tell.move(row, verb)
    jitter = random.uniform(0, wait_seconds / 2)
    row.not_before = clock.now() + timedelta(seconds=wait_seconds + jitter)
    tell.save(row, ["goes_as_template", "live_from_attempt"])
    _defer(row, row.not_before)
    return True


def lose(row: Message) -> None:
    """Nobody knows whether it was taken. A status may still tell; if none comes, a person is told."""
    if tell.move(row, "lose"):
        tell.save(row)
        jobs.defer(
            "messaging.look_again",
            business_id=row.business_id,
            message_id=row.id,
            run_at=clock.now() + timedelta(seconds=rules.UNCERTAIN_SECONDS),
        )


def look_again(business_id: UUID, message_id: UUID) -> None:
    """Tell a person about a message that is uncertain still; once. Opens its own transaction."""
    with _bound(business_id):
        row = _locked(message_id)
        if row is not None and row.state == State.UNCERTAIN and row.error_code != "uncertain":
            row.error_code = "uncertain"
            tell.save(row)
            tell.tell_failed(row, "uncertain")


def look_for_lost() -> None:
    """Attempts that were begun and never recorded: their worker died. Opens its own transactions."""
    with tenancy.house():
        begun_before = clock.now() - timedelta(seconds=rules.LOST_SECONDS)
        lost = list(
            Dispatch.objects.filter(recorded_at=None, asked_at__lt=begun_before)
            .order_by("asked_at")
            .values_list("business_id", "message_id", "attempt")[:200]
        )
    for business_id, message_id, number in lost:
        with _bound(business_id):
            row = _locked(message_id)
            _record_dispatch(message_id, number)
            if row is not None and row.attempt_count == number and row.state == State.SENDING:
                lose(row)


def _bound(
    business_id: UUID, actor: tenancy.Actor = tenancy.SYSTEM
) -> AbstractContextManager[tenancy.Binding]:
    if business_id == tenancy.HOUSE:
        return tenancy.house(actor=actor)
    return tenancy.bound(business_id, actor=actor)


def _locked(message_id: UUID) -> Message | None:
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


def _keep_uploads(attempt: Attempt, outcome: Outcome) -> None:
    new = {
        file_id: held
        for file_id, held in outcome.uploads.items()
        if attempt.errand.attachments[file_id].provider_id is None
    }
    for file_id, held in new.items():
        Upload.objects.update_or_create(
            business_id=attempt.business_id,
            file_id=file_id,
            defaults={
                "provider_id": held,
                "expires_at": clock.now() + timedelta(days=UPLOAD_DAYS),
            },
        )


def _close_dispatch(attempt: Attempt, outcome: Outcome) -> None:
    provider_id = outcome.provider_id if isinstance(outcome, Accepted) else None
    _record_dispatch(attempt.message_id, attempt.number, provider_id)


def _record_dispatch(message_id: UUID, number: int, provider_id: str | None = None) -> None:
    changes: dict[str, Any] = {"recorded_at": clock.now()}
    if provider_id:
        index = provider_index(provider_id)
        if not Dispatch.objects.filter(provider_index=index).exists():
            changes["provider_index"] = index
    Dispatch.objects.filter(message_id=message_id, attempt=number).update(**changes)


def provider_index(provider_id: str) -> bytes:
    return crypto.blind(f"wamid:{provider_id}")


def _learn_user_id(contact_id: UUID, user_id: str | None) -> None:
    """The answer to a send may name the contact's user id. Kept where nothing contradicts it; a letter settles the rest."""
    if not user_id:
        return
    contact = known(contact_id)
    if contact.whatsapp_user_id is not None:
        return
    lock_contacts()
    index = user_index(user_id)
    if not Contact.objects.filter(whatsapp_user_index=index).exists():
        Contact.objects.filter(id=contact.id, whatsapp_user_index=None).update(
            whatsapp_user_id=user_id, whatsapp_user_index=index
        )


def _defer(row: Message, run_at: datetime) -> None:
    jobs.defer(
        "messaging.deliver",
        business_id=row.business_id,
        message_id=row.id,
        run_at=run_at,
        lock=f"contact:{row.contact_id}",
    )
