"""The library's recovery codes, kept in our way: hashed, and not made again from a seed.

The library has no setting for this, so its class is given other methods when the door is ready. It goes on deciding when
codes are made, shown and asked for.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.base_user import AbstractBaseUser

from hesabu.identity import actions as identity

HIDDEN = "****"


class HashedCodes(RecoveryCodes):  # type: ignore[misc]
    """What is different."""

    instance: Any
    shown: tuple[str, ...] = ()
    """The codes, where they were made for the very page that is being drawn."""

    @classmethod
    def activate(cls, user: AbstractBaseUser) -> Any:
        found = _kept(user.pk)
        if found is None:
            identity.begin_recovery_codes(user.pk)
            found = _kept(user.pk)
        return cls(found)

    @classmethod
    def generate_seed(cls) -> str:
        raise NotImplementedError("codes are not made from a seed")

    def generate_codes(self) -> list[str]:
        raise NotImplementedError("codes are seen once")

    def mark_as_viewed(self) -> None:
        """Make them, for this page."""
        self.shown = tuple(identity.make_recovery_codes(self.instance.user_id))
        self._look_again()

    def _look_again(self) -> None:
        """Another tap may have made the place anew meanwhile: then that one is looked at."""
        self.instance = _kept(self.instance.user_id) or self.instance

    @property
    def did_view(self) -> bool:
        return "digests" in self.instance.data

    def get_unused_codes(self) -> list[str]:
        """As many as are left; readable on that page alone."""
        return list(self.shown) or [HIDDEN for _ in self.instance.data.get("digests", ())]

    def validate_code(self, code: str) -> bool:
        is_right = identity.spend_recovery_code(self.instance.user_id, code)
        if is_right:
            self._look_again()  # the library notes on this row that it was used
        return is_right


def _kept(person_id: Any) -> Any:
    of = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.RECOVERY_CODES)
    return of.first()


def keep_hashed() -> None:
    """Called once, when the door is ready."""
    for name, method in vars(HashedCodes).items():
        if not name.startswith("__"):
            setattr(RecoveryCodes, name, method)
