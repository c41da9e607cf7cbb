"""Every sentence the clerk says in chat, in the reader's language. Nothing here looks anything up or decides anything.

Short, warm, exact: what happened, with its number and its amount, and what can be done next. A star makes bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hesabu.invoicing.types import InvoiceState, InvoiceView, Owing, TaxMode
from hesabu.kit.money import Money, exponent, say
from hesabu.kit.phones import local
from hesabu.payments.types import Method, WayToPay

UPDATE_TEMPLATE = "business_update"
"""Name of the template to be approved by WhatsApp for what the merchant did not ask for; one parameter, the news."""
_LINE_MAX = 60


# --- figures, days, names ---------------------------------------------------------------------------------------------


def spoken() -> str:
    """The language that is spoken now, as CLDR knows it."""
    try:
        return str(Locale.parse((get_language() or "en").replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def money(amount: Money) -> str:
    """KES 75,000.00"""
    return say(amount, spoken())


def short_money(amount: Money) -> str:
    """KES 75,000: without cents where there are none."""
    said = say(amount, spoken())
    places = exponent(amount.currency)
    is_whole = places and amount.minor % 10**places == 0
    return said[: -places - 1] if is_whole else said


def figures(amount: Money) -> str:
    return say(amount, spoken(), code=False)


def day(value: date, today: date) -> str:
    """Fri 27 November, with the year where it is not this one."""
    pattern = "EEE d MMMM" if value.year == today.year else "EEE d MMMM y"
    return str(format_date(value, pattern, locale=spoken()))


_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "eng",
        "mama",
        "baba",
        "papa",
        "st",
        "saint",
        "the",
        "kwa",
        "hon",
        "rev",
        "pst",
        "sir",
    ]
)


def first_name(name: str) -> str:
    """How one speaks of somebody: Jane, but Mama Njeri and Acme Ltd whole."""
    parts = name.split()
    is_person = len(parts) in (2, 3) and all(p.isalpha() and len(p) > 2 for p in parts)
    if not is_person or parts[0].lower() in _TITLES or parts[-1].lower() in _COMPANY:
        return name
    return parts[0]


_COMPANY = frozenset(
    [
        "ltd",
        "limited",
        "plc",
        "llc",
        "inc",
        "company",
        "traders",
        "stores",
        "store",
        "shop",
        "hotel",
        "school",
        "group",
        "enterprises",
        "agency",
        "designs",
        "salon",
        "hardware",
        "supplies",
        "services",
        "academy",
        "church",
        "clinic",
        "hospital",
        "sacco",
        "bakery",
        "cafe",
        "restaurant",
    ]
)


def quantity(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_one_line(body: str) -> str:
    """As a template carries it: no line breaks, no long gaps."""
    return " ".join(body.replace("*", "").split())[:900]


def shortened(text: str, most: int = _LINE_MAX) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def translated(sentence: str) -> str:
    """A room's own sentence, in the reader's language."""
    return _(sentence) if sentence else ""


# --- getting to know each other ---------------------------------------------------------------------------------------


def welcome() -> str:
    return _(
        "Karibu. I am Hesabu, the clerk for businesses that are paid by phone: I write the invoice, send it, collect "
        "by M-PESA and keep the books.\n\nWhat is your business called?"
    )


def which_country() -> str:
    return _("Which country is it in?")


def country_hint() -> str:
    return _("I can keep books in these countries so far.")


def how_paid(name: str, has_phone: bool) -> str:
    rows = [
        _("*%(name)s* is set up. How do customers pay you? Write it like this:") % {"name": name},
        "",
        "till 123456",
        "paybill 400200 account 123",
    ]
    if not has_phone:
        rows.append("phone 0712 345 678")
    return "\n".join(rows)


def my_number() -> str:
    return _("My phone number")


def later() -> str:
    return _("Later")


def signed_up(way: str | None) -> str:
    paid = (
        _("Customers pay you here: %(way)s.") % {"way": way}
        if way
        else _("You can say how customers pay you at any time, for example: till 123456")
    )
    return "\n\n".join(
        [
            _("All set. %(paid)s") % {"paid": paid},
            _("Now try your first invoice, in one line:\n") + example(),
        ]
    )


def example() -> str:
    return "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"


def way_to_pay(way: WayToPay) -> str:
    """till 123456 (M-PESA Buy Goods)"""
    if way.kind == "stk":
        return _("M-PESA prompt")
    if way.kind == "till":
        return _("till %(number)s") % {"number": way.number}
    if way.kind == "paybill":
        account = way.account or _("the invoice number")
        return _("paybill %(number)s, account %(account)s") % {
            "number": way.number,
            "account": account,
        }
    if way.kind == "phone":
        return _("M-PESA to %(number)s") % {"number": local(way.number)}
    if way.kind == "bank":
        return _("bank account %(number)s (%(label)s)") % {"number": way.number, "label": way.label}
    return way.label


def which_till() -> str:
    return _("Which number? Write it like this: till 123456")


def which_paybill() -> str:
    return _("Which paybill, and which account? Write it like this: paybill 400200 account 123")


def which_phone() -> str:
    return _("Which number? Write it like this: phone 0712 345 678")


def which_bank() -> str:
    return _("Which account? Write it like this: bank KCB 1234567890")


def way_unclear() -> str:
    return _("I could not read how you are paid. A till or a paybill has 5 to 7 digits.")


# --- questions about an invoice ---------------------------------------------------------------------------------------


def who_is_it_for() -> str:
    return _("Who is it for? Write the name, and the phone number if you have it.")


def which_customer(name: str) -> str:
    return _("There is more than one %(name)s. Which one?") % {"name": name}


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
    "amount_not_positive": "“%(at)s” can't be an amount: it must be more than zero.",
    "amount_too_large": "“%(at)s” is more than I can put on an invoice. Is it a slip of the finger?",
    "amount_too_precise": "“%(at)s” has too many decimals: money has two.",
    "amount_unclear": "“%(at)s” can be read in two ways.",
    "amount_unreadable": "“%(at)s” is not an amount I can read. Write it as 75,000 or 75000.50.",
    "currency_other": "“%(at)s” is another currency. Your books are in %(currency)s.",
    "date_past": "“%(at)s” has passed.",
    "date_too_far": "“%(at)s” is more than a year away.",
    "date_impossible": "“%(at)s” is not a day in the calendar.",
    "date_unclear": "“%(at)s” can be read in two ways, or not at all, as a day.",
    "percent_unclear": "“%(at)s” is a percentage I can't place.",
    "discount_unclear": "“%(at)s” does not work as a discount.",
    "tax_unclear": "“%(at)s”: I can't tell whether the tax is on top or included.",
    "phone_invalid": "“%(at)s” is not a telephone number I can reach.",
}


def problem(code: str, at: str, currency: str) -> str:
    """A hint at the very thing."""
    said = _PROBLEMS.get(code, "I am not sure how you mean “%(at)s”.")
    return _(said) % {"at": shortened(at, 40), "currency": currency}


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


# --- the preview ------------------------------------------------------------------------------------------------------


def preview(view: InvoiceView, today: date, tax_name: str, business: str | None = None) -> str:
    """Who, lines, tax, total, due day: all that will be on the paper."""
    head = _("New invoice for *%(name)s*") % {"name": view.customer_name}
    rows = [f"_{business}_"] if business else []
    rows += [head, *([local(view.customer_phone)] if view.customer_phone else []), ""]
    rows += [
        _line(line.description, line.quantity, line.unit_price, line.amount) for line in view.lines
    ]
    if view.discount:
        rows.append(f"{_('Discount')}  −{figures(view.discount)}")
    rows.append(_tax_row(view, tax_name))
    rows.append(f"*{_('Total')} {money(view.total)}*")
    due = day(view.due_on, today) if view.due_on else _("on the day it is sent")
    rows.append(_("Due %(day)s") % {"day": due})
    if view.note:
        rows.append(f"_{shortened(view.note, 200)}_")
    if not view.customer_phone and view.contact_id is None:
        rows += ["", _("No number: you will get a link to pass on.")]
    return "\n".join([*rows, "", _("Shall I send it?")])


def _line(description: str, count: Decimal, price: Money, amount: Money) -> str:
    what = shortened(description[:1].upper() + description[1:])
    if count == 1:
        return f"{what}  {figures(amount)}"
    return f"{what}, {quantity(count)} × {figures(price)}  {figures(amount)}"


def _tax_row(view: InvoiceView, tax_name: str) -> str:
    rates = sorted({line.tax_rate_bps for line in view.lines if line.tax_rate_bps})
    if view.tax_mode == TaxMode.NONE or not rates:
        return _("%(tax)s none") % {"tax": tax_name}
    rate = f" {quantity(Decimal(rates[0]) / 100)} %" if len(rates) == 1 else ""
    row = f"{tax_name}{rate}  {figures(view.tax)}"
    return row if view.tax_mode == TaxMode.EXCLUSIVE else _("of which %(row)s") % {"row": row}


def preview_buttons() -> tuple[str, str, str]:
    return _("Send"), _("Change"), _("Cancel")


def same_again() -> str:
    return _("You wrote the same before. Here is that draft; nothing new was made.")


def same_was_sent(number: str) -> str:
    return _(
        "The same words made %(number)s a moment ago, and it is sent. Shall I make another one?"
    ) % {"number": number}


def another_one() -> tuple[str, str]:
    return _("Make another"), _("No")


# --- sending ----------------------------------------------------------------------------------------------------------


def on_its_way(view: InvoiceView) -> str:
    if not view.customer_phone and view.contact_id is None:
        return _("*%(number)s* is issued. Pass this link on to %(name)s:\n%(url)s") % {
            "number": view.number,
            "name": first_name(view.customer_name),
            "url": view.pay_url,
        }
    return _("*%(number)s* is on its way to %(name)s.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def already_sent(view: InvoiceView) -> str:
    return _("That is done already: it is *%(number)s* to %(name)s. Nothing was sent twice.") % {
        "number": view.number,
        "name": first_name(view.customer_name),
    }


def draft_is_gone() -> str:
    return _("That draft was cancelled. Nothing was sent.")


def draft_has_changed() -> str:
    return _(
        "That was an older version of this draft. Nothing was sent. This is how it stands now:"
    )


def draft_of_before(drafted_on: date, today: date) -> str:
    weeks = (today - drafted_on).days // 7
    if weeks == 1:
        return _("That was last week's draft. Nothing was sent. Here it is again, as of today:")
    return _("That was the draft of %(day)s. Nothing was sent. Here it is again, as of today:") % {
        "day": day(drafted_on, today)
    }


def due_day_reset() -> str:
    return _("Its due day has passed, so it is now due on the day it is sent.")


def dropped() -> str:
    return _("Cancelled. Nothing was sent.")


def seen(view: InvoiceView) -> str:
    return _("%(name)s has seen *%(number)s*. ✓✓") % {
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def not_reached(view: InvoiceView) -> str:
    return _(
        "%(name)s could not be reached on WhatsApp. Here is the link to *%(number)s* to share:\n%(url)s"
    ) % {
        "name": first_name(view.customer_name),
        "number": view.number,
        "url": view.pay_url,
    }


def maybe_not_reached(view: InvoiceView) -> str:
    return _(
        "I could not learn whether *%(number)s* reached %(name)s on WhatsApp. To be sure, here is the link to share:\n%(url)s"
    ) % {"name": first_name(view.customer_name), "number": view.number, "url": view.pay_url}


# --- changing a draft -------------------------------------------------------------------------------------------------


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
        "note": _("Note to the customer"),
    }


def which_line() -> str:
    return _("Which one?")


def new_lines() -> str:
    return _(
        "Write the lines, one thing to a line, for example:\n3 bags of cement at 850\ndelivery 1,500"
    )


def what_discount() -> str:
    return _("How much off? For example: 500, or 5%. Write 0 for none.")


def not_a_discount(text: str) -> str:
    return _("“%(text)s” does not work as a discount. Write an amount, or a share such as 5%%.") % {
        "text": shortened(text, 40)
    }


def what_note() -> str:
    return _("What shall it say? Write a dash for nothing.")


# --- money ------------------------------------------------------------------------------------------------------------


def by(method: Method) -> str:
    return {
        Method.CASH: _("in cash"),
        Method.BANK: _("by bank"),
        Method.OTHER: "",
    }.get(method, _("by M-PESA"))


def paid(view: InvoiceView, amount: Money, method: Method | None, receipt: str | None) -> str:
    """Paid. KES 75,000 from Jane by M-PESA, SKL4T7QX2P. INV-0214 is settled and in the books."""
    how = " ".join(filter(None, [by(method) if method else ""]))
    came = _("%(amount)s from %(name)s") % {
        "amount": short_money(amount),
        "name": first_name(view.customer_name),
    }
    came = ", ".join(filter(None, [f"{came} {how}".strip(), receipt]))
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
    how = by(method) if method else ""
    came = _("%(amount)s from %(name)s") % {
        "amount": short_money(amount),
        "name": first_name(view.customer_name),
    }
    came = ", ".join(filter(None, [f"{came} {how}".strip(), receipt]))
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


def methods() -> dict[str, str]:
    return {"cash": _("Cash"), "mpesa": _("M-PESA"), "bank": _("Bank")}


def nothing_open() -> str:
    return _("No invoice is open.")


def nothing_owed_on(view: InvoiceView) -> str:
    return _("Nothing is owed on *%(number)s*: it is %(state)s.") % {
        "number": view.number,
        "state": state(view),
    }


# --- claims -----------------------------------------------------------------------------------------------------------


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


# --- lists and states -------------------------------------------------------------------------------------------------


def state(view: InvoiceView) -> str:
    if view.is_overdue:
        return _("overdue")
    return {
        InvoiceState.DRAFT: _("a draft"),
        InvoiceState.ISSUED: _("open"),
        InvoiceState.PART_PAID: _("part paid"),
        InvoiceState.PAID: _("paid"),
        InvoiceState.VOID: _("taken back"),
        InvoiceState.CREDITED: _("credited"),
    }[view.state]


def owing(rows: Sequence[Owing], today: date, totals: Sequence[Money]) -> str:
    if not rows:
        return _("Nobody owes you anything.")
    lines = [_("You are owed *%(amount)s*:") % {"amount": " + ".join(map(short_money, totals))}, ""]
    lines += [_owing_row(row, today) for row in rows[:20]]
    if len(rows) > 20:
        lines.append(_("… and %(count)d more") % {"count": len(rows) - 20})
    return "\n".join(lines)


def _owing_row(row: Owing, today: date) -> str:
    late = (today - row.oldest_due_on).days
    notes = []
    if row.invoice_count > 1:
        notes.append(
            ngettext("%(count)d invoice", "%(count)d invoices", row.invoice_count)
            % {"count": row.invoice_count}
        )
    if row.overdue and late > 0:
        notes.append(ngettext("%(count)d day late", "%(count)d days late", late) % {"count": late})
    tail = f" ({', '.join(notes)})" if notes else ""
    return f"{row.name}  {short_money(row.owed)}{tail}"


def nothing_overdue() -> str:
    return _("Nothing is overdue.")


def no_invoices() -> str:
    return _("There are no invoices yet. Try:\n") + example()


def newest_invoices() -> str:
    return _("Your newest invoices:")


def list_row(view: InvoiceView) -> tuple[str, str]:
    """Title and description of a row in a list: at most 24 and 72 letters."""
    title = f"{view.number or _('Draft')} {shortened(first_name(view.customer_name), 13)}"
    return title[:24], f"{short_money(view.total)}, {state(view)}"[:72]


def standing(view: InvoiceView, today: date, news: Sequence[str]) -> str:
    """Where one invoice stands."""
    rows = [
        f"*{view.number or _('Draft')}*  {view.customer_name}",
        f"{money(view.total)}, {state(view)}",
    ]
    if view.paid and view.owed:
        rows.append(
            _("%(paid)s paid, %(owed)s owed") % {"paid": money(view.paid), "owed": money(view.owed)}
        )
    if view.due_on and view.owed:
        rows.append(_("Due %(day)s") % {"day": day(view.due_on, today)})
    rows += news
    if view.pay_url:
        rows += ["", view.pay_url]
    return "\n".join(rows)


def standing_buttons() -> tuple[str, str]:
    return _("It is paid"), _("Take it back")


def another_invoice() -> str:
    return _("Another invoice")


def news(kind: str, when: str) -> str | None:
    """A line of the timeline, where it is worth a line in chat."""
    said = {
        "invoicing.InvoiceIssued": _("Issued %(when)s"),
        "messaging.MessageDelivered": _("Delivered %(when)s"),
        "messaging.MessageSeen": _("Seen %(when)s"),
        "messaging.MessageFailed": _("Could not be delivered %(when)s"),
        "invoicing.InvoicePartPaid": _("Part paid %(when)s"),
        "invoicing.InvoicePaid": _("Paid %(when)s"),
        "invoicing.InvoiceVoided": _("Taken back %(when)s"),
        "invoicing.InvoiceCredited": _("Credited %(when)s"),
    }.get(kind)
    return said % {"when": when} if said else None


def no_such_invoice(reference: str) -> str:
    return _("I know no invoice %(reference)s. Write “list” to see yours.") % {
        "reference": shortened(reference, 20)
    }


def nobody_called(name: str) -> str:
    return _("Nobody called %(name)s has an open invoice.") % {"name": shortened(name, 40)}


# --- taking back ------------------------------------------------------------------------------------------------------


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


# --- PIN and ways to be paid ------------------------------------------------------------------------------------------


def ask_pin() -> str:
    return _("This changes where your money goes. Please enter your PIN.")


def choose_pin_first() -> str:
    return _(
        "Before where your money goes can change, choose a PIN: 4 to 6 digits that are easy for you and hard to guess. "
        "I will ask for it each time, and nobody from Hesabu ever will."
    )


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


def pin_locked(seconds: int) -> str:
    minutes = max(1, (seconds + 59) // 60)
    return ngettext(
        "Too many wrong PINs. Try again in %(count)d minute.",
        "Too many wrong PINs. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def ways_now(ways: Sequence[str]) -> str:
    if not ways:
        return _("You have not said yet how customers pay you.")
    return "\n".join([_("Customers pay you here:"), *(f"• {way}" for way in ways)])


def how_to_change_ways() -> str:
    return _(
        "To change it, write for example:\ntill 123456\npaybill 400200 account 123\nphone 0712 345 678"
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
    return {"ways": _("How I am paid"), "pin": _("My PIN"), "tax": _("Tax registration")}


def is_registered(tax_name: str) -> str:
    return _("Is your business registered for %(tax)s?") % {"tax": tax_name}


def yes_no() -> tuple[str, str]:
    return _("Yes"), _("No")


def what_tax_id(tax_id_name: str) -> str:
    return _("What is its %(id)s? It is printed on every invoice.") % {"id": tax_id_name}


def tax_kept(tax_name: str, is_registered: bool) -> str:
    if is_registered:
        return _("Noted. New invoices carry %(tax)s.") % {"tax": tax_name}
    return _("Noted. New invoices carry no %(tax)s.") % {"tax": tax_name}


# --- menu, help, the rest ---------------------------------------------------------------------------------------------


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


# --- to the customer --------------------------------------------------------------------------------------------------


def check_your_phone(amount: Money, seller: str, phone: str) -> str:
    return _(
        "Check your phone: M-PESA asks on %(phone)s for your PIN, to pay %(amount)s to %(seller)s."
    ) % {
        "phone": local(phone),
        "amount": short_money(amount),
        "seller": seller,
    }


def which_mpesa_number() -> str:
    return _("Which M-PESA number shall be asked? For example: 0712 345 678")


def already_paid(view: InvoiceView, seller: str) -> str:
    return _("*%(number)s* is paid already. Nothing more is owed to %(seller)s on it.") % {
        "number": view.number,
        "seller": seller,
    }


def taken_back(view: InvoiceView, seller: str) -> str:
    return _("%(seller)s has taken *%(number)s* back. Nothing is owed on it.") % {
        "number": view.number,
        "seller": seller,
    }


def pay_by_hand(amount: Money, ways: Sequence[str], seller: str) -> str:
    if not ways:
        return _("%(seller)s has not said yet how to pay. I have told them you asked.") % {
            "seller": seller
        }
    rows = [
        _("Pay %(amount)s to %(seller)s here:") % {"amount": short_money(amount), "seller": seller}
    ]
    rows += [f"• {way}" for way in ways]
    return "\n".join([*rows, "", _("Then paste the M-PESA message here, or tap below.")])


def i_have_paid() -> str:
    return _("I have paid")


def pay_button() -> str:
    return _("Pay with M-PESA")


def pay_again() -> str:
    return _("Try again")


def view_button() -> str:
    return _("View")


def here_it_is(view: InvoiceView, url: str) -> str:
    return f"{view.number}, {short_money(view.total)}\n{url}"


def told_seller(seller: str) -> str:
    return _("Thank you. I have asked %(seller)s to look; you will hear from me.") % {
        "seller": seller
    }


def passed_on(seller: str) -> str:
    return _("I have passed that on to %(seller)s.") % {"seller": seller}


def not_found_yet(seller: str, number: str) -> str:
    return _(
        "%(seller)s does not see the money for *%(number)s* yet. If you paid, please send the M-PESA message, whole."
    ) % {"seller": seller, "number": number}


def code_counted() -> str:
    return _("That M-PESA code is counted already.")


def payment_failed(why: str, number: str) -> str:
    return f"{why} *{number}*"


def which_bill() -> str:
    return _("Which invoice do you mean?")


def bill_row(view: InvoiceView, seller: str) -> tuple[str, str]:
    return f"{view.number} {short_money(view.owed)}"[:24], seller[:72]


def your_bill(view: InvoiceView, seller: str, today: date) -> str:
    due = day(view.due_on, today) if view.due_on else ""
    return _("*%(number)s* from %(seller)s: %(owed)s, due %(due)s.") % {
        "number": view.number,
        "seller": seller,
        "owed": short_money(view.owed),
        "due": due,
    }


def nothing_to_pay() -> str:
    return _(
        "You have nothing to pay here. Do you have a business? Write “start” and I keep its books."
    )


def customer_wrote(name: str, number: str, said: str) -> str:
    return _("%(name)s wrote about *%(number)s*:\n“%(said)s”") % {
        "name": name,
        "number": number,
        "said": shortened(said, 300),
    }


def customer_asks_how_to_pay(view: InvoiceView) -> str:
    return _(
        "%(name)s wants to pay *%(number)s* and does not know how. Tell me how you are paid, for example: till 123456"
    ) % {
        "name": first_name(view.customer_name),
        "number": view.number,
    }


def as_whom() -> str:
    return _("Did you pay a bill, or did a customer pay you?")


def as_whom_choices() -> tuple[str, str]:
    return _("I paid a bill"), _("A customer paid me")
