"""Questions about contacts, messages and conversations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, Q, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncMonth

from hesabu.kit import clock, crypto
from hesabu.messaging import models, rules
from hesabu.messaging.errors import ContactNotFound, MessageNotFound, PictureNotFound
from hesabu.messaging.held import contact_ids_of as contact_ids_of
from hesabu.messaging.held import count_with as count_with
from hesabu.messaging.held import files_of_contacts as files_of_contacts
from hesabu.messaging.held import held_on_contacts as held_on_contacts
from hesabu.messaging.held import held_words as held_words
from hesabu.messaging.held import person_ids_of as person_ids_of
from hesabu.messaging.types import (
    Category,
    Channel,
    ChannelCosts,
    Contact,
    Conversation,
    Cost,
    Direction,
    Inbound,
    Kind,
    Leg,
    Media,
    Outbound,
    PictureView,
    State,
)
from hesabu.store import tenancy


def contact(contact_id: UUID) -> Contact:
    """Who they are by now, also under an id they had before they were merged. In any binding."""
    row = models.Contact.objects.filter(id=contact_id).first()
    while row is not None and row.merged_into_id is not None:
        row = models.Contact.objects.filter(id=row.merged_into_id).first()
    if row is None:
        raise ContactNotFound(str(contact_id))
    return Contact(
        id=row.id,
        phone=row.phone,
        name=row.name,
        language=row.language,
        person_id=row.person_id,
        is_window_open=(
            row.channel != Channel.WHATSAPP
            or rules.is_window_open(row.window_closes_at, clock.now())
        ),
        window_closes_at=row.window_closes_at,
        is_opted_out=row.opted_out_at is not None or row.reminders_out_at is not None,
        email=row.email,
        channel=Channel(row.channel),
        is_opted_out_of_all=row.opted_out_at is not None,
        is_doubted=row.doubted_at is not None or _is_long_silent(row),
    )


def _is_long_silent(row: models.Contact) -> bool:
    """Whether a person was silent so long that their number may be somebody else's by now: before that one writes, too."""
    heard = [at for at in (row.last_inbound_at, row.proved_at) if at is not None]
    if row.person_id is None or not heard:
        return False
    return clock.now() - max(heard) > rules.SILENCE


def pictures(subject_ids: Collection[UUID] | None = None, *, limit: int = 50) -> list[PictureView]:
    """What was sent to the one bound business about these, or about anything: the newest first."""
    rows = models.Picture.objects.filter(business_id=tenancy.only()).order_by("-id")
    rows = rows if subject_ids is None else rows.filter(subject_id__in=subject_ids)
    return [_picture(row) for row in rows[:limit]]


def picture(picture_id: UUID) -> PictureView:
    """Of the one bound business. Raises PictureNotFound."""
    row = models.Picture.objects.filter(business_id=tenancy.only(), id=picture_id).first()
    if row is None:
        raise PictureNotFound(str(picture_id))
    return _picture(row)


def _picture(row: models.Picture) -> PictureView:
    return PictureView(
        row.id,
        row.contact_id,
        row.message_id,
        (row.subject_kind, row.subject_id),
        row.file_id,
        row.error_code,
        row.created_at,
    )


def contact_by_phone(phone: str) -> Contact | None:
    """The contact with this number (E.164). In any binding."""
    index = crypto.blind(f"phone:{phone}")
    found = models.Contact.objects.filter(phone_index=index).values_list("id", flat=True).first()
    return contact(found) if found else None


def contacts_of_person(person_id: UUID) -> list[Contact]:
    """Where a person can be reached, who wrote last first. In any binding."""
    rows = models.Contact.objects.filter(person_id=person_id, merged_into=None)
    found = rows.order_by("-last_inbound_at", "id").values_list("id", flat=True)
    return [contact(contact_id) for contact_id in found]


def all_ids_of(contact_id: UUID) -> list[UUID]:
    """Every id this contact was ever known by, the present one first. In any binding."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_IDS, (contact_id,))
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        raise ContactNotFound(str(contact_id))
    return found


_ALL_IDS = """
WITH RECURSIVE up AS (
    SELECT id, merged_into_id FROM messaging_contact WHERE id = %s
    UNION ALL SELECT c.id, c.merged_into_id FROM messaging_contact c JOIN up ON c.id = up.merged_into_id
), down AS (
    SELECT id, 0 AS depth FROM up WHERE merged_into_id IS NULL
    UNION ALL SELECT c.id, depth + 1 FROM messaging_contact c JOIN down ON c.merged_into_id = down.id
)
SELECT id FROM down ORDER BY depth, id
"""


def inbound(message_id: UUID) -> Inbound:
    """A message that came in. In a house transaction, or with the house bound."""
    row = models.Message.objects.filter(
        business_id=tenancy.HOUSE, id=message_id, direction=Direction.IN
    ).first()
    if row is None:
        raise MessageNotFound(str(message_id))
    return _all_inbound([row])[0]


def unanswered(contact_id: UUID) -> list[Inbound]:
    """What a contact said that was not dealt with yet, in the order they said it. In a house transaction."""
    theirs = RawSQL(  # noqa: S611 - our own text; an array, so that the index is used
        f"messaging_message.contact_id = ANY (ARRAY({_ALL_IDS}))",
        (contact_id,),
        output_field=BooleanField(),
    )
    rows = models.Message.objects.filter(
        theirs, business_id=tenancy.HOUSE, state=State.RECEIVED
    ).order_by("sent_at", "id")
    return _all_inbound(list(rows))


def outbound(message_id: UUID) -> Outbound:
    """A message of ours, in the binding of its business."""
    return _outbound(_out(message_id))


def _out(message_id: UUID) -> models.Message:
    row = models.Message.objects.filter(
        business_id__in=tenancy.current().business_ids, id=message_id, direction=Direction.OUT
    ).first()
    if row is None:
        raise MessageNotFound(str(message_id))
    return row


def message(message_id: UUID) -> Outbound:
    """A message of ours with every channel it took, in order, and what each cost; in the binding of its business."""
    row = _out(message_id)
    legs = list(models.Leg.objects.filter(business_id=row.business_id, message_id=row.id))
    prices = _prices(message_id)
    found = [_leg(leg, leg.began_at, prices) for leg in legs]
    found.append(_leg(row, row.rung_began_at or row.created_at, prices))
    found.sort(key=lambda leg: rules.LADDER.index(leg.channel))
    return replace(_outbound(row), legs=tuple(found))


def _leg(row: models.Leg | models.Message, began_at: datetime, prices: _Prices) -> Leg:
    channel = Channel(row.channel)
    asked = prices.get(channel, [])
    sums = _summed(asked)
    billed = [price.is_billable for price in asked if price.is_billable is not None]
    return Leg(
        channel=channel,
        state=State(row.state),
        code=row.error_code,
        attempt_count=len(asked),
        began_at=began_at,
        settled_at=row.settled_at,
        cost=sums[0] if sums else None,
        is_billable=any(billed) if billed else None,
        price_category=next((price.price_category for price in asked if price.price_category), ""),
    )


_Prices = dict[Channel, list[models.Dispatch]]


def _prices(message_id: UUID) -> _Prices:
    found: _Prices = defaultdict(list)
    for row in models.Dispatch.objects.filter(message_id=message_id, attempt__gt=0).order_by(
        "attempt"
    ):
        found[Channel(row.channel)].append(row)
    return found


def _summed(rows: Iterable[models.Dispatch]) -> list[Cost]:
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.cost_millionths is not None:
            sums[row.cost_currency] += row.cost_millionths
    return [Cost(currency, Decimal(total) / MILLION) for currency, total in sorted(sums.items())]


def costs(from_on: date, to_on: date) -> list[ChannelCosts]:
    """What messages cost from one day (of UTC) to another, both included, by month, channel and the provider's category: of
    the bound business, or, in a house transaction, of all. Only what a provider said of an attempt is counted."""
    rows = models.Dispatch.objects.filter(
        attempt__gt=0,
        asked_at__gte=datetime.combine(from_on, time.min, UTC),
        asked_at__lt=datetime.combine(to_on + timedelta(days=1), time.min, UTC),
    )
    if not tenancy.current().is_house:
        rows = rows.filter(business_id__in=tenancy.current().business_ids)
    sums = (
        rows.annotate(month_on=TruncMonth("asked_at", tzinfo=UTC))
        .values("month_on", "channel", "price_category", "cost_currency")
        .annotate(
            messages=Count("message_id", distinct=True),
            billable=Count("id", filter=Q(is_billable=True)),
            total=Sum("cost_millionths"),
        )
        .order_by("month_on", "channel", "price_category", "cost_currency")
    )
    found: dict[tuple[date, Channel, str], ChannelCosts] = {}
    for one in sums:
        key = (one["month_on"].date(), Channel(one["channel"]), one["price_category"])
        before = found.get(key) or ChannelCosts(*key, 0, 0, ())
        cost = [Cost(one["cost_currency"], Decimal(one["total"]) / MILLION)] if one["total"] else []
        found[key] = replace(
            before,
            message_count=before.message_count + one["messages"],
            billable_count=before.billable_count + one["billable"],
            costs=(*before.costs, *cost),
        )
    return list(found.values())


MILLION = 1_000_000


def reason_of(code: str, channel: Channel) -> tuple[str, str]:
    """Why a message did not arrive, for those who run the house: what the code means, and what to do. Pure."""
    return rules.reason_of(code, channel)


def codes_about_us() -> list[str]:
    """Codes that a person of the house can mend, and nobody else. Pure."""
    return sorted(rules.ABOUT_US)


def messages_about(subject_id: UUID) -> list[Outbound]:
    """All messages of ours about one thing, oldest first, in the binding of its business."""
    rows = models.Message.objects.filter(
        business_id__in=tenancy.current().business_ids,
        subject_id=subject_id,
        direction=Direction.OUT,
    ).order_by("id")
    return [_outbound(row) for row in rows]


def conversation(contact_id: UUID) -> Conversation:
    """Where the talk with a contact stands; an empty one where there was none. In any binding."""
    row = models.Talk.objects.filter(contact_id=contact_id, contact__merged_into=None).first()
    if row is None:
        row = models.Talk.objects.filter(contact_id=contact(contact_id).id).first()
    if row is None:
        return Conversation()
    return Conversation(
        row.flow, row.version, tuple(row.answers or ()), row.business_id, row.updated_at
    )


def _all_inbound(rows: Sequence[models.Message]) -> list[Inbound]:
    """With the messages of ours that they quote, asked for at once."""
    indexes = {row.id: _index_of(row.content.get("quoted")) for row in rows}
    sought = {index for index in indexes.values() if index}
    found: dict[bytes, UUID] = {}
    if sought:
        sent = models.Dispatch.objects.only("provider_index", "message_id")
        found = {
            bytes(one.provider_index or b""): one.message_id
            for one in sent.filter(provider_index__in=sought)
        }
    return [_inbound(row, found.get(indexes[row.id] or b"")) for row in rows]


def _index_of(provider_id: str | None) -> bytes | None:
    return crypto.blind(f"wamid:{provider_id}") if provider_id else None


def _inbound(row: models.Message, quoted_message_id: UUID | None) -> Inbound:
    content: dict[str, Any] = row.content
    kept = content.get("media")
    media = (
        Media(kept["id"], kept["content_type"], kept["sha256"], kept["filename"]) if kept else None
    )
    quoted = content.get("quoted") or None
    known = ("text", "button_id", "media", "quoted")
    assert row.sent_at is not None
    return Inbound(
        message_id=row.id,
        contact_id=row.contact_id,
        kind=Kind(row.kind),
        text=content.get("text", ""),
        button_id=content.get("button_id") or None,
        media=media,
        quoted_provider_id=quoted,
        quoted_message_id=quoted_message_id,
        sent_at=row.sent_at,
        more={name: value for name, value in content.items() if name not in known},
        channel=Channel(row.channel),
    )


def _outbound(row: models.Message) -> Outbound:
    return Outbound(
        message_id=row.id,
        business_id=row.business_id,
        contact_id=row.contact_id,
        kind=Kind(row.kind),
        state=State(row.state),
        error_code=row.error_code,
        attempt_count=row.attempt_count,
        went_as_template=row.goes_as_template,
        channel=Channel(row.channel),
        category=Category(row.category),
        cause=row.cause,
        subject=(row.subject_kind, row.subject_id),
    )
