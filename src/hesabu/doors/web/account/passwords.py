"""What makes a password too easy, besides being short: there are no rules of composition, which only make people write them
down. Long is good; common, alike to oneself, or somebody else's first guess is not."""

from __future__ import annotations

from difflib import SequenceMatcher

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hesabu.doors.web.account import breaches

LETTERS_MIN = 10
LETTERS_MAX = 256
"""Longer than anybody types; a longer one would only keep the hash busy."""
TOO_ALIKE = 0.7
_FIRST = """hesabu safaricom mpesa m-pesa karibu nairobi mombasa kisumu kenya tanzania uganda jambo habari biashara password
passw0rd invoice ankara bismillah mungu yesu jesus business money pesa shilingi"""
FIRST_GUESSES = frozenset(_FIRST.split())
"""What stands on no list of leaked passwords and is guessed first here."""
TAILS = "0123456789!@#$%^&*._- ?"


class NotCommon(CommonPasswordValidator):
    """Refuses what is among the twenty thousand most often leaked, also where figures and signs were hung on, or doubled."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        said = password.casefold().strip()
        stem = said.strip(TAILS)
        half = said[: len(said) // 2]
        is_doubled = len(said) % 2 == 0 and half * 2 == said
        is_common = (
            said in self.passwords
            or stem in FIRST_GUESSES
            or (len(stem) >= 4 and stem in self.passwords)
            or len(set(said)) < 4
            or (is_doubled and (half in self.passwords or half in FIRST_GUESSES))
        )
        if is_common:
            raise ValidationError(
                _(
                    "Too many people use that password. Choose another, such as three words of your own."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return ""


class NotAboutYou:
    """Refuses a password that is mostly the person's name or address."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        said = password.casefold()
        for word in _words_of(user):
            if len(word) >= 4 and (
                SequenceMatcher(None, said, word).ratio() >= TOO_ALIKE
                or (word in said and len(said) - len(word) < 6)
            ):
                raise ValidationError(
                    _("That password is too much like your name or your address."),
                    code="password_too_similar",
                )

    def get_help_text(self) -> str:
        return ""


def _words_of(user: AbstractBaseUser | None) -> set[str]:
    """Their name and addresses, whole and in parts."""
    told = [str(getattr(user, "name", "") or ""), str(getattr(user, "email", "") or "")]
    if user is not None and user.pk is not None:
        told += EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
    words = set()
    for text in (one[:LETTERS_MAX].casefold() for one in told):
        local = text.partition("@")[0]
        words |= {text, local, *text.split(), *local.replace("-", ".").replace("_", ".").split(".")}
    return {word for word in words if word}


class NotTooLong:
    """Refuses a password nobody types."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > LETTERS_MAX:
            raise ValidationError(
                _("A password may have %(most)d letters at most.") % {"most": LETTERS_MAX},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return ""


class NotLeaked:
    """Refuses what a list of leaked passwords knows, where one is set."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) <= LETTERS_MAX and breaches.is_leaked(password):
            raise ValidationError(
                _(
                    "That password has leaked somewhere before, so it is tried everywhere. Choose another, such as three words of your own."
                ),
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        return ""
