"""The businesses whose books somebody keeps, and what waits in each: one tap to any."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import signed_in
from hesabu.doors.web.rail import BOOKKEEPERS
from hesabu.identity import queries
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.identity.types import Membership
from hesabu.invoicing import queries as invoicing
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.kit import ids
from hesabu.kit.money import say
from hesabu.payments import queries as payments
from hesabu.payments.permissions import PAYMENT_READ
from hesabu.store import tenancy

MAY = BOOKKEEPERS & BUSINESS_READ.to & PAYMENT_READ.to & INVOICE_READ.to
"""Whose role lets them see all that the page shows."""


@signed_in
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """All are asked about at once, bound together as whoever keeps them."""
    assert request.user.pk is not None
    kept = [one for one in queries.memberships_of(request.user.pk) if one.role in MAY]
    rows = _rows(kept, request.user.pk) if kept else []
    rows.sort(key=lambda row: (-row["waiting"], row["name"].casefold()))
    return render(request, "web/platform/clients.html", {"rows": rows})


def _rows(kept: list[Membership], person_id: UUID) -> list[dict[str, Any]]:
    language = get_language() or "en"
    actor = tenancy.Actor("person", person_id)
    with tenancy.bound(*(one.business_id for one in kept), actor=actor):
        approvals = queries.approvals_waiting_counts()
        unplaced = payments.unplaced_counts()
        owed = invoicing.owed_at_each()
    return [
        {
            "short": ids.short(one.business_id),
            "name": one.business_name,
            "approvals": approvals.get(one.business_id, 0),
            "unplaced": unplaced.get(one.business_id, 0),
            "owed": [say(sum_, language) for sum_ in owed.get(one.business_id, [])],
            "waiting": approvals.get(one.business_id, 0) + unplaced.get(one.business_id, 0),
        }
        for one in kept
    ]
