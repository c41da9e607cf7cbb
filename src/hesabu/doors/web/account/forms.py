"""What is asked besides what the library asks, in our words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hesabu.doors.web.account.passwords import LETTERS_MAX
from hesabu.identity import actions as identity
from hesabu.kit.errors import Invalid
from hesabu.kit.phones import parse_phone
from hesabu.store import tenancy

PASSWORD_HINT = _("10 letters or more. Three words of your own are easy to keep and hard to guess.")


def _worded(form: forms.Form, *, hints: bool) -> None:
    """Labels above instead of words inside that vanish, and no password that keeps the hash busy."""
    form.fields.pop("password2", None)  # once is enough: it can be shown, and replaced
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in ("email", "login"):
            field.label = _("E-mail address")
            field.widget.attrs["autocomplete"] = "email"
        if "password" in name and isinstance(field, forms.CharField):
            field.max_length = LETTERS_MAX
            field.validators.append(MaxLengthValidator(LETTERS_MAX))
            field.help_text = PASSWORD_HINT if hints and name == "password1" else ""


class SignUp(library.SignupForm):  # type: ignore[misc]
    """A new account. Where the address has one already the answer is the same, and takes as long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=True)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        password = self.cleaned_data.get("password1")
        if password and "password1" not in self.errors:
            somebody = get_user_model()()
            somebody.name = self.cleaned_data.get("name", "")
            somebody.email = self.cleaned_data.get("email", "")
            somebody.pk = None
            try:
                get_adapter().clean_password(password, user=somebody)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        if self.account_already_exists:
            _as_if_registered(self.cleaned_data["name"], self.cleaned_data.get("password1"))
        found: tuple[AbstractBaseUser | None, HttpResponse | None] = super().try_save(request)
        return found


class _NotKept(Exception):
    """It was only done for the time that it takes."""


def _as_if_registered(name: str, password: str | None) -> None:
    """What a new account takes, hash and rows, and nothing of it stays."""
    with suppress(_NotKept), tenancy.house(), tenancy.attempt():
        identity.register_person(name, "en", password=password)
        raise _NotKept


class SignIn(library.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=False)


class OnceMore(library.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something dangerous."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=False)


class ChangePassword(library.ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=True)


class SetPassword(library.SetPasswordForm):  # type: ignore[misc]
    """A first password, for who came another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=True)


class NewPassword(library.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password in the place of a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _worded(self, hints=True)


class ByTelephone(forms.Form):
    """Which number the link goes to."""

    phone = forms.CharField(
        label=_("Your number"),
        max_length=32,
        help_text=_("With its country code, such as +254 712 345 678."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        try:
            return parse_phone(self.cleaned_data["phone"], "KE")
        except Invalid as error:
            raise forms.ValidationError([_(error.title), _(error.hint)]) from error


class ShownCode(forms.Form):
    """The code that the other browser shows."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class ByPin(forms.Form):
    """The PIN that the chat asks for, too."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=12,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": "autofocus"}
        ),
    )
