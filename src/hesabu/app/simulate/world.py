"""The world of one run: the businesses, the hour, chance, what is still to happen, and how anything is done in it.

`attempt` is how a person's act is done: the model says first what must come of it, then the room does it, with a worker that
may die anywhere and another that carries on; both must agree, also on what is refused.
"""

from __future__ import annotations

import heapq
import json
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from hesabu.app.simulate import hearing
from hesabu.app.simulate.deaths import Broken, Killed, broken_off
from hesabu.app.simulate.door import Door
from hesabu.app.simulate.model import Books, Refusal
from hesabu.app.simulate.outside import Safaricom
from hesabu.app.simulate.told import About, Letter
from hesabu.kit.errors import HesabuError
from hesabu.payments import actions as payments
from hesabu.store import reading, tenancy

Answer = TypeVar("Answer")
TRAIL = 30
KILL_CHANCE, KILL_STEPS = 0.07, 420


class Violation(Exception):
    """What must be true is not."""


@dataclass(slots=True)
class Customer:
    """Somebody a business invoices."""

    id: UUID
    name: str
    phone: str
    """The phone they pay with. The business may or may not know it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A merchant said that this receipt, of this amount, was for this bill."""

    receipt: str
    amount: int
    bill: UUID


@dataclass
class Shop:
    """One business, and what its books must come to."""

    index: int
    id: UUID
    token: str
    paybill: str
    is_vat_registered: bool
    is_told_by_hand: bool
    """Whether the paybill's confirmations come to us."""
    books: Books = field(default_factory=Books)
    customers: list[Customer] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    """What counts by the merchant's word."""
    locks: list[tuple[int, Any]] = field(default_factory=list)
    """(entries in the book, day) of each time that it was closed."""


@dataclass
class World:
    """Everything there is in a run."""

    rng: random.Random
    now: datetime
    faults: bool
    door: Door
    safaricom: Safaricom
    shops: list[Shop] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    trail: deque[str] = field(default_factory=lambda: deque(maxlen=TRAIL))
    step: int = 0
    _ahead: list[tuple[datetime, int, str, Callable[[], str]]] = field(default_factory=list)
    _order: int = 0
    _waiting: dict[UUID, Letter] = field(default_factory=dict)
    _posted: set[bytes] = field(default_factory=set)
    _last_letter: UUID = tenancy.HOUSE
    _jobs: deque[dict[str, Any]] = field(default_factory=deque)
    _last_job: int = 0
    readings: set[tuple[str, str]] = field(default_factory=set)
    """(reader, fact) of all that is to be read later, each once."""
    _touched: set[int] = field(default_factory=set)

    # --- what is to come

    def later(self, at: datetime, what: str, act: Callable[[], str]) -> None:
        """Let it happen then."""
        self._order += 1
        heapq.heappush(self._ahead, (at, self._order, what, act))

    def post_later(self, letters: Iterable[tuple[datetime, Letter]]) -> None:
        for at, letter in letters:
            self.later(at, "letter", partial(self.post, letter))

    def next_before(self, end: datetime) -> tuple[datetime, str, Callable[[], str]] | None:
        if not self._ahead or self._ahead[0][0] > end:
            return None
        at, _, what, act = heapq.heappop(self._ahead)
        return at, what, act

    # --- doing

    def attempt(
        self,
        shop: Shop,
        room: Callable[[], Answer],
        model: Callable[[], object],
        *,
        may_be_done: bool = True,
    ) -> Answer | None:
        """An act of a person: None where it was refused, and had to be."""
        expected: str | None = None
        try:
            model()
        except Refusal as refusal:
            expected = refusal.code
        try:
            answer = self.carried_out(lambda: self.bound(shop, room), may_be_done=may_be_done)
        except HesabuError as error:
            if error.code != expected:
                raise Violation(f"refused with {error.code}, and not {expected}") from error
            self.counts["refusals"] += 1
            return None
        if expected is not None:
            raise Violation(f"done, and should have been refused with {expected}")
        return answer

    def bound(self, shop: Shop, act: Callable[[], Answer]) -> Answer:
        self._touched.add(shop.index)
        with tenancy.bound(shop.id):
            return act()

    def carried_out(self, act: Callable[[], Answer], *, may_be_done: bool = True) -> Answer:
        """Done, though a worker may die over it: the next one does it again, as a job or a second tap would."""
        if self.faults and self.rng.random() < KILL_CHANCE:
            try:
                return broken_off(act, self.rng.randint(1, KILL_STEPS), may_be_done=may_be_done)
            except Killed as death:
                self.counts["workers killed"] += 1
                self.trail.append(f"       killed at {death}")
        return act()

    def touched(self) -> list[Shop]:
        """The businesses whose rows may have changed since this was asked last."""
        indexes, self._touched = sorted(self._touched), set()
        return [self.shops[index] for index in indexes]

    # --- letters

    def post(self, letter: Letter) -> str:
        """Bring a letter to the door. The same bytes to the same address again are the same letter."""
        shop = self.shops[letter.shop]
        status, sent = self.door.post(shop.token, letter)
        if not status.startswith("200"):
            raise Violation(f"a letter was answered {status}")
        self.counts["letters"] += 1
        self.counts["forged letters"] += not letter.is_true
        filed = _filed_after(self._last_letter, shop.id)
        sent = shop.token.encode() + sent
        if len(filed) != (sent not in self._posted):
            raise Violation(f"{len(filed)} letters were filed")
        self._posted.add(sent)
        for letter_id in filed:
            self._waiting[letter_id] = letter
            self._last_letter = letter_id
        if self.rng.random() < 0.7:
            self.later(self.now + timedelta(seconds=self.rng.randint(0, 20)), "settle", self.settle)
        return f"{letter.about} {letter.receipt or letter.code} comes" + (
            "" if letter.is_true else " from a liar"
        )

    def settle(self) -> str:
        """One turn of a worker that settles, and what must have come of it."""
        limit = self.rng.choice((1, 3, 10, 256))
        error: type[BaseException] = Broken if self.rng.random() < 0.4 else Killed
        taken = 0
        if self.faults and self.rng.random() < 2 * KILL_CHANCE:
            try:
                steps = self.rng.randint(1, 2 * KILL_STEPS)
                taken = broken_off(lambda: payments.settle_waiting(limit), steps, error=error)
            except (Killed, Broken) as death:
                self.counts["workers killed"] += 1
                self.trail.append(f"       killed at {death}")
        else:
            taken = payments.settle_waiting(limit)
        heard = self._hear()
        if self._waiting:
            self.later(self.now + timedelta(seconds=5), "settle", self.settle)
        return f"{taken} letters taken, {heard} read"

    def _hear(self) -> int:
        """Tell the model what was read, in the order it was, and hold the outcome against it."""
        done = _outcomes(list(self._waiting))
        for letter_id, state, reason in done:
            letter = self._waiting.pop(letter_id)
            shop = self.shops[letter.shop]
            self._touched.add(shop.index)
            expected = hearing.read(shop.books, letter, self.now, shop.paybill)
            if state != expected:
                raise Violation(f"{letter} is {state} ({reason}), and should be {expected}")
            movement = self.safaricom.movements.get(letter.receipt)
            if letter.is_true and movement is not None:
                movement.is_told |= state == hearing.READ
                movement.is_called_back |= state == hearing.READ and letter.about is About.PROMPT
                movement.is_aside |= state == hearing.ASIDE
        return len(done)

    @property
    def letters_waiting(self) -> int:
        return len(self._waiting)

    # --- later readers

    def read_some(self, most: int) -> str:
        """Run some of the jobs that hand facts to their readers, in an order of chance, some of them twice."""
        self._fetch_jobs()
        count = min(most, len(self._jobs))
        for _ in range(count):
            self._jobs.rotate(self.rng.randrange(len(self._jobs)))
            args = self._jobs.popleft()
            self.carried_out(partial(reading.read, **args))
            if self.faults and self.rng.random() < 0.15:
                reading.read(**args)
        self.counts["jobs"] += count
        return f"{count} jobs read"

    def _fetch_jobs(self) -> None:
        ours = {str(shop.id) for shop in self.shops}
        for job_id, args in _jobs_after(self._last_job):
            self._last_job = job_id
            if args["facts"][0][0] in ours:
                if "attempt" in args:
                    raise Violation(f"the reader {args['reader']} failed")
                self._jobs.append(args)
                self.readings |= {(args["reader"], fact_id) for _, fact_id in args["facts"]}

    @property
    def jobs_waiting(self) -> int:
        self._fetch_jobs()
        return len(self._jobs)


def _filed_after(letter_id: UUID, business_id: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM store_letter WHERE id > %s AND business_id = %s ORDER BY id",
            (letter_id, business_id),
        )
        return [row[0] for row in cursor.fetchall()]


def _outcomes(letter_ids: list[UUID]) -> list[tuple[UUID, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, state, reason FROM store_letter WHERE id = ANY(%s) AND state <> 'filed' ORDER BY id",
            (letter_ids,),
        )
        return list(cursor.fetchall())


def _jobs_after(job_id: int) -> list[tuple[int, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, args::text FROM procrastinate_jobs WHERE task_name = 'store.read' AND id > %s ORDER BY id",
            (job_id,),
        )
        return [(found, json.loads(args)) for found, args in cursor.fetchall()]
