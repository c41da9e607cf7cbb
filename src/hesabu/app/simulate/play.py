"""A run, from the first customer to the last letter."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connection

from hesabu.app.simulate import audit, checks, merchants, payers
from hesabu.app.simulate.door import Door
from hesabu.app.simulate.outside import Safaricom
from hesabu.app.simulate.world import Shop, Violation, World
from hesabu.identity import actions as identity
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.payments import actions as payments
from hesabu.store import letters, tenancy

BEGINS_AT = datetime(2025, 3, 3, 5, 0, tzinfo=UTC)
"""A Monday, eight o'clock in Nairobi. Gone by, so that what waits by the database's own clock is due."""
DAYS_A_MONTH = 30
OPEN_SECONDS = 12 * 3_600
KEYS = {"consumer_key": "key", "consumer_secret": "secret", "passkey": "passkey"}

Act = Callable[[World, Shop], str]
ACTS: dict[Act, int] = {
    merchants.keep_customer: 2,
    merchants.draft: 5,
    merchants.change: 2,
    merchants.discard: 1,
    merchants.issue: 8,
    merchants.void: 1,
    merchants.take_back: 2,
    merchants.use_credit: 3,
    merchants.record: 3,
    merchants.place: 5,
    merchants.claim: 4,
    merchants.decide: 4,
    merchants.close_days: 1,
    payers.prompt: 11,
    payers.pay_by_hand: 4,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play."""

    seed: int
    months: int = 1
    businesses: int = 4
    faults: bool = True
    acts_a_day: int = 5
    """Of each business."""
    days: int | None = None
    """Instead of months."""

    @property
    def day_count(self) -> int:
        return self.months * DAYS_A_MONTH if self.days is None else self.days


@dataclass(slots=True)
class Outcome:
    """What came of it. `fault` is empty where everything held."""

    plan: Plan
    counts: dict[str, int] = field(default_factory=dict)
    fault: str = ""
    step: int = 0
    trail: list[str] = field(default_factory=list)
    took_seconds: float = 0.0


def play(plan: Plan, watch: Callable[[World], None] | None = None) -> Outcome:
    """Play it to its end or to the first fault. `watch` is called after each day, before it is checked."""
    began = time.monotonic()
    rng = random.Random(plan.seed)
    world = World(rng, BEGINS_AT, plan.faults, Door(), Safaricom(rng, plan.faults))
    outcome = Outcome(plan)
    try:
        with clock.fixed(world.now):
            for index in range(plan.businesses):
                world.shops.append(_open(world, index))
        for number in range(plan.day_count):
            _day(world, plan, BEGINS_AT + timedelta(days=number))
            if watch is not None:
                watch(world)
            _close_day(world)
        _end(world)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the month's outcome
        outcome.fault = f"{type(error).__name__}: {error}"
        if not isinstance(error, Violation):
            import traceback

            outcome.fault += "\n" + traceback.format_exc()
        outcome.trail = list(world.trail)
    finally:
        world.door.close()
    outcome.step = world.step
    outcome.counts = _counted(world)
    outcome.took_seconds = time.monotonic() - began
    return outcome


def _open(world: World, index: int) -> Shop:
    """A business with its owner, a paybill that prompts and, for some, whose confirmations come to us."""
    with tenancy.house():
        owner_id = identity.register_person(f"Owner {index}")
        contact_id = messaging.meet(phone=f"+2541{index:08d}")
        messaging.introduce(contact_id, owner_id)
    business_id = identity.register_business(f"Shop {index}", "KE", owner_id)
    is_vat_registered = index % 2 == 0
    paybill = str(600_000 + index)
    with tenancy.bound(business_id):
        if is_vat_registered:
            identity.update_business(business_id, is_vat_registered=True, tax_id="P051234567X")
        payments.add_account("cash")
        account_id = payments.add_account("stk_paybill", paybill, credentials=KEYS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT endpoint_id FROM payments_account WHERE id = %s", (account_id,))
            token = letters.token_of(cursor.fetchone()[0])
    return Shop(index, business_id, token, paybill, is_vat_registered, index % 4 != 3)


def _day(world: World, plan: Plan, opens_at: datetime) -> None:
    """Everybody acts when they like, and what is due happens in between."""
    for shop in world.shops:
        for _ in range(plan.acts_a_day):
            at = opens_at + timedelta(seconds=world.rng.randrange(OPEN_SECONDS))
            (act,) = world.rng.choices(list(ACTS), weights=list(ACTS.values()))
            world.later(at, f"{shop.index}", partial(act, world, shop))
        if plan.faults:
            at = opens_at + timedelta(seconds=world.rng.randrange(OPEN_SECONDS))
            world.later(at, f"{shop.index}", partial(payers.lie, world, shop))
    for _ in range(4):
        at = opens_at + timedelta(seconds=world.rng.randrange(OPEN_SECONDS))
        world.later(at, "readers", lambda: world.read_some(6))
    _run_until(world, opens_at + timedelta(days=1))


def _run_until(world: World, end: datetime) -> None:
    while (ahead := world.next_before(end)) is not None:
        at, who, act = ahead
        world.now = max(world.now, at)
        _step(world, who, act)
    world.now = end


def _step(world: World, who: str, act: Callable[[], str]) -> None:
    world.step += 1
    with clock.fixed(world.now):
        said = act()
        if said:
            world.trail.append(f"{world.step:>6} {world.now:%d %b %H:%M:%S}  {who:>8}  {said}")
        for shop in world.touched():
            checks.step(shop)


def _close_day(world: World) -> None:
    _step(world, "night", lambda: _settle_all(world))
    with clock.fixed(world.now):
        checks.day(world)


def _settle_all(world: World) -> str:
    """Nothing may stay unread once workers are left alone."""
    for _ in range(2_000):
        if not world.letters_waiting:
            return "all letters are read"
        world.settle()
    raise Violation(f"{world.letters_waiting} letters are never read")


def _end(world: World) -> None:
    """Let the last letters come, ask about every request until it is known or given up, and run every job."""
    for _ in range(6):
        _run_until(world, world.now + timedelta(days=1))
        _close_day(world)
        _step(world, "janitor", lambda: payers.sweep(world) or "asks about what is left")
    while world.jobs_waiting:
        _step(world, "readers", lambda: world.read_some(20))
    _close_day(world)
    for shop in world.shops:
        _nothing_is_left_open(world, shop)
    checks.read_once(world)
    audit.books(world)


def _nothing_is_left_open(world: World, shop: Shop) -> None:
    for prompt in shop.books.prompts.values():
        if prompt.state == "open" and not prompt.is_expired:
            raise Violation(f"request {prompt.id} of {prompt.created_at} is still open")


def _counted(world: World) -> dict[str, int]:
    all_books = [shop.books for shop in world.shops]
    kept = [k for b in all_books for k in b.kept]
    counts = {
        "steps": world.step,
        "customers": sum(len(shop.customers) for shop in world.shops),
        "invoices": sum(b.issued_count for b in all_books),
        "credit notes": sum(b.note_count for b in all_books),
        "payments": len(kept),
        "shillings": sum(k.amount for k in kept) // 100,
        "without an owner": sum(k.state == "unplaced" for k in kept),
        "claims": sum(len(b.claims) for b in all_books),
        "told as doubtful": sum(b.doubts for b in all_books),
        "left to a person": sum(m.is_aside for m in world.safaricom.movements.values()),
    }
    return counts | dict(sorted(world.counts.items()))
