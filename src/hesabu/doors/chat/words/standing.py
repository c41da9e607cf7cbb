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
    return _("There are no invoices yet. Try:\n%(example)s") % {"example": example()}


def no_such_open() -> str:
    return _("There is none that this could be done to. Write “list” to see your invoices.")


def nothing_of(topic: str | None) -> str:
    return {
        "unpaid": _("Nothing is unpaid."),
        "overdue": _("Nothing is overdue."),
        "paid": _("Nothing is paid yet."),
        "drafts": _("There are no drafts."),
    }.get(topic or "", _("There are no invoices yet."))


def list_head(topic: str | None) -> str:
    return {
        "unpaid": _("Unpaid invoices, the newest first:"),
        "overdue": _("Overdue invoices, the newest first:"),
        "paid": _("Paid invoices, the newest first:"),
        "drafts": _("Your drafts:"),
    }.get(topic or "", newest_invoices())


def your_customers() -> str:
    return _("Your customers, each with the last invoice:")


def more() -> str:
    return _("More")


def no_more() -> str:
    return _("That was all.")


def nothing_to_repeat(name: str | None) -> str:
    if name:
        return _("Nothing was invoiced to anybody called %(name)s yet.") % {
            "name": shortened(name, 40)
        }
    return _("There is nothing to repeat yet. Try:\n%(example)s") % {"example": example()}


def told_apart(phone: str, last: InvoiceView | None) -> str:
    """What tells two people of one name apart: the last digits of the number, and their last invoice."""
    seen = f"{last.number or _('a draft')}, {short_money(last.total)}" if last else ""
    return shortened(" · ".join(filter(None, [phone, seen])), 72)


def newest_invoices() -> str:
    return _("Your newest invoices:")


def list_row(view: InvoiceView, *, is_named: bool = False) -> tuple[str, str]:
    """Title and description of a row in a list: at most 24 and 72 letters. `is_named`: somebody else in the list is called
    alike, so the whole name and the last digits of the number are said."""
    title = f"{view.number or _('Draft')} {shortened(first_name(view.customer_name), 13)}"
    more = f"{short_money(view.total)}, {state(view)}"
    if is_named:
        digits = f"…{view.customer_phone[-3:]}" if view.customer_phone else _("no number")
        more = f"{shortened(view.customer_name, 30)} {digits}, {more}"
    return title[:24], more[:72]


def standing(
    view: InvoiceView, today: date, news: Sequence[str], replaces: str | None = None
) -> str:
    """Where one invoice stands, and how it came to that. `replaces`: the number of the one whose place it took."""
    rows = [
        f"*{view.number or _('Draft')}*  {view.customer_name}",
        f"{money(view.total)}, {state(view)}",
    ]
    if replaces:
        rows.append(_("In the place of %(number)s") % {"number": replaces})
    if view.deposit and view.owed and view.asked != view.owed:
        rows.append(_("Deposit asked for first: %(amount)s") % {"amount": money(view.asked)})
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


def standing_buttons() -> tuple[str, str, str]:
    return _("It is paid"), _("Remind"), _("Take it back")


def another_invoice() -> str:
    return _("Another invoice")


COMES_AGAIN = frozenset(
    [
        "invoicing.InvoiceReminded",
        "invoicing.InvoiceResent",
        "invoicing.PaymentPromised",
        "invoicing.InvoicePartPaid",
        "invoicing.InvoicePaid",
        "invoicing.InvoiceReopened",
    ]
)
"""What may happen more than once, and is told as it was last."""


def news(kind: str, when: str, promised: str = "") -> str | None:
    """A line of the timeline, where it is worth a line in chat."""
    said = {
        "invoicing.InvoiceIssued": _("Issued %(when)s"),
        "invoicing.InvoiceSent": _("Sent %(when)s"),
        "invoicing.InvoiceResent": _("Sent once more %(when)s"),
        "messaging.MessageDelivered": _("Delivered %(when)s"),
        "messaging.MessageSeen": _("Seen %(when)s"),
        "messaging.MessageFailed": _("Could not be delivered %(when)s"),
        "invoicing.InvoiceReminded": _("Reminded %(when)s"),
        "invoicing.PaymentPromised": _("Promised for %(promised)s"),
        "invoicing.PromiseBroken": _("The promise was not kept"),
        "invoicing.InvoicePartPaid": _("Part paid %(when)s"),
        "invoicing.InvoicePaid": _("Paid %(when)s"),
        "invoicing.InvoiceReopened": _("A payment was taken back %(when)s"),
        "invoicing.InvoiceVoided": _("Taken back %(when)s"),
        "invoicing.InvoiceCredited": _("Credited %(when)s"),
        "invoicing.InvoiceReplaced": _("Replaced by another %(when)s"),
    }.get(kind)
    return said % {"when": when, "promised": promised} if said else None


def no_such_invoice(reference: str) -> str:
    return _("I know no invoice %(reference)s. Write “list” to see yours.") % {
        "reference": shortened(reference, 20)
    }


def nobody_called(name: str) -> str:
    return _("Nobody called %(name)s has an open invoice.") % {"name": shortened(name, 40)}
