"""Notices: what the platform's own people are told of, in kinds that rooms declare as they declare permissions.

    STOPPED = alert("security.money_stopped", _("An owner stopped …"), PaymentAccountChangeStopped)

    a fact ── later ──▶ keep_notice: one row each ── spread ──┬─▶ at once: told to each who chose so, by the way they chose
                                                              └─▶ waits, until their digest: once a day, at 08:00 where they are

Whoever has `notice:read` on the platform chooses for each kind: at once, in the digest, or not, and by which way. Until they
do, alerts reach admins at once and support in the digest, and the rest reaches admins in the digest. A notice carries the
kind, the business and the id of what it is about; what is said is made of these when it goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from hesabu.identity.facts import (
    AccountBesieged,
    AppRevoked,
    BusinessRegistered,
    ChainBroken,
    KeyUsedElsewhere,
    PinCleared,
    PlatformRoleGranted,
    RestorationAgreed,
    RestorationAsked,
    RestorationDone,
    SupportAllowed,
)
from hesabu.identity.types import PlatformRole, When
from hesabu.store.facts import Fact

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that the platform's people may be told of, as its room declared it."""

    name: str
    """`resource.event`."""
    words: str
    """What happened, for people; translated where it is shown."""
    facts: tuple[type[Fact], ...]
    """What tells of it; one at least."""
    is_alert: bool
    """Whether it is about security, and not about trade."""
    when: Test | None = None
    """Which of these facts count; all of them without it."""


_kinds: dict[str, Kind] = {}


def notice(name: str, words: str, *facts: type[Fact], when: Test | None = None) -> Kind:
    """Declare a kind of news, once."""
    return _declared(Kind(name, words, facts, is_alert=False, when=when))


def alert(name: str, words: str, *facts: type[Fact], when: Test | None = None) -> Kind:
    """Declare a kind that is about security, once."""
    return _declared(Kind(name, words, facts, is_alert=True, when=when))


def _declared(kind: Kind) -> Kind:
    resource, _, event = kind.name.partition(".")
    if not (resource.isidentifier() and event.isidentifier()):
        raise ValueError(f"{kind.name!r} is no resource.event")
    if kind.name in _kinds:
        raise ValueError(f"{kind.name} is declared twice")
    if not kind.facts:
        raise ValueError(f"nothing tells of {kind.name}")
    _kinds[kind.name] = kind
    return kind


def kinds() -> list[Kind]:
    """All of them: alerts first, then by name."""
    return sorted(_kinds.values(), key=lambda kind: (not kind.is_alert, kind.name))


def named(name: str) -> Kind:
    """Raises KeyError for what no room declared."""
    return _kinds[name]


def fact_types() -> list[type[Fact]]:
    """What somebody may be told of: the app wires it."""
    return sorted({fact for kind in _kinds.values() for fact in kind.facts}, key=lambda f: f.kind)


def of(fact: Fact) -> list[Kind]:
    """The kinds that a fact is a case of."""
    return [
        kind
        for kind in kinds()
        if isinstance(fact, kind.facts) and (kind.when is None or kind.when(fact))
    ]


def unless_chosen(roles: Iterable[PlatformRole], kind: Kind) -> When:
    """When somebody of these roles is told who has not chosen."""
    held = set(roles)
    if PlatformRole.ADMIN in held:
        return When.AT_ONCE if kind.is_alert else When.DIGEST
    if PlatformRole.SUPPORT in held and kind.is_alert:
        return When.DIGEST
    return When.NEVER


notice("business.new", gettext_noop("A new business"), BusinessRegistered)
alert(
    "security.token_reused",
    gettext_noop("A refresh token was used twice: one of the two was stolen"),
    AppRevoked,
    when=lambda fact: fact.why == "reused",
)
alert(
    "security.key_elsewhere",
    gettext_noop("A key was used from an address that is not on its list"),
    KeyUsedElsewhere,
)
alert(
    "security.account_tried",
    gettext_noop("An account was tried more than a hundred times in an hour"),
    AccountBesieged,
)
alert(
    "security.chain_broken",
    gettext_noop("The proof of the books or of the log found faults"),
    ChainBroken,
)
alert(
    "security.account_restored",
    gettext_noop("Somebody is let back into their account"),
    *(PinCleared, RestorationAsked, RestorationAgreed, RestorationDone),
)
alert(
    "security.platform_member",
    gettext_noop("Somebody has a new role on the platform"),
    PlatformRoleGranted,
)
alert(
    "security.support_allowed",
    gettext_noop("An owner let support look into their business"),
    SupportAllowed,
)
