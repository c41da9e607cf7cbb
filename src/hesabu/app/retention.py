"""How long what is kept: every period a setting with its reason, and the forgetting of what is over.

    for step in retention.run(config):        # every night, or `hesabu retention`
        print(step.period.name, step.count)

Each batch is a transaction of its own, and what is left is asked of the rows themselves: killed anywhere, the next run goes
on. Nothing here touches the books, issued documents of those who were not forgotten, facts or their seals: the law wants the
first two, and the last two name nobody (`docs/operations/retention.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connections

from hesabu.app.books import businesses
from hesabu.app.config import Config
from hesabu.kit import clock, crypto
from hesabu.store import forgetting, jobs, tenancy

log = structlog.get_logger(__name__)
BATCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Period:
    """One kind of thing that is not kept for ever."""

    name: str
    setting: str
    """The setting that says how many days; empty where the law does."""
    what: str
    why: str
    count: Callable[[Config, datetime], int]
    """How many are over, at that instant."""
    forget: Callable[[Config, datetime, int], Iterator[int]]
    """Forget them, a batch a transaction; how many each time."""

    def days(self, config: Config) -> int | None:
        return int(getattr(config, self.setting)) if self.setting else None


@dataclass(frozen=True, slots=True)
class Step:
    """A batch that was forgotten."""

    period: Period
    count: int


def run(config: Config, *, batch: int = BATCH_ROWS) -> Iterator[Step]:
    """Forget all that is over. Stop when you like; call again to go on."""
    for period in PERIODS:
        for count in period.forget(config, clock.now(), batch):
            if count:
                yield Step(period, count)


def over(config: Config) -> dict[str, int]:
    """Name → how many would be forgotten now."""
    return {period.name: period.count(config, clock.now()) for period in PERIODS}


def _scalar(question: str, values: Iterable[Any]) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question, list(values))
        return int(cursor.fetchone()[0])


def _rows(table: str, where: str, setting: str, **words: str) -> Period:
    """Rows that are removed whole, as the owner's role. The places in `where` are for the instant before which they are over."""
    places = where.count("%s")

    def before(config: Config, now: datetime) -> datetime:
        return now - timedelta(days=getattr(config, setting))

    def count(config: Config, now: datetime) -> int:
        return _scalar(
            f"SELECT count(*) FROM {table} WHERE {where}", [before(config, now)] * places
        )

    def forget(config: Config, now: datetime, batch: int) -> Iterator[int]:
        gone = batch
        while gone == batch:
            gone = forgetting.remove(table, where, [before(config, now)] * places, batch)
            yield gone

    return Period(words.pop("name"), setting, words["what"], words["why"], count, forget)


# Words of webhooks


def _letters_before(config: Config, now: datetime) -> datetime:
    return now - timedelta(days=config.keep_letters_days)


def _count_letters(config: Config, now: datetime) -> int:
    return _scalar(
        "SELECT count(*) FROM store_letter WHERE state <> 'filed' AND received_at < %s AND length(body) > %s",
        [_letters_before(config, now), len(crypto.seal(b""))],
    )


def _forget_letters(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.store import letters

    gone = batch
    while gone == batch:
        with tenancy.house():
            gone = letters.erase_bodies_before(_letters_before(config, now), batch)
        yield gone


# Words of messages

_OLD_MESSAGES = (
    "FROM messaging_message WHERE created_at < %s AND erased_at IS NULL"
    " AND state NOT IN ('queued', 'sending', 'uncertain')"
)


def _messages_before(config: Config, now: datetime) -> datetime:
    return now - timedelta(days=config.keep_messages_days)


def _count_messages(config: Config, now: datetime) -> int:
    return _scalar(f"SELECT count(*) {_OLD_MESSAGES}", [_messages_before(config, now)])


def _forget_messages(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.messaging import actions as messaging

    before = _messages_before(config, now)
    for business_id in _which(f"SELECT DISTINCT business_id {_OLD_MESSAGES}", [before]):
        gone = batch
        while gone == batch:
            with _bound(business_id):
                gone = messaging.erase_words_before(before, batch)
            yield gone


def _which(question: str, values: Iterable[Any]) -> list[UUID]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question, list(values))
        return [row[0] for row in cursor.fetchall()]


def _bound(business_id: UUID) -> Any:
    return tenancy.house() if business_id == tenancy.HOUSE else tenancy.bound(business_id)


# Conversations that nobody went on with

_IDLE = "FROM messaging_conversation WHERE updated_at < %s AND flow IS NOT NULL"


def _idle_before(config: Config, now: datetime) -> datetime:
    return now - timedelta(days=config.keep_conversations_days)


def _count_conversations(config: Config, now: datetime) -> int:
    return _scalar(f"SELECT count(*) {_IDLE}", [_idle_before(config, now)])


def _forget_conversations(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.messaging import actions as messaging

    before = _idle_before(config, now)
    while contact_ids := _which(f"SELECT contact_id {_IDLE} LIMIT {batch}", [before]):
        with tenancy.house():
            messaging.forget_talks(contact_ids)
        yield len(contact_ids)


# Notices

_WAITS = "SELECT FROM identity_notice_waiting w WHERE w.notice_id = identity_notice.id"
_STALE = "notice_id IN (SELECT id FROM identity_notice WHERE at < %s)"


def _notices_before(config: Config, now: datetime) -> datetime:
    return now - timedelta(days=config.keep_notices_days)


def _count_notices(config: Config, now: datetime) -> int:
    question = "SELECT count(*) FROM identity_notice WHERE at < %s"
    return _scalar(question, [_notices_before(config, now)])


def _forget_notices(config: Config, now: datetime, batch: int) -> Iterator[int]:
    """First what still waits for a digest that nobody gets any more: digests go out daily."""
    before = [_notices_before(config, now)]
    while forgetting.remove("identity_notice_waiting", _STALE, before, batch) == batch:
        pass
    gone = batch
    while gone == batch:
        gone = forgetting.remove(
            "identity_notice", f"at < %s AND NOT EXISTS ({_WAITS})", before, batch
        )
        yield gone


# Exports

_OLD_EXPORTS = (
    "FROM identity_export WHERE (state = 'made' AND expires_at <= %s)"
    " OR (state = 'asked' AND asked_at < %s)"
)


def _count_exports(config: Config, now: datetime) -> int:
    return _scalar(f"SELECT count(*) {_OLD_EXPORTS}", [now, now - timedelta(days=1)])


def _forget_exports(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.identity import actions as identity

    question = f"SELECT DISTINCT business_id {_OLD_EXPORTS}"
    for business_id in _which(question, [now, now - timedelta(days=1)]):
        gone = batch
        while gone >= batch:
            with _bound(business_id):
                gone = identity.forget_exports(batch)
            yield gone


# Papers of the forgotten


def _count_papers(config: Config, now: datetime) -> int:
    from hesabu.invoicing import queries as invoicing

    return sum(invoicing.expired_papers(business_id) for business_id in businesses())


def _forget_papers(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.invoicing import actions as invoicing

    for business_id in businesses():
        yield invoicing.erase_expired(business_id)


# Addresses of acts


def _addresses_before(config: Config, now: datetime) -> UUID:
    """An id begins with its instant."""
    instant = now - timedelta(days=config.keep_addresses_days)
    return UUID(int=int(instant.timestamp() * 1000) << 80)


def _count_addresses(config: Config, now: datetime) -> int:
    question = "SELECT count(*) FROM store_origin WHERE id < %s"
    return _scalar(question, [_addresses_before(config, now)])


def _forget_addresses(config: Config, now: datetime, batch: int) -> Iterator[int]:
    from hesabu.store import origins

    gone = batch
    while gone == batch:
        gone = origins.forget_before(now - timedelta(days=config.keep_addresses_days), batch)
        yield gone


PERIODS: tuple[Period, ...] = (
    Period(
        *("letters", "keep_letters_days", "the words of webhooks that were read"),
        "A dispute with a provider is raised within weeks; what a webhook meant is in the books and facts.",
        *(_count_letters, _forget_letters),
    ),
    Period(
        *("messages", "keep_messages_days", "what was said in messages"),
        "Claims from a contract of an hour's work or a sale are mostly barred after three to six years; shorter is allowed.",
        *(_count_messages, _forget_messages),
    ),
    Period(
        *("conversations", "keep_conversations_days", "answers of a conversation left unfinished"),
        "They are kept only so that somebody can go on where they stopped.",
        *(_count_conversations, _forget_conversations),
    ),
    Period(
        *("addresses", "keep_addresses_days", "from which network address something was done"),
        "A break-in is mostly noticed within half a year. Storage limitation: Kenya DPA 2019 s. 39, NDPA 2023 s. 24, GDPR art. 5.",
        *(_count_addresses, _forget_addresses),
    ),
    _rows(
        *("identity_attempt", "at < %s", "keep_attempts_days"),
        name="attempts",
        what="tries to sign in, with address and browser",
        why="Shown to whom they were about and counted against guessing; after some months neither needs them.",
    ),
    _rows(
        *("django_session", "expire_date < %s", "keep_sessions_days"),
        name="sessions",
        what="sessions that ended",
        why="They open nothing any more.",
    ),
    _rows(
        "usersessions_usersession",
        "last_seen_at < %s AND NOT EXISTS (SELECT FROM django_session s"
        " WHERE s.session_key = usersessions_usersession.session_key AND s.expire_date >= %s)",
        "keep_sessions_days",
        name="devices",
        what="the browser and address of sessions that ended",
        why="The list of one's sessions shows those that are open.",
    ),
    _rows(
        *("identity_entry", "expires_at < %s", "keep_sessions_days"),
        name="entries",
        what="links for signing in by telephone that lapsed",
        why="They open nothing any more.",
    ),
    _rows(
        "identity_invitation",
        "coalesce(accepted_at, revoked_at, expires_at) < %s",
        "keep_invitations_days",
        name="invitations",
        what="invitations that were used, taken back or lapsed, with their addresses",
        why="That somebody joined, and by whom, is a fact; where the invitation went is needed no more.",
    ),
    _rows(
        *("identity_token", "expires_at < %s", "keep_tokens_days"),
        name="tokens",
        what="digests of apps' tokens that lapsed",
        why="A dead token that comes again is an alarm; one this old is refused as unknown.",
    ),
    _rows(
        *("store_idempotency", "created_at < %s", "keep_answers_days"),
        name="answers",
        what="first answers to programs' idempotency keys",
        why="A program repeats within hours; a month is generous.",
    ),
    _rows(
        "procrastinate_jobs",
        "status IN ('failed', 'cancelled', 'aborted') AND NOT EXISTS (SELECT FROM procrastinate_events e"
        " WHERE e.job_id = procrastinate_jobs.id AND e.at >= %s)",
        "keep_jobs_days",
        name="jobs",
        what="jobs that failed for good",
        why="They carry ids alone; whoever looks why does so within weeks.",
    ),
    Period(
        *("notices", "keep_notices_days", "what the platform's people were told of"),
        "An alert is looked into within weeks; what it was about is a fact.",
        *(_count_notices, _forget_notices),
    ),
    Period(
        *("exports", "keep_exports_days", "exports of what is held on somebody"),
        "A second copy of everything is a risk; it can be made again at any time.",
        *(_count_exports, _forget_exports),
    ),
    Period(
        *("papers", "", "words of issued documents of customers who were forgotten"),
        "As long as tax law of the country wants them (src/hesabu/invoicing/rules/keeping.py).",
        *(_count_papers, _forget_papers),
    ),
)
KEPT = (
    (
        "books",
        "entries, payments, issued documents",
        "the law of the country; the chain would break",
    ),
    (
        "facts",
        "that something was done, when, by which id",
        "they name nobody; the chain would break",
    ),
)
"""What is never forgotten, and why."""


@jobs.task("app.forget", retries=1, priority=-5)
def forget() -> None:
    """Every night."""
    from django.conf import settings

    counts = {period.name: 0 for period in PERIODS}
    for step in run(settings.CONFIG):
        counts[step.period.name] += step.count
    log.info("forgotten", **counts)


jobs.every("app.forget", cron="17 1 * * *")
