"""The places of the rail, on every page of somebody who is signed in."""

from __future__ import annotations

from typing import Any

from django import template

from hesabu.doors.web import rail

register = template.Library()


@register.simple_tag(takes_context=True)
def places_here(context: dict[str, Any]) -> list[rail.Link]:
    """Of the business whose page this is; none elsewhere."""
    desk = context.get("desk")
    return list(rail.of_a_business(desk, context["request"].path)) if desk else []


@register.simple_tag(takes_context=True)
def places_mine(context: dict[str, Any]) -> list[rail.Link]:
    """Of the person."""
    return list(rail.of_a_person(context["request"].path))
