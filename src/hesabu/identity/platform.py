"""The platform's side: what people of the house may do across businesses. Given by its operator, on the command line alone.

    admin      keeps the platform
    support    answers merchants; looks into a business only by its owner's consent, for a time, reading alone
    agent      brings merchants
    partner    an accountant who keeps the books of several

None of these roles opens a business by itself: there, a role of the business counts, or a consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hesabu.identity import models
from hesabu.identity.errors import NotAllowed
from hesabu.identity.types import PlatformRole


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


SUPPORT_LOOK = platform_permission(
    "support:look", to={PlatformRole.SUPPORT}, words="Ask owners to let support look, and look"
)
NOTICE_READ = platform_permission(
    "notice:read", to={PlatformRole.SUPPORT}, words="Be told of new businesses and alerts"
)
MERCHANT_BRING = platform_permission(
    "merchant:bring", to={PlatformRole.AGENT}, words="Bring merchants"
)
CLIENT_KEEP = platform_permission(
    "client:keep", to={PlatformRole.PARTNER}, words="Keep the books of clients who joined them"
)


def may(person_id: UUID, what: Allowed) -> bool:
    """Whether that person may do it on the platform. In any binding."""
    rows = models.PlatformMember.objects.filter(
        person_id=person_id, role__in=[role.value for role in what.to]
    )
    return rows.exists()


def require(person_id: UUID | None, what: Allowed) -> None:
    """Raises NotAllowed."""
    if person_id is None or not may(person_id, what):
        raise NotAllowed(permission=what.name)
