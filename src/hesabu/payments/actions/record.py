"""The merchant's own word: "INV-7 is paid, in cash"."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.actions.accounts import account_for
from hesabu.payments.actions.place import place_told
from hesabu.payments.actions.receive import give_receipt, known, receive
from hesabu.payments.errors import (
    AmountNotPositive,
    CodeAlreadyUsed,
    CodeNotRead,
    CurrencyNotTaken,
    KeyReused,
    ReceivedInFuture,
)
from hesabu.payments.models import PaymentRow
from hesabu.payments.permissions import PAYMENT_RECORD
from hesabu.payments.types import Method, PaymentState, PaymentView, Purpose
from hesabu.store import tenancy


@needs(PAYMENT_RECORD)
def record(
    purpose: Purpose,
    amount: Money,
    method: Method | str,
    receipt: str | None = None,
    received_on: date | None = None,
    *,
    key: str | None = None,
    account_id: UUID | None = None,
) -> PaymentView:
    """Count money that the merchant has seen. With a `receipt` or a `key` it counts once, however
    often it is said; a receipt that counts for something else is refused with CodeAlreadyUsed."""
    business_id = tenancy.only()
    method = Method(method)
    _check(amount, method)
    today = clock.today(identity.business(business_id).timezone)
    if received_on is not None and received_on > today:
        raise ReceivedInFuture(field="received_on")
    ledger.lock_books([business_id])
    payment_id = ids.new_id()
    wanted = _receipt(receipt, method) or rules.receipt_for_word(key or str(payment_id))
    first = known(business_id, wanted)
    if first is None and not rules.is_receipt_ours(wanted):
        first = give_receipt(business_id, purpose, wanted, amount)
    if first is not None:
        return _first_answer(first, purpose, amount)
    row = receive(
        payment_id,
        account_for(tuple(rules.kinds_of(method)), account_id),
        wanted,
        amount,
        purpose,
        method=method,
        booked_on=received_on or today,
    )
    return queries.payment_view(row)


def _check(amount: Money, method: Method) -> None:
    if amount.minor <= 0:
        raise AmountNotPositive(field="amount")
    if method.startswith("mpesa") and amount.currency != "KES":
        raise CurrencyNotTaken(amount.currency, field="amount")


def _receipt(receipt: str | None, method: Method) -> str | None:
    """As it is compared: an M-PESA code strictly, another paper's number in letters and digits."""
    if receipt is None or not receipt.strip():
        return None
    if method.startswith("mpesa"):
        code = rules.code(receipt)
        if code is None:
            raise CodeNotRead(field="receipt")
        return code
    plain = re.sub(r"[^A-Z0-9/\-]+", "", receipt.upper())[:40]
    if not plain:
        raise CodeNotRead(field="receipt")
    return plain


def _first_answer(first: PaymentRow, purpose: Purpose, amount: Money) -> PaymentView:
    if first.state == PaymentState.UNPLACED:
        place_told(first, purpose)
        return queries.payment_view(first)
    is_same = (first.purpose_kind, first.purpose_id, first.amount_minor, first.currency) == (
        purpose.kind,
        purpose.id,
        amount.minor,
        amount.currency,
    )
    if is_same and first.state != PaymentState.REVERSED:
        return queries.payment_view(first)
    raise KeyReused() if rules.is_receipt_ours(first.receipt) else CodeAlreadyUsed(field="receipt")
