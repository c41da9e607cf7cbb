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

    shown: tuple[str, ...] = ()
    """The codes, where they were made for the very page that is being drawn."""

    @classmethod
    def activate(cls, user: AbstractBaseUser) -> Any:
        rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
        if not rows.exists():
            identity.begin_recovery_codes(user.pk)
        return cls(rows.get())

    @classmethod
    def generate_seed(cls) -> str:
        raise NotImplementedError("codes are not made from a seed")

    def generate_codes(self) -> list[str]:
        raise NotImplementedError("codes are seen once")

    def mark_as_viewed(self) -> None:
        """Make them, for this page."""
        self.shown = tuple(identity.make_recovery_codes(self.instance.user_id))
        self.instance.refresh_from_db()

    @property
    def did_view(self) -> bool:
        return "digests" in self.instance.data

    def get_unused_codes(self) -> list[str]:
        """As many as are left; readable on that page alone."""
        return list(self.shown) or [HIDDEN for _ in self.instance.data.get("digests", ())]

    def validate_code(self, code: str) -> bool:
        is_right = identity.spend_recovery_code(self.instance.user_id, code)
        if is_right:
            self.instance.refresh_from_db()  # the library notes on this row that it was used
        return is_right


def keep_hashed() -> None:
    """Called once, when the door is ready."""
    for name, method in vars(HashedCodes).items():
        if not name.startswith("__"):
            setattr(RecoveryCodes, name, method)
