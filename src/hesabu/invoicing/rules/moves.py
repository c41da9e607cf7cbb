"""The only way an invoice changes state. The picture in the room's essay is tested against this table."""

from __future__ import annotations

from hesabu.invoicing.types import InvoiceState
from hesabu.kit.moves import Moves

DRAFT = InvoiceState.DRAFT
ISSUED = InvoiceState.ISSUED
PART_PAID = InvoiceState.PART_PAID
PAID = InvoiceState.PAID
VOID = InvoiceState.VOID
CREDITED = InvoiceState.CREDITED

MOVES = Moves(
    {
        (DRAFT, "issue"): ISSUED,
        (DRAFT, "discard"): VOID,
        (ISSUED, "void"): VOID,
        (ISSUED, "part_pay"): PART_PAID,
        (ISSUED, "pay"): PAID,
        (ISSUED, "part_credit"): ISSUED,
        (ISSUED, "credit"): CREDITED,
        (PART_PAID, "part_pay"): PART_PAID,
        (PART_PAID, "pay"): PAID,
        (PART_PAID, "part_credit"): PART_PAID,
        (PART_PAID, "credit"): CREDITED,
        (PAID, "give_back"): ISSUED,
        (PAID, "part_give_back"): PART_PAID,
        (PART_PAID, "give_back"): ISSUED,
        (PART_PAID, "part_give_back"): PART_PAID,
        (PAID, "part_credit"): PAID,
        (PAID, "credit"): CREDITED,
    }
)
