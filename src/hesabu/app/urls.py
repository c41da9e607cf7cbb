"""The root of all pages."""

from __future__ import annotations

from django.urls import include, path

from hesabu.doors.web import problems

urlpatterns = [path("", include("hesabu.doors.web.urls"))]

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.fault
