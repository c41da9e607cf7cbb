"""The root of all pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from hesabu.app.inside import inside
from hesabu.doors.web import problems

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("hesabu.doors.api.urls")),
    path("", include("hesabu.doors.web.urls")),
]

if not settings.CONFIG.is_production:
    urlpatterns.insert(0, path("inside", inside))

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.fault
