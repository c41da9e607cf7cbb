"""The customer's side of an invoice: what they owe, how they pay it, and what the merchant is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hesabu.doors.chat import taps, words
from hesabu.doors.chat.memory import Bill
from hesabu.doors.chat.speech import Option, Plain, Refusal, Saying
from hesabu.identity import queries as identity
from hesabu.identity.types import Business
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import InvoiceNotFound
from hesabu.invoicing.types import INVOICE, InvoiceState, InvoiceView
from hesabu.kit import clock
from hesabu.kit.errors import HesabuError
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.types import Charge, Purpose
from hesabu.store import tenancy


def invoice(bill: Bill) -> InvoiceView:
    """Inside any binding that may nest the bill's business."""
    with tenancy.bound(bill.business_id):
        return invoices.invoice(bill.invoice_id)


def invoices_of(found: Sequence[Bill]) -> dict[Bill, InvoiceView]:
    """As they stand, asked once for each business; what there is none of any more is left out."""
    views: dict[UUID, InvoiceView] = {}
    for business_id in dict.fromkeys(bill.business_id for bill in found):
        with tenancy.bound(business_id):
            theirs = [bill.invoice_id for bill in found if bill.business_id == business_id]
            views |= invoices.invoices_of_ids(theirs)
    return {bill: views[bill.invoice_id] for bill in found if bill.invoice_id in views}


def business_of(bill: Bill) -> Business:
    with tenancy.bound(bill.business_id):
        return identity.business(bill.business_id)


def seller(bill: Bill) -> str:
    return business_of(bill).name


def rows(found: Sequence[Bill]) -> list[tuple[str, str]]:
    """Each as a row of a list: a title, and a second line. Raises InvoiceNotFound."""
    views = invoices_of(found)
    gone = [bill for bill in found if bill not in views]
    if gone:
        raise InvoiceNotFound(str(gone[0].invoice_id))
    return [words.bills.bill_row(views[bill], seller(bill)) for bill in found]


def open_among(found: Sequence[Bill]) -> list[Bill]:
    """Those on which something is owed, in the same order."""
    return [bill for bill, view in invoices_of(found).items() if _is_owed(view)]


def is_open(bill: Bill) -> bool:
    """Whether anything is owed on it."""
    return _is_owed(invoice(bill))


def _is_owed(view: InvoiceView) -> bool:
    return view.number is not None and bool(view.owed)


def collect(bill: Bill, phone: str, key: str, contact: str, part: str | None = None) -> str:
    """Send the prompt; what to say of it. `part`: in major units, where they want to pay less. Raises what payments refuses."""
    with tenancy.bound(bill.business_id, actor=tenancy.Actor("contact", UUID(contact))):
        view = invoices.invoice(bill.invoice_id)
        amount = _charged(view, part)
        charge = Charge(Purpose(INVOICE, view.id), amount, str(view.number))
        payments.collect(charge, phone, key)
        return words.bills.check_your_phone(amount, seller(bill), phone)


def _charged(view: InvoiceView, part: str | None) -> Money:
    """What they want to pay, as far as that is owed; else what is asked for."""
    wanted = Money.parse(part, view.currency) if part else view.asked
    return wanted if wanted <= view.owed else view.asked


def can_be_prompted(bill: Bill) -> bool:
    with tenancy.bound(bill.business_id):
        return any(way.kind == "stk" for way in collected.ways_to_pay())


def not_owed(bill: Bill, view: InvoiceView) -> str | None:
    """Why nothing is to be paid on it, in words; None where something is."""
    if view.owed:
        return None
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        return words.bills.taken_back(view, seller(bill))
    return words.bills.already_paid(view, seller(bill))


def shown(bill: Bill) -> Saying:
    """The bill, with what can be done about it."""
    view, business = invoice(bill), business_of(bill)
    why_not = not_owed(bill, view)
    if why_not:
        return Saying(why_not, (_option("view", bill, words.bills.view_button()),))
    today = clock.today(business.timezone)
    return Saying(words.bills.your_bill(view, business.name, today), options_of(bill))


def shown_with_offer(bill: Bill) -> Saying:
    """The bill, and the offer to pass on what was not understood."""
    view, business = invoice(bill), business_of(bill)
    body = words.bills.bill_and_offer(view, business.name, clock.today(business.timezone))
    return Saying(body, shown_to_pass_on(bill).options)


def shown_to_pass_on(bill: Bill) -> Saying:
    """The bill, and a button to pass on what was said."""
    options = (*options_of(bill)[:2], _option("passon", bill, words.bills.pass_on_button()))
    return Saying(shown(bill).body, options)


def options_of(bill: Bill) -> tuple[Option, ...]:
    return (
        _option("pay", bill, words.bills.pay_button(business_of(bill).currency)),
        _option("view", bill, words.bills.view_button()),
        _option("said", bill, words.bills.i_have_paid()),
    )


def failed(bill: Bill, why: str, *, is_retryable: bool) -> Saying:
    """A prompt came to nothing."""
    title = (
        words.bills.pay_again()
        if is_retryable
        else words.bills.pay_button(business_of(bill).currency)
    )
    options = (_option("pay", bill, title), _option("said", bill, words.bills.i_have_paid()))
    return Saying(
        words.bills.payment_failed(words.figures.translated(why), str(invoice(bill).number)),
        options,
    )


def by_hand(bill: Bill, part: str | None = None) -> Plain:
    """How to pay without a prompt, as a flow looks it up."""
    view, ways = invoice(bill), ways_by_hand(bill)
    body = words.bills.pay_by_hand(_charged(view, part), ways, seller(bill))
    option = _option("said", bill, words.bills.i_have_paid())
    return {"body": body, "options": [[option.title, option.id]] if ways else []}


def ways_by_hand(bill: Bill) -> list[str]:
    """In words; a prompt is no way by hand."""
    with tenancy.bound(bill.business_id):
        return [
            words.welcome.way_to_pay(way) for way in collected.ways_to_pay() if way.kind != "stk"
        ]


def saying(kept: Plain) -> Saying:
    return Saying(kept["body"], tuple(Option(title, tap) for title, tap in kept["options"]))


def refusal_words(error: HesabuError | Refusal) -> str:
    return f"{words.figures.translated(error.title)} {words.figures.translated(error.hint)}".strip()


def _option(verb: str, bill: Bill, title: str) -> Option:
    return Option(title, taps.written(verb, bill.business_id, bill.invoice_id))
