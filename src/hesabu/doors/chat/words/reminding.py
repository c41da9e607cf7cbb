"""Reminding and resending."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.figures import first_name, in_business, short_money
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.money import Money
from hesabu.messaging.types import Channel

__all__ = [
    "no_button",
    "no_way_to_send",
    "not_sent_yet",
    "really_remind",
    "remind_button",
    "reminded",
    "reminded_all",
    "resent",
]


def reminded(view: InvoiceView) -> str:
    return _("%(name)s is reminded of *%(number)s*: %(amount)s.") % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "amount": short_money(view.owed),
    }


def not_sent_yet(view: InvoiceView) -> str:
    return _("That is a draft: %(name)s has not been sent anything yet. Send it first.") % {
        "name": first_name(view.customer_name)
    }


def really_remind(
    late_count: int,
    late: Sequence[Money],
    open_count: int,
    owed: Sequence[Money],
    business: str | None,
) -> str:
    """How many, and how much."""
    rows = []
    if late_count:
        rows.append(
            ngettext(
                "%(count)d invoice is overdue: %(amount)s.",
                "%(count)d invoices are overdue: %(amount)s.",
                late_count,
            )
            % {"count": late_count, "amount": " + ".join(map(short_money, late))}
        )
    else:
        rows.append(_("Nothing is overdue."))
    if open_count > late_count:
        rows.append(
            ngettext(
                "%(count)d invoice is open in all: %(amount)s.",
                "%(count)d invoices are open in all: %(amount)s.",
                open_count,
            )
            % {"count": open_count, "amount": " + ".join(map(short_money, owed))}
        )
    rows.append(_("Shall I remind the customers now?"))
    return in_business(business, "\n".join(rows))


def remind_button(count: int, *, is_late: bool) -> str:
    if is_late:
        return _("Remind %(count)d late") % {"count": count}
    return _("Remind all %(count)d") % {"count": count}


def no_button() -> str:
    return _("No")


def reminded_all(
    told: Sequence[InvoiceView], left: Sequence[tuple[InvoiceView, str]], more_count: int
) -> str:
    """Who was reminded, and who was not and why."""
    rows = []
    if told:
        rows.append(
            ngettext("%(count)d reminder is sent.", "%(count)d reminders are sent.", len(told))
            % {"count": len(told)}
        )
    else:
        rows.append(_("Nobody was reminded."))
    for view, why in left[:10]:
        rows.append(f"• {view.number}, {first_name(view.customer_name)}: {why}")
    if len(left) > 10:
        rows.append(_("… and %(count)d more") % {"count": len(left) - 10})
    if more_count > 0:
        rows.append(
            ngettext(
                "%(count)d more waits: write “remind all” again.",
                "%(count)d more wait: write “remind all” again.",
                more_count,
            )
            % {"count": more_count}
        )
    return "\n".join(rows)


def resent(view: InvoiceView, way: Channel | None) -> str:
    said = {
        Channel.WHATSAPP: _("*%(number)s* goes to %(name)s once more, on WhatsApp."),
        Channel.SMS: _("*%(number)s* goes to %(name)s once more, by SMS."),
        Channel.EMAIL: _("*%(number)s* goes to %(name)s once more, by e-mail."),
    }
    sentence = said[way] if way else _("*%(number)s* is on its way to %(name)s once more.")
    return sentence % {"number": view.number, "name": first_name(view.customer_name)}


def no_way_to_send(view: InvoiceView, way: Channel | None) -> str:
    name = first_name(view.customer_name)
    if way is Channel.EMAIL:
        return _("I know no e-mail address of %(name)s. Here is the link to pass on:") % {
            "name": name
        }
    return _("I know no number of %(name)s. Here is the link to pass on:") % {"name": name}
