from __future__ import annotations

from django.urls import path

from hesabu.doors.web.approvals import views

urlpatterns = [
    path("b/<str:business>/approvals", views.approvals, name="approvals"),
    path("b/<str:business>/approvals/limit", views.limit, name="approvals-limit"),
    path("b/<str:business>/approvals/<str:approval>/answer", views.answer, name="approvals-answer"),
    path("b/<str:business>/ways/<str:account>/stop", views.stop, name="ways-stop"),
]
