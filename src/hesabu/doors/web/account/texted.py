"""Codes by text message, as a second step: the weakest one that is taken, so only where there is no stronger one.

    after the first step ── TextStage ──▶ six figures, or a recovery code
    came by the number itself (a link to it) ──▶ the password, or a recovery code: the same number proves nothing twice

A code goes only to a number that messaging knows to be the person's and that is not in doubt, and never to who has a role on the
platform. Where it may not go any more the step is still asked for, and a recovery code is the way: a number that changed hands
opens nothing. With an authenticator app or a passkey no code is sent or taken at all.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hesabu.doors.web import pace
from hesabu.doors.web.account import waits
from hesabu.doors.web.account.stages import Standing
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import TooManyTries, WrongTextCode
from hesabu.identity.types import Outcome, TextPurpose
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as contacts
from hesabu.messaging.types import Channel, Contact, Letter, Text
from hesabu.store import tenancy

ASKED = "text_code"
"""In the session: which code it asked for. So a code is good in the browser that asked, and in no other."""
CODES_AN_HOUR, CODES_AN_HOUR_FROM_ONE_ADDRESS = 5, 20
STRONGER = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
FIGURES = 6
WAY = "text_message"


def is_second_step(person_id: UUID) -> bool:
    """Whether codes by text are what this person's second step is: they set them up, and have nothing stronger."""
    if queries.text_factor_of(person_id) is None:
        return False
    return not Authenticator.objects.filter(user_id=person_id, type__in=STRONGER).exists()


def counts_for(person_id: UUID) -> bool:
    """Whether they count as a second factor: not of who has a role on the platform."""
    return is_second_step(person_id) and not queries.platform_roles_of(person_id)


def numbers_of(person_id: UUID) -> list[Contact]:
    """Numbers that were proven to be theirs and are not in doubt."""
    with tenancy.house():
        found = contacts.contacts_of_person(person_id)
    return [one for one in found if one.phone and not one.is_doubted]


def may_have(person_id: UUID) -> bool:
    """Whether codes by text may be set up and sent at all."""
    return settings.CONFIG.has_sms and not queries.platform_roles_of(person_id)


def reachable(person_id: UUID) -> Contact | None:
    """Whom a code goes to; None where none may be sent (any more)."""
    number = queries.text_factor_of(person_id)
    if number is None or not may_have(person_id):
        return None
    return next((one for one in numbers_of(person_id) if one.phone == number), None)


def has_another_way_in(user: AbstractBaseUser) -> bool:
    """Whether they can make the first step by something else than the number."""
    return (
        user.has_usable_password()
        or EmailAddress.objects.filter(user_id=user.pk, verified=True).exists()
        or SocialAccount.objects.filter(user_id=user.pk).exists()
    )


def came_by_number(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Whether the first step was the number itself, and nothing else."""
    return {one["method"] for one in get_authentication_records(request, user)} == {"whatsapp"}


def send(request: HttpRequest, person_id: UUID, to: Contact, purpose: TextPurpose) -> None:
    """A fresh code, for this browser. Raises TooOften."""
    assert to.phone
    pace.keep(
        "text.from", pace.address_of(request), times=CODES_AN_HOUR_FROM_ONE_ADDRESS, seconds=3600
    )
    pace.keep("text.to", to.phone, times=CODES_AN_HOUR, seconds=3600)
    with tenancy.house():
        asked = identity.ask_text(person_id, to.phone, purpose)
        host = urlsplit(settings.CONFIG.public_url).netloc
        with translation.override(to.language or "en"):
            words = _(
                "%(code)s is your Hesabu code, for ten minutes. Type it only where you asked for it; nobody of ours ever asks for it."
            ) % {"code": asked.code}
            subject = _("Your code")
        # The last line ties the code to our address: phones offer it there, and on no false page.
        words = f"{words}\n\n@{host} #{asked.code}"
        messaging.send(
            to.id,
            Text(words),
            f"text:{asked.id}",
            letter=Letter(subject, words),
            channel=Channel.SMS,
        )
    request.session[ASKED] = {"id": str(asked.id), "browser": asked.browser}


def check(request: HttpRequest, person_id: UUID, code: str, purpose: TextPurpose) -> str:
    """The number that it went to. Raises ValidationError; wrong ones wait, longer each time."""
    _keep_pace(request, person_id)
    asked = request.session.get(ASKED) or {"id": str(UUID(int=0)), "browser": ""}
    try:
        number = identity.check_text(
            UUID(asked["id"]), asked["browser"], code, person_id=person_id, purpose=purpose
        )
    except WrongTextCode as error:
        _was_wrong(request, person_id, WAY)
        raise forms.ValidationError(_(error.title), code="incorrect_code") from error
    request.session.pop(ASKED, None)
    return number


def check_recovery(request: HttpRequest, person_id: UUID, code: str) -> None:
    """Spend a recovery code. Raises ValidationError."""
    _keep_pace(request, person_id)
    found = Authenticator.objects.filter(
        user_id=person_id, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if found is None or not found.wrap().validate_code(code):
        _was_wrong(request, person_id, "recovery_code")
        raise forms.ValidationError(_(WrongTextCode.title), code="incorrect_code")


def check_password(request: HttpRequest, user: AbstractBaseUser, password: str) -> None:
    """Raises ValidationError."""
    _keep_pace(request, user.pk)
    if not user.check_password(password):
        _was_wrong(request, user.pk, "password")
        raise forms.ValidationError(_("That is not your password."), code="incorrect_password")


def _keep_pace(request: HttpRequest, person_id: UUID) -> None:
    address = pace.address_of(request)
    try:
        pace.keep("factor.from", address, times=30, seconds=3600)
        identity.begin_attempt(f"factor:{person_id}", address)
    except (pace.TooOften, TooManyTries) as error:
        raise forms.ValidationError(waits.words(error), code="too_many_login_attempts") from error


def _was_wrong(request: HttpRequest, person_id: UUID, way: str) -> None:
    identity.note_attempt(
        f"factor:{person_id}",
        pace.address_of(request),
        request.META.get("HTTP_USER_AGENT", ""),
        way=way,
        outcome=Outcome.WRONG,
        person_id=person_id,
    )


class TextStage(Standing):
    """Between the first step and being in. The first step has happened by then: nothing else leads here."""

    key = "text_message"
    urlname = "text-step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        super().handle()
        user = self.login.user
        if user is None or not is_second_step(user.pk):
            return None, True
        to = reachable(user.pk)
        if to is not None and not came_by_number(self.request, user):
            try:
                send(self.request, user.pk, to, TextPurpose.SIGN_IN)
            except pace.TooOften:
                self.request.session.pop(ASKED, None)  # the page says so, and takes recovery codes
        return headed_redirect_response("text-step"), True

    def still_stands(self) -> bool:
        """Not once there is something stronger, or codes by text were taken off."""
        return super().still_stands() and is_second_step(self.login.user.pk)


class TextCodeForm(forms.Form):
    """The figures of the message."""

    code = forms.CharField(
        label=gettext_lazy("The six figures of the message"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


class TextStepForm(forms.Form):
    """The figures, or a recovery code; or the password, where the number was the first step."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=256,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, takes_text: bool, takes_password: bool) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        if not takes_password:
            del self.fields["password"]
        if not takes_text:
            self.fields["code"].label = _("A recovery code")

    def clean(self) -> dict[str, object]:
        if not self.errors and not any(self.cleaned_data.values()):
            raise forms.ValidationError(_("Type one of them."))
        return self.cleaned_data


class NewRecoveryCodes(GenerateRecoveryCodesForm):  # type: ignore[misc]
    """Whoever has codes by text as their second step has recovery codes too."""

    def clean(self) -> dict[str, object]:
        if is_second_step(self.user.pk):
            return dict(self.cleaned_data)
        cleaned: dict[str, object] = super().clean()
        return cleaned
