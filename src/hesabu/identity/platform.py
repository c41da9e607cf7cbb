"""The platform's side: what people of the house may do across businesses.

    admin      keeps the platform: its members, its pages
    support    answers merchants; looks into a business only by its owner's consent, for a time, reading alone
    agent      brings merchants: sees of those who named them that they are there and whether they are at work
    partner    an accountant whom the platform knows, and whom owners may therefore bring in as their partner

None of these roles opens a business by itself: there, a role of the business counts, or a consent. The first admin is made
on the command line; admins then invite the others by mail. There is always an admin. Whoever has one of these roles has a
second factor, and each page of the platform that they look at is a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from hesabu.identity import models, permissions
from hesabu.identity.types import PlatformRole
from hesabu.store import tenancy

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A permission of the platform, `resource:action`, as it was declared."""

    name: str
    words: str
    to: frozenset[PlatformRole]


_allowed: dict[str, Allowed] = {}


def platform_permission(name: str, *, to: Iterable[PlatformRole], words: str) -> Allowed:
    """Declare one, once. Admins have all."""
    made = Allowed(name, words, frozenset(to) | {PlatformRole.ADMIN})
    if _allowed.setdefault(name, made) != made:
        raise ValueError(f"{name} is declared twice")
    return made


def declared() -> list[Allowed]:
    """All of them, by name."""
    return [_allowed[name] for name in sorted(_allowed)]


PLATFORM_READ = platform_permission(
    "platform:read",
    to={PlatformRole.SUPPORT},
    words="See which businesses are there, and what the platform's people did",
)
MEMBER_KEEP = platform_permission(
    "platform_member:keep", to=(), words="Bring people to the platform, and let them go"
)
RESTORATION_AGREE = platform_permission(
    "restoration:agree",
    to=(),
    words="Agree that somebody who lost all second factors is let back in",
)
SUPPORT_LOOK = platform_permission(
    "support:look", to={PlatformRole.SUPPORT}, words="Ask owners to let support look, and look"
)
NOTICE_READ = platform_permission(
    "notice:read", to={PlatformRole.SUPPORT}, words="Be told of new businesses and alerts"
)
MERCHANT_BRING = platform_permission(
    "merchant:bring",
    to={PlatformRole.AGENT},
    words="Bring merchants, and see that they are there and whether they are at work",
)
CLIENT_JOIN = platform_permission(
    "client:join", to={PlatformRole.PARTNER}, words="Join businesses as their partner accountant"
)


def may(person_id: UUID, what: Allowed) -> bool:
    """Whether that person may do it on the platform. In any binding."""
    rows = models.PlatformMember.objects.filter(
        person_id=person_id, role__in=[role.value for role in what.to]
    )
    return rows.exists()


def needs_platform(what: Allowed) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The action asks whether the person who acts may do this on the platform. In a house transaction. Raises NotAllowed."""

    def mark(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = tenancy.current().actor
            if actor.kind not in ("system", "operator"):
                require(actor.id if actor.kind == "person" else None, what)
            with permissions.inside():
                return action(*args, **kwargs)

        asked.leave = f"platform {what.name}"  # type: ignore[attr-defined]
        return asked

    return mark


def require(person_id: UUID | None, what: Allowed) -> None:
    """Raises NotAllowed, which goes on the record of what is bound: call it before a business is."""
    if person_id is None or not may(person_id, what):
        raise permissions.refusal(what.name)
