"""What accounts write to people: codes, and word of what changed. Each kind is a subject and the words under it.

The words go to messaging, sealed in its row like everything that is said; the job carries the message's id alone. A mail asks
nobody to follow a link, but to type a code where they asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hesabu.identity import queries as identity
from hesabu.kit import crypto
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Channel, Letter, Text
from hesabu.store import tenancy

Words = tuple[str, str]
Told = Mapping[str, Any]


def _code(lead: str, subject: str, told: Told) -> Words:
    end = _("Nobody of ours ever asks for it. If you did not ask for this code, do nothing.")
    return subject, f"{lead}\n\n{told['code']}\n\n{end}"


def _changed(said: str, told: Told) -> Words:
    seen = _("From the address %(address)s.") % {"address": told.get("ip", "")}
    end = _(
        "If that was not you, sign in, change your password and end the other sessions at once."
    )
    return said, f"{said}\n{seen}\n\n{end}"


KINDS: dict[str, Callable[[Told], Words]] = {
    "account/email/login_code": lambda told: _code(
        _("Your code to sign in. It works once, for ten minutes, in the browser that asked."),
        _("Your sign-in code"),
        told,
    ),
    "account/email/password_reset_code": lambda told: _code(
        _("Your code to choose a new password. It works once, for ten minutes."),
        _("Your code for a new password"),
        told,
    ),
    "account/email/email_confirmation": lambda told: _code(
        _("Your code to confirm this address."), _("Confirm your address"), told
    ),
    "account/email/email_confirmation_signup": lambda told: _code(
        _("Welcome. Your code to confirm this address and begin."), _("Confirm your address"), told
    ),
    "account/email/unknown_account": lambda told: (
        _("No account has this address"),
        _(
            "Somebody asked to sign in with this address, and no account has it. If it was you, sign up, or use the address you signed up with. If not, do nothing."
        ),
    ),
    "account/email/account_already_exists": lambda told: (
        _("You have an account already"),
        _(
            "Somebody asked to sign up with this address, and you have an account with it. If it was you, sign in; a forgotten password can be replaced there. If not, do nothing."
        ),
    ),
    "account/email/password_changed": lambda told: _changed(_("Your password was changed."), told),
    "account/email/password_reset": lambda told: _changed(_("Your password was replaced."), told),
    "account/email/password_set": lambda told: _changed(
        _("Your account has a password now."), told
    ),
    "account/email/email_changed": lambda told: _changed(
        _("The address of your account was changed."), told
    ),
    "account/email/email_confirm": lambda told: _changed(
        _("An address of your account was confirmed."), told
    ),
    "account/email/email_deleted": lambda told: _changed(
        _("An address was taken off your account."), told
    ),
    "mfa/email/totp_activated": lambda told: _changed(
        _("An authenticator app was added to your account."), told
    ),
    "mfa/email/totp_deactivated": lambda told: _changed(
        _("The authenticator app was taken off your account."), told
    ),
    "mfa/email/webauthn_added": lambda told: _changed(
        _("A passkey was added to your account."), told
    ),
    "mfa/email/webauthn_removed": lambda told: _changed(
        _("A passkey was taken off your account."), told
    ),
    "mfa/email/text_added": lambda told: _changed(
        _("Codes by text message were added to your account."), told
    ),
    "mfa/email/text_removed": lambda told: _changed(
        _("Codes by text message were taken off your account."), told
    ),
    "mfa/email/recovery_codes_generated": lambda told: _changed(
        _("New recovery codes were made for your account. The old ones no longer work."), told
    ),
    "account/ways_dropped": lambda told: (
        _("Set a password of your own"),
        _(
            "You have proven that this address is yours. A password, or another way to sign in, that was set before that no longer works, since somebody else may have chosen it. You can sign in with a code by e-mail, and set a password of your own there."
        ),
    ),
    "account/restoration_asked": lambda told: (
        _("Your second factors are to be taken off"),
        _(
            "An operator of Hesabu was told that you lost your passkey, your authenticator app and your recovery codes. In 24 hours they are taken off your account. If you still have one, sign in with it: that stops it at once. If you did not ask for this, do that now and change your password."
        ),
    ),
    "account/restoration_done": lambda told: (
        _("Your second factors were taken off"),
        _(
            "You can sign in with your password, or a code by e-mail, and set up a new passkey or authenticator app. All sessions were ended. If you did not ask for this, tell whoever runs your Hesabu at once."
        ),
    ),
    "socialaccount/email/account_connected": lambda told: _changed(
        _("Another way to sign in was connected to your account."), told
    ),
    "socialaccount/email/account_disconnected": lambda told: _changed(
        _("A way to sign in was taken off your account."), told
    ),
}


def write(kind: str, address: str, told: Told) -> None:
    """Queue that kind of letter to the address. The language is the open one. In a house transaction of its own."""
    subject, body = KINDS[kind](told)
    with tenancy.house():
        contact_id = messaging.meet(email=address)
        messaging.send(
            contact_id,
            Text(body),
            f"account:{crypto.token(12)}",
            letter=Letter(subject, body),
            channel=Channel.EMAIL,
        )


def language_of(person_id: Any) -> str:
    """What somebody is spoken to in."""
    with tenancy.house():
        return identity.person(person_id).language
