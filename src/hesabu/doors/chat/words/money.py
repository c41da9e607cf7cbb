"""Money that came, that somebody says came, and that is taken back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import first_name, short_money
from hesabu.doors.chat.words.standing import state
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.countries import is_mpesa_money
from hesabu.kit.money import Money
from hesabu.payments.types import Method


def _came(view: InvoiceView, amount: Money, method: Method | None, receipt: str | None) -> str:
    """KES 75,000 from Jane by M-PESA, SKL4T7QX2P"""
    if method is Method.CASH:
        said = _("%(amount)s from %(name)s in cash")
    elif method is Method.BANK:
        said = _("%(amount)s from %(name)s by bank")
    elif method in (None, Method.OTHER):
        said = _("%(amount)s from %(name)s")
    else:
        said = _("%(amount)s from %(name)s by M-PESA")
    came = said % {"amount": short_money(amount), "name": first_name(view.customer_name)}
    return f"{came}, {receipt}" if receipt else came


def paid(view: InvoiceView, amount: Money, method: Method | None, receipt: str | None) -> str:
    """Paid. KES 75,000 from Jane by M-PESA, SKL4T7QX2P. INV-0214 is settled and in the books."""
    came = _came(view, amount, method, receipt)
    return _("*Paid.* %(came)s. *%(number)s* is settled and in the books.") % {
        "came": came,
        "number": view.number or _("The draft"),
    }


def paid_by_credit(view: InvoiceView) -> str:
    return _("*Paid.* *%(number)s* is settled from %(name)s's credit.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def part_paid(
    view: InvoiceView, amount: Money, owed: Money, method: Method | None, receipt: str | None
) -> str:
    came = _came(view, amount, method, receipt)
    return _("*Part paid.* %(came)s. %(owed)s of %(total)s is still owed on *%(number)s*.") % {
        "came": came,
        "owed": short_money(owed),
        "total": short_money(view.total),
        "number": view.number,
    }


def overpaid(view: InvoiceView, credit: Money) -> str:
    return _("%(amount)s more came than *%(number)s* owed. It is kept as %(name)s's credit.") % {
        "amount": short_money(credit),
        "number": view.number or _("the draft"),
        "name": first_name(view.customer_name),
    }


def unplaced(amount: Money) -> str:
    return _("%(amount)s came that I can't place. Which invoice is it for?") % {
        "amount": short_money(amount)
    }


def unplaced_and_nothing_open(amount: Money) -> str:
    return _(
        "%(amount)s came that I can't place, and no invoice is open. It is kept apart until you write: place"
    ) % {"amount": short_money(amount)}


def none_of_these() -> str:
    return _("None of these")


def left_unplaced(amount: Money) -> str:
    return _("Left as it is: %(amount)s waits without an owner. Write “place” to see it again.") % {
        "amount": short_money(amount)
    }


def nothing_to_place() -> str:
    return _("No money is waiting for an owner.")


def placed(amount: Money, number: str) -> str:
    return _("Placed. %(amount)s went to *%(number)s*.") % {
        "amount": short_money(amount),
        "number": number,
    }


def placed_before() -> str:
    return _("That money has an owner already. Nothing changed.")


def which_invoice() -> str:
    return _("Which invoice?")


def which_method() -> str:
    return _("How was it paid?")


def methods(currency: str) -> dict[str, str]:
    by_phone = {"mpesa": _("M-PESA")} if is_mpesa_money(currency) else {}
    return {"cash": _("Cash"), **by_phone, "bank": _("Bank")}


def nothing_open() -> str:
    return _("No invoice is open.")


def nothing_open_for(customer: str) -> str:
    return _(
        "No invoice for %(customer)s is open. Write the number of the one that was paid, for example: INV-0007 is paid."
    ) % {"customer": customer}


def nothing_owed_on(view: InvoiceView) -> str:
    return _("Nothing is owed on *%(number)s*: it is %(state)s.") % {
        "number": view.number,
        "state": state(view),
    }


def claimed(view: InvoiceView, amount: Money, code: str | None) -> str:
    said = _("%(name)s says *%(number)s* is paid: %(amount)s") % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "amount": short_money(amount),
    }
    return "\n".join([f"{said}{f', {code}' if code else ''}.", _("Is the money there?")])


def claim_buttons() -> tuple[str, str]:
    return _("Yes, it's there"), _("No")


def rejected(view: InvoiceView) -> str:
    return _("Noted: not there. *%(number)s* stays open, and %(name)s is told.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def claim_answered() -> str:
    return _("You have answered that already. Nothing changed.")


def really_void(view: InvoiceView) -> str:
    return _(
        "Take back *%(number)s*, %(amount)s to %(name)s? Its number stays in the books, reversed."
    ) % {
        "number": view.number,
        "amount": short_money(view.total),
        "name": first_name(view.customer_name),
    }


def void_buttons() -> tuple[str, str]:
    return _("Yes, take it back"), _("Keep it")


def really_credit(view: InvoiceView) -> str:
    return _(
        "Money came on *%(number)s*, so it can't be taken back; I can write a credit note over all of it. What was paid "
        "stays as %(name)s's credit. Shall I?"
    ) % {"number": view.number, "name": first_name(view.customer_name)}


def credit_buttons() -> tuple[str, str]:
    return _("Write credit note"), _("Keep it")


def voided(view: InvoiceView) -> str:
    return _("*%(number)s* is taken back. Nothing is owed on it.") % {"number": view.number}


def credited(number: str, of: str) -> str:
    return _("Credit note *%(number)s* is written for *%(of)s*.") % {"number": number, "of": of}


def kept() -> str:
    return _("Nothing changed.")


def maybe_two(amount: Money) -> str:
    return _(
        "M-PESA says a prompt of %(amount)s was paid, and you had confirmed that amount for the same invoice before. I counted it"
        " once. If your M-PESA statement shows it twice, write: paid, the invoice's number, the amount and the other code."
    ) % {"amount": short_money(amount)}


def prompt_never_told(number: str, amount: Money) -> str:
    return _(
        "M-PESA never said what became of the prompt for *%(number)s*. Look at your M-PESA statement: if the money is there,"
        " write: paid %(number)s %(amount)s mpesa, and the code."
    ) % {"number": number, "amount": short_money(amount)}


def maybe_two_by_hand(amount: Money) -> str:
    return _(
        "M-PESA says a prompt of %(amount)s was paid, and as much had been sent by hand for the same invoice just before. I"
        " counted it once. If your M-PESA statement shows it twice, write: paid, the invoice's number, the amount and the other"
        " code."
    ) % {"amount": short_money(amount)}


def other_amount(amount: Money, receipt: str) -> str:
    return _(
        "M-PESA tells of the payment *%(receipt)s* with another amount than the %(amount)s that I counted. Look at your M-PESA"
        " statement: if mine is wrong, take the payment back and write: paid, the invoice's number, the amount and the code."
    ) % {"amount": short_money(amount), "receipt": receipt}


def maybe_same(view: InvoiceView, amount: Money) -> str:
    return _(
        "%(name)s paid the M-PESA prompt for *%(number)s*: %(amount)s. You had counted as much for it before, without a code."
        " Is it the same money?"
    ) % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "amount": short_money(amount),
    }


def same_buttons() -> tuple[str, str]:
    return _("The same money"), _("Two payments")


def joined() -> str:
    return _(
        "It is counted once. M-PESA's payment stands, and the one counted on your word is taken back."
    )


def parted() -> str:
    return _("Both are counted.")
