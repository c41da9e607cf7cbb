from __future__ import annotations

from django.urls import path

from hesabu.doors.web.pictures import views

urlpatterns = [
    path("b/<str:business>/pictures", views.pictures, name="pictures"),
    path("b/<str:business>/pictures/<str:picture>.png", views.picture, name="picture"),
]
