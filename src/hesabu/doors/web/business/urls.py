from __future__ import annotations

from django.urls import path

from hesabu.doors.web.business import details, mpesa, passages, ways

urlpatterns = [
    path("b/<str:business>/settings", details.settings, name="settings"),
    path("b/<str:business>/settings/logo", details.logo, name="settings-logo"),
    path("b/<str:business>/settings/logo.png", details.picture, name="settings-picture"),
    path("b/<str:business>/settings/<str:change>/undo", details.undo, name="settings-undo"),
    path("b/<str:business>/ways", ways.ways, name="ways"),
    path("b/<str:business>/ways/add", ways.add, name="ways-add"),
    path("b/<str:business>/ways/<str:account>/close", ways.close, name="ways-close"),
    path("b/<str:business>/ways/mpesa", mpesa.form, name="ways-mpesa"),
    path("b/<str:business>/ways/mpesa/add", mpesa.add, name="ways-mpesa-add"),
    path("b/<str:business>/ways/<str:account>/mpesa", mpesa.one, name="ways-mpesa-one"),
    path("b/<str:business>/ways/<str:account>/listen", mpesa.listen, name="ways-mpesa-listen"),
    path("b/<str:business>/ways/<str:account>/trial", mpesa.trial, name="ways-mpesa-trial"),
    path("s/<str:token>", passages.follow, name="passage"),
    path("pin", passages.pin, name="pin"),
]
