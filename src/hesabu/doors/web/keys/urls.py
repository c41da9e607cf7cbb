from __future__ import annotations

from django.urls import path

from hesabu.doors.web.keys import views

urlpatterns = [
    path("b/<str:business>/keys", views.keys, name="keys"),
    path("b/<str:business>/keys/make", views.make, name="keys-make"),
    path("b/<str:business>/keys/<str:key>/revoke", views.revoke, name="keys-revoke"),
]
