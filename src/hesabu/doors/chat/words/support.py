"""Support, and who lets them look."""

from __future__ import annotations

from django.utils.translation import gettext as _


def support_asks(name: str, business: str, reason: str) -> str:
    return _(
        "%(name)s of support asks to look into *%(business)s*: %(reason)s\nThey can read and change nothing, and each look is on your record."
    ) % {"name": name, "business": business, "reason": reason}


def buttons() -> tuple[str, str]:
    return _("Let them for a day"), _("No")


def end_button() -> str:
    return _("End it now")


def support_may_look(business: str) -> str:
    return _("Support may look into *%(business)s* for a day. You can end it at any time.") % {
        "business": business
    }


def support_may_not() -> str:
    return _("Support may not look.")
