"""A business begins in the browser, or one that began in the conversation says who brought it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hesabu.doors.web.desk import id_in, refused, signed_in
from hesabu.identity import actions, queries
from hesabu.identity.types import PlatformPlace, Role
from hesabu.kit import ids
from hesabu.kit.countries import COUNTRIES
from hesabu.kit.errors import HesabuError
from hesabu.store import pace, tenancy

BEGUN_A_DAY = 5


@signed_in
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, code: str = "") -> HttpResponse:
    """By an agent's link, the owner sees who that is and what they will see, before anything is done."""
    assert request.user.pk is not None
    with tenancy.house():
        agent = queries.agent_of_code(code) if code else None
    if code and agent is None:
        raise Http404
    if request.method == "GET":
        return _shown(request, agent)
    given = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "country")}
    if agent is not None and request.POST.get("business"):
        return _named(request, agent, id_in(request.POST["business"]))
    if given["country"] not in COUNTRIES:
        wrong = {"wrong_country": _("Choose where it trades.")}
        return _shown(request, agent, given=given, status=422, **wrong)
    pace.keep("web.begin", str(request.user.pk), times=BEGUN_A_DAY, seconds=86400)
    try:
        business_id = actions.register_business(given["name"], given["country"], request.user.pk)
    except HesabuError as error:
        more = {"wrong_name": refused(error)}
        return _shown(request, agent, given=given, status=error.status, **more)
    if agent is not None:
        return _named(request, agent, business_id)
    return redirect("business", business=ids.short(business_id))


def _named(request: HttpRequest, agent: PlatformPlace, business_id: UUID) -> HttpResponse:
    """As its owner: whoever is none is refused by the action."""
    assert request.user.pk is not None
    if business_id not in {one.business_id for one in _owned(request.user.pk)}:
        raise Http404
    try:
        with tenancy.bound(business_id, actor=tenancy.Actor("person", request.user.pk)):
            actions.name_agent(agent.code)
    except HesabuError as error:
        messages.error(request, refused(error))
    else:
        messages.success(request, _("Kept. Your agent sees that your business is there."))
    return redirect("business", business=ids.short(business_id))


def _owned(person_id: UUID) -> list[Any]:
    return [one for one in queries.memberships_of(person_id) if one.role is Role.OWNER]


def _shown(
    request: HttpRequest, agent: PlatformPlace | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    assert request.user.pk is not None
    owned = _owned(request.user.pk) if agent is not None else []
    page = {
        "agent": agent,
        "owned": [
            {"short": ids.short(one.business_id), "name": one.business_name} for one in owned
        ],
        "countries": [(place.code, place.name) for place in COUNTRIES.values()],
        **more,
    }
    return render(request, "web/platform/begin.html", page, status=status)
