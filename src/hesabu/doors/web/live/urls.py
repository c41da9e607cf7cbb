from django.urls import path

from hesabu.doors.web.live import views

urlpatterns = [
    path("p/<str:token>", views.of_pay_page, name="live-pay"),
    path("b/<str:business>", views.of_business, name="live-business"),
]
