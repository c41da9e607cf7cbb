"""What the library tells of people is kept by identity: that they came in, that a code was wrong, that something changed.

The library speaks by signals; this is the one place that listens, each time once the library's own transaction is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as accounts
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.models import EmailAddress
from allauth.account.stages import LoginStageController
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hesabu.doors.web.account import life, stages, texted
from hesabu.identity import actions as identity
from hesabu.identity.types import Outcome
from hesabu.store.tenancy import Actor

WAYS = {
    "totp": "authenticator",
    "recovery_codes": "recovery_code",
    "webauthn": "passkey",
    "text_message": "text_message",
}


def listen() -> None:
    """Called once, when the door is ready."""
    accounts.user_logged_in.connect(_came_in)
    accounts.authentication_step_completed.connect(_step_made)
    accounts.email_confirmed.connect(_address_proven)
    accounts.login_code_rejected.connect(_wrong_code)
    factors.authentication_failed.connect(_wrong_factor)
    for signal in (accounts.password_changed, accounts.password_set, accounts.password_reset):
        signal.connect(_password_changed)
    factors.authenticator_added.connect(_factor_added)
    factors.authenticator_removed.connect(_factor_removed)


def _afterwards(act: Callable[[], None]) -> None:
    transaction.on_commit(act)


def _came_in(sender: Any, request: HttpRequest, user: Any, **rest: Any) -> None:
    request.session[life.BEGAN] = request.session[life.SEEN] = life.now()
    life.forget_standing(request)
    if not get_authentication_records(request, user) and user.has_usable_password():
        record_authentication(request, user, method="password")  # chosen a minute ago, signing up
    records = get_authentication_records(request, user)
    ways = list(
        dict.fromkeys(_way(record) for record in records if not record.get("reauthenticated"))
    )
    account = next((str(one["email"]) for one in records if one.get("email")), "")
    _noted(request, user, "+".join(ways) or "sign_up", Outcome.IN, account)


def _step_made(sender: Any, request: HttpRequest, user: Any, method: str, **rest: Any) -> None:
    """Whoever shows a second factor, coming in, once more or setting one up, has not lost it."""
    if method == "mfa":
        _afterwards(lambda: _not_lost(user))


def _not_lost(user: Any) -> None:
    identity.stop_restoration(user.pk, "shown")


def _address_proven(
    sender: Any, request: HttpRequest, email_address: EmailAddress, **rest: Any
) -> None:
    """A password, or another's word, that was there before the address was proven may be of anybody who typed that address.
    They stay only where the browser that showed them proves it, too."""
    user = email_address.user
    has_others = SocialAccount.objects.filter(user_id=user.pk).exists()
    if _has_shown_another_way(request, user) or not (user.has_usable_password() or has_others):
        return
    identity.drop_unproven_ways(user.pk)
    user.refresh_from_db(fields=["password"])  # who comes in now comes in by this one
    end_other_sessions(request, user)
    _afterwards(lambda: identity.end_apps_of(user.pk))
    get_adapter().send_mail("account/ways_dropped", email_address.email, {"user": user})
    messages.warning(
        request,
        _(
            "What opened this account before the address was proven no longer does, since somebody else may have set it up. Set a password of your own."
        ),
    )


def _has_shown_another_way(request: HttpRequest, user: Any) -> bool:
    """Whether this browser is in as them, or stands where only the code to the address is missing."""
    if request.user.pk == user.pk:
        return True
    stage = LoginStageController.enter(request, stages.AddressStep.key)
    return stage is not None and stage.login.user == user and stage.still_stands()


def _way(record: dict[str, Any]) -> str:
    if record["method"] == "mfa":
        return WAYS.get(record.get("type", ""), "mfa")
    return "other" if record["method"] == "socialaccount" else str(record["method"])


def _wrong_code(sender: Any, request: HttpRequest, user: Any, **rest: Any) -> None:
    _noted(request, user, "code", Outcome.WRONG)


def _wrong_factor(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **rest: Any
) -> None:
    way = WAYS.get(authenticator.type, "mfa") if authenticator else "mfa"
    _noted(request, user, way, Outcome.WRONG, f"factor:{user.pk}")
    if request.user.is_authenticated:  # asked once more, before something dangerous
        actor = Actor("person", user.pk)
        _afterwards(lambda: identity.note_refusal("person:prove", "not_proved", actor=actor))


def _noted(request: HttpRequest, user: Any, way: str, outcome: Outcome, account: str = "") -> None:
    adapter = get_adapter()
    primary = account or EmailAddress.objects.get_primary_email(user) or f"person:{user.pk}"
    where, agent = adapter.get_client_ip(request), adapter.get_http_user_agent(request)
    _afterwards(
        lambda: identity.note_attempt(
            primary, where, agent, way=way, outcome=outcome, person_id=user.pk
        )
    )


def _password_changed(sender: Any, request: HttpRequest, user: Any, **rest: Any) -> None:
    end_other_sessions(request, user)
    _afterwards(lambda: identity.note_password_changed(user.pk))
    _afterwards(lambda: identity.end_apps_of(user.pk))


def _factor_added(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **rest: Any
) -> None:
    life.forget_standing(request)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_other_sessions(request, user)
        # It was just shown, so the recovery codes that come next are not asked for with it once more.
        record_authentication(
            request, user, method="mfa", id=authenticator.pk, type=authenticator.type
        )
    _factor_told(user, authenticator, is_added=True)


def _factor_removed(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **rest: Any
) -> None:
    life.forget_standing(request)
    is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    if is_codes and texted.is_second_step(user.pk):
        RecoveryCodes.activate(user)  # they went with the stronger step; codes by text remain
    _factor_told(user, authenticator, is_added=False)


def _factor_told(user: Any, authenticator: Authenticator, *, is_added: bool) -> None:
    kind = str(authenticator.type)
    _afterwards(
        lambda: identity.note_second_factor(
            user.pk, kind, is_added=is_added, has_one=life.has_factor(user.pk)
        )
    )
