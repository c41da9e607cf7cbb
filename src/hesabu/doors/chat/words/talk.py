"""Menu, help, and everything else that is said in passing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import first_name, short_money
from hesabu.doors.chat.words.welcome import example
from hesabu.invoicing.types import InvoiceView

UPDATE_TEMPLATE = "business_update"
"""Name of the template to be approved by WhatsApp for what the merchant did not ask for; one parameter, the news."""


def menu(business: str) -> str:
    return _("*%(business)s*. What shall I do?") % {"business": business}


def menu_button() -> str:
    return _("Menu")


def choose_button() -> str:
    return _("Choose")


def choose() -> str:
    return _("What shall I do?")


def menu_rows() -> dict[str, str]:
    return {
        "new": _("New invoice"),
        "owes": _("Who owes me"),
        "list": _("My invoices"),
        "ways": _("How I am paid"),
        "settings": _("Settings"),
        "help": _("Help"),
        "switch": _("Another business"),
    }


def which_business() -> str:
    return _("Which business?")


def now_speaking_for(name: str) -> str:
    return _("Now it is about *%(name)s*.") % {"name": name}


def help_text() -> str:
    return _(
        "Write it as you would say it:\n"
        "• %(example)s\n"
        "• who owes me\n"
        "• status INV-0007\n"
        "• paid INV-0007 cash\n"
        "• void INV-0007\n"
        "• till 123456\n"
        "“menu” shows what else there is, “cancel” stops what we are doing."
    ) % {"example": example()}


def help_in_flow() -> str:
    return _(
        "Answer the question below, or write “cancel” to stop and “back” for the question before."
    )


def hello(name: str | None) -> str:
    return _("Habari %(name)s.") % {"name": first_name(name)} if name else _("Habari.")


def welcome_thanks() -> str:
    return _("Karibu.")


def not_understood() -> str:
    return _("I did not understand that. This is what I can do:")


def stopped() -> str:
    return _("Stopped. Nothing was sent.")


def nothing_to_stop() -> str:
    return _("There is nothing to stop. Nothing was sent.")


def nothing_to_undo() -> str:
    return _("I can't go back further here.")


def set_aside() -> str:
    return _("I put that aside.")


def restarted() -> str:
    return _("I have learnt something new since then, so let me ask again.")


def old_question() -> str:
    return _("That was an older question. Nothing was changed.")


def which_tap() -> str:
    return _(
        "More than one thing is open. Tap the button on the message you mean, or write its words."
    )


def old_button() -> str:
    return _("I don't know that button any more. Nothing was changed.")


def went_wrong() -> str:
    return _(
        "Something went wrong on my side, and nothing was done. Please try once more in a minute."
    )


def reminders_to_come() -> str:
    return _("I can't remind customers by myself yet. Here is what you can pass on:")


def pass_this_on(view: InvoiceView) -> str:
    return f"{view.number}  {short_money(view.owed)}\n{view.pay_url}"


def english_only() -> str:
    return _("I speak English so far.")


def opted_out() -> str:
    return _("I will not write first any more. Write “start” when that should change.")


def opted_in() -> str:
    return _("Good. I will write again when there is news.")


def got_media(kind: str) -> str:
    """A kind word for what is not read yet."""
    return {
        "image": _(
            "Thank you for the picture. I can't read pictures yet; please write it in words."
        ),
        "video": _("Thank you for the video. I can't watch videos yet; please write it in words."),
        "audio": _("I can't listen to recordings yet; please write it in words."),
        "voice": _("I can't listen to voice notes yet; please write it in words."),
        "sticker": _("Nice one. When you need me, write “menu”."),
        "location": _("Thank you. I can't use places yet; please write it in words."),
        "contacts": _(
            "Thank you. I can't read contact cards yet; please write the name and the number."
        ),
        "document": _("Thank you for the file. I can't read files yet; please write it in words."),
    }.get(kind, _("I can't read that kind of message yet; please write it in words."))
