from __future__ import annotations

from django.urls import path

from hesabu.doors.web.platform import (
    beginning,
    clients,
    members,
    merchants,
    notices,
    restorations,
    views,
)

urlpatterns = [
    path("platform/", views.overview, name="platform"),
    path("platform/businesses", views.businesses, name="platform-businesses"),
    path("platform/log", views.log, name="platform-log"),
    path("platform/members", members.members, name="platform-members"),
    path("platform/members/invite", members.invite, name="platform-invite"),
    path("platform/members/<str:person>/<str:role>/change", members.change, name="platform-change"),
    path("platform/members/<str:person>/<str:role>/let-go", members.let_go, name="platform-let-go"),
    path("platform/invitations/<str:invitation>/revoke", members.revoke, name="platform-revoke"),
    path("platform/takings/<str:taking>/stop", members.stop_taking, name="platform-stop-taking"),
    path("platform/notices", notices.notices, name="platform-notices"),
    path("platform/restorations", restorations.restorations, name="platform-restorations"),
    path(
        "platform/restorations/<str:restoration>/agree",
        restorations.agree,
        name="platform-restoration-agree",
    ),
    path(
        "platform/restorations/<str:restoration>/refuse",
        restorations.refuse,
        name="platform-restoration-refuse",
    ),
    path("merchants", merchants.merchants, name="merchants"),
    path("clients", clients.clients, name="clients"),
    path("begin", beginning.begin, name="begin"),
    path("begin/<str:code>", beginning.begin, name="begin-by"),
]
