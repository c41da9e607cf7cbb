"""The house's own affairs: the PIN, where money goes, settings."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.welcome import bank_example
from hesabu.kit.countries import COUNTRIES


def ask_pin() -> str:
    return _("This changes where your money goes. Please enter your PIN.")


def choose_pin() -> str:
    return _("Choose a PIN: 4 to 6 digits. I will ask for it before where your money goes changes.")


def present_pin() -> str:
    return _("Please enter your present PIN.")


def new_pin() -> str:
    return _("And the new one: 4 to 6 digits.")


def pin_is_set() -> str:
    return _("Your PIN is set. You may now delete the message with it.")


def wrong_pin(tries: int) -> str:
    return ngettext(
        "That is not your PIN. %(count)d try is left.",
        "That is not your PIN. %(count)d tries are left.",
        tries,
    ) % {"count": tries}


def pin_counts_later() -> str:
    return _(
        "That is your PIN, but it was chosen by this number alone, and proves nothing else for a day. Ask again tomorrow, or change it in the browser, where you show by other means that it is you."
    )


def pin_locked(seconds: int) -> str:
    minutes = max(1, (seconds + 59) // 60)
    return ngettext(
        "Too many wrong PINs. Try again in %(count)d minute.",
        "Too many wrong PINs. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def prove_it(said: str, code: str) -> str:
    if not said:
        return _(
            "A text message can be sent in anybody's name. If this was you, answer %(code)s and it is done. "
            "If not, do nothing."
        ) % {"code": code}
    return _(
        "“%(said)s” came from your number, and a text message can be sent in anybody's name. "
        "If it was you, answer %(code)s and it is done. If not, do nothing."
    ) % {"said": said, "code": code}


def prove_elsewhere() -> str:
    return _("Too many codes went unanswered. Write to me on WhatsApp, or try again in an hour.")


def ways_now(ways: Sequence[str]) -> str:
    if not ways:
        return _("You have not said yet how customers pay you.")
    return "\n".join([_("Customers pay you here:"), *(f"• {way}" for way in ways)])


def how_to_change_ways(country: str = "KE") -> str:
    if not COUNTRIES[country].takes("till"):
        return _("To change it, write your bank and account, for example:\n%(typed)s") % {
            "typed": bank_example(country)
        }
    return _(
        "To change it, write for example:\ntill 123456\npaybill 400200 account 123\nmpesa 0712 345 678"
    )


def only_here(way: str) -> str:
    return _("Shall customers pay only to %(way)s, or also where they pay now?") % {"way": way}


def only_or_also() -> tuple[str, str]:
    return _("Only there"), _("Both")


def way_added(way: str) -> str:
    return _("Done. New invoices say: %(way)s.") % {"way": way}


def way_known(way: str) -> str:
    return _("Customers pay there already: %(way)s. Nothing changed.") % {"way": way}


def account_added(business: str) -> str:
    return _(
        "Where money for *%(business)s* goes was changed just now. If it was not you, write “how i get paid” at once."
    ) % {"business": business}


def settings(
    name: str,
    ways: Sequence[str],
    tax_name: str,
    is_registered: bool,
    tax_id: str | None,
    has_pin: bool,
) -> str:
    registered = _("registered, %(id)s") % {"id": tax_id} if tax_id else _("registered")
    return "\n".join(
        [
            f"*{name}*",
            f"{tax_name}: {registered if is_registered else _('not registered')}",
            _("PIN: set") if has_pin else _("PIN: not set"),
            ways_now(ways),
        ]
    )


def settings_rows() -> dict[str, str]:
    return {
        "ways": _("How I am paid"),
        "habits": _("What I do by myself"),
        "items": _("What you sell"),
        "pin": _("My PIN"),
        "tillpin": _("PIN for payments"),
        "tax": _("Tax registration"),
        "details": _("Business details"),
    }


def by_itself() -> str:
    return _("This is what I do by myself. Choose one to change it:")


def one_habit(title: str, says: str) -> str:
    return f"*{title}*\n{says}"


def turn_off() -> str:
    return _("Turn it off")


def turn_on() -> str:
    return _("Turn it on")


def set_otherwise() -> str:
    return _("Set it otherwise")


def set_to_what(title: str, says: str, example: str) -> str:
    return _("*%(title)s*: %(says)s\nHow shall it be? Write it like this: %(example)s") % {
        "title": title,
        "says": says,
        "example": example,
    }


def is_registered(tax_name: str) -> str:
    return _("Is your business registered for %(tax)s?") % {"tax": tax_name}


def yes_no() -> tuple[str, str]:
    return _("Yes"), _("No")


def what_tax_id(tax_id_name: str) -> str:
    return _("What is its %(id)s? It is printed on every invoice.") % {"id": tax_id_name}


def registration_number() -> str:
    return _("number in the register of companies")


def what_address() -> str:
    return _("Where is it? The law wants its address on every invoice with tax.")


def what_signatory() -> str:
    return _("Who signs its invoices? The name is printed under the line to sign on.")


def tax_kept(tax_name: str, is_registered: bool) -> str:
    if is_registered:
        return _("Noted. New invoices carry %(tax)s.") % {"tax": tax_name}
    return _("Noted. New invoices carry no %(tax)s.") % {"tax": tax_name}
