"""`hesabu books INV-0007`: the journal entries of a document, as a bookkeeper reads them."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

from collections.abc import Sequence
from uuid import UUID

import django


def main(number: str, *, business: str | None = None) -> int:
    """Print the entries of every document of that number that the installation has (or one business's)."""
    django.setup()
    from hesabu.invoicing import queries as invoicing
    from hesabu.kit.errors import HesabuError
    from hesabu.store import tenancy

    found = 0
    for business_id in businesses(business):
        with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
            try:
                invoice = invoicing.by_number(number)
            except HesabuError:
                continue
            found += 1
            print(f"{invoice.number}  {invoice.state}  {invoice.total}")
            for line in lines_of(invoice.id):
                print(line)
    if not found:
        print(f"No document is called {number}.")
    return 0 if found else 1


def lines_of(subject_id: UUID) -> Sequence[str]:
    """The entries about a document and its payments, a line each posting. Inside its business's binding."""
    from hesabu.kit.money import Money, say
    from hesabu.ledger import queries as ledger
    from hesabu.payments import queries as payments
    from hesabu.payments.types import Purpose

    about = [subject_id, *(p.id for p in payments.payments_for(Purpose("invoice", subject_id)))]
    lines = []
    for entry in ledger.entries_for(about):
        undone = "  (reversal)" if entry.reverses_id else ""
        lines.append(f"\n  #{entry.seq}  {entry.booked_on}  {entry.kind}{undone}")
        for p in entry.postings:
            amount = say(Money(abs(p.amount_minor), p.currency))
            side = "debit " if p.amount_minor > 0 else "    credit "
            lines.append(f"    {side}{p.code} {p.name:<32.32}{amount:>24}")
    return lines


def businesses(only: str | None = None) -> list[UUID]:
    """All businesses of the installation, in the order they came. Read by the owner's role: this is the operator's view."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM identity_business ORDER BY id")
        found = [row[0] for row in cursor.fetchall()]
    return [b for b in found if only is None or str(b) == only]
