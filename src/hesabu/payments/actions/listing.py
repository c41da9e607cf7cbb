"""Reading the provider's list: money whose tidings were lost is found, and counted as if they had come.

    begin (which window, which row) ─▶ [no transaction: a page] ─▶ file (a letter for each row nobody has told of, and how far)

What is filed goes the way of every letter, so a receipt counts once, whoever tells of it and how often. Letters and the place
in the list are committed together: whoever is killed goes on where it stood, and a page read twice files nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection

from hesabu.identity.permissions import inner
from hesabu.kit import clock
from hesabu.payments import queries, rules
from hesabu.payments.actions.collectors import collector, lister
from hesabu.payments.models import Listening, PaymentAccount, PaymentRow
from hesabu.payments.providers.mpesa import passwords
from hesabu.payments.providers.mpesa.listing import as_utc
from hesabu.payments.providers.port import (
    AccountKeys,
    Listed,
    ListedRow,
    Lister,
    Listing,
    NoAnswer,
    Rejected,
    keys_of,
)
from hesabu.payments.types import ListRead
from hesabu.store import flags, letters, tenancy

log = structlog.get_logger(__name__)
MINUTE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """A page to ask for: what came between two instants, from the row after `offset` on."""

    account_id: UUID
    provider: str
    account: AccountKeys
    start: datetime
    end: datetime
    offset: int


@inner
def read_list(business_id: UUID, account_id: UUID, since: datetime | None = None) -> ListRead:
    """Read one page, where it is this account's turn, and file what nobody has told of. With `since` a reading begins, whosever
    turn it is, and what came since then counts, even where the list was not open to us yet. No transaction is open while the provider is asked."""
    with tenancy.bound(business_id):
        question = begin_listing(account_id, since)
    if question is None:
        return ListRead(is_done=True)
    shows = lister(question.provider)
    page = shows.read(question.account, question.start, question.end, question.offset)
    times: Mapping[int, datetime] = {}
    if isinstance(page, Listed):
        found = _times(shows, question, page.rows)
        page, times = (page, found) if not isinstance(found, NoAnswer) else (found, times)
    with tenancy.bound(business_id, actor=tenancy.Actor("provider")):
        return record_listed(question, page, times)


@inner
def begin_listing(account_id: UUID, since: datetime | None = None) -> ListQuestion | None:
    """The page that is to be asked for now; None where it is nobody's turn. Inside a binding."""
    business_id, now = tenancy.only(), clock.now()
    row = _locked(account_id)
    if row is None or row.list_opened_at is None or row.next_list_at is None:
        return None
    if since is None and row.next_list_at > now:
        return None
    offered = queries.offered(PaymentAccount.objects.filter(business_id=business_id))
    account = offered.filter(id=account_id).first()
    if account is None or not flags.is_on(collector(account.provider).flag):
        row.next_list_at = now + timedelta(seconds=rules.LIST_EVERY_SECONDS)
        row.save(update_fields=["next_list_at"])
        return None
    stale = now - timedelta(seconds=rules.LIST_STALE_SECONDS)
    if row.window_from is None or row.window_to is None or row.window_to < stale or since:
        _open_window(row, now, since)
    row.next_list_at = now + timedelta(seconds=rules.LIST_READING_SECONDS)
    row.save()
    assert row.window_from is not None
    assert row.window_to is not None
    return ListQuestion(
        account.id, account.provider, keys_of(account), row.window_from, row.window_to,
        row.rows_read,
    )  # fmt: skip


def _open_window(row: Listening, now: datetime, since: datetime | None) -> None:
    assert row.list_opened_at is not None
    start, end = rules.list_window(now, row.list_opened_at, since)
    row.window_from, row.window_to, row.rows_read = start, end, 0
    gap = rules.missed(row.listed_until, start, row.list_opened_at) if since is None else None
    if gap is not None:
        row.missed_from, row.missed_until = gap
        log.error("payments.list_missed", account_id=str(row.account_id))


def _times(
    shows: Lister, question: ListQuestion, rows: Sequence[ListedRow]
) -> Mapping[int, datetime] | NoAnswer:
    """When each row's money was sent, by its place. Where rows do not say by which clock, a question about one row's minute
    does: the list is asked in Nairobi's time, so a row that it brings again was written in it."""
    told = {place: row.at for place, row in enumerate(rows) if row.at is not None}
    unsure = [(place, at) for place, at in told.items() if not rows[place].is_clock_sure]
    if not unsure:
        return told
    place, at = unsure[0]
    is_nairobi = question.start - MINUTE <= at <= question.end + MINUTE
    if is_nairobi:
        again = shows.read(question.account, at - MINUTE, at + MINUTE, 0)
        if not isinstance(again, Listed):
            return NoAnswer("no_clock")
        is_nairobi = any(row.receipt == rows[place].receipt for row in again.rows)
    if is_nairobi:
        return told
    return told | {place: as_utc(at) for place, at in unsure}


@inner
def record_listed(
    question: ListQuestion, page: Listing, times: Mapping[int, datetime] | None = None
) -> ListRead:
    """Commit what a page brought, and how far the list is read. A page that somebody else has recorded meanwhile changes
    nothing. Inside a binding."""
    now = clock.now()
    row = _locked(question.account_id)
    asked = (question.start, question.end, question.offset)
    if row is None or (row.window_from, row.window_to, row.rows_read) != asked:
        return ListRead(is_done=False)
    if not isinstance(page, Listed):
        return _unread(row, page, now)
    row.list_refused_code = ""
    filed = _file(question, page.rows, times or {})
    row.rows_read += len(page.rows)
    is_endless = row.rows_read >= rules.LIST_ROWS_MAX
    if is_endless:
        log.error("payments.list_endless", account_id=str(row.account_id))
    is_done = not page.rows or is_endless
    if is_done:
        row.listed_until = max(filter(None, [row.listed_until, row.window_to]))
        row.window_from, row.window_to, row.rows_read = None, None, 0
    wait = rules.LIST_EVERY_SECONDS if is_done else 0
    row.next_list_at = now + timedelta(seconds=wait)
    row.save()
    if filed:
        log.warning("payments.listed", account_id=str(row.account_id), filed=filed)
    return ListRead(is_done=is_done, rows=len(page.rows), filed=filed)


def _unread(row: Listening, page: Rejected | NoAnswer, now: datetime) -> ListRead:
    is_refused = isinstance(page, Rejected)
    wait = rules.LIST_EVERY_SECONDS if is_refused else rules.LIST_AGAIN_SECONDS
    row.next_list_at = now + timedelta(seconds=wait)
    row.list_refused_code = page.code if isinstance(page, Rejected) else row.list_refused_code
    row.save(update_fields=["next_list_at", "list_refused_code"])
    why = page.code if isinstance(page, Rejected) else page.why
    log.warning("payments.list_unread", account_id=str(row.account_id), why=why)
    return ListRead(is_done=True, refused_code=why)


def _file(question: ListQuestion, rows: Sequence[ListedRow], times: Mapping[int, datetime]) -> int:
    """A letter for each row that nobody has told of in full, in the order in which the money was sent. How many are new."""
    business_id = tenancy.only()
    places = {row.receipt: place for place, row in enumerate(rows) if row.receipt}
    told = {
        known.receipt: known
        for known in PaymentRow.objects.filter(business_id=business_id, receipt__in=list(places))
    }
    accounts = _accounts_of(question)
    in_order = sorted(
        range(len(rows)), key=lambda at: (times.get(at, question.end), rows[at].receipt or "")
    )
    filed = 0
    for place in in_order:
        row = rows[place]
        known = told.get(row.receipt or "")
        is_told = known is not None and bool(known.letter_id or known.collection_id)
        if is_told and known is not None and known.amount_minor == row.amount_minor:
            continue
        account = accounts.get(row.reference.upper()) or accounts[""]
        keys = keys_of(account)
        body = lister(question.provider).letter(keys, row, times.get(place))
        filed += _file_letter(account, body)
    return filed


def _accounts_of(question: ListQuestion) -> dict[str, PaymentAccount]:
    """The business's accounts with this number, by what payers always type for each; the one asked about for all others."""
    business_id = tenancy.only()
    rows = queries.offered(PaymentAccount.objects.filter(business_id=business_id))
    asked = rows.get(id=question.account_id)
    same = rows.filter(number_index=asked.number_index, endpoint_id__isnull=False)
    named = {str(row.account_reference or "").upper(): row for row in same.order_by("-id")}
    return named | {"": named.get("") or asked}


def _file_letter(account: PaymentAccount, body: bytes) -> int:
    assert account.endpoint_id is not None
    endpoint = letters.OpenEndpoint(
        account.endpoint_id, account.provider, account.business_id, account.id, None, None
    )
    request = letters.HookRequest("POST", {}, "", body, "", passwords.LISTED)
    values = letters.filing(endpoint, request, letters.Verdict(is_vouched=True))
    with connection.cursor() as cursor:
        cursor.execute(letters.FILE, values)  # type: ignore[arg-type]
        return int(cursor.rowcount)


def _locked(account_id: UUID) -> Listening | None:
    return (
        Listening.objects.select_for_update()
        .filter(business_id=tenancy.only(), account_id=account_id)
        .first()
    )
