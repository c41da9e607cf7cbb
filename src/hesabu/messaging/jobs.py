"""The jobs of messaging, named like the actions they call."""

from __future__ import annotations

from uuid import UUID

from hesabu.messaging import actions
from hesabu.messaging.types import Channel
from hesabu.store import jobs


@jobs.task("messaging.deliver", retries=8)
def deliver(business_id: str, message_id: str) -> None:
    actions.deliver(UUID(business_id), UUID(message_id))


@jobs.task("messaging.look_again")
def look_again(business_id: str, message_id: str) -> None:
    actions.look_again(UUID(business_id), UUID(message_id))


@jobs.task("messaging.climb", retries=8)
def climb(business_id: str, message_id: str, channel: str) -> None:
    actions.climb(UUID(business_id), UUID(message_id), Channel(channel))


@jobs.task("messaging.hear_early", retries=8)
def hear_early(business_id: str, message_id: str, attempt: int) -> None:
    actions.hear_early(UUID(business_id), UUID(message_id), attempt)


@jobs.task("messaging.fetch", retries=3)
def fetch(business_id: str, picture_id: str) -> None:
    actions.fetch_taken(UUID(business_id), UUID(picture_id))


@jobs.task("messaging.mark_read", retries=1, priority=-5)
def mark_read(message_id: str) -> None:
    actions.mark_read(UUID(message_id))


@jobs.task("messaging.look_for_lost", retries=0)
def look_for_lost() -> None:
    actions.look_for_lost()


jobs.every("messaging.look_for_lost", cron="* * * * * */15")
