"""What is asked for second factors, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as both
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _


class Credential(forms.JSONField):
    """What an authenticator answered. Whoever nests it a thousandfold is refused, like whoever writes nonsense."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from error


class ByPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""

    credential = Credential()


class PasskeyStep(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""

    credential = Credential()


class PasskeyOnceMore(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before something dangerous."""

    credential = Credential()


class SecondStep(both.AuthenticateForm):  # type: ignore[misc]
    """Figures of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)


class SecondStepOnceMore(both.ReauthenticateForm):  # type: ignore[misc]
    """The same, before something dangerous."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)


class SetUpApp(ActivateTOTPForm):  # type: ignore[misc]
    """The first figures, which show that the app has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six figures that it shows")
        self.fields["code"].widget.attrs.pop("placeholder", None)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone, unless it is to be a second step only."""

    credential = Credential()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you tell it from your others.")
        field = self.fields["passwordless"]
        field.label, field.initial = _("Sign in with it alone"), True
        field.help_text = _("Without this it is asked for after the password, as a second step.")
