"""What the customer is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import day, first_name, short_money, shortened
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.money import Money
from hesabu.kit.phones import local


def check_your_phone(amount: Money, seller: str, phone: str) -> str:
    return _(
        "Check your phone: M-PESA asks on %(phone)s for your PIN, to pay %(amount)s to %(seller)s."
    ) % {
        "phone": local(phone),
        "amount": short_money(amount),
        "seller": seller,
    }


def which_mpesa_number() -> str:
    return _("Which M-PESA number shall be asked? For example: 0712 345 678")


def already_paid(view: InvoiceView, seller: str) -> str:
    return _("*%(number)s* is paid already. Nothing more is owed to %(seller)s on it.") % {
        "number": view.number,
        "seller": seller,
    }


def taken_back(view: InvoiceView, seller: str) -> str:
    return _("%(seller)s has taken *%(number)s* back. Nothing is owed on it.") % {
        "number": view.number,
        "seller": seller,
    }


def pay_by_hand(amount: Money, ways: Sequence[str], seller: str) -> str:
    if not ways:
        return _("%(seller)s has not said yet how to pay. I have told them you asked.") % {
            "seller": seller
        }
    rows = [
        _("Pay %(amount)s to %(seller)s here:") % {"amount": short_money(amount), "seller": seller}
    ]
    rows += [f"• {way}" for way in ways]
    return "\n".join([*rows, "", _("Then paste the M-PESA message here, or tap below.")])


def i_have_paid() -> str:
    return _("I have paid")


def pay_button() -> str:
    return _("Pay with M-PESA")


def pay_again() -> str:
    return _("Try again")


def view_button() -> str:
    return _("View")


def here_it_is(view: InvoiceView, url: str) -> str:
    return f"{view.number}, {short_money(view.total)}\n{url}"


def told_seller(seller: str) -> str:
    return _("Thank you. I have asked %(seller)s to look; you will hear from me.") % {
        "seller": seller
    }


def passed_on(seller: str) -> str:
    return _("I have passed that on to %(seller)s.") % {"seller": seller}


def not_found_yet(seller: str, number: str) -> str:
    return _(
        "%(seller)s does not see the money for *%(number)s* yet. If you paid, please send the M-PESA message, whole."
    ) % {"seller": seller, "number": number}


def code_counted() -> str:
    return _("That M-PESA code is counted already.")


def payment_failed(why: str, number: str) -> str:
    return f"{why} *{number}*"


def which_bill() -> str:
    return _("Which invoice do you mean?")


def bill_row(view: InvoiceView, seller: str) -> tuple[str, str]:
    return f"{view.number} {short_money(view.owed)}"[:24], seller[:72]


def your_bill(view: InvoiceView, seller: str, today: date) -> str:
    due = day(view.due_on, today) if view.due_on else ""
    return _("*%(number)s* from %(seller)s: %(owed)s, due %(due)s.") % {
        "number": view.number,
        "seller": seller,
        "owed": short_money(view.owed),
        "due": due,
    }


def nothing_to_pay() -> str:
    return _(
        "You have nothing to pay here. Do you have a business? Write “start” and I keep its books."
    )


def customer_wrote(name: str, number: str, said: str) -> str:
    """In one line that only we can close, so that nothing in it looks like the clerk's own words."""
    return _("%(name)s wrote about *%(number)s*:\n“%(said)s”") % {
        "name": name,
        "number": number,
        "said": shortened(" ".join(said.split()).replace("”", "'"), 300),
    }


def customer_asks_how_to_pay(view: InvoiceView) -> str:
    return _(
        "%(name)s wants to pay *%(number)s* and does not know how. Tell me how you are paid, for example: till 123456"
    ) % {
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def as_whom() -> str:
    return _("Did you pay a bill, or did a customer pay you?")


def as_whom_choices() -> tuple[str, str]:
    return _("I paid a bill"), _("A customer paid me")
