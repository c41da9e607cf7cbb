"""The preview of a draft, and what became of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import (
    day,
    figures,
    first_name,
    money,
    quantity,
    short_money,
    shortened,
)
from hesabu.invoicing.types import InvoiceView, TaxMode
from hesabu.kit.money import Money
from hesabu.kit.phones import local


def preview(view: InvoiceView, today: date, tax_name: str, business: str | None = None) -> str:
    """Who, lines, tax, total, due day: all that will be on the paper."""
    head = _("New invoice for *%(name)s*") % {"name": view.customer_name}
    rows = [f"_{business}_"] if business else []
    reached = [local(view.customer_phone)] if view.customer_phone else []
    if not reached and view.customer_email:
        reached = [view.customer_email]
    rows += [head, *reached, ""]
    rows += [
        _line(line.description, line.quantity, line.unit_price, line.amount) for line in view.lines
    ]
    if view.discount:
        rows.append(f"{_('Discount')}  −{figures(view.discount)}")
    rows.append(_tax_row(view, tax_name))
    rows.append(f"*{_('Total')} {money(view.total)}*")
    if view.deposit:
        rows.append(_("Deposit, to be paid first  %(amount)s") % {"amount": figures(view.deposit)})
    due = day(view.due_on, today) if view.due_on else _("on the day it is sent")
    rows.append(_("Due %(day)s") % {"day": due})
    if view.note:
        rows.append(f"_{shortened(view.note, 200)}_")
    if not (view.customer_phone or view.customer_email or view.contact_id):
        rows += ["", _("No number: you will get a link to pass on.")]
    return "\n".join([*rows, "", _("Shall I send it?")])


def _line(description: str, count: Decimal, price: Money, amount: Money) -> str:
    what = shortened(description[:1].upper() + description[1:])
    if count == 1:
        return f"{what}  {figures(amount)}"
    return f"{what}, {quantity(count)} × {figures(price)}  {figures(amount)}"


def _tax_row(view: InvoiceView, tax_name: str) -> str:
    rates = sorted({line.tax_rate_bps for line in view.lines if line.tax_rate_bps})
    if view.tax_mode == TaxMode.NONE or not rates:
        return _("%(tax)s none") % {"tax": tax_name}
    rate = f" {quantity(Decimal(rates[0]) / 100)} %" if len(rates) == 1 else ""
    row = f"{tax_name}{rate}  {figures(view.tax)}"
    return row if view.tax_mode == TaxMode.EXCLUSIVE else _("of which %(row)s") % {"row": row}


def in_place_of(body: str, old: InvoiceView) -> str:
    """The preview of an invoice that takes another's place: what will happen to that one."""
    said = [
        _(
            "This takes the place of *%(number)s*, which does not change any more: it is credited when you send this."
        )
        % {"number": old.number}
    ]
    if old.paid:
        said.append(
            _("The %(amount)s that was paid on it counts for this one.")
            % {"amount": short_money(old.paid)}
        )
    return "\n\n".join([" ".join(said), body])


def sent_in_place_of(view: InvoiceView, old: InvoiceView) -> str:
    return "\n".join(
        [
            on_its_way(view),
            _("*%(number)s* is credited and owes nothing any more.") % {"number": old.number},
        ]
    )


def somebody() -> str:
    return _("Somebody else")


def draft_changed_by(name: str) -> str:
    return _(
        "%(name)s has changed this draft since. Nothing was sent. This is how it stands now:"
    ) % {"name": name}


def draft_dropped_by(name: str) -> str:
    return _("%(name)s has cancelled that draft. Nothing was sent.") % {"name": name}


def already_sent_by(view: InvoiceView, who: str) -> str:
    return _("%(who)s has sent it already: *%(number)s* to %(name)s. Nothing was sent twice.") % {
        "who": who,
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def gone_so_no_change(view: InvoiceView) -> str:
    return _(
        "*%(number)s* was taken back, so there is nothing to change. Write “repeat %(number)s” for a new one like it."
    ) % {"number": view.number}


def preview_buttons() -> tuple[str, str, str]:
    return _("Send"), _("Change"), _("Cancel")


def same_again() -> str:
    return _("You wrote the same before. Here is that draft; nothing new was made.")


def same_was_sent(number: str) -> str:
    return _(
        "The same words made %(number)s a moment ago, and it is sent. Shall I make another one?"
    ) % {"number": number}


def another_one() -> tuple[str, str]:
    return _("Make another"), _("No")


def on_its_way(view: InvoiceView) -> str:
    if not (view.customer_phone or view.customer_email or view.contact_id):
        return _("*%(number)s* is issued. Pass this link on to %(name)s:\n%(url)s") % {
            "number": view.number,
            "name": first_name(view.customer_name),
            "url": view.pay_url,
        }
    return _("*%(number)s* is on its way to %(name)s.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def already_sent(view: InvoiceView) -> str:
    return _("That is done already: it is *%(number)s* to %(name)s. Nothing was sent twice.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def draft_is_gone() -> str:
    return _("That draft was cancelled. Nothing was sent.")


def draft_has_changed() -> str:
    return _(
        "That was an older version of this draft. Nothing was sent. This is how it stands now:"
    )


def draft_of_before(drafted_on: date, today: date) -> str:
    weeks = (today - drafted_on).days // 7
    if weeks == 1:
        return _("That was last week's draft. Nothing was sent. Here it is again, as of today:")
    return _("That was the draft of %(day)s. Nothing was sent. Here it is again, as of today:") % {
        "day": day(drafted_on, today)
    }


def due_day_reset() -> str:
    return _("Its due day has passed, so it is now due on the day it is sent.")


def dropped() -> str:
    return _("Cancelled. Nothing was sent.")


def seen(view: InvoiceView) -> str:
    return _("%(name)s has seen *%(number)s*. ✓✓") % {
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def not_reached(view: InvoiceView) -> str:
    return _(
        "%(name)s could not be reached on WhatsApp. Here is the link to *%(number)s* to share:\n%(url)s"
    ) % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "url": view.pay_url,
    }


def maybe_not_reached(view: InvoiceView) -> str:
    return _(
        "I could not learn whether *%(number)s* reached %(name)s on WhatsApp. To be sure, here is the link to share:\n%(url)s"
    ) % {"name": first_name(view.customer_name), "number": view.number, "url": view.pay_url}
