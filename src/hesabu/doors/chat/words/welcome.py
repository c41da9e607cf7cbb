"""Getting to know each other, and how one is paid."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.kit.phones import local
from hesabu.payments.types import WayToPay


def welcome() -> str:
    return _(
        "Karibu. I am Hesabu, the clerk for businesses that are paid by phone: I write the invoice, send it, collect "
        "by M-PESA and keep the books.\n\nWhat is your business called?"
    )


def which_country() -> str:
    return _("Which country is it in?")


def country_hint() -> str:
    return _("I can keep books in these countries so far.")


def how_paid(name: str, has_phone: bool) -> str:
    rows = [
        _("*%(name)s* is set up. How do customers pay you? Write it like this:") % {"name": name},
        "",
        "till 123456",
        "paybill 400200 account 123",
    ]
    if not has_phone:
        rows.append("phone 0712 345 678")
    return "\n".join(rows)


def my_number() -> str:
    return _("My phone number")


def later() -> str:
    return _("Later")


def signed_up(way: str | None) -> str:
    paid = (
        _("Customers pay you here: %(way)s.") % {"way": way}
        if way
        else _("You can say how customers pay you at any time, for example: till 123456")
    )
    return "\n\n".join(
        [
            _("All set. %(paid)s") % {"paid": paid},
            _("Now try your first invoice, in one line:\n") + example(),
        ]
    )


def example() -> str:
    return "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"


def way_to_pay(way: WayToPay) -> str:
    """till 123456 (M-PESA Buy Goods)"""
    if way.kind == "stk":
        return _("M-PESA prompt")
    if way.kind == "till":
        return _("till %(number)s") % {"number": way.number}
    if way.kind == "paybill":
        account = way.account or _("the invoice number")
        return _("paybill %(number)s, account %(account)s") % {
            "number": way.number,
            "account": account,
        }
    if way.kind == "phone":
        return _("M-PESA to %(number)s") % {"number": local(way.number)}
    if way.kind == "bank":
        return _("bank account %(number)s (%(label)s)") % {"number": way.number, "label": way.label}
    return way.label


def which_till() -> str:
    return _("Which number? Write it like this: till 123456")


def which_paybill() -> str:
    return _("Which paybill, and which account? Write it like this: paybill 400200 account 123")


def which_phone() -> str:
    return _("Which number? Write it like this: phone 0712 345 678")


def which_bank() -> str:
    return _("Which account? Write it like this: bank KCB 1234567890")


def way_unclear() -> str:
    return _("I could not read how you are paid. A till or a paybill has 5 to 7 digits.")
