from __future__ import annotations

from django.urls import path

from hesabu.doors.web.pay import views

urlpatterns = [
    path("<str:token>", views.page, name="pay"),
    path("<str:token>/state", views.state, name="pay-state"),
    path("<str:token>/pay", views.ask, name="pay-ask"),
    path("<str:token>/paid", views.say_paid, name="pay-paid"),
    path("<str:token>/invoice.pdf", views.paper, name="pay-paper"),
]
