"""The businesses whose books somebody keeps, and what waits in each: one tap to any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import signed_in
from hesabu.identity import permissions, queries
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.identity.types import Membership, Role
from hesabu.invoicing import queries as invoicing
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.kit import ids
from hesabu.kit.money import Money, say_local
from hesabu.payments import queries as payments
from hesabu.payments.permissions import PAYMENT_READ
from hesabu.store import tenancy

KEEPERS = frozenset({Role.BOOKKEEPER, Role.PARTNER})


@signed_in
@require_GET
def clients(request: HttpRequest) -> HttpResponse:
    """Each is looked at by itself, as who they are there, and shows no more than they may see there."""
    assert request.user.pk is not None
    kept = [one for one in queries.memberships_of(request.user.pk) if one.role in KEEPERS]
    rows = [_row(one) for one in kept]
    rows.sort(key=lambda row: (-row["waiting"], row["name"].casefold()))
    return render(request, "web/platform/clients.html", {"rows": rows})


def _row(place: Membership) -> dict[str, Any]:
    actor = tenancy.Actor("person", place.person_id)
    with tenancy.bound(place.business_id, actor=actor):
        for what in (BUSINESS_READ, PAYMENT_READ, INVOICE_READ):
            permissions.require(what)
        approvals = queries.approvals_waiting()
        mine = sum(queries.may_answer(one, place.person_id) for one in approvals)
        unplaced = len(payments.unplaced())
        owed = _summed(one.owed for one in invoicing.owed_by_customer())
        business = queries.business(place.business_id)
    return {
        "short": ids.short(place.business_id),
        "name": place.business_name,
        "role": place.role.value,
        "country": business.country,
        "approvals": len(approvals),
        "mine": mine,
        "unplaced": unplaced,
        "owed": [say_local(one, get_language() or "en") for one in owed],
        "waiting": len(approvals) + unplaced,
    }


def _summed(amounts: Iterable[Money]) -> list[Money]:
    """One sum for each currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return [sums[currency] for currency in sorted(sums)]
