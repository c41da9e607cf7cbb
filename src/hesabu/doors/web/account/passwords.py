"""What makes a password too easy, besides being short or common."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LETTERS_MAX = 256
"""Longer than anybody types; a longer one would only keep the hash busy."""
TOO_ALIKE = 0.7


class NotAboutYou:
    """Refuses a password that is mostly the person's name."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        said = password.casefold()
        for word in str(getattr(user, "name", "") or "").casefold().split():
            if len(word) >= 4 and (
                SequenceMatcher(None, said, word).ratio() >= TOO_ALIKE
                or (word in said and len(said) - len(word) < 6)
            ):
                raise ValidationError(
                    _("That password is too much like your name."), code="password_too_similar"
                )

    def get_help_text(self) -> str:
        return _("It must not be mostly your name.")


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
