"""Notices go out. What is said commits together with the row that says that it was, so that each runs again for nothing."""

from __future__ import annotations

import zoneinfo
from uuid import UUID

from hesabu.doors.web.platform import telling
from hesabu.identity import actions, queries
from hesabu.kit import clock
from hesabu.store import jobs, tenancy


@jobs.task("platform.tell", retries=8)
def tell(notice_id: str) -> None:
    """Tell one to everybody who is told at once; for the others it waits."""
    with tenancy.house():
        for person_id, way in actions.spread(UUID(notice_id)):
            telling.tell(person_id, way, queries.notice(UUID(notice_id)))


@jobs.task("platform.send_digest", retries=3, priority=-1)
def send_digest(person_id: str) -> None:
    """Somebody's digest, if it is 08:00 or later where they are and they had none today."""
    reader_id = UUID(person_id)
    with tenancy.house():
        found = actions.take_digest(reader_id)
        zone = zoneinfo.ZoneInfo(queries.digest_timezone(reader_id))
        for way, some in found.items():
            telling.tell_digest(reader_id, way, some, clock.now().astimezone(zone).date())


@jobs.task("platform.send_digests", retries=0)
def send_digests() -> None:
    """Give everybody who may be told of anything a job of their own. Time zones begin at quarters of an hour."""
    with tenancy.house():
        for person_id in queries.notice_readers():
            jobs.defer(
                "platform.send_digest",
                key=f"platform.send_digest:{person_id}",
                person_id=person_id,
            )


jobs.every("platform.send_digests", cron="*/15 * * * *")
