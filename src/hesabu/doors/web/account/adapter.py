"""Between the library and the rooms."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.flows.connect import connect
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hesabu.doors.web import pace
from hesabu.doors.web.account import first_proof, letters, oidc, others, stages, texted, waits
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import TooManyTries
from hesabu.identity.types import Outcome
from hesabu.kit import crypto
from hesabu.store import pace as counted
from hesabu.store.tenancy import Actor

TRIES_A_MINUTE, TRIES_AN_HOUR_FROM_ONE_ADDRESS, TRIES_AN_HOUR_AT_ONE_ACCOUNT = 10, 300, 100


def display(person: AbstractBaseUser) -> str:
    """What somebody is called on a page."""
    return str(getattr(person, "name", ""))


def registered(name: str, password: str | None) -> AbstractBaseUser:
    """A new person, as the library's user."""
    language = (translation.get_language() or "en").split("-")[0]
    person_id = identity.register_person(name, language, password=password)
    return get_user_model().objects.get(pk=person_id)


def person_of(address: str) -> Any:
    """The id of whoever proved that this address is theirs; None where nobody did."""
    found = EmailAddress.objects.filter(email=address.strip().lower(), verified=True)
    return found.values_list("user_id", flat=True).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """A person is registered by identity; the library keeps their address and lets them in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": translation.gettext_lazy(
            "That address and password do not belong together."
        ),
        "incorrect_code": translation.gettext_lazy(
            "That code is not right, or it is too old. Ask for a new one."
        ),
        "incorrect_password": translation.gettext_lazy("That is not your password."),
        "too_many_login_attempts": translation.gettext_lazy(
            "Too many wrong tries. Wait a few minutes, or sign in with a code by e-mail."
        ),
        "rate_limited": translation.gettext_lazy("That was a little too often. Wait a minute."),
    }

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        return registered(form.cleaned_data["name"], form.cleaned_data.get("password1"))

    def get_client_ip(self, request: HttpRequest) -> str:
        return pace.address_of(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By messaging, in the language of whoever it goes to."""
        person_id = getattr(context.get("user"), "pk", None) or person_of(email)
        language = letters.language_of(person_id) if person_id else translation.get_language()
        with translation.override(language):
            letters.write(template_prefix, email, context)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Their first one may be the first proof that they waited for."""
        with first_proof.using(context.request):
            super().set_password(user, password)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong tries wait, longer each time, for one account from one address; the other ways in stay open. An account that
        is tried from everywhere is open only to addresses that it was used from."""
        account, address = str(credentials.get("email", "")), self.get_client_ip(request)
        try:
            _keep_pace(account, address)
        except (pace.TooOften, TooManyTries) as error:
            self._note(request, account, Outcome.WAITED)
            raise ValidationError(waits.words(error), code="too_many_login_attempts") from error

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Asked once more before something dangerous: a wrong password is on record as that, too."""
        is_them = bool(super().reauthenticate(user, password))
        if not is_them:
            identity.note_refusal("person:prove", "not_proved", actor=Actor("person", user.pk))
        return is_them

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._note(request, str(credentials.get("email", "")), Outcome.WRONG)

    def _note(self, request: HttpRequest, account: str, outcome: Outcome) -> None:
        identity.note_attempt(
            account,
            self.get_client_ip(request),
            self.get_http_user_agent(request),
            way="password",
            outcome=outcome,
            person_id=person_of(account),
        )

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Not within ten minutes of having signed in by password, passkey or second factor."""
        records = get_authentication_records(self.request, self.request.user)
        last = max(
            (one["at"] for one in records if one["method"] in ("password", "mfa")), default=0
        )
        if time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **rest))

    def get_login_stages(self) -> list[str]:
        """Codes by text message are asked for after the stronger second steps, where there is none of those."""
        ours = [stages.OURS.get(one, one) for one in super().get_login_stages()]
        return [*ours, "hesabu.doors.web.account.texted.TextStage"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and texted.is_second_step(user.pk) and texted.reachable(user.pk):
            description = _("Use a code by text message")
            found.append({"id": "text", "description": description, "url": reverse("text-again")})
        return found


def _keep_pace(account: str, address: str) -> None:
    """Raises TooOften or TooManyTries."""
    pace.keep("sign_in.both", f"{account}|{address}", times=TRIES_A_MINUTE, seconds=60)
    pace.keep("sign_in.from", address, times=TRIES_AN_HOUR_FROM_ONE_ADDRESS, seconds=3600)
    identity.begin_attempt(account, address)
    if counted.count("sign_in.at", account.lower(), seconds=3600) > TRIES_AN_HOUR_AT_ONE_ACCOUNT:
        person_id = person_of(account)
        if person_id is None or not queries.has_come_from(person_id, address):
            raise pace.TooOften(retry_after_seconds=3600)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed like everything that opens an account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": translation.gettext_lazy(
            "That code is not right, or was used already. Wait for the next one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text.encode()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(bytes.fromhex(encrypted_text)).decode()

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        address = EmailAddress.objects.get_primary(user)
        return address.email if address else display(user)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return self.get_totp_label(user)

    def _get_site_name(self) -> str:
        return "Hesabu"

    def build_totp_svg(self, url: str) -> str:
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=3, svgclass=None)
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - the library's name for it
        return _("My passkey")

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Asked without a kind: whether there is any second step, and so recovery codes."""
        if super().is_mfa_enabled(user, types):
            return True
        return types is None and not user.is_anonymous and texted.is_second_step(user.pk)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who comes by somebody else's word is registered in the same way; what else that other tells of them is not kept."""

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None
    ) -> AbstractBaseUser:
        told = sociallogin.account.extra_data or {}
        told = told.get("userinfo") or told.get("id_token") or told
        name = str(told.get("name") or told.get("given_name") or "")
        sociallogin.user = registered(name if len(name.strip()) > 1 else "Somebody", None)
        sociallogin.account.extra_data = {}
        kept: AbstractBaseUser = super().save_user(request, sociallogin, None)
        return kept

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Nobody connects an account of theirs to that of somebody whose phone they borrowed."""
        if sociallogin.state.get("process") != AuthProcess.CONNECT:
            return
        if first_proof.waits(request):
            raise ImmediateHttpResponse(redirect("first-proof"))
        with first_proof.using(
            request
        ):  # what the library would do next; here it may be the first proof
            answer = connect(request, sociallogin)
        raise ImmediateHttpResponse(answer)

    def get_app(self, request: HttpRequest, provider: str, client_id: Any = None) -> SocialApp:
        """A provider that was not set is not there."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error

    def get_requests_session(self) -> others.Session:
        return others.Session()

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Any:
        """OpenID Connect with what we ask of its word besides."""
        found = super().get_provider(request, provider, client_id)
        if type(found) is OpenIDConnectProvider:
            return oidc.Provider(request, app=found.app)
        return found

    def serialize_instance(self, instance: Any) -> dict[str, Any]:
        """A person between two pages: their id, or what they would be called."""
        if not isinstance(instance, get_user_model()):
            found: dict[str, Any] = super().serialize_instance(instance)
            return found
        is_kept = not instance._state.adding
        return {"id": str(instance.pk) if is_kept else "", "name": display(instance)}

    def deserialize_instance(self, model: Any, data: dict[str, Any]) -> Any:
        if model is not get_user_model():
            return super().deserialize_instance(model, data)
        if data["id"]:
            return model.objects.get(pk=data["id"])
        return model(name=data["name"])
