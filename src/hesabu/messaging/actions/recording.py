"""Recording what the provider said to an attempt, and deciding whether there will be another."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.kit import clock, crypto
from hesabu.messaging import rules
from hesabu.messaging.actions import climbing, languages, tell
from hesabu.messaging.actions.meet import known, lock_contacts, user_index
from hesabu.messaging.actions.preparing import Attempt, bound, defer_delivery, locked
from hesabu.messaging.models import Contact, Dispatch, EarlyWord, Message, Upload
from hesabu.messaging.providers.port import Accepted, Outcome, Refused
from hesabu.messaging.types import Channel, State
from hesabu.store import jobs, tenancy

MILLION = 1_000_000
UPLOAD_DAYS = 25
"""The provider holds an uploaded file for 30 days."""


def record(attempt: Attempt, outcome: Outcome) -> None:
    """Commit what the provider said. An attempt that no longer counts only leaves its provider's id."""
    with bound(attempt.business_id, actor=tenancy.Actor("provider")):
        if isinstance(outcome, Accepted) and not attempt.returns_marks:
            lock_provider_id(outcome.provider_id, attempt.channel)
        row = locked(attempt.message_id)
        if row is None:
            return
        _keep_uploads(attempt, outcome)
        _close_dispatch(attempt, outcome)
        is_current = attempt.number == row.attempt_count and attempt.number >= row.live_from_attempt
        if row.channel != attempt.channel:
            _record_leg(row, attempt, outcome)
            return
        if not is_current or row.state not in (State.SENDING, State.UNCERTAIN):
            if isinstance(outcome, Accepted) and is_current and row.provider_id is None:
                row.provider_id = outcome.provider_id
                tell.save(row)
            return
        if isinstance(outcome, Accepted):
            row.provider_id, row.error_code = outcome.provider_id, ""
            tell.move(row, "accept")
            if outcome.is_passed_on:
                tell.move(row, "pass_on")
            tell.save(row)
            languages.close_gap(attempt.errand.content)
            _learn_user_id(row.contact_id, outcome.user_id)
        elif isinstance(outcome, Refused):
            climbing.close_channel(row.contact_id, attempt.channel, outcome.code)
            if not try_again(row, outcome.code, outcome.cure, "put_back", attempt.reused_upload):
                climbing.give_up(row, outcome.code)
        else:
            lose(row)


def _record_leg(row: Message, attempt: Attempt, outcome: Outcome) -> None:
    """The answer came after the message had left for another channel."""
    leg = climbing.leg_of(row, attempt.channel)
    is_newest = leg is not None and attempt.number == leg.attempt_count
    if leg is not None and is_newest and isinstance(outcome, Accepted):
        leg.provider_id = leg.provider_id or outcome.provider_id
        leg.state = rules.after_telling(State(leg.state), "accept")
        leg.save(update_fields=["provider_id", "state"])


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
        can_turn_to_english=cure is rules.Cure.LANGUAGE and languages.can_turn_to_english(row),
    )
    if cure is rules.Cure.LANGUAGE:
        languages.keep_gap(row, code)
    if wait_seconds is None or not rules.MOVES.allows(State(row.state), verb):
        return False
    if cure is rules.Cure.TEMPLATE:
        row.goes_as_template = True
    if cure is rules.Cure.LANGUAGE:
        row.goes_in_english = True
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
    tell.save(row, ["goes_as_template", "goes_in_english", "live_from_attempt"])
    defer_delivery(row, row.not_before)
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
    if not isinstance(outcome, Accepted):
        record_dispatch(attempt.message_id, attempt.number)
        return
    changes: dict[str, Any] = {}
    index = provider_index(outcome.provider_id, attempt.channel)
    if not Dispatch.objects.filter(provider_index=index).exists():
        changes["provider_index"] = index
    if outcome.cost is not None:
        changes["cost_currency"] = outcome.cost.currency
        changes["cost_millionths"] = int(outcome.cost.amount * MILLION)
    record_dispatch(attempt.message_id, attempt.number, **changes)
    is_early = not attempt.returns_marks and EarlyWord.objects.filter(provider_index=index).exists()
    if is_early:
        jobs.defer(
            "messaging.hear_early",
            business_id=attempt.business_id,
            message_id=attempt.message_id,
            attempt=attempt.number,
        )


def record_dispatch(message_id: UUID, number: int, **changes: Any) -> None:
    Dispatch.objects.filter(message_id=message_id, attempt=number).update(
        recorded_at=clock.now(), **changes
    )


_SPOKEN = {Channel.WHATSAPP: "wamid", Channel.SMS: "sms", Channel.EMAIL: "mail"}


def provider_index(provider_id: str, channel: Channel) -> bytes:
    return crypto.blind(f"{_SPOKEN[channel]}:{provider_id}")


def lock_provider_id(provider_id: str, channel: Channel) -> None:
    """The answer that names an id and a status about it are written one after the other, so that neither misses the other.
    Taken before any row."""
    key = int.from_bytes(provider_index(provider_id, channel)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (key,))


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
