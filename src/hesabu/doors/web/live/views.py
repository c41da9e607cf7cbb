"""The addresses at which a stream is asked for. Each says who may, and what they would follow; `serving` does the rest."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hesabu.doors.web import pace
from hesabu.doors.web.desk import Desk, alongside, open_to_all
from hesabu.doors.web.live.leave import Granted, Watch
from hesabu.doors.web.live.signs import LEAVES
from hesabu.doors.web.pay.views import private
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.store import links


@open_to_all("the link is the authority")
@private
@require_GET
def of_pay_page(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the invoice behind the link is paid, failed to be, or is no longer asked for."""
    pace.keep("live.pay", token + pace.address_of(request), times=60, seconds=60)
    business_id, invoice_id = links.follow("pay", token)
    return Granted(Watch(business_id, invoice_id=invoice_id))


@alongside(BUSINESS_READ)
@require_GET
def of_business(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What happens in the business, for its own people. Support looks page by page, each look on record."""
    if desk.is_support or not request.session.session_key:
        raise Http404
    kinds = frozenset(kind for kind, leave in LEAVES.items() if desk.may(leave))
    watch = Watch(
        desk.business_id,
        kinds=kinds,
        person_id=desk.person_id,
        session_key=request.session.session_key,
        role=desk.membership.role,
    )
    return Granted(watch)
