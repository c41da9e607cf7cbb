"""Being invited, and proving who one is."""

from __future__ import annotations

from django.utils.translation import gettext as _


def you_are_invited(business: str) -> str:
    return _(
        "*%(business)s* asks you to join it here. If you do not know who that is, do nothing."
    ) % {"business": business}


def join_buttons() -> tuple[str, str]:
    return _("Join"), _("No, thanks")


def you_joined(business: str) -> str:
    return _("You belong to *%(business)s* now. Write “menu” to see what you can do.") % {
        "business": business
    }


def you_did_not_join() -> str:
    return _("All right. Nothing changed.")


def prove_by_pin() -> str:
    return _(
        "Your number changed, or was silent for long. Before I do anything for your business: your PIN, please."
    )


def prove_in_browser(address: str) -> str:
    return _(
        "Your number changed, or was silent for long, and you have no PIN that shows it is you. Sign in at %(address)s and confirm your number there."
    ) % {"address": address}


def proved() -> str:
    return _("Thank you, it is you. What may I do?")
