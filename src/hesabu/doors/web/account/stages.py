"""Between the first step and being in, nobody waits on what stopped being true: a sign-in that stands at a step ends when the
password it began with is replaced, or what was set up before the address was proven is taken off."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import EmailVerificationStage, LoginStage
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from hesabu.kit import crypto

BEGAN_WITH = "began_with"


class Standing(LoginStage):  # type: ignore[misc]
    """A step that remembers what its person's password was (a keyed mark of it) when it began."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user is not None:
            self.state[BEGAN_WITH] = self.login.user.get_session_auth_hash()
        found: tuple[HttpResponse | None, bool] = super().handle()
        return found

    def still_stands(self) -> bool:
        user = self.login.user
        began_with = str(self.state.get(BEGAN_WITH, ""))
        return user is not None and crypto.same(
            began_with.encode(), user.get_session_auth_hash().encode()
        )

    def end(self) -> HttpResponse:
        """Back to the beginning, with a word why."""
        said = _("Something about your account changed since you began to sign in. Begin again.")
        messages.warning(self.request, said)
        answer: HttpResponse = self.abort()
        return answer

    def exit(self) -> Any:
        return super().exit() if self.still_stands() else self.end()


class AddressStep(Standing, EmailVerificationStage):  # type: ignore[misc]
    """The code that proves the address."""


class FactorStep(Standing, AuthenticateStage):  # type: ignore[misc]
    """The app, a passkey, or a recovery code."""


OURS = {
    f"{stage.__module__}.{stage.__name__}": f"{__name__}.{ours.__name__}"
    for stage, ours in ((EmailVerificationStage, AddressStep), (AuthenticateStage, FactorStep))
}
"""The library's step, and ours in its place."""
