"""What merchants do: invoices drafted, changed, issued, taken back; money said, placed, confirmed; days closed.

Each act picks by chance, also what must be refused, and says in a few words what it did; nothing where there was nothing to
do it with. What a total must be is reckoned here by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from hesabu.app.simulate import hearing
from hesabu.app.simulate.model import Bill, Claimed, Kept
from hesabu.app.simulate.world import Customer, Shop, Violation, Word, World
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.types import DraftInput, LineInput
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.ledger import queries as books
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.types import Purpose

ZONE = "Africa/Nairobi"
VAT = Decimal("0.16")


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def pick(world: World, shop: Shop, suits: Callable[[Bill], bool]) -> Bill | None:
    """A bill that suits, the younger the likelier."""
    found = [bill for bill in shop.books.bills.values() if suits(bill)]
    return found[-1 - int(len(found) * world.rng.random() ** 2)] if found else None


def purpose(bill: Bill) -> Purpose:
    return Purpose("invoice", bill.id)


# --- invoices


def keep_customer(world: World, shop: Shop) -> str:
    """Somebody new, or somebody known by the same name and telephone."""
    known = world.rng.choice(shop.customers) if shop.customers else None
    if known is not None and world.rng.random() < 0.3:
        name, phone = known.name, known.phone
        phone_told = phone if world.rng.random() < 0.5 else None
    else:
        known = None
        number = len(shop.customers) + 1
        name, phone = f"Customer {number}", f"+2547{shop.index:02d}{number:06d}"
        phone_told = phone if world.rng.random() < 0.4 else None
    kept = world.attempt(shop, lambda: invoicing.keep_customer(name, phone_told), lambda: None)
    assert kept is not None
    if known is None:
        shop.customers.append(Customer(kept, name, phone))
    elif kept != known.id:
        raise Violation(f"{name} was entered twice")
    return f"keeps {name}"


def draft(world: World, shop: Shop) -> str:
    if not shop.customers:
        return keep_customer(world, shop)
    customer = world.rng.choice(shop.customers)
    given, total = _words(world, shop, customer)
    bill = Bill(ids.new_id(), customer.id, total)
    world.attempt(
        shop,
        lambda: invoicing.draft(given, invoice_id=bill.id),
        lambda: shop.books.draft(bill),
    )
    return f"drafts {total} for {customer.name}"


def _words(world: World, shop: Shop, customer: Customer) -> tuple[DraftInput, int]:
    rng = world.rng
    modes = ("none", "exclusive", "inclusive") if shop.is_vat_registered else ("none",)
    mode = rng.choice(modes)
    lines, amounts = [], []
    for _ in range(rng.randint(1, 3)):
        quantity = Decimal(rng.choice(("1", "1", "1", "2", "3", "0.5", "2.25")))
        price = rng.randint(50, 30_000) * 100 + rng.choice((0, 0, 0, 50, 33))
        lines.append(LineInput(f"work {rng.randint(1, 99)}", quantity, kes(price)))
        amounts.append(_half_up(quantity * price))
    off, discount = 0, None
    if mode != "exclusive" and rng.random() < 0.3:
        bps = rng.choice((250, 500, 1_250))
        discount, off = bps, _half_up(Decimal(sum(amounts) * bps) / 10_000)
    total = sum(amounts) - off
    if mode == "exclusive":
        total += sum(_half_up(amount * VAT) for amount in amounts)
    due_on = clock.today(ZONE) + timedelta(days=rng.randint(20, 60)) if rng.random() < 0.5 else None
    return DraftInput(customer.id, lines, due_on, mode, discount), total


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def change(world: World, shop: Shop) -> str:
    bill = pick(world, shop, lambda b: b.state == "draft" or world.rng.random() < 0.03)
    if bill is None:
        return ""
    customer = next(c for c in shop.customers if c.id == bill.customer)
    given, total = _words(world, shop, customer)
    version = bill.version - (world.rng.random() < 0.15)
    world.attempt(
        shop,
        lambda: invoicing.change_draft(bill.id, version, given),
        lambda: shop.books.change(bill, version, total),
        may_be_done=False,
    )
    return f"changes a draft to {total}"


def discard(world: World, shop: Shop) -> str:
    bill = pick(world, shop, lambda b: b.state == "draft" or world.rng.random() < 0.02)
    if bill is None:
        return ""
    world.attempt(shop, lambda: invoicing.discard(bill.id), lambda: shop.books.discard(bill))
    return "throws a draft away"


def issue(world: World, shop: Shop) -> str:
    bill = pick(world, shop, lambda b: b.state == "draft" or world.rng.random() < 0.02)
    if bill is None:
        return draft(world, shop)
    version = bill.version - (world.rng.random() < 0.08)
    view = world.attempt(
        shop,
        lambda: invoicing.issue(bill.id, version),
        lambda: shop.books.issue(bill, version),
    )
    if view is None:
        return "may not issue"
    if (view.number, view.total.minor) != (bill.number, bill.total):
        raise Violation(
            f"{view.number} over {view.total} should be {bill.number} over {bill.total}"
        )
    return f"issues {bill.number} over {bill.total}"


def void(world: World, shop: Shop) -> str:
    bill = pick(world, shop, lambda b: b.number is not None)
    if bill is None:
        return ""
    world.attempt(
        shop, lambda: invoicing.void(bill.id, "typed wrong"), lambda: shop.books.void(bill)
    )
    return f"voids {bill.number}: {bill.state}"


def take_back(world: World, shop: Shop) -> str:
    bill = pick(world, shop, lambda b: b.number is not None or world.rng.random() < 0.02)
    if bill is None:
        return ""
    left = bill.total - bill.credited
    amount = world.rng.choice((None, left // 2, left // 3, left, left + 1))
    key = str(ids.new_id())
    money = None if amount is None else kes(amount)
    world.attempt(
        shop,
        lambda: invoicing.credit(bill.id, "sent back", amount=money, key=key),
        lambda: shop.books.take_back(bill, amount),
    )
    return f"credits {amount or 'all'} of {bill.number}: {bill.state}"


def use_credit(world: World, shop: Shop) -> str:
    rich = [customer for customer, minor in shop.books.credit.items() if minor]
    bill = pick(world, shop, lambda b: b.customer in rich or world.rng.random() < 0.05)
    if bill is None:
        return ""
    amount = world.rng.choice((None, None, bill.owed // 2 + 1))
    world.attempt(
        shop,
        lambda: invoicing.apply_credit(bill.id, None if amount is None else kes(amount)),
        lambda: shop.books.use_credit(bill, amount),
        may_be_done=False,  # it takes no key: whoever cannot know looks first
    )
    return f"uses credit for {bill.number}: {bill.state}"


# --- money


def record(world: World, shop: Shop) -> str:
    """The merchant's own word, sometimes twice."""
    bill = pick(world, shop, lambda b: bool(b.owed) or world.rng.random() < 0.05)
    if bill is None:
        return ""
    amount = world.rng.choice((bill.owed, bill.owed // 2, bill.owed + 5_000)) or 1_000
    method = world.rng.choice(("cash", "cash", "bank", "mpesa_till"))
    key, receipt = str(ids.new_id()), None
    kept = Kept(f"own:{key}", amount, method, "settled", world.now, bill.id, is_mpesa=False)
    if method == "mpesa_till":
        receipt, amount = _code(world, shop, amount)
        kept = Kept(receipt, amount, "mpesa", "settled", world.now, bill.id)
    shop.words.append(Word(kept.receipt, amount, bill.id))
    for _ in range(world.rng.choice((1, 1, 2))):
        world.attempt(
            shop,
            lambda: payments.record(purpose(bill), kes(amount), method, receipt, key=key),
            lambda: hearing.record(shop.books, kept),
        )
    return f"says {amount} came for {bill.number} by {method} {receipt or ''}"


def _code(world: World, shop: Shop, amount: int) -> tuple[str, int]:
    """A code as a person reads it off a phone: of money that truly moved here, or of another till's."""
    moved = [
        m for m in world.safaricom.movements.values() if m.shop == shop.index and m.at <= world.now
    ]
    if moved and world.rng.random() < 0.5:
        movement = world.rng.choice(moved[-12:])
        return movement.receipt, movement.amount
    return world.safaricom.new_receipt(), amount


def place(world: World, shop: Shop) -> str:
    """Give money an owner; sometimes again, sometimes another one."""
    choice = [k for k in shop.books.kept if k.state == "unplaced"]
    if not choice or world.rng.random() < 0.1:
        choice = [k for k in shop.books.kept if k.state == "placed"]
    bill = pick(world, shop, lambda b: b.number is not None)
    if not choice or bill is None:
        return ""
    kept = world.rng.choice(choice)
    payment = world.bound(shop, lambda: collected.payment_with(kept.receipt))
    if payment is None:
        raise Violation(f"{kept.receipt} is not there")
    world.attempt(
        shop,
        lambda: payments.place(payment.id, purpose(bill)),
        lambda: hearing.place(shop.books, kept, bill.id),
    )
    return f"places {kept.receipt} on {bill.number}"


def claim(world: World, shop: Shop) -> str:
    """A customer says they have paid."""
    bill = pick(
        world, shop, lambda b: bool(b.owed) or (b.number is not None and world.rng.random() < 0.05)
    )
    if bill is None:
        return ""
    code, amount = None, world.rng.choice((None, bill.owed, bill.owed // 2)) or None
    if world.rng.random() < 0.7:
        code, moved = _code(world, shop, bill.owed or 1_000)
        amount = world.rng.choice((None, moved))
    return say_paid(world, shop, bill, code, amount)


def say_paid(world: World, shop: Shop, bill: Bill, code: str | None, amount: int | None) -> str:
    """The claim itself; the same again must be the same."""
    new = Claimed(ids.new_id(), bill.id, code, amount, world.now)
    said: list[object] = []
    answer = world.attempt(
        shop,
        lambda: payments.claim(
            purpose(bill), code, None if amount is None else kes(amount), said="I have paid"
        ),
        lambda: said.append(hearing.claim(shop.books, new)),
    )
    if answer is not None and said[0] == new.id:
        shop.books.claims[answer] = shop.books.claims.pop(new.id)
        new.id = answer
    elif answer is not None and said[0] != answer:
        raise Violation("the same claim was made twice")
    return f"hears a claim for {bill.number} {code or 'without a code'}"


def decide(world: World, shop: Shop) -> str:
    """Confirm or reject a claim; sometimes one that was decided before."""
    claims = list(shop.books.claims.values())
    waiting = [c for c in claims if c.state == "made"] or claims
    if not waiting:
        return ""
    claimed = world.rng.choice(waiting if world.rng.random() < 0.9 else claims)
    if world.rng.random() < 0.3:
        world.attempt(shop, lambda: payments.reject(claimed.id), lambda: hearing.reject(claimed))
        return "rejects a claim"
    bill = shop.books.bills[claimed.bill]
    amount = claimed.amount
    if amount is None and world.rng.random() < 0.85:
        movement = world.safaricom.movements.get(claimed.code or "")
        amount = movement.amount if movement else bill.owed or 1_000
    shop.words.append(Word(claimed.code or f"own:{claimed.id}", amount or 0, bill.id))
    world.attempt(
        shop,
        lambda: payments.confirm(claimed.id, None if amount is None else kes(amount)),
        lambda: hearing.confirm(shop.books, claimed, amount),
    )
    return f"confirms a claim for {bill.number} {claimed.code or ''}"


def close_days(world: World, shop: Shop) -> str:
    """Close the books up to a day gone by."""
    day = clock.today(ZONE) - timedelta(days=world.rng.randint(1, 4))
    if shop.locks and day <= shop.locks[-1][1]:
        return ""
    world.attempt(shop, lambda: ledger.lock_period(shop.id, day), lambda: None)
    count, _ = world.bound(shop, books.head)
    shop.locks.append((count, day))
    return f"closes the books up to {day}"
