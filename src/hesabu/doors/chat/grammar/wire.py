"""Understood → plain JSON. Amounts and quantities are strings: a float never sees them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hesabu.doors.chat.grammar.countries import decimals_of
from hesabu.doors.chat.grammar.types import Discount, Payment, Problem, Understood


def to_json(understood: Understood, currency: str | None = None) -> dict[str, Any]:
    """The published shape. Absent is null; further keys appear only when they say something."""
    currency = currency or understood.currency

    def money(amount: Decimal | None) -> str | None:
        return None if amount is None else _amount(amount, currency)

    discount, tax, total = understood.discount, understood.tax, understood.total
    shape: dict[str, Any] = {
        "intent": understood.intent.value,
        "customer": {"name": understood.customer.name, "phone": understood.customer.phone},
        "lines": [
            {
                "description": line.description,
                "quantity": _plain(line.quantity),
                "unit_price": money(line.unit_price),
            }
            for line in understood.lines
        ],
        "discount": None,
        "tax": None,
        "total": None if total is None else {"amount": money(total.amount), "currency": currency},
        "due_on": None if understood.due_on is None else understood.due_on.isoformat(),
        "missing": list(understood.missing),
        "problems": [_problem(p) for p in understood.problems],
    }
    if discount is not None:
        shape["discount"] = _part(discount, currency)
    if understood.deposit is not None:
        shape["deposit"] = _part(understood.deposit, currency)
    if tax is not None:
        shape["tax"] = {"mode": tax.mode.value}
        if tax.percent is not None:
            shape["tax"]["percent"] = _plain(tax.percent)
    further = {
        "email": understood.customer.email,
        "reference": understood.reference,
        "number": understood.number,
        "topic": understood.topic,
    }
    shape.update({key: value for key, value in further.items() if value is not None})
    if understood.payment is not None and not understood.payment.is_empty:
        shape.update(_payment(understood.payment, currency))
    return shape


def _problem(problem: Problem) -> dict[str, Any]:
    shape: dict[str, Any] = {"code": problem.code, "at": problem.at}
    return shape | {"choices": list(problem.choices)} if problem.choices else shape


def _part(part: Discount, currency: str) -> dict[str, Any]:
    if part.percent is not None:
        return {"percent": _plain(part.percent)}
    return {"amount": None if part.amount is None else _amount(part.amount, currency)}


def _payment(payment: Payment, currency: str) -> dict[str, Any]:
    told = {
        "amount": None if payment.amount is None else _amount(payment.amount, currency),
        "code": payment.code,
        "payee": payment.payee,
        "payer": payment.payer,
        "phone": payment.phone,
        "account": payment.account,
        "number": payment.number,
        "bank": payment.bank,
        "paid_at": None if payment.paid_at is None else payment.paid_at.isoformat(),
    }
    shape: dict[str, Any] = {} if payment.method is None else {"method": payment.method}
    told = {key: value for key, value in told.items() if value is not None}
    if told:
        shape["payment"] = told
    return shape


def _amount(amount: Decimal, currency: str) -> str:
    return f"{amount:.{decimals_of(currency)}f}"


def _plain(number: Decimal) -> str:
    """Without exponent or needless zeros: 2, 2.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
