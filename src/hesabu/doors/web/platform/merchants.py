"""Whom an agent brought: that they are there, and whether they are at work. Nothing inside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

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
    page = {
        "link": request.build_absolute_uri(reverse("begin-by", args=[code])) if code else "",
        "rows": [_row(one) for one in brought],
    }
    return render(request, "web/platform/merchants.html", page)


def _row(one: Listed) -> dict[str, Any]:
    state = state_of(one)
    return {
        "name": one.name,
        "country": country_name(one.country),
        "created_at": one.created_at,
        "state": state,
        "state_words": _(STATES[state]),
    }


def state_of(one: Listed) -> str:
    """Whether it ever issued an invoice, and lately; not which, nor how many. In a house transaction."""
    with tenancy.bound(one.business_id):
        last = audit.acts(audit.Asked(kind=InvoiceIssued.kind), most=1)
    if not last:
        return "begun"
    return "working" if last[0].fact.at > clock.now() - WORKING_WITHIN else "quiet"
