"""Putting a reminder together and on its way: words, buttons, the template for a closed window, the letter for the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.invoicing import addresses, finding, wording
from hesabu.invoicing.errors import NotIssued
from hesabu.invoicing.models import Customer, Invoice, Promise
from hesabu.invoicing.reminders import words
from hesabu.invoicing.reminders.words import Due
from hesabu.invoicing.rules.deposits import asked_minor
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.types import INVOICE, InvoiceState
from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Buttons, Category, Choices, Content, Letter, Template

ENGLISH = "en"
"""What a template goes in where the provider has it in no other language."""

STEP, PROMISE, HAND = "step", "promise", "hand"
BUTTONS_MAX, ROWS_MAX = 3, 10


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that is to be said, and why."""

    invoice: Invoice
    reason: str
    step_days: int | None = None
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class _Letter:
    """What all forms of one reminder are made from, longest due first."""

    invoices: Sequence[Invoice]
    dues: Sequence[Due]
    seller: str
    language: str
    today: date
    owed: Money | None

    @property
    def numbers(self) -> list[str]:
        return [due.number for due in self.dues]

    @property
    def url(self) -> str:
        """The page of what has been due for longest."""
        return addresses.page_url(self.invoices[0].id)

    @property
    def body(self) -> str:
        said = {"language": self.language, "seller": self.seller, "today": self.today}
        if len(self.dues) == 1:
            return words.one(self.dues[0], **said)  # type: ignore[arg-type]
        return words.several(self.dues, owed=self.owed, **said)  # type: ignore[arg-type]


def say(
    owed: Sequence[Owed], customer: Customer, contact_id: UUID, today: date, cause: str
) -> UUID:
    """Queue one message about all of these; its id."""
    letter = _letter(owed, customer, today)
    return messaging.send(
        contact_id,
        _content(letter),
        cause=cause,
        outside_window=_template(letter),
        subject=(INVOICE, letter.invoices[0].id),
        letter=Letter(
            subject=words.subject(letter.seller, letter.numbers, letter.language),
            body=letter.body,
            link=letter.url,
        ),
        category=Category.REMINDER,
    )


def standing(invoice: Invoice) -> Standing:
    return Standing(
        InvoiceState(invoice.state),
        invoice.total_minor,
        invoice.paid_minor,
        invoice.credited_minor,
    )


def days_of(invoice: Invoice) -> tuple[date, date]:
    """When it was issued, and when it is due."""
    if invoice.issued_on is None or invoice.due_on is None:
        raise NotIssued()
    return invoice.issued_on, invoice.due_on


def _letter(owed: Sequence[Owed], customer: Customer, today: date) -> _Letter:
    business = identity.business(customer.business_id)
    ordered = sorted(owed, key=lambda one: (days_of(one.invoice)[1], one.invoice.id))
    dues = [_due(one) for one in ordered]
    currencies = {due.owed.currency for due in dues}
    return _Letter(
        invoices=[one.invoice for one in ordered],
        dues=dues,
        seller=business.name,
        language=wording.written_in(finding.language_of(customer, business)),
        today=today,
        owed=sum((due.owed for due in dues[1:]), dues[0].owed) if len(currencies) == 1 else None,
    )


def _due(owed: Owed) -> Due:
    invoice, owed_minor = owed.invoice, standing(owed.invoice).owed_minor
    asked = asked_minor(invoice.deposit_minor, invoice.paid_minor, owed_minor)
    return Due(
        number=str(invoice.number),
        total=Money(invoice.total_minor, invoice.currency),
        owed=Money(owed_minor, invoice.currency),
        asked=Money(asked, invoice.currency),
        due_on=days_of(invoice)[1],
        promised_on=owed.promise.on_day if owed.promise else None,
    )


def _content(letter: _Letter) -> Content:
    """One invoice: [Pay] [View] and its link. A few: a button each. More: a list to choose from."""
    if len(letter.invoices) == 1:
        pay, view = wording.invoice_buttons(letter.language, letter.invoices[0].currency)
        body = words.with_link(letter.body, letter.url, letter.language)
        first = letter.invoices[0]
        return Buttons(body, [(_tap("pay", first), pay), (_tap("view", first), view)])
    titles = words.pay_buttons(letter.numbers, letter.language, letter.invoices[0].currency)
    taps = [_tap("pay", invoice) for invoice in letter.invoices]
    if len(taps) <= BUTTONS_MAX:
        return Buttons(letter.body, list(zip(taps, titles, strict=True)))
    rows = [
        (tap, due.number, words.row_amount(due, letter.language))
        for tap, due in zip(taps, letter.dues, strict=True)
    ]
    return Choices(letter.body, words.choose_one(letter.language), rows[:ROWS_MAX])


def _template(letter: _Letter) -> Template:
    """Its quick reply pays, and its button opens, what has been due for longest."""
    first = letter.invoices[0]
    owed = letter.owed or letter.dues[0].owed
    numbers = letter.numbers if letter.owed is not None else letter.numbers[:1]
    params = {
        language: words.params(
            letter.seller, owed, numbers, letter.dues[0].due_on, letter.today, language
        )
        for language in (letter.language, ENGLISH)
    }
    return Template(
        name=wording.template(words.TEMPLATE, first.currency),
        language=letter.language,
        params=params[letter.language],
        english=params[ENGLISH],
        replies=[_tap("pay", first)],
        button_param=addresses.token(first.id),
    )


def _tap(verb: str, invoice: Invoice) -> str:
    """`verb:business:invoice`, the ids in 26 letters each, as the chat reads them back."""
    return f"{verb}:{ids.short(invoice.business_id)}:{ids.short(invoice.id)}"
