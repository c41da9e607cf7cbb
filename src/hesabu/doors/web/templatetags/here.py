"""Where the reader is."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], name: str) -> bool:
    """Whether the page shown is that one, or below it."""
    request = context.get("request")
    return request is not None and request.path.startswith(reverse(name))
