"""What the platform's people see across businesses: that they are there; and what they did themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import on_platform
from hesabu.doors.web.platform.further import further
from hesabu.identity import queries
from hesabu.identity.platform import PLATFORM_READ
from hesabu.identity.types import Listed, NoticeView
from hesabu.kit import ids
from hesabu.kit.countries import COUNTRIES
from hesabu.store.audit import Act

DAYS = 7
NEWEST, PAGE = 5, 50
PEOPLE = frozenset({"person", "support"})
"""Kinds of actor that are somebody."""
DONE = {
    "identity.PlatformInvited": gettext_noop("invited somebody"),
    "identity.PlatformInvitationRevoked": gettext_noop("took an invitation back"),
    "identity.PlatformLooked": gettext_noop("looked"),
    "identity.PlatformNoticesChosen": gettext_noop("chose what they are told"),
    "identity.PlatformRoleGranted": gettext_noop("got a role"),
    "identity.PlatformRoleTaken": gettext_noop("lost a role"),
    "identity.PlatformTakingAsked": gettext_noop("said that a role is to be taken"),
    "identity.PlatformTakingStopped": gettext_noop("stopped that a role is taken"),
    "identity.RestorationAsked": gettext_noop("asked to let somebody back in"),
    "identity.RestorationAgreed": gettext_noop("agreed to let somebody back in"),
    "identity.RestorationDone": gettext_noop("let somebody back in"),
    "identity.RestorationStopped": gettext_noop("stopped letting somebody back in"),
}


@on_platform(PLATFORM_READ)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    alerts = queries.alerts()
    names = queries.names_of([one.business_id for one in alerts])
    people = queries.names_of_people(
        one.subject_id for one in alerts if one.subject_kind == "person"
    )
    page = {
        "count": queries.business_count(),
        "new_count": queries.business_count(since_days=DAYS),
        "alert_count": queries.alert_count(since_days=DAYS),
        "newest": [_business(one) for one in queries.listed_businesses(most=NEWEST)],
        "alerts": [_alert(one, names, people) for one in alerts],
    }
    return render(request, "web/platform/overview.html", page)


@on_platform(PLATFORM_READ)
@require_GET
def businesses(request: HttpRequest) -> HttpResponse:
    found = queries.listed_businesses(before=_before(request), most=PAGE)
    rows = [_business(one) for one in found]
    older = rows[-1]["short"] if len(rows) == PAGE else ""
    return render(request, "web/platform/businesses.html", {"rows": rows, "older": older})


@on_platform(PLATFORM_READ)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    found = queries.platform_acts(before=_before(request), most=PAGE + 1)
    shown = found[:PAGE]
    places = [UUID(one) for act in shown if (one := act.fact.payload.get("at_business_id"))]
    names = queries.names_of(places)
    people = queries.names_of_people(one for act in shown for one in _people_of(act))
    page = {
        "rows": [_act(act, names, people) for act in shown],
        "older": ids.short(shown[-1].fact.id) if len(found) > PAGE else "",
    }
    return render(request, "web/platform/log.html", page)


def _before(request: HttpRequest) -> UUID | None:
    try:
        return ids.read_short(request.GET.get("before", ""))
    except ids.BadId:
        return None


def country_name(code: str) -> str:
    place = COUNTRIES.get(code)
    return place.name if place else code


def _business(one: Listed) -> dict[str, Any]:
    return {
        "short": ids.short(one.business_id),
        "name": one.name,
        "country": country_name(one.country),
        "created_at": one.created_at,
    }


def _alert(one: NoticeView, names: dict[UUID, str], people: dict[UUID, str]) -> dict[str, Any]:
    """About whom or what, by name where it has one."""
    named = people.get(one.subject_id) or names.get(one.subject_id)
    return {
        "words": _(one.words),
        "business": names.get(one.business_id, ""),
        "about": named or f"{one.subject_kind} {ids.short(one.subject_id)}",
        "at": one.at,
    }


def _people_of(act: Act) -> list[UUID]:
    """Who did it, and whom it is about."""
    fact = act.fact
    about = [fact.subject_id] if fact.subject_kind == "person" else []
    return about + ([fact.actor_id] if fact.actor_id and fact.actor_kind in PEOPLE else [])


def _act(act: Act, names: dict[UUID, str], people: dict[UUID, str]) -> dict[str, Any]:
    fact, said = act.fact, act.fact.payload
    place = said.get("at_business_id")
    return {
        "at": fact.at,
        "who": _who(fact.actor_kind, fact.actor_id, people),
        "what": _(DONE[fact.kind]),
        "further": further(said),
        "about": people.get(fact.subject_id, "") if fact.subject_kind == "person" else "",
        "business": names.get(UUID(place), "") if place else "",
        "address": act.address,
    }


def _who(kind: str, actor_id: UUID | None, people: dict[UUID, str]) -> str:
    if actor_id is not None and kind in PEOPLE:
        return people.get(actor_id, "")
    return {"operator": _("The operator"), "system": _("The house itself")}.get(kind, kind)
