"""What the clerk says by itself: ticks, the summary of a day, what is unpaid, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.figures import day, first_name, short_money
from hesabu.invoicing.types import InvoiceView, Issued
from hesabu.kit.money import Money


@dataclass(frozen=True, slots=True)
class Summary:
    """A day of a business. `received` is by method; `needs` counts what waits for a person, by what it is."""

    business: str
    on_day: date
    issued: Sequence[Issued]
    received: Mapping[str, Sequence[Money]]
    owed: Sequence[Money]
    overdue: Sequence[Money]
    needs: Mapping[str, int]

    @property
    def is_quiet(self) -> bool:
        """Nothing happened, and nothing waits."""
        return not self.issued and not self.received and not any(self.needs.values())


def summary(said: Summary) -> str:
    title = _("*%(business)s*, %(day)s") % {
        "business": said.business,
        "day": day(said.on_day, said.on_day),
    }
    lines = [title, "", *map(_issued, said.issued)]
    if not said.issued:
        lines.append(_("Nothing was invoiced."))
    lines += _received(said.received) or [_("Nothing was received.")]
    if any(said.owed):
        lines.append(_("Still owed to you: *%(amount)s*") % {"amount": _sum(said.owed)})
    if any(said.overdue):
        lines.append(_("Of it overdue: %(amount)s") % {"amount": _sum(said.overdue)})
    waiting = [
        words for kind, count in said.needs.items() if count for words in [_need(kind, count)]
    ]
    if waiting:
        lines += ["", _("This needs you:"), *(f"• {words}" for words in waiting)]
    return "\n".join(lines)


def _issued(issued: Issued) -> str:
    return ngettext(
        "Invoiced: *%(amount)s* (%(count)d invoice)",
        "Invoiced: *%(amount)s* (%(count)d invoices)",
        issued.count,
    ) % {"amount": short_money(issued.total), "count": issued.count}


def _received(received: Mapping[str, Sequence[Money]]) -> list[str]:
    """The sum, and what came how where it came in several ways."""
    if not received:
        return []
    totals: dict[str, Money] = {}
    for amounts in received.values():
        for amount in amounts:
            so_far = totals.get(amount.currency, Money.zero(amount.currency))
            totals[amount.currency] = so_far + amount
    if len(received) == 1:
        (method,) = received
        return [
            _("Received: *%(amount)s* (%(method)s)")
            % {"amount": _sum(list(totals.values())), "method": _method(method)}
        ]
    lines = [_("Received: *%(amount)s*") % {"amount": _sum(list(totals.values()))}]
    for method, amounts in received.items():
        lines.append(
            _("• %(method)s: %(amount)s") % {"method": _method(method), "amount": _sum(amounts)}
        )
    return lines


def _method(method: str) -> str:
    return {
        "cash": _("Cash"),
        "bank": _("Bank"),
        "mpesa": _("M-PESA"),
    }.get(method, _("Other"))


def _need(kind: str, count: int) -> str:
    if kind == "unplaced":
        words = ngettext(
            "%(count)d payment that I can't place", "%(count)d payments that I can't place", count
        )
    elif kind == "claims":
        words = ngettext(
            "%(count)d customer says they have paid: is the money there?",
            "%(count)d customers say they have paid: is the money there?",
            count,
        )
    else:
        words = ngettext(
            "%(count)d promise to pay was not kept",
            "%(count)d promises to pay were not kept",
            count,
        )
    return words % {"count": count}


def _sum(amounts: Sequence[Money]) -> str:
    return " + ".join(short_money(amount) for amount in amounts)


def still_unpaid(listed: str) -> str:
    """The list of what is unpaid, as it comes by itself."""
    return "\n".join([listed, "", _("Write “remind” with a number to remind somebody now.")])


# What became of an invoice that was sent.


def arrived(view: InvoiceView) -> str:
    return _("*%(number)s* has reached %(name)s. ✓✓") % _about(view)


def not_reminded(view: InvoiceView) -> str:
    """A reminder did not arrive on any way."""
    return _(
        "I could not reach %(name)s with a reminder of *%(number)s*. Here is the link to share:\n%(url)s"
    ) % _about(view)


def unremindable(view: InvoiceView, today: date) -> str:
    """A reminder was due, and there is no number or address."""
    about = _about(view) | {"owed": short_money(view.owed)}
    if view.due_on is not None and view.due_on < today:
        about["day"] = day(view.due_on, today)
        return (
            _(
                "*%(number)s* for %(name)s was due on %(day)s: %(owed)s. I have no number to remind them. Here is the link to share:\n%(url)s"
            )
            % about
        )
    if view.due_on == today:
        return (
            _(
                "*%(number)s* for %(name)s is due today: %(owed)s. I have no number to remind them. Here is the link to share:\n%(url)s"
            )
            % about
        )
    about["day"] = day(view.due_on, today) if view.due_on else ""
    return (
        _(
            "*%(number)s* for %(name)s is due on %(day)s: %(owed)s. I have no number to remind them. Here is the link to share:\n%(url)s"
        )
        % about
    )


def promise_broken(
    view: InvoiceView, on_day: date, owed: Money, today: date, *, is_reminded: bool
) -> str:
    about = _about(view) | {"owed": short_money(owed), "day": day(on_day, today)}
    if is_reminded:
        return (
            _(
                "%(name)s wanted to pay *%(number)s* by %(day)s; %(owed)s is still owed. I have reminded them kindly."
            )
            % about
        )
    return _("%(name)s wanted to pay *%(number)s* by %(day)s; %(owed)s is still owed.") % about


def _about(view: InvoiceView) -> dict[str, str]:
    return {
        "name": first_name(view.customer_name),
        "number": str(view.number),
        "url": view.pay_url or "",
    }
