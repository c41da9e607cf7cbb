"""What the keeper of a business wants to know first: what is owed, what is late, what came in, and the last of both.

The rooms give the sums; here they become words and figures in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from hesabu.identity.permissions import Declared
from hesabu.identity.types import Business
from hesabu.invoicing import queries as invoicing
from hesabu.invoicing.permissions import CUSTOMER_READ, INVOICE_READ
from hesabu.invoicing.types import INVOICE, InvoiceState, InvoiceView, Owed
from hesabu.kit import clock
from hesabu.kit.money import Money, say
from hesabu.payments import queries as payments
from hesabu.payments.permissions import PAYMENT_READ
from hesabu.payments.types import Method, PaymentState, PaymentView

SHOWN = 5
METHODS = {
    Method.MPESA_STK: gettext_noop("M-PESA"),
    Method.MPESA_TILL: gettext_noop("M-PESA till"),
    Method.MPESA_PAYBILL: gettext_noop("M-PESA paybill"),
    Method.MPESA_PHONE: gettext_noop("M-PESA, sent to a telephone"),
    Method.CASH: gettext_noop("Cash"),
    Method.BANK: gettext_noop("Bank"),
    Method.OTHER: gettext_noop("Another way"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """Which sections somebody may read: each asks its own permission, and what may not be read is not even asked for."""

    invoices: bool
    payments: bool
    customers: bool

    @classmethod
    def of(cls, may: Callable[[Declared], bool]) -> Sight:
        return cls(may(INVOICE_READ), may(PAYMENT_READ), may(CUSTOMER_READ))

    @property
    def debtors(self) -> bool:
        return self.invoices and self.customers

    @property
    def owing(self) -> str:
        """The section that says more of what is owed."""
        return "owing" if self.debtors else "invoices"


def figures_of(
    business: Business, may: Callable[[Declared], bool], *, leads_to_pages: bool
) -> dict[str, Any]:
    """All that the page of a business says about its money, as far as the reader `may` see it. Inside its binding. A sum in a
    list names its currency where it is not the business's own. Where it `leads_to_pages`, numbers lead to the pages of
    customers: whoever opens one there can say that they paid, and have a telephone asked for money."""
    today, language = clock.today(business.timezone), get_language() or "en"
    sees = Sight.of(may)
    found = invoicing.invoices(most=SHOWN).invoices if sees.invoices else []
    invoices = [_invoice(one, business.currency, today, language, sees) for one in found]
    received = payments.last_payments(SHOWN) if sees.payments else []
    unplaced = payments.unplaced() if sees.payments else []
    last = _payments(received, business.currency, language, sees)
    return {
        "today": str(format_date(today, format="EEEE d MMMM", locale=language)),
        "sees": sees,
        "figures": _figures(business.currency, today, language, sees, unplaced),
        "invoices": invoices if leads_to_pages else [_to_itself(one) for one in invoices],
        "payments": last if leads_to_pages else [one | {"href": "#payments"} for one in last],
        "debtors": _debtors(language) if sees.debtors else [],
        "is_new": sees.invoices and sees.payments and not invoices and not received,
        "has_stray": bool(unplaced),
        "has_way": bool(payments.ways_to_pay()),
    }


def _figures(
    currency: str, today: date, language: str, sees: Sight, unplaced: Sequence[PaymentView]
) -> list[dict[str, Any]]:
    owed = invoicing.owed() if sees.invoices else []
    return [
        *(_late(owed, currency, today, language, sees) if sees.invoices else ()),
        *_stray(unplaced, currency, language),
        *([_owed(owed, currency, language, sees)] if sees.invoices else ()),
        *([_came_in(currency, today, language)] if sees.payments else ()),
    ]


def _debtors(language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "owed": say(one.owed, language),
            "count": one.invoice_count,
            "overdue": say(one.overdue, language) if one.overdue else "",
        }
        for one in invoicing.owed_by_customer(SHOWN)
    ]


def _late(
    found: Sequence[Owed], currency: str, today: date, language: str, sees: Sight
) -> list[dict[str, Any]]:
    """What is overdue, where something is."""
    late = [one for one in found if one.overdue]
    if not late:
        return []
    days = max((today - one.oldest_due_on).days for one in late)
    oldest = ngettext("oldest %(days)d day", "oldest %(days)d days", days) % {"days": days}
    notes = [_count(sum(one.overdue_count for one in late)), oldest]
    sums = [one.overdue for one in late]
    return [_figure(_("Overdue"), sees.owing, sums, currency, language, notes=notes, needs=True)]


def _owed(found: Sequence[Owed], currency: str, language: str, sees: Sight) -> dict[str, Any]:
    """All that is owed, late or not."""
    count = sum(one.invoice_count for one in found)
    notes = [_count(count) if count else _("Nobody owes you anything.")]
    sums = [one.owed for one in found]
    return _figure(_("Owed to you"), sees.owing, sums, currency, language, notes=notes)


def _count(invoices: int) -> str:
    return ngettext("%(count)d unpaid invoice", "%(count)d unpaid invoices", invoices) % {
        "count": invoices
    }


def _stray(found: Sequence[PaymentView], currency: str, language: str) -> list[dict[str, Any]]:
    """Money that nobody said yet what it is for, where there is some."""
    if not found:
        return []
    said = ngettext("%(count)d payment to place", "%(count)d payments to place", len(found)) % {
        "count": len(found)
    }
    sums = _summed(one.amount for one in found)
    title = _("Money without an owner")
    return [_figure(title, "stray", sums, currency, language, notes=[said], needs=True)]


def _came_in(currency: str, today: date, language: str) -> dict[str, Any]:
    """This month, and the whole of the last one beside it."""
    first = today.replace(day=1)
    last_first = (first - timedelta(days=1)).replace(day=1)
    before = payments.came_in(last_first, first)
    month = str(format_date(last_first, format="LLLL", locale=language))
    said = _("%(month)s: %(sum)s") % {
        "month": month,
        "sum": _together(before, currency, language),
    }
    sums = payments.came_in(first, today + timedelta(days=1))
    title = _("Came in this month")
    return _figure(title, "payments", sums, currency, language, notes=[said])


def _figure(
    title: str,
    to: str,
    sums: Sequence[Money],
    currency: str,
    language: str,
    *,
    notes: Sequence[str],
    needs: bool = False,
) -> dict[str, Any]:
    """The business's own currency first and large, what came in others below it."""
    own = next((one for one in sums if one.currency == currency), Money.zero(currency))
    others = [say(one, language) for one in sums if one.currency != currency]
    return {
        "title": title,
        "to": to,
        "sum": say(own, language),
        "notes": [*others, *notes],
        "kind": "needs" if needs else "",
    }


def _together(sums: Sequence[Money], currency: str, language: str) -> str:
    return ", ".join(say(one, language) for one in sums or [Money.zero(currency)])


def _summed(amounts: Iterable[Money]) -> list[Money]:
    """One sum for each currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return list(sums.values())


def _invoice(
    one: InvoiceView, currency: str, today: date, language: str, sees: Sight
) -> dict[str, Any]:
    kind, sign, state = _state(one, today, language)
    return {
        "number": one.number or "",
        "href": one.pay_url or "",
        "customer": one.customer_name if sees.customers else "",
        "about": ", ".join(line.description for line in one.lines[:2]),
        "kind": kind,
        "sign": sign,
        "state": state,
        "total": say(one.total, language, code=one.currency != currency),
    }


def _to_itself(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"href": "#invoices" if one["href"] else ""}


def _state(one: InvoiceView, today: date, language: str) -> tuple[str, str, str]:
    """How it stands, in words beside a colour."""
    if one.state is InvoiceState.DRAFT:
        return "", "", _("Draft")
    if one.state is InvoiceState.VOID:
        return "", "", _("Void")
    if one.state is InvoiceState.CREDITED:
        return "", "", _("Credited")
    if one.state is InvoiceState.PAID:
        return "paid", "✓", _("Paid")
    if one.is_overdue and one.due_on is not None:
        days = (today - one.due_on).days
        said = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        return "overdue", "●", said
    if one.state is InvoiceState.PART_PAID:
        parts = {
            "paid": say(one.paid, language, code=False),
            "total": say(one.total, language, code=False),
        }
        return "waiting", "◐", _("%(paid)s of %(total)s") % parts
    return "info", "", _due(one.due_on, today)


def _due(due_on: date | None, today: date) -> str:
    days = (due_on - today).days if due_on is not None else 0
    if days <= 0:
        return _("Due today")
    return ngettext("Due in %(days)d day", "Due in %(days)d days", days) % {"days": days}


def _payments(
    found: Sequence[PaymentView], currency: str, language: str, sees: Sight
) -> list[dict[str, Any]]:
    wanted = {one.purpose.id for one in found if one.purpose and one.purpose.kind == INVOICE}
    invoices = invoicing.invoices_of_ids(wanted) if wanted and sees.invoices else {}
    said = []
    for one in found:
        invoice = invoices.get(one.purpose.id) if one.purpose else None
        said.append(
            _payment(one, invoice, currency, language)
            | {"customer": _came_from(one, invoice, sees)}
        )
    return said


def _payment(
    one: PaymentView, invoice: InvoiceView | None, currency: str, language: str
) -> dict[str, Any]:
    return {
        "day": one.booked_on,
        "method": _(METHODS[one.method]),
        "receipt": one.receipt or "",
        "number": (invoice.number or "") if invoice else "",
        "href": (invoice.pay_url or "") if invoice else "",
        "is_stray": one.state is PaymentState.UNPLACED,
        "amount": say(one.amount, language, code=one.amount.currency != currency),
    }


def _came_from(one: PaymentView, invoice: InvoiceView | None, sees: Sight) -> str:
    if one.state is PaymentState.UNPLACED:
        return _("Without an owner")
    if not sees.debtors:
        return ""
    return invoice.customer_name if invoice else _("A customer's credit")
