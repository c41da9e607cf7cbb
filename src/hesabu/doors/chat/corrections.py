"""What a customer hears when an invoice they were sent is taken back, or another one takes its place. All of it *later*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hesabu.doors.chat import words
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.telling import tell_contact
from hesabu.identity import queries as identity
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.facts import InvoiceCredited, InvoiceReplaced, InvoiceSent, InvoiceVoided
from hesabu.invoicing.types import InvoiceView
from hesabu.store import facts as store_facts
from hesabu.store.facts import Fact


def tell_taken_back(facts: Sequence[InvoiceVoided | InvoiceCredited]) -> None:
    """*Later*: nothing is to be paid on it any more. Of one that was replaced, the customer hears what replaced it."""
    for fact in facts:
        view = invoices.invoice(fact.subject_id)
        is_whole = not isinstance(fact, InvoiceCredited) or fact.is_whole
        if is_whole and not _happened(view, InvoiceReplaced):
            seller = identity.business(fact.business_id).name
            say = partial(words.undoing.invoice_taken_back, seller, str(view.number))
            _tell(view, say, f"told:back:{view.id}")


def tell_replaced(facts: Sequence[InvoiceReplaced]) -> None:
    """*Later*: only the new one is to be paid."""
    for fact in facts:
        old, new = invoices.invoice(fact.subject_id), invoices.invoice(fact.by_id)
        seller = identity.business(fact.business_id).name
        say = partial(words.undoing.invoice_replaced, seller, str(old.number), str(new.number))
        _tell(old, say, f"told:replaced:{old.id}")


def _tell(view: InvoiceView, say: Callable[[], str], cause: str) -> None:
    """Only to somebody who was sent it. Once."""
    if view.contact_id is None or not _happened(view, InvoiceSent):
        return
    language = invoices.customer(view.customer_id).language
    tell_contact(view.contact_id, lambda: Saying(say()), cause, language)


def _happened(view: InvoiceView, kind: type[Fact]) -> bool:
    return any(record.kind == kind.kind for record in store_facts.timeline(view.id))


READERS: tuple[tuple[type[Fact], Callable[[Sequence[Any]], None], bool], ...] = (
    (InvoiceVoided, tell_taken_back, False),
    (InvoiceCredited, tell_taken_back, False),
    (InvoiceReplaced, tell_replaced, False),
)
"""(fact, later reader, whether unbound), as in `reactions`."""
