"""Between the library and the rooms."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from hesabu.doors.web import pace
from hesabu.identity import actions as identity
from hesabu.kit import crypto


def display(person: AbstractBaseUser) -> str:
    """What somebody is called on a page."""
    return str(getattr(person, "name", ""))


def registered(name: str, password: str | None) -> AbstractBaseUser:
    """A new person, as the library's user."""
    return get_user_model().objects.get(pk=identity.register_person(name, password=password))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """A person is registered by identity; the library keeps their address and lets them in."""

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        return registered(form.cleaned_data["name"], form.cleaned_data.get("password1"))

    def get_client_ip(self, request: HttpRequest) -> str:
        return pace.address_of(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed like everything that opens an account."""

    def encrypt(self, text: str) -> str:
        return crypto.seal(text.encode()).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(bytes.fromhex(encrypted_text)).decode()

    def build_totp_svg(self, url: str) -> str:
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=3, svgclass=None)
        return drawn.getvalue().decode()


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who comes by somebody else's word is registered in the same way; what else that other tells of them is not kept."""

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None
    ) -> AbstractBaseUser:
        told = sociallogin.account.extra_data or {}
        name = str(told.get("name") or told.get("given_name") or "")
        sociallogin.user = registered(name if len(name.strip()) > 1 else "Somebody", None)
        sociallogin.account.extra_data = {}
        kept: AbstractBaseUser = super().save_user(request, sociallogin, None)
        return kept
