from allauth.account.views import email, email_verification_sent
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.urls import include, path

from hesabu.doors.web.account import first_proof_views, oidc, telephone, text_views, views
from hesabu.doors.web.account.first_proof import used_by

urlpatterns = [
    path("", views.home, name="account_home"),
    path("hours", views.hours, name="account-hours"),
    path("tries", views.tries, name="account-tries"),
    path("telephone", telephone.ask, name="entry-ask"),
    path("telephone/pin", telephone.pin, name="entry-pin"),
    path("telephone/wait", telephone.wait, name="entry-wait"),
    path("t/<str:token>", telephone.follow, name="entry-follow"),
    path("oidc/<str:provider_id>/login/", views.begin_other),
    path("oidc/<str:provider_id>/login/callback/", views.come_back),
    path(
        "google/login/callback/",
        views.come_back,
        {"provider_id": oidc.GOOGLE},
        name="google_callback",
    ),
    path("first-proof", first_proof_views.ask, name="first-proof"),
    path(
        "first-proof/stop/<str:which>/<str:mark>", first_proof_views.stop, name="first-proof-stop"
    ),
    path("2fa/restoration/stop", views.stop_restoration, name="stop-restoration"),
    path("2fa/", views.security),
    path("2fa/totp/activate/", used_by(activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", used_by(add_webauthn), name="mfa_add_webauthn"),
    path("email/", used_by(email), name="account_email"),
    path(
        "confirm-email/",
        used_by(email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("2fa/text/", text_views.set_up, name="text-set-up"),
    path("2fa/text/confirm", text_views.confirm, name="text-confirm"),
    path("2fa/text/remove", text_views.remove, name="text-remove"),
    path("2fa/text/step", text_views.step, name="text-step"),
    path("2fa/text/again", text_views.again, name="text-again"),
    path("", include("allauth.urls")),
]
