"""One prompt, one truth, and every source that may tell it: in any order, twice, or never.

Whatever arrives and whatever is lost: money that moved is counted exactly once, and money that did
not move is never counted, as long as the provider can be asked in the end.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from hesabu.kit import clock
from hesabu.payments import actions
from hesabu.payments.errors import CodeAlreadyUsed
from hesabu.payments.providers.port import (
    Accepted,
    Answer,
    NoAnswer,
    NotPaid,
    Outcome,
    Paid,
    Pending,
    Uncertain,
)
from hesabu.store import tenancy
from payments.shop import Shop, kes, purpose

REF = "ws_CO_7"
TRUE = "SKL4T7QX2P"
HORIZON_SECONDS = 4 * 86_400


class World:
    """What really happened, and the ways in which the product hears of it."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        self.is_paid = self.chance.random() < 0.7
        self.wanted = purpose()
        self.view = shop.collect(self.wanted)
        self.start = shop.row(self.view.id).created_at

    def live(self) -> None:
        with self.at(1), tenancy.bound(self.shop.id):
            actions.begin_asking(self.view.id)
        outcome: Outcome = Accepted(REF, "1-2-3")
        if self.is_paid and self.chance.random() < 0.3:
            outcome = Uncertain("no_answer")
        # When the answer was lost, the request's id is known only by its callback.
        is_id_lost = isinstance(outcome, Uncertain)
        happenings: list[Callable[[], None]] = [lambda: self.outcome(outcome)]
        for tell, times in (
            (
                self.callback,
                self.chance.choice([1, 2]) if is_id_lost else self.chance.choice([0, 0, 1, 2]),
            ),
            (self.false_start, self.chance.choice([0, 0, 1])),
            (self.by_hand, self.chance.choice([0, 0, 1, 2])),
            (self.claimed, self.chance.choice([0, 0, 1])),
            (self.asked, self.chance.choice([0, 2, 4])),
        ):
            happenings += [tell] * times
        self.chance.shuffle(happenings)
        seconds = 2
        for happen in happenings:
            seconds += self.chance.choice([0, 1, 10, 25, 40])
            with self.at(seconds):
                happen()
        self.to_the_end(seconds)

    def at(self, seconds: int):  # type: ignore[no-untyped-def]
        return clock.fixed(self.start + timedelta(seconds=seconds))

    def outcome(self, outcome: Outcome) -> None:
        with tenancy.bound(self.shop.id):
            actions.record_outcome(self.view.id, outcome)

    def callback(self) -> None:
        code, receipt = (0, TRUE) if self.is_paid else (1032, "")
        self.shop.called_back(self.view.id, REF, code=code, receipt=receipt)

    def false_start(self) -> None:
        """A callback that says no, though the payer may still say yes."""
        self.shop.called_back(self.view.id, REF, code=1037, receipt="")

    def by_hand(self) -> None:
        """M-PESA tells of prompted money a second time, as of money sent by hand."""
        if self.is_paid:
            self.shop.paid_by_hand(TRUE, "1500", "INV0007")

    def claimed(self) -> None:
        if self.is_paid:
            with tenancy.bound(self.shop.id):
                try:
                    claim_id = actions.claim(self.wanted, TRUE, kes("1500"))
                except CodeAlreadyUsed:
                    return
                actions.confirm(claim_id)

    def asked(self) -> None:
        truth: Answer = Paid() if self.is_paid else NotPaid("1032")
        self._ask(self.chance.choice([truth, truth, Pending(), NoAnswer("no_answer")]))

    def _ask(self, answer: Answer) -> None:
        with tenancy.bound(self.shop.id):
            question = actions.begin_asking_again(self.view.id)
        if question is not None:
            with tenancy.bound(self.shop.id):
                actions.record_answer(self.view.id, answer)

    def to_the_end(self, seconds: int) -> None:
        """The janitor goes on until there is nothing left to ask; the provider tells the truth."""
        for _ in range(40):
            due = self.shop.row(self.view.id).next_ask_at
            if due is None:
                return
            seconds = max(seconds, int((due - self.start).total_seconds()) + 1)
            with self.at(seconds):
                self._ask(Paid() if self.is_paid else NotPaid("1032"))
        raise AssertionError("the janitor never comes to an end")


@pytest.mark.parametrize("seed", range(64))
def test_the_truth_is_counted_once(new_shop: Callable[[], Shop], seed: int) -> None:
    shop = new_shop()
    world = World(shop, seed)
    world.live()
    counted = [amount for _, amount, state in shop.payments()]
    if world.is_paid:
        assert counted == [150_000], shop.payments()
        if shop.row(world.view.id).state == "settled":
            assert shop.payments()[0][2] != "unplaced"
    else:
        assert counted == []
        assert shop.row(world.view.id).state in ("failed", "expired")
