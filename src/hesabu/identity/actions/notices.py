"""Notices: noted once for each fact, told at once or laid by for a digest, and what each person chose. What is said of them,
and how it goes out, is the door's.

Everything that somebody is told of commits together with the row that says so: a notice is spread once, and a digest is made
once a day, however often and wherever a worker dies in between.
"""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import time
from uuid import UUID

from hesabu.identity import across, notices
from hesabu.identity.errors import BadDetail
from hesabu.identity.facts import PlatformNoticesChosen
from hesabu.identity.models import Notice, NoticeChoice, NoticeReader, NoticeWaiting
from hesabu.identity.permissions import inner
from hesabu.identity.platform import NOTICE_READ, needs_platform
from hesabu.identity.types import NoticeView, NoticeWay, When
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from hesabu.store.facts import Fact, publish

DIGEST_AT = time(8)


@inner
def keep_notice(fact: Fact) -> list[UUID]:
    """Note what the platform's people may be told of it; the ids. In the binding of the fact's business, once for each fact."""
    rows = [
        Notice(
            id=ids.new_id(),
            business_id=fact.business_id,
            kind=kind.name,
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            at=clock.now(),
        )
        for kind in notices.of(fact)
    ]
    Notice.objects.bulk_create(rows)
    return [row.id for row in rows]


@inner
def spread(notice_id: UUID) -> list[tuple[UUID, NoticeWay]]:
    """Lay a notice by for those who read it in their digest; who is to be told at once, and how. In a house transaction. Once:
    again it is nobody."""
    row = Notice.objects.select_for_update().get(id=notice_id)
    if row.spread_at is not None:
        return []
    row.spread_at = clock.now()
    row.save(update_fields=["spread_at"])
    at_once, waiting = [], []
    for person_id in across.notice_readers():
        choice = across.choice_of(person_id, row.kind)
        if choice.when is When.AT_ONCE:
            at_once.append((person_id, choice.way))
        elif choice.when is When.DIGEST:
            waiting.append(
                NoticeWaiting(
                    id=ids.new_id(), notice=row, person_id=person_id, way=choice.way.value
                )
            )
    NoticeWaiting.objects.bulk_create(waiting, ignore_conflicts=True)
    return at_once


@inner
def take_digest(person_id: UUID) -> Mapping[NoticeWay, Sequence[NoticeView]]:
    """What waited for somebody's digest, by the way it goes, if it is 08:00 or later where they are and they had none today; then
    it waits no more. In a house transaction, in which it is also said."""
    _begin_reading(person_id)
    row = NoticeReader.objects.select_for_update().get(person_id=person_id)
    there = clock.now().astimezone(zoneinfo.ZoneInfo(row.timezone))
    if there.time() < DIGEST_AT or row.digested_on == there.date():
        return {}
    row.digested_on = there.date()
    row.save(update_fields=["digested_on"])
    found: dict[NoticeWay, list[NoticeView]] = defaultdict(list)
    waiting = NoticeWaiting.objects.filter(person_id=person_id).select_related("notice")
    for one in waiting.order_by("notice__at", "notice_id"):
        found[NoticeWay(one.way)].append(across.notice_view(one.notice))
    waiting.delete()
    return found if person_id in across.notice_readers() else {}


@needs_platform(NOTICE_READ)
def choose_notice(kind: str, when: When, way: NoticeWay) -> None:
    """When and how the bound person is told of a kind from now on. What waits for their digest already stays there."""
    person_id = _person()
    try:
        notices.named(kind)
    except KeyError as error:
        raise BadDetail("no such kind", field="kind") from error
    before = across.choice_of(person_id, kind)
    if (before.when, before.way) == (When(when), NoticeWay(way)):
        return
    NoticeChoice.objects.update_or_create(
        person_id=person_id,
        kind=kind,
        defaults={"timing": When(when).value, "way": NoticeWay(way).value},
        create_defaults={
            "id": ids.new_id(),
            "timing": When(when).value,
            "way": NoticeWay(way).value,
        },
    )
    publish(
        PlatformNoticesChosen(
            business_id=tenancy.HOUSE,
            subject_id=person_id,
            notice=kind,
            when=When(when).value,
            way=NoticeWay(way).value,
        )
    )


@needs_platform(NOTICE_READ)
def set_digest_timezone(timezone: str) -> None:
    """Whose 08:00 the bound person's digest goes out at. Raises BadDetail."""
    if timezone not in zoneinfo.available_timezones():
        raise BadDetail("no such time zone", field="timezone")
    _begin_reading(_person())
    NoticeReader.objects.filter(person_id=_person()).update(timezone=timezone)


def _begin_reading(person_id: UUID) -> None:
    NoticeReader.objects.get_or_create(
        person_id=person_id, defaults={"id": ids.new_id(), "timezone": across.TIMEZONE}
    )


def _person() -> UUID:
    actor = tenancy.current().actor
    if actor.kind != "person" or actor.id is None:
        raise BadDetail("a person chooses", field="person")
    return actor.id
