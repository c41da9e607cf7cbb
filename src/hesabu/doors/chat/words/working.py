"""Said while working: papers once more, a part of what is owed, what is not kept yet, hours without reminders."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import first_name, short_money
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.money import Money

__all__ = [
    "any_part",
    "here_is_paper",
    "no_bills_kept",
    "no_expenses_yet",
    "no_paper_yet",
    "no_receipt_yet",
    "only_invoices_kept",
    "pay_part_button",
    "pay_part_now",
    "quiet_unclear",
    "receipt_sent",
    "tell_part_button",
    "told_part",
]


def here_is_paper(view: InvoiceView) -> str:
    """Below the PDF."""
    return _("*%(number)s* for %(name)s, %(amount)s.") % _about(view)


def no_paper_yet(view: InvoiceView) -> str:
    return _(
        "The invoice for %(name)s was not sent yet, so it has no number and no PDF. Here it is:"
    ) % {"name": first_name(view.customer_name)}


def receipt_sent(view: InvoiceView) -> str:
    return _("The receipt for *%(number)s* is on its way to %(name)s once more.") % _about(view)


def no_receipt_yet(view: InvoiceView) -> str:
    return _("Nothing was paid on *%(number)s* yet, so there is no receipt.") % _about(view)


def any_part(view: InvoiceView, part: Money | None) -> str:
    """To the seller, whose customer wants to pay a part first."""
    about = _about(view) | {"owed": short_money(view.owed)}
    if part is None:
        return (
            _(
                "%(name)s can pay any part of *%(number)s*, of which %(owed)s is owed: they write “pay 500” to me, or pay it "
                "as they pay the rest. What is left stays owed."
            )
            % about
        )
    about["part"] = short_money(part)
    return (
        _(
            "%(name)s can pay %(part)s of *%(number)s* now; %(owed)s is owed. What is left stays owed. Shall I send them a "
            "button for that part?"
        )
        % about
    )


def tell_part_button() -> str:
    return _("Send it")


def told_part(view: InvoiceView, part: Money) -> str:
    return _("I have told %(name)s that %(part)s of *%(number)s* is enough for now.") % (
        _about(view) | {"part": short_money(part)}
    )


def pay_part_now(view: InvoiceView, part: Money, seller: str) -> str:
    """To the customer."""
    return _(
        "%(seller)s agrees that you pay %(part)s of *%(number)s* now. The rest, %(rest)s, stays to be paid."
    ) % {
        "seller": seller,
        "part": short_money(part),
        "number": view.number,
        "rest": short_money(view.owed - part),
    }


def pay_part_button(part: Money) -> str:
    """Twenty letters at most, so that a large sum goes without its currency."""
    title = _("Pay %(amount)s") % {"amount": short_money(part)}
    return title if len(title) <= 20 else _("Pay this part")


def no_bills_kept() -> str:
    return _(
        "I do not know whom you owe: I keep no bills of your suppliers yet, only what your customers owe you."
    )


def only_invoices_kept() -> str:
    """Above the bills that somebody was sent through us."""
    return _("These came through me; other bills I do not keep yet.")


def no_expenses_yet() -> str:
    return _(
        "I keep no expenses yet, so I noted nothing. That comes later; for now I keep what you invoice and what you are paid."
    )


def quiet_unclear() -> str:
    return _("From when to when shall it be quiet? For example: quiet from 20 to 8")


def _about(view: InvoiceView) -> dict[str, str]:
    return {
        "number": str(view.number),
        "name": first_name(view.customer_name),
        "amount": short_money(view.total),
    }
