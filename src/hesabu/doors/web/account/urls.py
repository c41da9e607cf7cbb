from django.urls import include, path

from hesabu.doors.web.account import telephone, views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("tries", views.tries, name="account-tries"),
    path("telephone", telephone.ask, name="entry-ask"),
    path("telephone/wait", telephone.wait, name="entry-wait"),
    path("t/<str:token>", telephone.follow, name="entry-follow"),
    path("oidc/<str:provider_id>/login/callback/", views.come_back),
    path("", include("allauth.urls")),
]
