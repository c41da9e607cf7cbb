"""Where the API stands."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI

from hesabu.doors.api.door import Holder, told_as_problems
from hesabu.doors.api.operations import router
from hesabu.kit.senders import Proxies


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the connection and the proxies we trust tell."""
    return Proxies(settings.CONFIG.trusted_proxies.split(",")).sender(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


api = NinjaAPI(
    title="Hesabu",
    version="1",
    description="One clerk for invoices, payments and books.",
    auth=Holder(address_of),
    docs_url=None,
    urls_namespace="api",
)
told_as_problems(api)
api.add_router("", router)

urlpatterns = [path("", api.urls)]
