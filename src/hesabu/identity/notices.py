"""Notices: what the platform's own people are told of, in kinds that rooms declare as they declare permissions.

    STOPPED = notice("security.money_stopped", words=_("An owner stopped …"), facts=(PaymentAccountChangeStopped,), is_alert=True)

    a fact ── later ──▶ keep_notice: one row each ── spread ──┬─▶ at once: told to each who chose so, by the way they chose
                                                              └─▶ waits, until their digest: once a day, at 08:00 where they are

Whoever has `notice:read` on the platform chooses for each kind: at once, in the digest, or not, and by which way. Until they
do, alerts reach admins at once and support in the digest, and the rest reaches admins in the digest. A notice carries the
kind, the business and the id of what it is about; what is said is made of these when it goes out.

A kind may be declared before anything tells of it: `application.finished` waits for the room in which businesses apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    facts: tuple[type[Fact], ...] = ()
    """What tells of it; none where the room that will is not there yet."""
    is_alert: bool = False
    """Whether it is about security, and not about trade."""
    when: Test | None = None
    """Which of these facts count; all of them without it."""


_kinds: dict[str, Kind] = {}


def notice(
    name: str,
    *,
    words: str,
    facts: Sequence[type[Fact]] = (),
    is_alert: bool = False,
    when: Test | None = None,
) -> Kind:
    """Declare one, once."""
    resource, _, event = name.partition(".")
    if not (resource.isidentifier() and event.isidentifier()):
        raise ValueError(f"{name!r} is no resource.event")
    if name in _kinds:
        raise ValueError(f"{name} is declared twice")
    _kinds[name] = Kind(name, words, tuple(facts), is_alert, when)
    return _kinds[name]


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


BUSINESS_NEW = notice(
    "business.new", words=gettext_noop("A new business"), facts=(BusinessRegistered,)
)
APPLICATION_FINISHED = notice("application.finished", words=gettext_noop("A finished application"))
TOKEN_REUSED = notice(
    "security.token_reused",
    words=gettext_noop("A refresh token was used twice: one of the two was stolen"),
    facts=(AppRevoked,),
    when=lambda fact: fact.why == "reused",
    is_alert=True,
)
KEY_ELSEWHERE = notice(
    "security.key_elsewhere",
    words=gettext_noop("A key was used from an address that is not on its list"),
    facts=(KeyUsedElsewhere,),
    is_alert=True,
)
ACCOUNT_BESIEGED = notice(
    "security.account_tried",
    words=gettext_noop("An account was tried more than a hundred times in an hour"),
    facts=(AccountBesieged,),
    is_alert=True,
)
CHAIN_BROKEN = notice(
    "security.chain_broken",
    words=gettext_noop("The proof of the books or of the log found faults"),
    facts=(ChainBroken,),
    is_alert=True,
)
ACCOUNT_RESTORED = notice(
    "security.account_restored",
    words=gettext_noop("Somebody is let back into their account"),
    facts=(PinCleared, RestorationAsked, RestorationDone),
    is_alert=True,
)
PLATFORM_MEMBER = notice(
    "security.platform_member",
    words=gettext_noop("Somebody has a new role on the platform"),
    facts=(PlatformRoleGranted,),
    is_alert=True,
)
SUPPORT_MAY_LOOK = notice(
    "security.support_allowed",
    words=gettext_noop("An owner let support look into their business"),
    facts=(SupportAllowed,),
    is_alert=True,
)
