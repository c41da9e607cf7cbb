"""Pictures: what a customer hears, and what the seller is told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import first_name
from hesabu.invoicing.types import InvoiceView


def passed_on(seller: str, number: str) -> str:
    return _("Thank you. I pass the picture about *%(number)s* on to %(seller)s.") % {
        "seller": seller,
        "number": number,
    }


def came(view: InvoiceView) -> str:
    return _("%(name)s sent this picture about *%(number)s*.") % {
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def came_with_claim(view: InvoiceView) -> str:
    return _(
        "%(name)s says *%(number)s* is paid, and sent this picture. A picture can be made up: look where the money should be before you say yes."
    ) % {"name": first_name(view.customer_name), "number": view.number}


def show_button() -> str:
    return _("Show the invoice")


def not_shown(number: str) -> str:
    return _(
        "I could not open the picture about *%(number)s*. Please send it once more as a photo of at most 5 MB."
    ) % {"number": number}


def of_merchant() -> str:
    return _(
        "I cannot read pictures yet. Send one with the word “logo”, and it stands on your papers. A picture that a customer sends about an invoice reaches you here. All else, please write."
    )


def logo_comes() -> str:
    return _("I look at the picture, and tell you when your papers show it.")


def logo_is_kept(business: str) -> str:
    return _("Papers of *%(name)s* show the new logo from now on.") % {"name": business}


def logo_is_bad() -> str:
    return _(
        "That picture cannot be a logo. Send a PNG or JPEG photo of at most 2 MB with the word “logo”."
    )
