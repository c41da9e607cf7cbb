"""Safaricom and the people with phones, as they really are: what was truly paid, and what is said about it, and when.

Nothing here knows what Hesabu believes. With faults, letters come late, twice, respelled, in any order or not at all, answers
get lost, and liars write. Without, each thing is said once and soon.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.app.simulate.told import About, Answer, Letter, Said

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ENDS = ("1032", "1037", "1", "2001", "1019")
SOON, LATE = timedelta(seconds=40), timedelta(days=3)


@dataclass(slots=True)
class Movement:
    """Money that truly moved to a business by M-PESA."""

    shop: int
    receipt: str
    amount: int
    at: datetime
    checkout: str | None = None
    is_told: bool = False
    """Whether a letter of Safaricom about it was read."""
    is_called_back: bool = False
    """Whether that was a prompt's own callback, which tells the request and the receipt."""
    is_aside: bool = False
    """Whether one was left to a person."""


@dataclass(slots=True)
class Fate:
    """What the payer does with one prompt."""

    shop: int
    checkout: str
    bill: UUID
    amount: int
    phone: str
    reference: str
    path: str
    paid_at: datetime | None = None
    receipt: str = ""
    ended_at: datetime | None = None
    code: str = ""
    is_known: bool = False
    """Whether Hesabu learnt the id of the request, so that a letter with another one contradicts it."""


@dataclass
class Safaricom:
    """The provider, its customers' phones, and those who pretend to be it."""

    rng: random.Random
    faults: bool
    fates: dict[str, Fate] = field(default_factory=dict)
    movements: dict[str, Movement] = field(default_factory=dict)
    lies: set[str] = field(default_factory=set)
    lost_share: float = 0.0
    """How many letters never come: the weather of a run."""

    def __post_init__(self) -> None:
        if self.faults:
            self.lost_share = self.rng.choice((0.05, 0.15, 0.5))

    # --- a prompt

    def take(self, fate: Fate, now: datetime) -> tuple[str, list[tuple[datetime, Letter]]]:
        """The provider's word on a request (accepted, rejected, lost) and the letters that will follow. What is lost on its
        way back may or may not have rung a phone."""
        chance = self.rng.random()
        if chance < 0.04:
            return "rejected", []
        if self.faults and chance < 0.07:
            return "lost", []
        self.fates[fate.checkout] = fate
        self._decide(fate, now)
        is_lost = self.faults and chance < 0.12
        return ("lost" if is_lost else "accepted"), list(self._letters(fate))

    def _decide(self, fate: Fate, now: datetime) -> None:
        """What the payer does: pays, does not, does nothing at all, or pays what M-PESA had given up."""
        chance = self.rng.random()
        soon = now + timedelta(seconds=self.rng.randint(4, 70))
        if chance < 0.70:
            self._pay(fate, soon)
        elif chance < 0.92 or not self.faults:
            fate.ended_at, fate.code = soon, self.rng.choice(ENDS)
        elif chance < 0.97:
            fate.ended_at, fate.code = soon, self.rng.choice(("1032", "1037"))
            self._pay(fate, soon + timedelta(seconds=self.rng.randint(1, 40)))

    def _pay(self, fate: Fate, at: datetime) -> None:
        fate.paid_at, fate.receipt = at, self.new_receipt()
        self.movements[fate.receipt] = Movement(
            fate.shop, fate.receipt, fate.amount, at, fate.checkout
        )

    def _letters(self, fate: Fate) -> Iterator[tuple[datetime, Letter]]:
        about = Letter(fate.shop, About.PROMPT, fate.path, checkout=fate.checkout)
        if fate.ended_at is not None:
            yield from self._sent(replace(about, code=int(fate.code)), fate.ended_at)
        if fate.paid_at is not None:
            phone = None if self.rng.random() < 0.3 else fate.phone
            paid = replace(
                about,
                receipt=fate.receipt,
                amount_minor=fate.amount,
                phone=phone,
                paid_at=fate.paid_at,
            )
            yield from self._sent(paid, fate.paid_at)

    def echo(self, fate: Fate, number: str) -> Iterator[tuple[datetime, Letter]]:
        """The confirmation that a paybill is also sent for money that a prompt brought."""
        if fate.paid_at is not None:
            said = Letter(
                fate.shop,
                About.HAND,
                receipt=fate.receipt,
                amount_minor=fate.amount,
                paid_at=fate.paid_at,
                typed=fate.reference,
                number=number,
            )
            yield from self._sent(said, fate.paid_at)

    def by_hand(
        self, shop: int, number: str, amount: int, typed: str, now: datetime
    ) -> Iterator[tuple[datetime, Letter]]:
        """A customer pays the paybill without being asked."""
        receipt = self.new_receipt()
        self.movements[receipt] = Movement(shop, receipt, amount, now)
        said = Letter(
            shop,
            About.HAND,
            receipt=receipt,
            amount_minor=amount,
            paid_at=now,
            typed=typed,
            number=number,
        )
        yield from self._sent(said, now)

    def _sent(self, letter: Letter, at: datetime) -> Iterator[tuple[datetime, Letter]]:
        """When one letter comes, and how often."""
        soon = at + SOON * self.rng.random()
        if self.rng.random() < self.lost_share:
            return
        chance = self.rng.random() if self.faults else 1.0
        if chance < 0.12:
            soon = at + LATE * self.rng.random()
        yield soon, letter
        if 0.12 <= chance < 0.24:
            again = replace(letter, blanks=self.rng.randint(0, 3))
            yield soon + timedelta(minutes=self.rng.randint(0, 900)), again

    # --- questions

    def answer(self, checkout: str, now: datetime) -> Answer:
        """What became of it, as far as it is known now."""
        if self.faults and self.rng.random() < 0.08:
            return Answer(Said.NOTHING)
        fate = self.fates[checkout]
        if fate.paid_at is not None and fate.paid_at <= now:
            return Answer(Said.PAID)
        if fate.ended_at is not None and fate.ended_at <= now:
            return Answer(Said.NOT_PAID, fate.code)
        return Answer(Said.PENDING)

    # --- liars

    def lie(self, shop: int, number: str, fate: Fate | None) -> Letter:
        """One letter that nobody should believe. `fate` is a prompt of that business, or of another one."""
        forged = self.new_receipt()
        self.lies.add(forged)
        hand = Letter(
            shop,
            About.HAND,
            receipt=forged,
            amount_minor=250_000,
            number=number,
            is_true=False,
        )
        lies = [
            replace(hand, is_vouched=False),
            replace(hand, number="999999"),
            Letter(shop, About.NOTHING, blanks=self.rng.randrange(10_000), is_true=False),
        ]
        if fate is not None:
            paid = Letter(
                shop,
                About.PROMPT,
                fate.path,
                checkout=fate.checkout,
                receipt=forged,
                amount_minor=fate.amount,
                phone=fate.phone,
                is_true=False,
            )
            lies += [paid] * (fate.shop != shop)
            lies += [
                replace(paid, path="guessed" + str(self.rng.randrange(10_000))),
                replace(paid, is_vouched=False),
                replace(paid, is_vouched=False, code=1032, receipt=""),
                replace(paid, amount_minor=fate.amount + 100),
                replace(paid, phone="+254199999999"),
            ]
            if fate.is_known:
                lies.append(replace(paid, checkout="ws_CO_of_somebody_else"))
        return self.rng.choice(lies)

    def new_receipt(self) -> str:
        while True:
            code = "T" + "".join(self.rng.choices(CODE_LETTERS, k=8)) + str(self.rng.randrange(10))
            if code not in self.movements and code not in self.lies:
                return code
