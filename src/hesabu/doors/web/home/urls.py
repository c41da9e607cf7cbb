from django.urls import path

from hesabu.doors.web.home import views

urlpatterns = [
    path("numbers", views.numbers, name="numbers"),
    path("home", views.home, name="home"),
    path("b/<str:business>", views.business, name="business"),
]
