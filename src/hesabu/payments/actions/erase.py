"""Forgetting who paid. That money came, how much, when and for what stays, as the books need it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.kit import crypto
from hesabu.payments.models import Claim, PaymentRow
from hesabu.payments.models import Collection as Request
from hesabu.store import tenancy


@inner
def erase_payer(purpose_ids: Collection[UUID], phones: Collection[str] = ()) -> None:
    """In the one bound business: of what was paid for these purposes, and of what these numbers paid."""
    indexes = [crypto.blind(phone) for phone in phones]
    of_business = {"business_id": tenancy.only()}
    for found in ({"purpose_id__in": list(purpose_ids)}, {"payer_index__in": indexes}):
        Request.objects.filter(**of_business, **found).update(payer_phone="", payer_index=b"")
        PaymentRow.objects.filter(**of_business, **found).update(
            payer_name=None, payer_index=None, reference=None, withdrawn_reason=None
        )
    Claim.objects.filter(**of_business, purpose_id__in=list(purpose_ids)).update(
        said="", contact_id=None
    )
