"""What customers do with their phones, and how Hesabu asks them: prompts from the first word to the last, money by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from hesabu.app.simulate import hearing, merchants
from hesabu.app.simulate.merchants import kes, pick, purpose
from hesabu.app.simulate.model import Bill, Prompt, Refusal
from hesabu.app.simulate.outside import Fate
from hesabu.app.simulate.told import Answer, Said
from hesabu.app.simulate.world import Shop, Violation, World
from hesabu.kit import ids
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.providers import port
from hesabu.payments.types import Charge
from hesabu.store import tenancy

PROMPT_MAX = 250_000_00
NEVER_SENT = timedelta(minutes=5)


def prompt(world: World, shop: Shop) -> str:
    """Ask a customer for what is owed, more, or less."""
    bill = pick(
        world, shop, lambda b: bool(b.owed) or (b.number is not None and world.rng.random() < 0.05)
    )
    if bill is None or bill.number is None:
        return ""
    whole = (bill.owed + 99) // 100 * 100
    amount = world.rng.choice((whole, whole, whole, whole // 200 * 100, whole + 50_000, bill.owed))
    amount = amount or 100_000
    said = _ask_for(world, shop, bill, amount)
    if world.rng.random() < 0.15:
        again_at = world.now + timedelta(seconds=world.rng.randint(5, 240))
        world.later(again_at, f"{shop.index}", lambda: _ask_for(world, shop, bill, amount))
    return said


def _ask_for(world: World, shop: Shop, bill: Bill, amount: int) -> str:
    """One request, perhaps with a finger that slips; refused while another may still be answered."""
    assert bill.number is not None
    payer = next(c for c in shop.customers if c.id == bill.customer)
    new = Prompt(ids.new_id(), bill.id, amount, payer.phone, hearing.plain(bill.number), world.now)
    key = str(new.id)
    charge = Charge(purpose(bill), kes(amount), bill.number)
    for _ in range(world.rng.choice((1, 1, 1, 2))):
        view = world.attempt(
            shop,
            lambda: payments.collect(charge, payer.phone, key),
            lambda: _ask(world, shop, new),
        )
        if view is None:
            return f"may not ask {amount} for {bill.number}"
        if shop.books.prompts.pop(new.id, None) is not None:
            new.id = view.id
            shop.books.prompts[new.id] = new
        elif view.id != new.id:
            raise Violation("one key made two requests")
    delay = world.rng.randint(0, 20) if world.rng.random() < 0.95 else world.rng.randint(200, 500)
    world.later(world.now + timedelta(seconds=delay), "sending", lambda: _send(world, shop, new))
    return f"asks {amount} for {bill.number}"


def _ask(world: World, shop: Shop, new: Prompt) -> None:
    if new.id in shop.books.prompts:
        return
    if new.amount % 100:
        raise Refusal("payments.amount_not_whole")
    if new.amount > PROMPT_MAX:
        raise Refusal("payments.amount_out_of_range")
    hearing.ask(shop.books, new, world.now)


def _send(world: World, shop: Shop, asked: Prompt) -> str:
    """A worker sends the request. Whatever happens to it, it is never sent a second time."""
    asking = world.carried_out(
        lambda: world.bound(shop, lambda: payments.begin_asking(asked.id)),
    )
    if world.now - asked.created_at > NEVER_SENT:
        hearing.refuse(asked)
        return "too late to send"
    asked.asked_at = asked.asked_at or world.now
    if asking is None:
        return "died about to send"
    if world.bound(shop, lambda: payments.begin_asking(asked.id)) is not None:
        raise Violation("a request would be sent twice")
    asked.path = asking.ask.callback_url.rpartition("/")[2]
    world.counts["prompts"] += 1
    fate = Fate(
        shop.index,
        f"ws_CO_{shop.index}_{world.counts['prompts']}",
        asked.bill,
        asked.amount,
        asked.phone,
        asked.reference,
        asked.path,
    )
    word, letters = world.safaricom.take(fate, world.now)
    world.post_later(letters)
    if shop.is_told_by_hand:
        world.post_later(world.safaricom.echo(fate, shop.paybill))
    _say_so(world, shop, asked, fate)
    if world.faults and world.rng.random() < 0.05:
        return f"sends a request, and dies before it hears: {word}"
    later = world.now + timedelta(seconds=world.rng.randint(0, 45 if world.faults else 2))
    world.later(later, "answer", lambda: _record(world, shop, asked, fate, word))
    for seconds in (35, 65, 140, 320, 960, 4_000, 87_000, 173_000, 260_000):
        world.later(world.now + timedelta(seconds=seconds), "janitor", lambda: sweep(world))
    return f"sends a request: {word}"


def _say_so(world: World, shop: Shop, asked: Prompt, fate: Fate) -> None:
    """Who has paid and sees nothing happen says so, mostly with the code, and the merchant looks at their phone."""
    if fate.paid_at is None or world.rng.random() > 0.35:
        return
    bill, code = shop.books.bills[asked.bill], world.rng.choice((fate.receipt, fate.receipt, None))
    amount = world.rng.choice((None, fate.amount, fate.amount, fate.amount, fate.amount // 2))
    said_at = fate.paid_at + timedelta(seconds=world.rng.randint(2, 400))
    world.later(
        said_at,
        f"{shop.index}",
        lambda: merchants.say_paid(world, shop, bill, code, amount),
    )
    looked_at = said_at + timedelta(seconds=world.rng.randint(10, 900))
    world.later(looked_at, f"{shop.index}", lambda: merchants.decide(world, shop))


def _record(world: World, shop: Shop, asked: Prompt, fate: Fate, word: str) -> str:
    outcomes: dict[str, Any] = {
        "accepted": port.Accepted(fate.checkout, "29115-34620561-1"),
        "rejected": port.Rejected("500.003.02", True, "busy"),
        "lost": port.Uncertain("no_answer"),
    }
    world.carried_out(
        lambda: world.bound(shop, lambda: payments.record_outcome(asked.id, outcomes[word]))
    )
    if word == "accepted":
        asked.ref, fate.is_known = asked.ref or fate.checkout, True
    elif word == "rejected":
        hearing.refuse(asked)
    return f"writes down that a request was {word}"


def sweep(world: World) -> str:
    """Ask what became of each request whose turn it is."""
    with tenancy.bound(*(shop.id for shop in world.shops)):
        due = collected.due_collections(world.now, 200)
    by_id = {shop.id: shop for shop in world.shops}
    answers = [_ask_again(world, by_id[b], b, c) for b, c in due]
    return ", ".join(filter(None, answers)) if due else ""


def _ask_again(world: World, shop: Shop, business_id: UUID, collection_id: UUID) -> str:
    asked = shop.books.prompts[collection_id]
    question = world.carried_out(
        lambda: world.bound(shop, lambda: payments.begin_asking_again(collection_id))
    )
    if question is None:
        return ""
    answer = world.safaricom.answer(question.provider_ref, world.now)
    world.counts["questions"] += 1
    if world.letters_waiting and world.rng.random() < 0.3:
        world.settle()  # letters overtake the answer
    said = _in_words_of_the_port(answer)
    hearing.answered(shop.books, asked, answer, world.now)
    world.carried_out(
        lambda: world.bound(shop, lambda: payments.record_answer(collection_id, said)),
        may_be_done=False,
    )
    return f"{asked.reference} is {answer.said}"


def _in_words_of_the_port(answer: Answer) -> port.Answer:
    if answer.said is Said.PAID:
        return port.Paid()
    if answer.said is Said.NOT_PAID:
        return port.NotPaid(answer.code)
    return port.Pending() if answer.said is Said.PENDING else port.NoAnswer("no_answer")


def pay_by_hand(world: World, shop: Shop) -> str:
    """Money to the paybill, with the number of a bill, a wrong one, or nothing typed as account."""
    if not shop.is_told_by_hand:
        return ""
    bill: Bill | None = pick(world, shop, lambda b: b.number is not None)
    number = bill.number if bill and bill.number else "INV-0001"
    typed = world.rng.choice(
        (number, number.lower(), number.replace("-", ""), "JANE", "INV-9999", "")
    )
    owed = bill.owed if bill else 0
    amount = world.rng.choice((owed, owed // 2, world.rng.randint(100, 90_000) * 100)) or 70_000
    world.post_later(world.safaricom.by_hand(shop.index, shop.paybill, amount, typed, world.now))
    return f"is paid {amount} by hand for {typed or 'nobody'}"


def lie(world: World, shop: Shop) -> str:
    """Somebody pretends to be Safaricom."""
    fates = [
        f
        for f in list(world.safaricom.fates.values())[-20:]
        if f.shop == shop.index or world.rng.random() < 0.2
    ]
    fate = world.rng.choice(fates) if fates and world.rng.random() < 0.8 else None
    return world.post(world.safaricom.lie(shop.index, shop.paybill, fate))
