"""Settling, first half: read a batch of letters and all they are about, and decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hesabu.kit import clock, crypto, ids
from hesabu.ledger.actions import LockedBook
from hesabu.payments import rules, settling
from hesabu.payments.providers.mpesa import callback, passwords
from hesabu.payments.providers.mpesa.client import look_up_ref
from hesabu.payments.settling import Act, Asked, Known, Saying
from hesabu.payments.types import TRIAL, CollectionState, Method, PaymentState
from hesabu.store import sql, tenancy
from hesabu.store.letters import FiledLetter

NAIROBI_OFFSET = timedelta(hours=3)
CURRENCY = "KES"


@dataclass(frozen=True, slots=True)
class Account:
    """The account a letter came in for."""

    id: UUID
    business_id: UUID
    kind: str
    ledger_role: str
    number_index: bytes
    number_sealed: bytes

    @property
    def number(self) -> str:
        return crypto.unseal(self.number_sealed).decode()


@dataclass(slots=True)
class Arrival:
    """A payment to be written."""

    id: UUID
    account: Account
    receipt: str
    method: str
    amount_minor: int
    currency: str
    received_at: datetime
    letter_id: UUID
    collection: Asked | None
    state: PaymentState
    payer_name: str | None = None
    payer_index: bytes | None = None
    reference: str | None = None


@dataclass(slots=True)
class Batch:
    """What a batch of letters comes to."""

    books: Mapping[UUID, LockedBook]
    read_ids: list[UUID] = field(default_factory=list)
    aside: list[tuple[UUID, str]] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    changed: dict[UUID, tuple[Asked, str]] = field(default_factory=dict)
    """Requests whose state changed, with the provider's result code."""
    asked_again: dict[UUID, tuple[Asked, str]] = field(default_factory=dict)
    """Requests the provider is asked about now, with the reason of the doubt."""
    owned: list[tuple[Known, Asked]] = field(default_factory=list)
    """Payments in suspense that turned out to answer a request."""
    receipts: list[tuple[Known, str]] = field(default_factory=list)
    """Payments known by their request alone, with the true receipt."""
    whose: dict[UUID, UUID] = field(default_factory=dict)
    """Of these payments, the business of each."""
    doubtful: list[tuple[Account, Known]] = field(default_factory=list)
    """Payments that a letter tells of with another amount."""
    twins: list[tuple[Arrival, UUID]] = field(default_factory=list)
    """Arrivals that may be what the merchant had counted by their word, with that payment."""
    looked_up: list[tuple[Account, str]] = field(default_factory=list)
    """Receipts of money that answers nothing: the provider is asked about them."""
    vouched: list[tuple[Known, UUID]] = field(default_factory=list)
    """Payments that were counted before, with the letter that tells of them once more."""


def read_batch(filed: Sequence[FiledLetter], books: Mapping[UUID, LockedBook]) -> Batch:
    """Decide about letters whose businesses' books are held."""
    batch = Batch(books)
    now = clock.now()
    said = [(letter, callback.read(letter.body)) for letter in filed]
    accounts = _accounts({letter.subject_id for letter in filed if letter.subject_id})
    collections = _Collections(said)
    payments = _Payments(said, collections)
    for letter, content in said:
        account = accounts.get(letter.subject_id) if letter.subject_id else None
        if isinstance(content, callback.Malformed):
            batch.aside.append((letter.id, f"malformed: {content.reason}"))
        elif account is None:
            batch.aside.append((letter.id, "unknown account"))
        elif isinstance(content, callback.StkResult):
            _read_prompt(batch, letter, content, account, collections, payments, now)
        elif isinstance(content, callback.StatusResult) and letter.ref.startswith(
            passwords.LOOKED_UP
        ):
            _read_looked_up(batch, letter, content, account, payments, now)
        elif isinstance(content, callback.StatusResult):
            _read_books(batch, letter, content, account, collections, payments, now)
        elif letter.ref == passwords.BEFOREHAND:
            batch.read_ids.append(letter.id)  # the question whether it may be paid: no money yet
        else:
            _read_hand(batch, letter, content, account, payments, now)
    return batch


def _read_prompt(
    batch: Batch,
    letter: FiledLetter,
    content: callback.StkResult,
    account: Account,
    collections: _Collections,
    payments: _Payments,
    now: datetime,
) -> None:
    asked, came_by_its_path = collections.of(letter, content)
    saying = Saying(
        content.checkout_request_id,
        content.result_code,
        content.receipt,
        content.amount_minor,
        crypto.blind(content.phone) if content.phone else None,
        came_by_its_path,
        letter.is_vouched,
    )
    known = payments.of(account.business_id)
    act, reason = settling.of_prompt(
        saying, asked, known, payments.settling(asked) if asked else None
    )
    if act == Act.NOTHING and asked is None:
        batch.read_ids.append(letter.id)
        return
    if act == Act.LOOK and content.receipt is not None:
        batch.looked_up.append((account, content.receipt))
    if act in (Act.ASIDE, Act.LOOK) or asked is None:
        batch.aside.append((letter.id, reason))
        return
    if act == Act.ASK:
        batch.asked_again[asked.id] = (asked, reason)
    _heed(batch, letter, content, account, payments, now, asked, act)


def _read_books(
    batch: Batch,
    letter: FiledLetter,
    content: callback.StatusResult,
    account: Account,
    collections: _Collections,
    payments: _Payments,
    now: datetime,
) -> None:
    """The answer to a look into the provider's books: it comes by the path of the request that was looked for."""
    asked = collections.by_path(letter)
    saying = Saying(
        (asked.provider_ref if asked else None) or "", 0, content.receipt, content.amount_minor,
        crypto.blind(content.phone) if content.phone else None, asked is not None, letter.is_vouched,
    )  # fmt: skip
    known = payments.of(account.business_id)
    act, reason = settling.of_books(
        saying, asked, known, payments.settling(asked) if asked else None
    )
    if act == Act.ASIDE or asked is None:
        batch.aside.append((letter.id, reason))
        return
    result = callback.StkResult(
        saying.checkout_request_id, "", 0, "", content.amount_minor, content.receipt, content.paid_at,
        content.phone,
    )  # fmt: skip
    _heed(batch, letter, result, account, payments, now, asked, act)


def _heed(
    batch: Batch,
    letter: FiledLetter,
    content: callback.StkResult,
    account: Account,
    payments: _Payments,
    now: datetime,
    asked: Asked,
    act: Act,
) -> None:
    """Do what a letter about a request came to."""
    known = payments.of(account.business_id)
    batch.read_ids.append(letter.id)
    by_word = payments.by_word(asked) if act == Act.SETTLE else None
    if act in (Act.SETTLE, Act.OWN, Act.FAIL):
        asked.state = rules.COLLECTION_MOVES.after(
            asked.state, "fail" if act == Act.FAIL else "settle"
        )
        asked.provider_ref = asked.provider_ref or content.checkout_request_id
        asked.merchant_request_id = asked.merchant_request_id or content.merchant_request_id
        batch.changed[asked.id] = (asked, str(content.result_code))
        batch.asked_again.pop(asked.id, None)
    if act in (Act.SETTLE, Act.UNPLACED):
        assert content.receipt is not None
        is_placed = act == Act.SETTLE and by_word is None and asked.purpose_kind != TRIAL
        arrival = Arrival(
            ids.new_id(), account, content.receipt, Method.MPESA_STK, asked.amount_minor, asked.currency,
            content.paid_at or now, letter.id, asked,
            PaymentState.SETTLED if is_placed else PaymentState.UNPLACED,
            payer_index=crypto.blind(content.phone) if content.phone else None,
        )  # fmt: skip
        batch.arrivals.append(arrival)
        payments.add(arrival)
        if by_word is not None:
            batch.twins.append((arrival, by_word))
    elif act == Act.OWN:
        assert content.receipt is not None
        batch.owned.append((known[content.receipt], asked))
    elif act == Act.RECEIPT:
        settled_by = payments.settling(asked)
        assert settled_by is not None
        assert content.receipt is not None
        batch.receipts.append((settled_by, content.receipt))
        batch.whose[settled_by.id] = account.business_id
        settled_by.receipt = content.receipt
        payments.remember(account.business_id, settled_by)


def _read_hand(
    batch: Batch,
    letter: FiledLetter,
    content: callback.C2bConfirmation,
    account: Account,
    payments: _Payments,
    now: datetime,
) -> None:
    awaited = payments.awaited(account, content, now)
    act, reason = settling.of_hand(
        content.receipt,
        content.amount_minor,
        CURRENCY,
        letter.is_vouched and crypto.blind(content.shortcode) == account.number_index,
        payments.of(account.business_id),
        awaited,
    )
    if act == Act.ASIDE:
        batch.aside.append((letter.id, reason))
        known = payments.of(account.business_id).get(content.receipt)
        if known is not None and letter.is_vouched:
            batch.doubtful.append((account, known))
        return
    batch.read_ids.append(letter.id)
    if act == Act.RECEIPT and awaited is not None:
        batch.receipts.append((awaited, content.receipt))
        batch.whose[awaited.id] = account.business_id
        awaited.receipt = content.receipt
        payments.remember(account.business_id, awaited)
    if act == Act.UNPLACED:
        arrival = Arrival(
            ids.new_id(), account, content.receipt, rules.method_of(account.kind), content.amount_minor, CURRENCY,
            content.paid_at or now, letter.id, None, PaymentState.UNPLACED, content.payer_name,
            crypto.blind(content.phone) if content.phone else None, content.account or None,
        )  # fmt: skip
        batch.arrivals.append(arrival)
        payments.add(arrival)
    elif content.receipt in (counted := payments.of(account.business_id)):
        batch.vouched.append((counted[content.receipt], letter.id))


def _read_looked_up(
    batch: Batch,
    letter: FiledLetter,
    content: callback.StatusResult,
    account: Account,
    payments: _Payments,
    now: datetime,
) -> None:
    """The books' word about a receipt that was asked for: as a confirmation of money by hand. Only the receipt that was asked
    for, by the path that was made for it."""
    if content.receipt is None or content.amount_minor is None:
        batch.read_ids.append(letter.id)
        return
    if letter.ref != look_up_ref(content.receipt):
        batch.aside.append((letter.id, "the books speak of another receipt"))
        return
    told = callback.C2bConfirmation(
        content.receipt,
        content.amount_minor,
        account.number,
        "",
        "",
        content.paid_at,
        content.phone,
    )
    _read_hand(batch, letter, told, account, payments, now)


def _accounts(account_ids: Iterable[UUID]) -> dict[UUID, Account]:
    with sql.cursor() as cursor:
        cursor.execute(
            "SELECT id, business_id, kind, ledger_role, number_index, number FROM payments_account"
            " WHERE id = ANY(%b)",
            (list(account_ids),),
        )
        return {
            row[0]: Account(row[0], row[1], row[2], row[3], bytes(row[4]), bytes(row[5]))
            for row in cursor.fetchall()
        }


_COLLECTION = (
    "c.id, c.business_id, c.account_id, c.purpose_kind, c.purpose_id, c.amount_minor, c.currency, c.payer_index,"
    " c.state, c.provider_ref, c.merchant_request_id"
)
_BY_PATH = (
    f"SELECT {_COLLECTION}, c.callback_ref_hash FROM payments_collection c"
    " JOIN unnest(%b::uuid[], %b::bytea[]) AS t (a, h) ON c.account_id = t.a AND c.callback_ref_hash = t.h"
    " FOR UPDATE OF c"
)
_BY_REF = (
    f"SELECT {_COLLECTION} FROM payments_collection c"
    " JOIN unnest(%s::uuid[], %b::text[]) AS t (a, r) ON c.account_id = t.a AND c.provider_ref = t.r"
    " FOR UPDATE OF c"
)


class _Collections:
    """The requests that a batch may answer: by the end of the path it came by, else by the provider's id."""

    def __init__(self, said: Sequence[tuple[FiledLetter, callback.Letter]]) -> None:
        about = (callback.StkResult, callback.StatusResult)
        prompts = [(le, c) for le, c in said if isinstance(c, about) and le.subject_id]
        self._by_path: dict[tuple[UUID, bytes], Asked] = {}
        self._by_ref: dict[tuple[UUID, str], Asked] = {}
        self._hashes = {le.id: crypto.digest(le.ref) for le, _ in prompts if le.ref}
        by_id: dict[UUID, Asked] = {}
        pairs = {(le.subject_id, self._hashes[le.id]) for le, _ in prompts if le.ref}
        if pairs:
            with sql.cursor() as cursor:
                cursor.execute(_BY_PATH, ([a for a, _ in pairs], [h for _, h in pairs]))
                for row in cursor.fetchall():
                    asked = by_id.setdefault(row[0], _asked(row))
                    self._by_path[asked.account_id, bytes(row[11])] = asked
        stray = {
            (le.subject_id, c.checkout_request_id)
            for le, c in prompts
            if isinstance(c, callback.StkResult)
            and (le.subject_id, self._hashes.get(le.id)) not in self._by_path
        }
        if stray:
            with sql.cursor() as cursor:
                cursor.execute(_BY_REF, ([a for a, _ in stray], [r for _, r in stray]))
                for row in cursor.fetchall():
                    asked = by_id.setdefault(row[0], _asked(row))
                    self._by_ref[asked.account_id, str(asked.provider_ref)] = asked
        self.all = list(by_id.values())

    def by_path(self, letter: FiledLetter) -> Asked | None:
        """The request whose own path the letter came by."""
        assert letter.subject_id is not None
        return self._by_path.get((letter.subject_id, self._hashes.get(letter.id, b"")))

    def of(self, letter: FiledLetter, content: callback.StkResult) -> tuple[Asked | None, bool]:
        """The request, and whether the letter came by its own path."""
        by_path = self.by_path(letter)
        if by_path is not None:
            return by_path, True
        assert letter.subject_id is not None
        return self._by_ref.get((letter.subject_id, content.checkout_request_id)), False


def _asked(row: Sequence[object]) -> Asked:
    values = list(row[:11])
    values[7] = bytes(values[7])  # type: ignore[call-overload]
    values[8] = CollectionState(str(values[8]))
    return Asked(*values)  # type: ignore[arg-type]


Awaited = tuple[Known, UUID, datetime, str, bytes]
"""A payment without its true receipt: itself, its account, when it was asked for, the reference shown, the payer asked."""

_AWAITED = """
SELECT p.id, p.receipt, p.state, p.collection_id, p.amount_minor, p.currency,
       p.account_id, coalesce(c.asked_at, c.created_at), coalesce(a.account_reference, c.reference), c.payer_index
FROM payments_payment p JOIN payments_collection c ON c.business_id = p.business_id AND c.id = p.collection_id
JOIN payments_account a ON a.business_id = p.business_id AND a.id = c.account_id
WHERE p.business_id = ANY(%s) AND p.receipt >= 'stk:' AND p.receipt < 'stk;' ORDER BY p.id
"""


def _awaited_payments() -> list[Awaited]:
    """Those of the bound businesses. Few: each is a callback that was lost."""
    with sql.cursor() as cursor:
        cursor.execute(_AWAITED, (list(tenancy.current().business_ids),))
        return [
            (
                Known(row[0], row[1], PaymentState(row[2]), *row[3:6]),
                row[6],
                row[7],
                row[8],
                bytes(row[9]),
            )
            for row in cursor.fetchall()
        ]


_WORDS = """
SELECT t.c, p.id FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::uuid[], %b::bigint[], %b::text[]) AS t (c, b, k, i, m, y)
JOIN payments_payment p ON p.business_id = t.b AND p.purpose_id = t.i AND p.purpose_kind = t.k AND p.amount_minor = t.m
    AND p.currency = t.y
WHERE p.receipt LIKE 'own:%%' AND p.method LIKE 'mpesa%%' AND p.state <> 'reversed' AND p.letter_id IS NULL
    AND p.collection_id IS NULL AND p.received_at >= %s
    AND NOT EXISTS (SELECT FROM payments_twin w WHERE w.business_id = p.business_id AND w.by_word_id = p.id
                    AND w.state = 'asked')
ORDER BY t.c, p.id
"""


class _Payments:
    """Payments that are already there: by receipt, and those that settled a request of this batch."""

    def __init__(
        self, said: Sequence[tuple[FiledLetter, callback.Letter]], collections: _Collections
    ) -> None:
        self._by_receipt: dict[UUID, dict[str, Known]] = {}
        self._by_collection: dict[UUID, Known] = {}
        self._awaited: list[Awaited] | None = None
        pairs = {
            (letter.business_id, content.receipt)
            for letter, content in said
            if not isinstance(content, callback.Malformed)
            and content.receipt
            and letter.business_id
        }
        settled = [a.id for a in collections.all if a.state == CollectionState.SETTLED]
        self._words: dict[UUID, list[UUID]] = {}
        self._load_words([a for a in collections.all if a.state != CollectionState.SETTLED])
        if pairs:
            self._load(
                "JOIN unnest(%b::uuid[], %b::text[]) AS t (b, r) ON p.business_id = t.b AND p.receipt = t.r",
                ([b for b, _ in pairs], [r for _, r in pairs]),
            )
        if settled:
            self._load("WHERE p.collection_id = ANY(%s)", (settled,))

    def _load(self, where: str, values: Sequence[Any]) -> None:
        with sql.cursor() as cursor:
            cursor.execute(
                "SELECT p.business_id, p.id, p.receipt, p.state, p.collection_id, p.amount_minor, p.currency,"
                " p.method = 'mpesa_stk'"
                f" FROM payments_payment p {where}",
                values,
            )
            for (
                business_id,
                payment_id,
                receipt,
                state,
                collection_id,
                amount,
                currency,
                is_prompts,
            ) in cursor.fetchall():
                known = Known(
                    payment_id,
                    receipt,
                    PaymentState(state),
                    collection_id,
                    amount,
                    currency,
                    is_prompts,
                )
                self.remember(business_id, known)

    def _load_words(self, asked: Sequence[Asked]) -> None:
        """What merchants counted by their word alone, for the same purpose and as much, within the day."""
        if not asked:
            return
        since = clock.now() - timedelta(hours=rules.TWIN_HOURS)
        with sql.cursor() as cursor:
            cursor.execute(
                _WORDS,
                (
                    [a.id for a in asked],
                    [a.business_id for a in asked],
                    [a.purpose_kind for a in asked],
                    [a.purpose_id for a in asked],
                    [a.amount_minor for a in asked],
                    [a.currency for a in asked],
                    since,
                ),
            )
            for collection_id, payment_id in cursor.fetchall():
                self._words.setdefault(collection_id, []).append(payment_id)

    def by_word(self, asked: Asked) -> UUID | None:
        """The payment that the money of this request may be, counted by the merchant's word before. Nothing else of the batch
        is it from then on: a request whose letter brings no money asks about none."""
        found = next(iter(self._words.get(asked.id, [])), None)
        for others in self._words.values():
            if found in others:
                others.remove(found)
        return found

    def remember(self, business_id: UUID, known: Known) -> None:
        self._by_receipt.setdefault(business_id, {})[known.receipt] = known
        if known.collection_id:
            self._by_collection[known.collection_id] = known

    def add(self, arrival: Arrival) -> None:
        known = Known(
            arrival.id,
            arrival.receipt,
            arrival.state,
            arrival.collection.id if arrival.collection else None,
            arrival.amount_minor,
            arrival.currency,
        )
        self.remember(arrival.account.business_id, known)

    def of(self, business_id: UUID) -> dict[str, Known]:
        return self._by_receipt.get(business_id, {})

    def awaited(
        self, account: Account, content: callback.C2bConfirmation, now: datetime
    ) -> Known | None:
        """A prompt's payment that was booked without its receipt and agrees with this confirmation in all else."""
        if self._awaited is None:
            self._awaited = _awaited_payments()
        paid_at = content.paid_at or now
        payer = crypto.blind(content.phone) if content.phone else None
        for found, account_id, asked_at, reference, payer_index in self._awaited:
            # A letter of this very batch may have brought the receipt already.
            known = self._by_collection.get(found.collection_id or found.id, found)
            start, end = rules.paid_between(asked_at)
            if (
                account_id == account.id
                and rules.is_receipt_awaited(known.receipt)
                and (known.amount_minor, known.currency) == (content.amount_minor, CURRENCY)
                and start <= paid_at <= end
                and rules.is_same_payer(payer, payer_index)
                and rules.is_same_reference(content.account, reference)
            ):
                return known
        return None

    def settling(self, asked: Asked) -> Known | None:
        return self._by_collection.get(asked.id)
