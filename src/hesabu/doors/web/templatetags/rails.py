"""The places of the rail, and who of support looks in, on every page of somebody who is signed in."""

from __future__ import annotations

from typing import Any

from django import template

from hesabu.doors.web import rail
from hesabu.identity import queries as identity
from hesabu.identity.permissions import SUPPORT_ALLOW
from hesabu.identity.types import ConsentView
from hesabu.store import tenancy

register = template.Library()


@register.simple_tag(takes_context=True)
def places(context: dict[str, Any]) -> list[rail.Group]:
    """Of the business whose page this is, then across businesses, then of the person."""
    request = context["request"]
    roles = identity.platform_roles_of(request.user.pk) if request.user.is_authenticated else set()
    return rail.groups(context.get("desk"), roles, request.path)


@register.simple_tag(takes_context=True)
def support_here(context: dict[str, Any]) -> dict[str, list[ConsentView]]:
    """On every page of a business: who of support may look into it now, for everybody; and who asks, for whoever may answer."""
    desk = context.get("desk")
    if desk is None:
        return {"looking": [], "asking": []}
    if not tenancy.is_bound():
        with tenancy.bound(desk.business_id, actor=tenancy.Actor("person", desk.person_id)):
            return support_here(context)
    found = identity.consents()
    may_answer = not desk.is_support and desk.may(SUPPORT_ALLOW)
    return {
        "looking": [one for one in found if one.is_open],
        "asking": [one for one in found if not one.is_open] if may_answer else [],
    }
