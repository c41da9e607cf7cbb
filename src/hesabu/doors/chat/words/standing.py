"""Lists, and where an invoice stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.figures import day, first_name, money, short_money, shortened
from hesabu.doors.chat.words.welcome import example
from hesabu.invoicing.types import InvoiceState, InvoiceView, Owing
from hesabu.kit.money import Money


def state(view: InvoiceView) -> str:
    if view.is_overdue:
        return _("overdue")
    return {
        InvoiceState.DRAFT: _("a draft"),
        InvoiceState.ISSUED: _("open"),
        InvoiceState.PART_PAID: _("part paid"),
        InvoiceState.PAID: _("paid"),
        InvoiceState.VOID: _("taken back"),
        InvoiceState.CREDITED: _("credited"),
    }[view.state]


def owing(rows: Sequence[Owing], today: date, totals: Sequence[Money]) -> str:
    if not rows:
        return _("Nobody owes you anything.")
    lines = [_("You are owed *%(amount)s*:") % {"amount": " + ".join(map(short_money, totals))}, ""]
    lines += [_owing_row(row, today) for row in rows[:20]]
    if len(rows) > 20:
        lines.append(_("… and %(count)d more") % {"count": len(rows) - 20})
    return "\n".join(lines)


def _owing_row(row: Owing, today: date) -> str:
    late = (today - row.oldest_due_on).days
    notes = []
    if row.invoice_count > 1:
        notes.append(
            ngettext("%(count)d invoice", "%(count)d invoices", row.invoice_count)
            % {"count": row.invoice_count}
        )
    if row.overdue and late > 0:
        notes.append(ngettext("%(count)d day late", "%(count)d days late", late) % {"count": late})
    tail = f" ({', '.join(notes)})" if notes else ""
    return f"{row.name}  {short_money(row.owed)}{tail}"


def nothing_overdue() -> str:
    return _("Nothing is overdue.")


def no_invoices() -> str:
    return _("There are no invoices yet. Try:\n") + example()


def newest_invoices() -> str:
    return _("Your newest invoices:")


def list_row(view: InvoiceView) -> tuple[str, str]:
    """Title and description of a row in a list: at most 24 and 72 letters."""
    title = f"{view.number or _('Draft')} {shortened(first_name(view.customer_name), 13)}"
    return title[:24], f"{short_money(view.total)}, {state(view)}"[:72]


def standing(view: InvoiceView, today: date, news: Sequence[str]) -> str:
    """Where one invoice stands."""
    rows = [
        f"*{view.number or _('Draft')}*  {view.customer_name}",
        f"{money(view.total)}, {state(view)}",
    ]
    if view.paid and view.owed:
        rows.append(
            _("%(paid)s paid, %(owed)s owed") % {"paid": money(view.paid), "owed": money(view.owed)}
        )
    if view.due_on and view.owed:
        rows.append(_("Due %(day)s") % {"day": day(view.due_on, today)})
    rows += news
    if view.pay_url:
        rows += ["", view.pay_url]
    return "\n".join(rows)


def standing_buttons() -> tuple[str, str]:
    return _("It is paid"), _("Take it back")


def another_invoice() -> str:
    return _("Another invoice")


def news(kind: str, when: str) -> str | None:
    """A line of the timeline, where it is worth a line in chat."""
    said = {
        "invoicing.InvoiceIssued": _("Issued %(when)s"),
        "messaging.MessageDelivered": _("Delivered %(when)s"),
        "messaging.MessageSeen": _("Seen %(when)s"),
        "messaging.MessageFailed": _("Could not be delivered %(when)s"),
        "invoicing.InvoicePartPaid": _("Part paid %(when)s"),
        "invoicing.InvoicePaid": _("Paid %(when)s"),
        "invoicing.InvoiceVoided": _("Taken back %(when)s"),
        "invoicing.InvoiceCredited": _("Credited %(when)s"),
    }.get(kind)
    return said % {"when": when} if said else None


def no_such_invoice(reference: str) -> str:
    return _("I know no invoice %(reference)s. Write “list” to see yours.") % {
        "reference": shortened(reference, 20)
    }


def nobody_called(name: str) -> str:
    return _("Nobody called %(name)s has an open invoice.") % {"name": shortened(name, 40)}
