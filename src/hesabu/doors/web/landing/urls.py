from __future__ import annotations

from django.urls import path

from hesabu.doors.web.landing import views

urlpatterns = [path("", views.landing, name="landing")]
