from __future__ import annotations

from django.urls import path

from hesabu.doors.web.people import views

urlpatterns = [
    path("b/<str:business>/people", views.people, name="people"),
    path("b/<str:business>/people/invite", views.invite, name="people-invite"),
    path("b/<str:business>/people/leave", views.leave, name="people-leave"),
    path("b/<str:business>/people/<str:person>/role", views.change_role, name="people-role"),
    path("b/<str:business>/people/<str:person>/remove", views.remove, name="people-remove"),
    path("b/<str:business>/people/<str:person>/owner", views.offer, name="people-owner"),
    path(
        "b/<str:business>/invitations/<str:invitation>/revoke",
        views.revoke,
        name="people-revoke",
    ),
    path("join", views.join, name="join"),
    path("join/<str:secret>", views.join, name="join-by"),
]
