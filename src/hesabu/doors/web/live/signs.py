"""Which facts a page is told of, and as what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hesabu.identity.approvals import APPROVAL_READ
from hesabu.identity.permissions import Declared
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.kit import ids
from hesabu.payments.permissions import PAYMENT_READ
from hesabu.store.lately import Lately


@dataclass(frozen=True, slots=True)
class Sign:
    """What is told: a kind, and the id of what it is about, as addresses carry it. `fact_id` is where it was read."""

    kind: str
    about: str = ""
    fact_id: UUID | None = None


BEHIND = "behind"
OF_BUSINESS: dict[str, str] = {
    "identity.ApprovalAsked": "approval",
    "identity.ApprovalGiven": "approval",
    "identity.ApprovalRefused": "approval",
    "identity.ApprovalWithdrawn": "approval",
    "invoicing.CreditApplied": "invoice",
    "invoicing.InvoiceCredited": "invoice",
    "invoicing.InvoiceDiscarded": "invoice",
    "invoicing.InvoiceDrafted": "invoice",
    "invoicing.InvoiceIssued": "invoice",
    "invoicing.InvoiceOverpaid": "invoice",
    "invoicing.InvoicePaid": "invoice",
    "invoicing.InvoicePartPaid": "invoice",
    "invoicing.InvoiceRedrafted": "invoice",
    "invoicing.InvoiceReopened": "invoice",
    "invoicing.InvoiceReplaced": "invoice",
    "invoicing.InvoiceVoided": "invoice",
    "payments.ClaimConfirmed": "payment",
    "payments.ClaimMade": "payment",
    "payments.ClaimRejected": "payment",
    "payments.PaymentDoubtful": "payment",
    "payments.PaymentPlaced": "payment",
    "payments.PaymentSettled": "payment",
    "payments.PaymentUnplaced": "payment",
    "payments.PaymentWithdrawn": "payment",
    "payments.ReceiptFound": "payment",
}
"""Facts that change what the pages of a business show."""

LEAVES: dict[str, Declared] = {
    "approval": APPROVAL_READ,
    "invoice": INVOICE_READ,
    "payment": PAYMENT_READ,
}
"""What one needs to be told of each kind."""

OF_PAY_PAGE: dict[str, str] = {
    "invoicing.CreditApplied": "changed",
    "invoicing.InvoiceCredited": "cancelled",
    "invoicing.InvoicePaid": "paid",
    "invoicing.InvoicePartPaid": "changed",
    "invoicing.InvoiceReopened": "changed",
    "invoicing.InvoiceVoided": "cancelled",
    "payments.ClaimConfirmed": "changed",
    "payments.ClaimMade": "changed",
    "payments.ClaimRejected": "changed",
    "payments.CollectionAsked": "changed",
    "payments.CollectionDoubted": "changed",
    "payments.CollectionExpired": "failed",
    "payments.CollectionFailed": "failed",
    "payments.PaymentSettled": "changed",
}
"""Facts about one invoice, or money for it, that its pay page shows."""

LEAVE_CHANGED = {
    "identity.AccountClosed",
    "identity.ClosingAsked",
    "identity.MemberLeft",
    "identity.OwnershipHandedOver",
    "identity.PasswordChanged",
    "identity.RestorationDone",
    "identity.RoleChanged",
    "identity.SecondFactorAdded",
    "identity.SecondFactorRemoved",
    "identity.SessionsEnded",
}
"""Facts about a person after which it is asked at once whether their streams may go on. Those of the house lie with the house."""

KINDS = sorted({*OF_BUSINESS, *OF_PAY_PAGE, *LEAVE_CHANGED})


def of_business(fact: Lately, kinds: frozenset[str]) -> Sign | None:
    """For somebody who may be told of these kinds."""
    kind = OF_BUSINESS.get(fact.kind)
    if kind is None or kind not in kinds:
        return None
    return Sign(kind, ids.short(fact.subject_id), fact.id)


def of_pay_page(fact: Lately, invoice_id: UUID) -> Sign | None:
    """For whoever holds the link of that invoice: not even its id, which the link does not tell."""
    kind = OF_PAY_PAGE.get(fact.kind)
    if kind is None or invoice_id not in (fact.subject_id, fact.purpose_id):
        return None
    return Sign(kind, "", fact.id)
