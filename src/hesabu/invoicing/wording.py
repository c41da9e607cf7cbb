"""What the room says to customers: every sentence of it, in the reader's language. Nothing here decides or looks up."""

from __future__ import annotations

from datetime import date

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from hesabu.kit.countries import is_mpesa_money
from hesabu.kit.money import Money, say

WHAT_FOR_MAX = 60
INVOICE_TEMPLATE, RECEIPT_TEMPLATE = "invoice_ready", "payment_received"
"""Names of the templates to be approved by WhatsApp; their parameters are listed at `invoice_params`, `receipt_params`."""
WITHOUT_MPESA = "_without_mpesa"
"""Behind the name of a template with a button to pay: the one for money that M-PESA does not carry. A template's buttons are
as they were approved, so it takes another template to say "How to pay"."""
LANGUAGES = ("en", "sw")
"""In which languages customers are written to, and every template is approved. Papers know more of them."""


def invoice_caption(
    *,
    language: str,
    seller: str,
    number: str,
    total: Money,
    what_for: str,
    due_on: date,
    url: str,
    deposit: Money,
    asked: Money,
) -> str:
    body = invoice_letter(
        language=language,
        seller=seller,
        number=number,
        total=total,
        what_for=what_for,
        due_on=due_on,
        deposit=deposit,
        asked=asked,
    )
    with override(language):
        how = _("Pay or view it here: %(url)s") % {"url": url}
    return f"{body}\n\n{how}"


def invoice_letter(
    *,
    language: str,
    seller: str,
    number: str,
    total: Money,
    what_for: str,
    due_on: date,
    deposit: Money,
    asked: Money,
) -> str:
    """What stands in the message that brings an invoice, without its link. A deposit is named while it is asked for."""
    spoken = locale(language)
    with override(language):
        sentence = _("%(seller)s has sent you invoice %(number)s.") % {
            "seller": f"*{seller}*",
            "number": number,
        }
        rows = [
            f"*{say(total, spoken)}*",
            _("For: %(what_for)s") % {"what_for": what_for},
            _("Due: %(day)s") % {"day": day_in_full(due_on, language)},
        ]
        if deposit and 0 < asked.minor <= deposit.minor:
            rows.append(_("Deposit to pay first: %(amount)s") % {"amount": say(asked, spoken)})
    return "\n".join([sentence, "", *rows])


def invoice_subject(*, language: str, seller: str, number: str) -> str:
    """The head of a letter that brings an invoice."""
    with override(language):
        return _("Invoice %(number)s from %(seller)s") % {"number": number, "seller": seller}


def receipt_subject(*, language: str, seller: str, number: str) -> str:
    """The head of a letter that thanks for a payment."""
    with override(language):
        return _("Thank you: %(seller)s has received your payment for %(number)s") % {
            "number": number,
            "seller": seller,
        }


def written_in(language: str) -> str:
    """The language that somebody is written to in: theirs, where these sentences exist in it. So words, days and amounts
    of one message are never of two languages."""
    base = language.replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"


def template(name: str, currency: str) -> str:
    """The name of the template whose button to pay is true for this money."""
    return name if is_mpesa_money(currency) else f"{name}{WITHOUT_MPESA}"


def invoice_params(
    *, language: str, seller: str, total: Money, what_for: str, due_on: date
) -> list[str]:
    """Business, amount, what for, due day: the body of the template, in this order."""
    return [seller, say(total, locale(language)), what_for, day_in_full(due_on, language)]


def invoice_buttons(language: str, currency: str) -> tuple[str, str]:
    """The titles of the two buttons below an invoice, at most 20 letters each. Both ways the first one pays, or says how."""
    with override(language):
        pay = _("Pay with M-PESA") if is_mpesa_money(currency) else _("How to pay")
        return pay, _("View")


def receipt(
    *, language: str, seller: str, number: str, applied: Money, credit: Money, owed: Money
) -> str:
    """Thanks for one payment: what of it the invoice took, what is still owed, what is kept."""
    spoken = locale(language)
    with override(language):
        sentences = [
            _("Thank you! %(seller)s has received %(amount)s for %(number)s.")
            % {
                "seller": f"*{seller}*",
                "amount": f"*{say(applied + credit, spoken)}*",
                "number": number,
            }
        ]
        if owed:
            sentences.append(_("%(amount)s is still to be paid.") % {"amount": say(owed, spoken)})
        elif applied:
            sentences.append(_("It is paid in full."))
        if credit:
            sentences.append(
                _("%(amount)s was not owed and is kept as your credit.")
                % {"amount": say(credit, spoken)}
            )
    return " ".join(sentences)


def receipt_params(*, language: str, seller: str, number: str, amount: Money) -> list[str]:
    """Business, amount, number: the body of the template, in this order."""
    return [seller, say(amount, locale(language)), number]


def what_for(language: str, descriptions: list[str]) -> str:
    """The first line, and how many more there are; one line, short enough for a template."""
    first = shortened(descriptions[0], WHAT_FOR_MAX)
    if len(descriptions) == 1:
        return first
    with override(language):
        return _("%(first)s and %(count)d more") % {
            "first": first,
            "count": len(descriptions) - 1,
        }


def day_in_full(day: date, language: str) -> str:
    """Friday 27 November 2026."""
    return str(format_date(day, "EEEE d MMMM y", locale=locale(language)))


def locale(language: str) -> str:
    """The language as CLDR knows it; English where it does not."""
    try:
        return str(Locale.parse(language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
