"""Questions about an invoice, and hints at what is wrong with an answer."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hesabu.doors.chat.words.figures import first_name, quantity, short_money, shortened
from hesabu.kit.money import Money


def who_is_it_for() -> str:
    return _("Who is it for? Write the name, and the phone number if you have it.")


def which_customer(name: str) -> str:
    return _("There is more than one %(name)s. Which one?") % {"name": name}


def number_is_anothers(known: str, said: str) -> str:
    return _(
        "That number is %(known)s's, so this is for %(known)s. If it is for %(said)s, write “cancel”, and then again with "
        "their own number."
    ) % {"known": known, "said": said}


def somebody_new() -> str:
    return _("Somebody new")


def what_number(name: str) -> str:
    return _("What is %(name)s's WhatsApp number?") % {"name": first_name(name)}


def no_number() -> str:
    return _("No number")


def how_much(description: str | None) -> str:
    if description:
        return _("How much is it for %(what)s?") % {"what": shortened(description)}
    return _("How much is it?")


def how_much_paid() -> str:
    return _("How much was paid?")


def what_for() -> str:
    return _("What is it for?")


def when_due() -> str:
    return _("When is it due? For example: Friday, 30 Nov, in 14 days.")


def due_days() -> tuple[str, str, str]:
    return _("Today"), _("In 7 days"), _("In 30 days")


def with_tax(tax_name: str) -> str:
    return _("Is %(tax)s on top of that, or in it?") % {"tax": tax_name}


def tax_choices() -> tuple[str, str, str]:
    return _("On top"), _("Included"), _("None")


def tax_left_away(tax_name: str) -> str:
    return _(
        "Your business is not registered for %(tax)s, so I left it away. Registered after all? Write: settings"
    ) % {"tax": tax_name}


def other_rate(tax_name: str, said: Decimal, is_: Decimal) -> str:
    return _("%(tax)s is %(is)s %% today, not %(said)s %%, so I took %(is)s %%.") % {
        "tax": tax_name,
        "is": quantity(is_),
        "said": quantity(said),
    }


def write_it_again() -> str:
    return _(
        "Please write the invoice again with clear amounts, one thing to a line, for example:\n3 bags of cement at 850"
    )


_PROBLEMS = {
    "amount_not_positive": gettext_noop("“%(at)s” can't be an amount: it must be more than zero."),
    "amount_too_large": gettext_noop(
        "“%(at)s” is more than I can put on an invoice. Is it a slip of the finger?"
    ),
    "amount_too_precise": gettext_noop("“%(at)s” has too many decimals: money has two."),
    "amount_unclear": gettext_noop("“%(at)s” can be read in two ways."),
    "amount_unreadable": gettext_noop(
        "“%(at)s” is not an amount I can read. Write it as 75,000 or 75000.50."
    ),
    "currency_other": gettext_noop("“%(at)s” is another currency. Your books are in %(currency)s."),
    "date_past": gettext_noop("“%(at)s” has passed."),
    "date_too_far": gettext_noop("“%(at)s” is more than a year away."),
    "date_impossible": gettext_noop("“%(at)s” is not a day in the calendar."),
    "date_unclear": gettext_noop("“%(at)s” can be read in two ways, or not at all, as a day."),
    "percent_unclear": gettext_noop("“%(at)s” is a percentage I can't place."),
    "discount_unclear": gettext_noop("“%(at)s” does not work as a discount."),
    "tax_unclear": gettext_noop("“%(at)s”: I can't tell whether the tax is on top or included."),
    "customer_guessed": gettext_noop(
        "I take “%(at)s” as the customer's name. If it is not, write “cancel”."
    ),
    "phone_invalid": gettext_noop("“%(at)s” is not a telephone number I can reach."),
}


def problem(code: str, at: str, currency: str) -> str:
    """A hint at the very thing."""
    said = _PROBLEMS.get(code)
    sentence = _(said) if said else _("I am not sure how you mean “%(at)s”.")
    return sentence % {"at": shortened(at, 40), "currency": currency}


def not_a_name() -> str:
    return _("That does not look like a name. Write it in letters, for example: Jane Wanjiku")


def not_an_amount(text: str, currency: str) -> str:
    return _(
        "“%(text)s” is not an amount I can take. Write it in %(currency)s, as 75,000 or 75000.50."
    ) % {
        "text": shortened(text, 40),
        "currency": currency,
    }


def not_a_day(text: str) -> str:
    return _("“%(text)s” is not a day I understand. Write it as Friday, 30 Nov or in 14 days.") % {
        "text": shortened(text, 40)
    }


def not_a_phone(text: str) -> str:
    return _("“%(text)s” is not a telephone number I can reach. Write it as 0712 345 678.") % {
        "text": shortened(text, 40)
    }


def too_long() -> str:
    return _("That is too long. A few words are enough.")


def what_to_change() -> str:
    return _("What shall I change?")


def change_fields() -> dict[str, str]:
    return {
        "customer": _("Customer"),
        "amount": _("Amount"),
        "description": _("What it is for"),
        "due": _("Due day"),
        "lines": _("All the lines"),
        "tax": _("Tax"),
        "discount": _("Discount"),
        "deposit": _("Deposit"),
        "note": _("Note to the customer"),
    }


def which_line() -> str:
    return _("Which one?")


def new_lines() -> str:
    return _(
        "Write the lines, one thing to a line, for example:\n3 bags of cement at 850\ndelivery 1,500"
    )


def how_many(what: str) -> str:
    return _("How many, of %(what)s?") % {"what": shortened(what)}


def not_a_quantity(text: str) -> str:
    return _("“%(text)s” is not a number of pieces. Write it as 3 or 2.5.") % {
        "text": shortened(text, 40)
    }


def only_line(what: str) -> str:
    return _("%(what)s is all there is on it. Write “cancel” to drop the whole draft.") % {
        "what": shortened(what)
    }


def is_it_each(what: str) -> str:
    return _("Is that for each one, or for all of them together? (%(what)s)") % {
        "what": shortened(what, 40)
    }


def each_or_together(amount: Money, count: Decimal) -> tuple[str, str]:
    return _("For each"), _("For all %(count)s") % {"count": quantity(count)}


def not_divisible(amount: Money, count: Decimal) -> str:
    return _("%(amount)s can't be divided by %(count)s to the cent.") % {
        "amount": short_money(amount),
        "count": quantity(count),
    }


def how_much_each(what: str) -> str:
    return _("How much is one, of %(what)s?") % {"what": shortened(what)}


def what_deposit() -> str:
    return _("How much is to be paid first? For example: 5,000, or 50%. Write 0 for none.")


def what_discount() -> str:
    return _("How much off? For example: 500, or 5%. Write 0 for none.")


def not_a_discount(text: str) -> str:
    return _("“%(text)s” does not work as a discount. Write an amount, or a share such as 5%%.") % {
        "text": shortened(text, 40)
    }


def what_note() -> str:
    return _("What shall it say? Write a dash for nothing.")
