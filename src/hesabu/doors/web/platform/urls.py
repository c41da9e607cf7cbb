from __future__ import annotations

from django.urls import path

from hesabu.doors.web.platform import beginning, clients, members, merchants, notices, views

urlpatterns = [
    path("platform/", views.overview, name="platform"),
    path("platform/businesses", views.businesses, name="platform-businesses"),
    path("platform/log", views.log, name="platform-log"),
    path("platform/members", members.members, name="platform-members"),
    path("platform/members/invite", members.invite, name="platform-invite"),
    path("platform/members/<str:person>/<str:role>/change", members.change, name="platform-change"),
    path("platform/members/<str:person>/<str:role>/let-go", members.let_go, name="platform-let-go"),
    path("platform/invitations/<str:invitation>/revoke", members.revoke, name="platform-revoke"),
    path("platform/notices", notices.notices, name="platform-notices"),
    path("merchants", merchants.merchants, name="merchants"),
    path("clients", clients.clients, name="clients"),
    path("begin", beginning.begin, name="begin"),
    path("begin/<str:code>", beginning.begin, name="begin-by"),
]
