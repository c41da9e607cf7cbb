"""What must come of hearing that money moved: from a letter, an answer to a question, a customer's or a merchant's word.

The second half of the model, and as plain as the first. A letter is believed as far as what it answers; each receipt counts
once; where two tidings may be of the same money it counts once and a person is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hesabu.app.simulate.model import Books, Claimed, Kept, Prompt, Refusal
from hesabu.app.simulate.told import About, Answer, Letter, Said

READ, ASIDE = "read", "aside"
QUIET = timedelta(minutes=2)
PROMPT_LIFE = timedelta(minutes=10)
RECEIPT_WAIT = timedelta(minutes=1)
LOST_PATIENCE = ("1019", "1032", "1037", "26")
"""What Safaricom also says when the payer may still have said yes."""


# --- letters


def read(books: Books, letter: Letter, now: datetime, paybill: str) -> str:
    """Change the books by a letter; whether it is read, or set aside for a person."""
    if letter.about is About.PROMPT:
        return _read_prompt(books, letter, now)
    if letter.about is About.HAND:
        return _read_hand(books, letter, now, paybill)
    return ASIDE


def _read_prompt(books: Books, letter: Letter, now: datetime) -> str:
    prompts = books.prompts.values()
    by_path = next((p for p in prompts if p.path and p.path == letter.path), None)
    prompt = by_path or next((p for p in prompts if p.ref and p.ref == letter.checkout), None)
    if prompt is None:
        return ASIDE
    if by_path is None or _differs(letter, prompt):
        if prompt.state != "settled":
            prompt.is_asked_about = True
            prompt.asked_at = prompt.asked_at or now
        return READ
    if letter.code:
        _fail(prompt, letter)
        return READ
    return _read_paid(books, letter, prompt, now)


def _differs(letter: Letter, prompt: Prompt) -> bool:
    """Whether anything in the letter contradicts the request that it claims to answer."""
    if not letter.is_vouched or (prompt.ref is not None and prompt.ref != letter.checkout):
        return True
    if letter.code:
        return False
    another_payer = letter.phone is not None and letter.phone != prompt.phone
    return letter.amount_minor != prompt.amount or another_payer


def _fail(prompt: Prompt, letter: Letter) -> None:
    if prompt.state != "open":
        return
    prompt.state, prompt.ref = "failed", prompt.ref or letter.checkout
    prompt.is_called_paid = prompt.is_expired = False
    prompt.is_asked_about = str(letter.code) in LOST_PATIENCE


def _read_paid(books: Books, letter: Letter, prompt: Prompt, now: datetime) -> str:
    same = books.known(letter.receipt)
    if prompt.state == "settled":
        waiting = next((k for k in books.kept if k.prompt == prompt.id and k.is_awaited), None)
        if same is not None:
            return READ if waiting is None else ASIDE
        if waiting is None:
            return ASIDE
        waiting.receipt = letter.receipt
        return READ
    if same is not None and same.amount != prompt.amount:
        return ASIDE
    _settle(prompt, letter.checkout)
    if same is None:
        paid_at = letter.paid_at or now
        books.arrive(
            Kept(
                letter.receipt, prompt.amount, "mpesa", "settled", paid_at, prompt.bill, prompt.id,
                phone=letter.phone,
            )
        )  # fmt: skip
    elif same.state == "unplaced":
        same.prompt = prompt.id
        books.own(same, prompt.bill)
    else:
        same.prompt = same.prompt or prompt.id
    return READ


def _settle(prompt: Prompt, ref: str) -> None:
    prompt.state, prompt.ref = "settled", prompt.ref or ref
    prompt.is_expired = prompt.is_asked_about = False


def _read_hand(books: Books, letter: Letter, now: datetime, paybill: str) -> str:
    same = books.known(letter.receipt)
    if same is not None:
        return READ if same.amount == letter.amount_minor else ASIDE
    if not letter.is_vouched or letter.number != paybill:
        return ASIDE
    paid_at = letter.paid_at or now
    for kept in books.kept:
        if (
            kept.is_awaited
            and kept.prompt
            and _may_be(letter, kept, books.prompts[kept.prompt], paid_at)
        ):
            kept.receipt = letter.receipt
            return READ
    kept = books.arrive(
        Kept(
            letter.receipt, letter.amount_minor, "mpesa", "unplaced", paid_at, phone=letter.phone,
            typed=letter.typed,
        )
    )  # fmt: skip
    for bill in books.bills.values():
        is_named = bill.number is not None and plain(bill.number) == plain(letter.typed)
        if is_named and letter.amount_minor <= bill.owed:
            books.own(kept, bill.id)
            break
    return READ


def _may_be(letter: Letter, kept: Kept, prompt: Prompt, paid_at: datetime) -> bool:
    """Whether money sent by hand may be what a prompt asked for."""
    return letter.amount_minor == kept.amount and _fits(letter.phone, letter.typed, paid_at, prompt)


def _fits(phone: str | None, typed: str, paid_at: datetime, prompt: Prompt) -> bool:
    in_time = prompt.began_at - QUIET <= paid_at <= prompt.began_at + PROMPT_LIFE
    same_reference = not typed or plain(typed) == prompt.reference
    return in_time and same_reference and phone in (None, prompt.phone)


def plain(typed: str) -> str:
    """What a payer typed as account, as it is compared."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


# --- prompts and answers about them


def ask(books: Books, prompt: Prompt, now: datetime) -> None:
    """A new request. While another for the same bill may still be answered, or is called paid, it is refused."""
    for other in books.prompts.values():
        if other.bill != prompt.bill or other.state == "settled":
            continue
        in_flight = other.state == "open" and not other.is_expired
        if other.is_called_paid or (in_flight and now - other.began_at < QUIET):
            raise Refusal("payments.already_asked")
    books.prompts[prompt.id] = prompt


def refuse(prompt: Prompt) -> None:
    """Safaricom did not take the request."""
    if prompt.state == "open" and not prompt.is_expired:
        prompt.state, prompt.is_asked_about = "failed", False


def answered(books: Books, prompt: Prompt, answer: Answer, now: datetime) -> None:
    """Safaricom was asked about it. Twice called paid, and the receipt had its time: then it counts."""
    if not prompt.is_asked_about:
        return
    if answer.said is Said.PAID:
        if prompt.is_called_paid and now - prompt.began_at >= RECEIPT_WAIT:
            _book(books, prompt)
        prompt.is_called_paid = True
    elif answer.said is Said.NOT_PAID and not prompt.is_called_paid:
        if prompt.state == "open" and not prompt.is_expired:
            prompt.state = "failed"
        prompt.is_asked_about = False


def _book(books: Books, prompt: Prompt) -> None:
    by_hand = _by_hand(books, prompt)
    twin = by_hand or _by_word(books, prompt)
    assert prompt.ref is not None
    if twin is None:
        receipt = f"stk:{prompt.ref}"
        books.arrive(
            Kept(
                receipt, prompt.amount, "mpesa", "settled", prompt.began_at, prompt.bill, prompt.id
            )
        )
    else:
        twin.prompt = prompt.id
        if twin.state == "unplaced":
            books.own(twin, prompt.bill)
        elif by_hand is None:
            books.doubts += 1
    _settle(prompt, prompt.ref)


def _by_hand(books: Books, prompt: Prompt) -> Kept | None:
    for kept in books.kept:
        is_there = kept.state == "placed" and bool(kept.typed) and kept.bill == prompt.bill
        is_free = (
            (kept.state == "unplaced" or is_there)
            and kept.prompt is None
            and kept.amount == prompt.amount
        )
        if is_free and _fits(kept.phone, kept.typed, kept.heard_at, prompt):
            return kept
    return None


def _by_word(books: Books, prompt: Prompt) -> Kept | None:
    for kept in books.kept:
        is_free = kept.bill == prompt.bill and kept.prompt is None and kept.amount == prompt.amount
        since = prompt.began_at - QUIET
        if is_free and kept.is_mpesa and not kept.is_ours and kept.heard_at >= since:
            return kept
    return None


# --- words of people


def claim(books: Books, new: Claimed) -> UUID:
    """A customer says they have paid: a new claim, or the one it repeats. Books nothing."""
    alive = [c for c in books.claims.values() if c.state != "rejected"]
    if new.code is None:
        same = next(
            (c for c in alive if (c.code, c.bill, c.state) == (None, new.bill, "made")), None
        )
    else:
        same = next((c for c in alive if c.code == new.code), None)
        if same is not None and (same.bill != new.bill or same.state == "confirmed"):
            raise Refusal("payments.code_already_used")
    if same is not None:
        return same.id
    kept = books.known(new.code) if new.code else None
    if kept is not None and kept.state != "unplaced":
        raise Refusal("payments.code_already_used")
    books.claims[new.id] = new
    return new.id


def confirm(books: Books, claimed: Claimed, amount: int | None) -> None:
    """The merchant says the money is there."""
    if claimed.state == "confirmed":
        return
    if claimed.state == "rejected":
        raise Refusal("move.refused")
    amount = claimed.amount if amount is None else amount
    kept = _claimed(books, claimed, amount)
    if kept is None:
        if amount is None:
            raise Refusal("payments.amount_missing")
        receipt = claimed.code or f"own:{claimed.id}"
        kept = Kept(receipt, amount, "mpesa", "settled", claimed.made_at, claimed.bill)
        books.arrive(kept)
    claimed.state, claimed.kept = "confirmed", kept


def _claimed(books: Books, claimed: Claimed, amount: int | None) -> Kept | None:
    if claimed.code is None:
        return None
    kept = books.known(claimed.code) or _named(books, claimed.code, claimed.bill, amount)
    if kept is not None and kept.state == "unplaced":
        books.own(kept, claimed.bill)
    return kept


def _named(books: Books, receipt: str, bill: UUID, amount: int | None) -> Kept | None:
    """Money of this bill that lacks its receipt, and may have this one."""
    for kept in books.kept:
        if kept.is_awaited and kept.bill == bill and amount in (None, kept.amount):
            kept.receipt = receipt
            return kept
    return None


def reject(claimed: Claimed) -> None:
    if claimed.state == "confirmed":
        raise Refusal("move.refused")
    claimed.state = "rejected"


def record(books: Books, new: Kept) -> None:
    """The merchant's own word. The same receipt, or key, counts once."""
    assert new.bill is not None
    first = books.known(new.receipt)
    if first is None and not new.is_ours:
        first = _named(books, new.receipt, new.bill, new.amount)
    if first is None:
        books.arrive(new)
    elif first.state == "unplaced":
        books.own(first, new.bill)
    elif (first.bill, first.amount) != (new.bill, new.amount):
        raise Refusal("payments.key_reused" if first.is_ours else "payments.code_already_used")


def place(books: Books, kept: Kept, bill: UUID) -> None:
    """A person gives money in suspense an owner."""
    if kept.state != "unplaced":
        if kept.bill != bill:
            raise Refusal("payments.already_placed")
        return
    books.own(kept, bill)
