"""The bill: what is owed, what for, how else it can be paid, and what has come."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.web.pay.figures import figures, long_day, with_currency
from hesabu.doors.web.pay.types import Chip, Known, Line, Receipt, Sum, Way
from hesabu.kit import phones
from hesabu.kit.money import Money
from hesabu.payments.types import PaymentState, PaymentView


def hero(known: Known) -> tuple[str, str, Money]:
    """The one figure that matters now: how it looks, what it is, how much."""
    if known.state == "paid":
        return "", _("Paid"), known.total
    if not known.is_open:
        return "shut", _("Nothing to pay"), Money.zero(known.total.currency)
    kind = "over" if known.is_overdue else ""
    if known.to_pay < known.owed:
        return kind, _("Deposit to pay first"), known.to_pay
    return kind, _("Left to pay") if known.paid else _("To pay"), known.owed


def chip(known: Known) -> Chip | None:
    """Where the invoice stands, where that is more than "to pay"."""
    if known.state == "paid":
        return Chip("paid", "✓", _("Paid"))
    if known.state == "void":
        return Chip("", "", _("Cancelled"))
    if known.state == "credited":
        return Chip("", "", _("Credited"))
    if known.is_overdue:
        days = max(1, (known.today - known.due_on).days)
        return Chip(
            "overdue",
            "●",
            ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days},
        )
    if known.paid:
        words = _("%(paid)s of %(total)s paid") % {
            "paid": figures(known.paid, known.language),
            "total": figures(known.total, known.language),
        }
        return Chip("waiting", "◐", words)
    return None


def lines(known: Known) -> tuple[Line, ...]:
    return tuple(_line(known, line) for line in known.snapshot["lines"])


def _line(known: Known, line: dict[str, Any]) -> Line:
    quantity = Decimal(line["quantity"])
    detail = ""
    if quantity != 1:
        count = format_decimal(quantity, format="#,##0.######", locale=known.language)
        price = Money(line["unit_price_minor"], known.total.currency)
        detail = f"{count} × {figures(price, known.language)}"
    amount = Money(line["amount_minor"], known.total.currency)
    return Line(line["description"], detail, figures(amount, known.language))


def sums(known: Known) -> tuple[Sum, ...]:
    """How the lines come to the total, and the total to what is left."""
    snapshot = known.snapshot
    is_inclusive = snapshot.get("tax_mode") == "inclusive"
    rows = []
    if snapshot.get("discount_minor"):
        rows.append(_sum(known, _("Discount"), -snapshot["discount_minor"]))
    if snapshot["taxes"] and not is_inclusive:
        rows.append(_sum(known, _("Before tax"), snapshot["net_minor"]))
        rows += [_sum(known, tax["label"], tax["tax_minor"]) for tax in snapshot["taxes"]]
    total = _("Total, %(currency)s") % {"currency": known.total.currency}
    rows.append(_sum(known, total, snapshot["total_minor"], is_total=True))
    if is_inclusive:
        for tax in snapshot["taxes"]:
            rows.append(
                _sum(known, _("of which %(tax)s") % {"tax": tax["label"]}, tax["tax_minor"])
            )
    if snapshot.get("deposit_minor"):
        rows.append(_sum(known, _("Deposit, to pay first"), snapshot["deposit_minor"]))
    if known.credited:
        rows.append(_sum(known, _("Credited"), -known.credited.minor))
    if known.paid:
        rows.append(_sum(known, _("Paid"), -known.paid.minor))
    if known.is_open and known.owed != known.total:
        rows.append(_sum(known, _("Left to pay"), known.owed.minor, is_total=True))
    return tuple(rows)


def _sum(known: Known, label: str, minor: int, *, is_total: bool = False) -> Sum:
    return Sum(label, figures(Money(minor, known.total.currency), known.language), is_total)


def ways(known: Known) -> tuple[Way, ...]:
    """What a payer can do with the phone in the hand."""
    labels = {
        "till": _("Lipa na M-PESA › Buy Goods › Till number"),
        "paybill": _("Lipa na M-PESA › Paybill › Business number"),
        "phone": _("M-PESA › Send money › Phone number"),
        "cash": _("Cash"),
    }
    by_hand = []
    for way in known.ways:
        if not way.number:
            continue  # a prompt: the panel offers it
        account = way.account or (known.snapshot["number"] if way.kind == "paybill" else "")
        number = phones.local(way.number) if way.kind == "phone" else way.number
        by_hand.append(Way(labels.get(way.kind) or way.label, number, account))
    return tuple(by_hand)


def counted(known: Known) -> list[PaymentView]:
    return [payment for payment in known.payments if payment.state is not PaymentState.REVERSED]


def receipts(known: Known) -> tuple[Receipt, ...]:
    ordered = sorted(counted(known), key=lambda each: each.received_at)
    return tuple(receipt(payment, known) for payment in ordered)


def receipt(payment: PaymentView, known: Known) -> Receipt:
    hows = {"cash": _("Cash"), "bank": _("Bank"), "other": _("Received")}
    how = hows.get(payment.method, "M-PESA")
    if payment.receipt:
        how = f"{how} {payment.receipt}"
    at = payment.received_at.astimezone(ZoneInfo(known.timezone))
    if at.date() == payment.booked_on:
        when = f"{long_day(at.date(), known.language)}, {format_time(at, 'HH:mm', locale=known.language)}"
    else:
        when = long_day(payment.booked_on, known.language)
    return Receipt(with_currency(payment.amount, known.language), how, when)
