"""Getting to know each other, and how one is paid."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.kit.countries import COUNTRIES
from hesabu.kit.phones import local
from hesabu.payments.types import WayToPay


def welcome(country: str | None = None) -> str:
    """M-PESA is spoken of where it can be collected by; Swahili's welcome is said where it is spoken."""
    if country is not None and COUNTRIES[country].takes("stk_till"):
        return _(
            "Karibu. I am Hesabu, the clerk for businesses that are paid by phone: I write the invoice, send it, collect "
            "by M-PESA and keep the books.\n\nWhat is your business called?"
        )
    if greets_in_swahili(country):
        return _(
            "Karibu. I am Hesabu, the clerk for small businesses: I write the invoice, send it, say who has paid and keep "
            "the books.\n\nWhat is your business called?"
        )
    return _(
        "Welcome. I am Hesabu, the clerk for small businesses: I write the invoice, send it, say who has paid and keep "
        "the books.\n\nWhat is your business called?"
    )


def greets_in_swahili(country: str | None) -> bool:
    """Whether its people use Swahili's courtesies in whatever they speak."""
    return country is not None and country in COUNTRIES and "sw" in COUNTRIES[country].languages


def not_a_business_name() -> str:
    return _("Write the whole name of the business, for example: Mama Achieng Salon")


def which_country() -> str:
    return _("Which country is it in?")


def which_currency() -> str:
    return _("Which currency do you keep your books in?")


def how_paid(name: str, has_phone: bool, country: str = "KE") -> str:
    if not COUNTRIES[country].takes("till"):
        said = _("*%(name)s* is set up. How do customers pay you? Write your bank and account:")
        return "\n\n".join([said % {"name": name}, bank_example(country)])
    rows = [
        _("*%(name)s* is set up. How do customers pay you? Write it like this:") % {"name": name},
        "",
        _("till 123456"),
        _("paybill 400200 account 123"),
    ]
    if not has_phone:
        rows.append(_("mpesa 0712 345 678"))
    return "\n".join(rows)


def my_number() -> str:
    return _("My phone number")


def later() -> str:
    return _("Later")


def bank_example(country: str) -> str:
    """As it is typed, so it is not translated."""
    return f"bank {COUNTRIES[country].bank_example}"


def way_example(country: str = "KE") -> str:
    """How one says how one is paid there."""
    return _("till 123456") if COUNTRIES[country].takes("till") else bank_example(country)


def signed_up(way: str | None, country: str = "KE") -> str:
    paid = (
        _("Customers pay you here: %(way)s.") % {"way": way}
        if way
        else _("You can say how customers pay you at any time, for example: %(typed)s")
        % {"typed": way_example(country)}
    )
    return "\n\n".join(
        [
            _("All set. %(paid)s") % {"paid": paid},
            _("Now try your first invoice, in one line:\n%(example)s")
            % {"example": example(country)},
        ]
    )


def example(country: str = "KE") -> str:
    """As it is typed, with a number and an amount as the place writes them. The grammar must understand it."""
    place = COUNTRIES[country]
    phone = "0712 345 678" if country == "KE" else place.phone_example
    amount = "75,000" if place.decimal_mark == "." else "75.000"
    return _("Invoice Jane Wanjiku %(phone)s %(amount)s for logo design due Friday") % {
        "phone": phone,
        "amount": amount,
    }


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
    return _("Which number? Write it like this: mpesa 0712 345 678")


def which_bank(country: str = "KE") -> str:
    return _("Which account? Write it like this: %(typed)s") % {"typed": bank_example(country)}


def way_unclear() -> str:
    return _("I could not read how you are paid. A till or a paybill has 5 to 7 digits.")
