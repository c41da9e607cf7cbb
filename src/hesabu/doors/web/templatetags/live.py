"""Where a page hears that something happened."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def live_address(context: dict[str, Any], name: str, **where: str) -> str:
    """The address of that stream: beside the page, or in development on the port of the live process. Empty where the page
    came from elsewhere than that port can know of; it then does without."""
    request = context.get("request")
    if request is None:
        return ""
    origin = settings.LIVE_ORIGIN
    if origin and request.get_host() != urlsplit(settings.CONFIG.public_url).netloc:
        return ""
    return str(origin + reverse(name, kwargs=where))
