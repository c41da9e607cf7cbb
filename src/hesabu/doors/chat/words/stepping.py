"""Showing who one is before something that a telephone alone may not do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import short_money as money
from hesabu.kit.money import Money


def ask_pin() -> str:
    return _(
        "Before I do that: your PIN, please. Then delete the message with it here, so that nobody reads it."
    )


def ask_pin_at_till() -> str:
    return _(
        "Before I note that: your PIN, please. Then I do not ask again for 15 minutes, unless you write “lock”. Delete the message with it here, so that nobody reads it."
    )


def choose_pin_first() -> str:
    return _(
        "Before I do that, choose a PIN: 4 to 6 digits that are easy for you and hard to guess. I will ask for it before what only you may do, and nobody from Hesabu ever will."
    )


def set_pin_in_browser(link: str) -> str:
    return _(
        "That needs a PIN, and you have none yet. Choose one on this page, signed in:\n%(link)s\nThe link works once, for ten minutes. Then write the PIN here, and what you asked for is done. If you did not ask for it, write “cancel”."
    ) % {"link": link}


def pin_in_browser(link: str) -> str:
    return _(
        "Choose your PIN on this page, signed in:\n%(link)s\nThe link works once, for ten minutes. If you did not ask for it, do nothing."
    ) % {"link": link}


def details_in_browser(link: str) -> str:
    return _(
        "Name, address, logo and what else stands on your papers is changed on this page, signed in:\n%(link)s\nThe link works once, for ten minutes."
    ) % {"link": link}


def for_which_business(said: str) -> str:
    return _("For which business? “%(said)s”") % {"said": said}


def locked() -> str:
    return _(
        "Locked. I ask for your PIN again before money is counted as received or a price changes."
    )


def level_now(above: Money | None) -> str:
    if above is None:
        return _("I note payments without asking for your PIN.")
    if not above:
        return _("I ask for your PIN before I note any payment.")
    return _("I ask for your PIN before more than %(amount)s a day is noted as received.") % {
        "amount": money(above)
    }


def which_level(now: str) -> str:
    return "\n".join([now, _("When shall I ask?")])


def levels() -> tuple[str, str, str]:
    return _("Every time"), _("Above an amount"), _("Never")


def above_what() -> str:
    return _("Above which amount a day shall I ask?")


def ask_again() -> str:
    return _("Too much time has passed for that. Please ask me for it again.")


def not_a_pin() -> str:
    return _("A PIN is 4 to 6 digits. To leave it, write “cancel”.")
