"""Whom an agent brought: that they are there, and whether they are at work. Nothing inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import on_platform
from hesabu.doors.web.platform.views import country_name
from hesabu.identity import queries
from hesabu.identity.platform import MERCHANT_BRING
from hesabu.identity.types import Listed
from hesabu.invoicing.facts import InvoiceIssued
from hesabu.kit import clock
from hesabu.store import audit, tenancy

WORKING_WITHIN = timedelta(days=30)
STATES = {
    "begun": gettext_noop("has begun"),
    "working": gettext_noop("at work"),
    "quiet": gettext_noop("quiet for a month"),
}


@on_platform(MERCHANT_BRING)
@require_GET
def merchants(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    code = queries.agent_code_of(request.user.pk)
    brought = queries.listed_businesses(brought_by_id=request.user.pk)
    states = states_of(brought)
    page = {
        "link": request.build_absolute_uri(reverse("begin-by", args=[code])) if code else "",
        "rows": [_row(one, states[one.business_id]) for one in brought],
    }
    return render(request, "web/platform/merchants.html", page)


def _row(one: Listed, state: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "country": country_name(one.country),
        "created_at": one.created_at,
        "state": state,
        "state_words": _(STATES[state]),
    }


def states_of(listed: Sequence[Listed]) -> dict[UUID, str]:
    """Whether each ever issued an invoice, and lately; not which, nor how many. In a house transaction."""
    if not listed:
        return {}
    with tenancy.bound(*(one.business_id for one in listed)):
        last = audit.last_at(InvoiceIssued.kind)
    return {one.business_id: _state(last.get(one.business_id)) for one in listed}


def _state(issued_at: datetime | None) -> str:
    if issued_at is None:
        return "begun"
    return "working" if issued_at > clock.now() - WORKING_WITHIN else "quiet"
