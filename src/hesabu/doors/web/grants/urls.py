from __future__ import annotations

from django.urls import path

from hesabu.doors.web.grants import consent, views

urlpatterns = [
    path(".well-known/oauth-authorization-server", consent.described, name="oauth-described"),
    path("account/authorize", consent.authorize, name="authorize"),
    path("account/sessions/", views.sessions),
    path("account/apps", views.own, name="own-apps"),
    path("account/apps/<str:grant>/end", views.end_own, name="own-apps-end"),
    path("b/<str:business>/apps", views.apps, name="apps"),
    path("b/<str:business>/apps/register", views.register, name="apps-register"),
    path("b/<str:business>/apps/<str:app>/drop", views.drop, name="apps-drop"),
    path("b/<str:business>/apps/grants/<str:grant>/end", views.end, name="apps-end"),
]
