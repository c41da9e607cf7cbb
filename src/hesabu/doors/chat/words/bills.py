"""What the customer is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import day, first_name, short_money, shortened
from hesabu.doors.chat.words.welcome import way_example
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.countries import is_mpesa_money
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
    then = (
        _("Then paste the M-PESA message here.")
        if is_mpesa_money(amount.currency)
        else _("Then write here that you have paid.")
    )
    return "\n".join([*rows, "", then])


def i_have_paid() -> str:
    return _("I have paid")


def pay_button(currency: str) -> str:
    return _("Pay with M-PESA") if is_mpesa_money(currency) else _("How to pay")


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


# --- "that is not right", "call me" -----------------------------------------------------------------------------------


def amount_disputed(view: InvoiceView, said: str) -> str:
    """To the seller."""
    return "\n".join(
        [
            _("%(name)s says that *%(number)s*, %(amount)s, is not right:")
            % {
                "name": view.customer_name,
                "number": view.number,
                "amount": short_money(view.total),
            },
            _quoted(said),
            *_reached_on(view),
        ]
    )


def dispute_buttons() -> tuple[str, str]:
    return _("Change it"), _("It's right")


def dispute_passed_on(view: InvoiceView, seller: str) -> str:
    """To the customer."""
    return _(
        "I have asked %(seller)s to look at *%(number)s*. You need not pay it until they have answered; you will hear from me."
    ) % {"seller": seller, "number": view.number}


def being_changed(view: InvoiceView, seller: str) -> str:
    return _(
        "%(seller)s is putting *%(number)s* right. Please wait for the new invoice; it comes here."
    ) % {"seller": seller, "number": view.number}


def found_right(view: InvoiceView, seller: str) -> str:
    return _("%(seller)s has looked at *%(number)s* again: %(amount)s is right, they say.") % {
        "seller": seller,
        "number": view.number,
        "amount": short_money(view.total),
    }


def customer_told(name: str) -> str:
    return _("Good. I have told %(name)s.") % {"name": first_name(name)}


def wants_a_call(view: InvoiceView, said: str) -> str:
    """To the seller."""
    return "\n".join(
        [
            _("%(name)s asks to be called about *%(number)s*.")
            % {"name": view.customer_name, "number": view.number},
            _quoted(said),
            *_reached_on(view),
        ]
    )


def call_button() -> str:
    return _("I'll call")


def call_passed_on(seller: str) -> str:
    return _("I have asked %(seller)s to call you.") % {"seller": seller}


def will_call(seller: str, number: str) -> str:
    return _("%(seller)s will call you about *%(number)s*.") % {"seller": seller, "number": number}


def _quoted(said: str) -> str:
    """In one line that only we can close, so that nothing in it looks like the clerk's own words."""
    return f"“{shortened(' '.join(said.translate(_NO_MARKS).split()), 300)}”"


_NO_MARKS = str.maketrans(dict.fromkeys('”“„"`', "'") | dict.fromkeys("*_~", " "))
"""Of quotation, since text messages write them all alike, and those that WhatsApp shows as bold, slanted, struck or fixed."""


def _reached_on(view: InvoiceView) -> list[str]:
    if not view.customer_phone:
        return []
    return [_("Their number: %(phone)s") % {"phone": local(view.customer_phone)}]


# --- promises ---------------------------------------------------------------------------------------------------------


def promise_kept(seller: str, number: str, on_day: date, today: date) -> str:
    """To the customer."""
    return _(
        "Thank you. I have told %(seller)s that you pay *%(number)s* by %(day)s, and will not remind you before."
    ) % {"seller": seller, "number": number, "day": day(on_day, today)}


def promised(view: InvoiceView, on_day: date, today: date) -> str:
    """To the seller."""
    return _("%(name)s promises to pay *%(number)s*, %(owed)s, by %(day)s.") % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "owed": short_money(view.owed),
        "day": day(on_day, today),
    }


def all_of_them() -> str:
    return _("All of them")


def promise_when() -> str:
    return _("By which day will you pay? For example: Friday, or 30 November")


# --- stop and start ---------------------------------------------------------------------------------------------------


def reminders_off() -> str:
    return _(
        "Good, no more reminders. New invoices and receipts still come, and I answer whenever you write. "
        "“start” brings the reminders back."
    )


def reminders_on() -> str:
    return _("Good. I will remind you again when something is due.")


# --- whose account ----------------------------------------------------------------------------------------------------


def paid_somebody_else(payee: str, seller: str, ways: Sequence[str]) -> str:
    """To the customer, of a pasted message that names another payee."""
    rows = [
        _("That message says the money went to *%(payee)s*. %(seller)s is paid here:")
        % {"payee": shortened(payee), "seller": seller}
    ]
    rows += [f"• {way}" for way in ways]
    rows.append(_("I have asked %(seller)s to look all the same.") % {"seller": seller})
    return "\n".join(rows)


def names_other_payee(payee: str) -> str:
    """To the seller, under a claim."""
    return _("Look closely: the message names *%(payee)s* as the one who was paid.") % {
        "payee": shortened(payee)
    }


def not_found_yet(seller: str, number: str) -> str:
    return _(
        "%(seller)s does not see the money for *%(number)s* yet. If you paid, please send the M-PESA message, whole."
    ) % {"seller": seller, "number": number}


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
        "owed": short_money(view.asked),
        "due": due,
    }


def bill_and_offer(view: InvoiceView, seller: str, today: date) -> str:
    """After words that were not understood."""
    return "\n".join(
        [
            your_bill(view, seller, today),
            _("I did not understand that. Shall I pass it on to %(seller)s?") % {"seller": seller},
        ]
    )


def pass_on_button() -> str:
    return _("Pass it on")


def passed_on(seller: str) -> str:
    return _("I have passed that on to %(seller)s.") % {"seller": seller}


def customer_wrote(view: InvoiceView, said: str) -> str:
    """To the seller."""
    head = _("%(name)s wrote about *%(number)s*:") % {
        "name": view.customer_name,
        "number": view.number,
    }
    return "\n".join([head, _quoted(said), *_reached_on(view)])


def told_enough(seller: str) -> str:
    return _("I have told %(seller)s several times within this hour. They will answer you.") % {
        "seller": seller
    }


def nothing_to_pay() -> str:
    return _(
        "You have nothing to pay here. Do you have a business? Write “start” and I keep its books."
    )


def customer_asks_how_to_pay(view: InvoiceView, country: str) -> str:
    return _(
        "%(name)s wants to pay *%(number)s* and does not know how. Tell me how you are paid, for example: %(typed)s"
    ) % {
        "typed": way_example(country),
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def as_whom() -> str:
    return _("Did you pay a bill, or did a customer pay you?")


def as_whom_choices() -> tuple[str, str]:
    return _("I paid a bill"), _("A customer paid me")
