"""What accounts write to people: codes, and word of what changed. Each kind is a subject and the words under it.

The words go to messaging, sealed in its row like everything that is said; the job carries the message's id alone. A mail asks
nobody to follow a link, but to type a code where they asked for it; the one link there is only stops something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils import translation
from django.utils.translation import gettext as _

from hesabu.identity import queries as identity
from hesabu.kit import crypto
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as contacts
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
    "account/admin_taking": lambda told: (
        _("An operator takes the role of an admin"),
        _(
            "Somebody on the command line of your Hesabu asked that %(name)s be admin of the platform no more. In 24 hours it is done. If you do not know why, any admin can stop it on the page of members:\n%(page)s"
        )
        % {"name": told["name"], "page": told["page"]},
    ),
    "account/first_proof_asked": lambda told: (
        _("Somebody who has your phone wants to secure your account"),
        _(
            "Somebody signed in to Hesabu by your number alone, and wants to set up a way in of their own: a passkey, an app, an address or a password. In 24 hours they can. If it was you, do nothing. If not, open this to stop it and sign them out:\n%(link)s"
        )
        % {"link": told["link"]},
    ),
    "account/first_proof_due": lambda told: (
        _("A way in of its own can be set up for your account now"),
        _(
            "A day ago somebody signed in to Hesabu by your number alone, and asked to set up a way in of their own. From now on, for a week, whoever comes in by your number can. If it was you, sign in and do it. If not, open this to stop it and sign them out:\n%(link)s"
        )
        % {"link": told["link"]},
    ),
    "account/first_proof_used": lambda told: (
        _("A way in of its own was set up for your account"),
        _(
            "The passkey, app, address or password that was asked for by your number is set up. If it was you, do nothing. If not, open this within a week: it takes back what was set up, and signs them out:\n%(link)s"
        )
        % {"link": told["link"]},
    ),
    "account/pin_set": lambda told: (
        _("Somebody who has your phone has chosen a PIN for your account"),
        _(
            "Somebody signed in to Hesabu by your number alone, and has chosen the first PIN of your account. In 24 hours it proves that it is you. If it was you, do nothing. If not, open this: it takes the PIN away, and signs them out:\n%(link)s"
        )
        % {"link": told["link"]},
    ),
    "account/pin_due": lambda told: (
        _("The PIN of your account counts from now on"),
        _(
            "A day ago the first PIN of your Hesabu account was chosen, by your number alone. From now on it proves that it is you. If you chose it, do nothing. If not, open this within a week: it takes the PIN away, and signs them out:\n%(link)s"
        )
        % {"link": told["link"]},
    ),
    "account/first_proof_asked/fellow": lambda told: (
        _("Somebody who has the phone of %(name)s wants to secure their account")
        % {"name": told["name"]},
        _(
            "%(name)s belongs to a business of yours. Somebody signed in to Hesabu by their number alone, and wants to set up a way in of their own. In 24 hours they can. Ask %(name)s. If it was not them, open this to stop it and sign them out:\n%(link)s"
        )
        % {"name": told["name"], "link": told["link"]},
    ),
    "account/first_proof_due/fellow": lambda told: (
        _("A way in of its own can be set up for %(name)s now") % {"name": told["name"]},
        _(
            "%(name)s belongs to a business of yours. A day ago somebody signed in to Hesabu by their number alone; from now on they can set up a way in of their own. If it was not %(name)s, open this to stop it and sign them out:\n%(link)s"
        )
        % {"name": told["name"], "link": told["link"]},
    ),
    "account/first_proof_used/fellow": lambda told: (
        _("A way in of its own was set up for %(name)s") % {"name": told["name"]},
        _(
            "%(name)s belongs to a business of yours. Whoever signed in to Hesabu by their number alone has set up a way in of their own. If it was not %(name)s, open this within a week: it takes back what was set up, and signs them out:\n%(link)s"
        )
        % {"name": told["name"], "link": told["link"]},
    ),
    "account/pin_set/fellow": lambda told: (
        _("Somebody who has the phone of %(name)s has chosen a PIN for their account")
        % {"name": told["name"]},
        _(
            "%(name)s belongs to a business of yours. Somebody who came by their number alone has chosen their first PIN. In 24 hours it proves that it is them. Ask %(name)s. If it was not them, open this: it takes the PIN away, and signs them out:\n%(link)s"
        )
        % {"name": told["name"], "link": told["link"]},
    ),
    "account/pin_due/fellow": lambda told: (
        _("The PIN of %(name)s counts from now on") % {"name": told["name"]},
        _(
            "%(name)s belongs to a business of yours. A day ago their first PIN was chosen, by their number alone; from now on it proves that it is them. If it was not %(name)s, open this within a week: it takes the PIN away, and signs them out:\n%(link)s"
        )
        % {"name": told["name"], "link": told["link"]},
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


def write_everywhere(
    person_id: UUID,
    kind: str,
    cause: str,
    told: Told | None = None,
    *,
    skips_last: bool = False,
    also: Sequence[str] = (),
) -> None:
    """To every address of a person, those of `also`, and to every number that was proven, in their language. Once per cause to a
    number; not to the one they wrote from last where it `skips_last`."""
    with translation.override(language_of(person_id)):
        theirs = EmailAddress.objects.filter(user_id=person_id).order_by("id")
        for address in dict.fromkeys([*(one.email for one in theirs), *also]):
            write(kind, address, told or {})
        subject, body = KINDS[kind](told or {})
        with tenancy.house():
            for at, contact in enumerate(contacts.contacts_of_person(person_id)):
                if contact.phone and not contact.is_doubted and not (skips_last and at == 0):
                    messaging.send(
                        contact.id,
                        Text(body),
                        f"{kind}:{cause}:{contact.id}",
                        letter=Letter(subject, body),
                    )


def language_of(person_id: Any) -> str:
    """What somebody is spoken to in."""
    with tenancy.house():
        return identity.person(person_id).language
