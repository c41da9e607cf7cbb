from __future__ import annotations

from django.urls import path

from hesabu.doors.web.support import views

urlpatterns = [
    path("support", views.desk_of_support, name="support"),
    path("b/<str:business>/support", views.here, name="support-here"),
    path("b/<str:business>/support/<str:consent>/allow", views.allow, name="support-allow"),
    path("b/<str:business>/support/<str:consent>/end", views.end, name="support-end"),
]
