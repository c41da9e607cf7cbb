"""Money sent by hand whose payer typed an invoice's number as account: it goes there, without anybody's tap.

Only where nothing is in doubt: the number is one of this business's own and written as one (INV-0007, inv 7, invoice 7; "7",
"no 7" or "I7" may be anything), the currency is the invoice's, and the invoice owes at least that much. Everything else waits in
suspense, where a person sees what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.invoicing.rules import numbers
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.types import INVOICE, InvoiceState
from hesabu.payments import actions as payments
from hesabu.payments import queries as paid
from hesabu.payments.facts import PaymentUnplaced
from hesabu.payments.types import Purpose
from hesabu.store import sql

_NUMBERED = """
SELECT i.business_id, i.number_value, i.id, i.currency, i.state, i.total_minor, i.paid_minor, i.credited_minor
FROM invoicing_invoice i JOIN unnest(%b::uuid[], %b::bigint[]) AS t (b, n) ON i.business_id = t.b AND i.number_value = t.n
ORDER BY i.id FOR NO KEY UPDATE OF i
"""
Numbered = tuple[UUID, int]


@inner
def place_typed(unplaced: Sequence[PaymentUnplaced]) -> None:
    """Give what it can an owner. With the books locked, in the transaction that filed the money; one after the other, so that
    two payments for one invoice never come to more than it owes."""
    typed = paid.typed_accounts([fact.subject_id for fact in unplaced])
    wanted: dict[UUID, Numbered] = {}
    for fact in unplaced:
        value = numbers.read_in_full(typed.get(fact.subject_id, ""))
        if value is not None:
            wanted[fact.subject_id] = (fact.business_id, value)
    if not wanted:
        return
    found = _numbered(set(wanted.values()))
    owners: dict[UUID, Purpose] = {}
    for fact in unplaced:
        invoice = found.get(wanted.get(fact.subject_id, (fact.business_id, 0)))
        if invoice is None or invoice.currency != fact.currency:
            continue
        if fact.amount_minor <= invoice.owed_minor:
            invoice.owed_minor -= fact.amount_minor
            owners[fact.subject_id] = Purpose(INVOICE, invoice.id)
    if owners:
        payments.place_typed(owners)


class _Numbered:
    """An invoice this transaction holds, and what it owes after what was placed so far."""

    __slots__ = ("currency", "id", "owed_minor")

    def __init__(self, invoice_id: UUID, currency: str, owed_minor: int) -> None:
        self.id, self.currency, self.owed_minor = invoice_id, currency, owed_minor


def _numbered(wanted: set[Numbered]) -> Mapping[Numbered, _Numbered]:
    pairs = sorted(wanted)
    with sql.cursor() as cursor:
        cursor.execute(_NUMBERED, ([b for b, _ in pairs], [n for _, n in pairs]))
        return {
            (business_id, value): _Numbered(
                invoice_id, currency, Standing(InvoiceState(state), *sums).owed_minor
            )
            for business_id, value, invoice_id, currency, state, *sums in cursor.fetchall()
        }
