"""Which invoice is meant: by its number, by the message that is quoted, by whose it is, or chosen from a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from hesabu.doors.chat import lists, words
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.grammar.types import Understood
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import InvoiceNotFound
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.invoicing.types import InvoiceState, InvoiceView

Fits = Callable[[InvoiceView], bool]


def is_open(view: InvoiceView) -> bool:
    return bool(view.owed)


def is_issued(view: InvoiceView) -> bool:
    return view.number is not None


def is_standing(view: InvoiceView) -> bool:
    """A draft, or an invoice that was not taken back."""
    return view.state not in (InvoiceState.VOID, InvoiceState.CREDITED)


def anything(view: InvoiceView) -> bool:
    return True


def meant(
    visit: Visit,
    desk: Desk,
    said: Understood,
    *,
    verb: str = "show",
    fits: Fits = anything,
    version: int = 0,
) -> InvoiceView | None:
    """The invoice that is meant. Where it could be several, they are offered, each with a tap that does `verb` to it; where
    it can be none, that is said."""
    if said.reference:
        return by_number(visit, desk, said.reference)
    quoted = quoted_invoice(visit, desk)
    if quoted is not None:
        return quoted
    name, phone = said.customer.name, said.customer.phone
    if name or phone:
        found = _of(desk, name, phone, fits)
        if len(found) == 1:
            return found[0]
        if not found:
            visit.say(words.standing.nobody_called(name or str(phone)))
        else:
            visit.say(choices(desk, found, verb, version))
        return None
    with desk.open():
        page = invoices.invoices(most=100).invoices
    found = [view for view in page if fits(view)]
    visit.say(
        choices(desk, found, verb, version) if found else Saying(words.standing.no_such_open())
    )
    return None


def choices(desk: Desk, found: Sequence[InvoiceView], verb: str, version: int = 0) -> Saying:
    return lists.choices(desk, found, verb, words.money.which_invoice(), version)


def _of(desk: Desk, name: str | None, phone: str | None, fits: Fits) -> list[InvoiceView]:
    """Somebody's, the open ones before all others."""
    with desk.open():
        if phone:
            row = invoices.customer_by_phone(phone)
            page = invoices.invoices(most=100, customer_id=row.id).invoices if row else ()
        else:
            page = tuple(lists.of_customer(desk, str(name)))
    return [view for view in page if fits(view)]


def newest_issued(desk: Desk, name: str | None, phone: str | None) -> list[InvoiceView]:
    """What was issued, to whoever is named or to anybody, the newest first."""
    with desk.open():
        if phone:
            row = invoices.customer_by_phone(phone)
            page = invoices.invoices(most=100, customer_id=row.id).invoices if row else ()
        else:
            page = invoices.invoices(most=200 if name else 50).invoices
    return [
        view
        for view in page
        if view.number and (not name or lists.begins(view.customer_name, name))
    ]


def by_number(visit: Visit, desk: Desk, reference: str) -> InvoiceView | None:
    try:
        return attempt(lambda: desk.may(INVOICE_READ, partial(_numbered, reference)))
    except InvoiceNotFound:
        visit.say(words.standing.no_such_invoice(reference))
        return None


def _numbered(reference: str) -> InvoiceView:
    return invoices.by_number(reference)


def quoted_invoice(visit: Visit, desk: Desk) -> InvoiceView | None:
    """What the message that is quoted was about, at this desk."""
    shown = visit.quoted()
    if shown is None or shown.business_id != desk.business_id:
        return None
    with desk.open():
        return invoices.invoice(shown.invoice_id)


def last_draft(visit: Visit, desk: Desk) -> InvoiceView | None:
    """The draft that was previewed last, as it stands now."""
    last = visit.memory.last_draft
    if last is None or last.business_id != desk.business_id:
        return None
    with desk.open():
        return invoices.invoice(last.invoice_id)


def viewed(desk: Desk, tapped: Tap) -> InvoiceView:
    """What the tapped button was shown for."""
    return desk.may(INVOICE_READ, lambda: invoices.invoice(tapped.subject_id))


def view_of(desk: Desk, invoice_id: UUID) -> InvoiceView:
    with desk.open():
        return invoices.invoice(invoice_id)
