"""Menu, help, and everything else that is said in passing."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.figures import first_name, short_money, shortened, spoken
from hesabu.doors.chat.words.welcome import example, greets_in_swahili, way_example
from hesabu.invoicing.types import InvoiceView

UPDATE_TEMPLATE = "business_update"
"""Name of the template to be approved by WhatsApp for what the merchant did not ask for; one parameter, the news."""
UPDATE_LANGUAGES = ("en", "sw")
"""In which languages it is approved."""


def template_language() -> str:
    """The language that is spoken now, where the template is approved in it."""
    base = spoken().partition("_")[0]
    return base if base in UPDATE_LANGUAGES else "en"


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


def help_text(country: str = "KE") -> str:
    return _(
        "Write it as you would say it:\n"
        "• %(example)s\n"
        "• who owes me\n"
        "• status INV-0007\n"
        "• paid INV-0007 cash\n"
        "• void INV-0007\n"
        "• %(way)s\n"
        "“menu” shows what else there is, “cancel” stops what we are doing."
    ) % {"example": example(country), "way": way_example(country)}


def customer_help(seller: str) -> str:
    """To somebody who was sent a bill, and may never have heard of us."""
    return _(
        "I am Hesabu, the clerk of %(seller)s: I bring their invoices. The money goes straight to them, never to me. You can "
        "write: pay · I have paid · I will pay on Friday · wrong amount · call me · stop"
    ) % {"seller": seller}


def nothing_asked() -> str:
    """To a yes or a no that answers nothing."""
    return _("All right. Nothing is waiting for an answer. “menu” shows what I can do.")


def help_in_flow() -> str:
    return _(
        "Answer the question below, or write “cancel” to stop and “back” for the question before."
    )


def hello(name: str | None, country: str | None) -> str:
    """In Swahili where it is spoken: nobody in Accra is greeted with "Habari"."""
    if greets_in_swahili(country):
        return _("Habari %(name)s.") % {"name": first_name(name)} if name else _("Habari.")
    return _("Hello %(name)s.") % {"name": first_name(name)} if name else _("Hello.")


def welcome_thanks(country: str | None) -> str:
    return _("Karibu.") if greets_in_swahili(country) else _("You're welcome.")


def too_many_texts() -> str:
    return _(
        "Too many text messages came from this number. Write again in an hour, or on WhatsApp."
    )


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


def were_writing(name: str) -> str:
    return _("You were writing an invoice for %(name)s. Shall we go on?") % {"name": name}


def were_writing_one() -> str:
    return _("You were writing an invoice. Shall we go on?")


def were_changing(view: InvoiceView) -> str:
    if view.number:
        return _("You were changing *%(number)s*. Shall we go on?") % {"number": view.number}
    return _("You were changing the draft for %(name)s. Shall we go on?") % {
        "name": first_name(view.customer_name)
    }


def were_asked(question: str) -> str:
    """Of anything else: the question that waits."""
    return _("This was still open: “%(question)s” Shall we go on?") % {
        "question": shortened(question.partition("\n")[0], 120)
    }


def go_on_buttons() -> tuple[str, str]:
    return _("Go on"), _("Leave it")


def left_off() -> str:
    return _("Good, I left it. Nothing was sent.")


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


def pass_this_on(view: InvoiceView) -> str:
    return f"{view.number}  {short_money(view.owed)}\n{view.pay_url}"


def opted_out() -> str:
    return _(
        "I will not write first any more: no news of payments, no summaries. "
        "Your customers still get their invoices and receipts, and I answer whenever you write. "
        "“start” brings the news back."
    )


def opted_in() -> str:
    return _("Good. I will write again when there is news.")


def stopped_but_not_reminders() -> str:
    return _("If you meant what I write unasked, write “stop” once more.")


# --- languages --------------------------------------------------------------------------------------------------------


def which_language() -> str:
    return _("Which language shall I speak?")


def speaking_now(language: str) -> str:
    """Said in the language itself."""
    return _("Good. I speak %(language)s with you from now on.") % {"language": language}


def stay_with(language: str) -> str:
    """Said in the language itself."""
    return _("Write “%(word)s” and I stay with %(language)s.") % {
        "word": language.lower(),
        "language": language,
    }


# --- many messages, long ones, and others than words ------------------------------------------------------------------


def read_together(count: int, said: Sequence[str], other_count: int) -> str:
    """A burst: what came within seconds, and was read and not acted on. `said`: the newest of it, each thing once;
    `other_count`: how many different things more there were."""
    head = ngettext(
        "I read one more message that came within seconds, and did nothing about it:",
        "I read %(count)s more messages that came within seconds, and did nothing about them:",
        count,
    ) % {"count": count}
    rows = [f"• “{shortened(one)}”" for one in said]
    if other_count:
        others = ngettext(
            "and one other before that", "and %(count)s others before that", other_count
        )
        rows.append(f"• {others % {'count': other_count}}")
    return "\n".join([head, *rows, _("Write once more what I should do.")])


def more_to_read() -> str:
    """Under a long text message. The word is one that `more_words` has."""
    return _("Reply MORE for the rest.")


def more_words() -> frozenset[str]:
    return frozenset({"more", "zaidi", _("more")})


def nothing_more() -> str:
    return _("That was all.")


def which_of(titles: Sequence[str]) -> str:
    """More than one thing is open, on a phone without buttons."""
    rows = [f"• {title}" for title in titles]
    return "\n".join(
        [_("More than one thing is open. Write the words of the one you mean:"), *rows]
    )


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
        "contacts": _("There is no number on that card. Please write the name and the number."),
        "document": _("Thank you for the file. I can't read files yet; please write it in words."),
    }.get(kind, _("I can't read that kind of message yet; please write it in words."))
