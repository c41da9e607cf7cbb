"""Where the API stands."""

from __future__ import annotations

from django.urls import path
from ninja import NinjaAPI

from hesabu.doors.api import oauth
from hesabu.doors.api.door import Holder, told_as_problems
from hesabu.doors.api.operations import router
from hesabu.doors.api.pages import docs_of

api = NinjaAPI(
    title="Hesabu",
    version="1",
    description="One clerk for invoices, payments and books.",
    auth=Holder(),
    docs_url=None,
    urls_namespace="api",
)
told_as_problems(api)
api.add_router("", router)
api.add_router("", oauth.router)

urlpatterns = [path("docs", docs_of(api), name="api-docs"), path("", api.urls)]
