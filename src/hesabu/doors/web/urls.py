"""All pages, composed from the nouns."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hesabu.doors.web.landing.urls")),
    path("", include("hesabu.doors.web.health.urls")),
    path("", include("hesabu.doors.web.home.urls")),
    path("", include("hesabu.doors.web.audit.urls")),
    path("", include("hesabu.doors.web.people.urls")),
    path("", include("hesabu.doors.web.approvals.urls")),
    path("", include("hesabu.doors.web.business.urls")),
    path("", include("hesabu.doors.web.support.urls")),
    path("", include("hesabu.doors.web.platform.urls")),
    path("", include("hesabu.doors.web.keys.urls")),
    path("", include("hesabu.doors.web.grants.urls")),
    path("", include("hesabu.doors.web.pictures.urls")),
    path("", include("hesabu.doors.web.privacy.urls")),
    path("account/", include("hesabu.doors.web.account.urls")),
    path("p/", include("hesabu.doors.web.pay.urls")),
    path("live/", include("hesabu.doors.web.live.urls")),
]
