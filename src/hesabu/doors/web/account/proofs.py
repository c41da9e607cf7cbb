"""What is asked for second factors, in our words."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from allauth.mfa.base import forms as both
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import (
    parse_authentication_response,
    parse_registration_response,
)
from django import forms
from django.utils.translation import gettext_lazy as _

NONSENSE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, struct.error)
"""What the library raises where bytes are not what they should be."""
LETTERS_MAX = 32_768
"""Of an answer; with a chain of certificates it has some eight thousand. The library copies the rest of what it reads at each
step, so a megabyte would cost it half a minute."""


class Credential(forms.JSONField):
    """What an authenticator answered. It is read as a whole before anything is done with it: whoever nests it a thousandfold,
    or ends it in the middle, in the JSON or in the CBOR within, is refused like whoever writes nonsense."""

    widget = forms.HiddenInput

    def __init__(self, shape: Callable[[Any], Any]) -> None:
        super().__init__()
        self._shape = shape

    def to_python(self, value: Any) -> Any:
        try:
            if len(value or "") > LETTERS_MAX:
                raise ValueError("too long")
            found = super().to_python(value)
            if found is not None:
                self._shape(found)
        except NONSENSE as error:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from error
        return found


class ByPasskey(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""

    credential = Credential(parse_authentication_response)


class PasskeyStep(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""

    credential = Credential(parse_authentication_response)


class PasskeyOnceMore(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey before something dangerous."""

    credential = Credential(parse_authentication_response)


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

    credential = Credential(parse_registration_response)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you tell it from your others.")
        field = self.fields["passwordless"]
        field.label, field.initial = _("Sign in with it alone"), True
        field.help_text = _("Without this it is asked for after the password, as a second step.")
