"""Permissions: who may do what, in one grammar, `resource:action`. Each room declares its own beside its actions.

    ISSUE = permission("invoice:issue", to=SELLERS, words="Issue invoices")

    @needs(ISSUE)
    def issue(...): ...

An action names the permission it needs, and asks for it itself, so that no door can forget. Asked is the actor of the open
binding: a person by their role in the bound business, a key by its scopes, a customer only where the permission is theirs.
Support reads alone, in a transaction that cannot write, and only by an owner's consent (`actions.note_look`).
The system acts by nobody's leave: jobs, readers of facts, and actions that other actions call, which were asked already.
`inner` marks actions that no person may call by themselves, `anybody` those that need no leave, with the reason.

Every public action carries one of the three; a test walks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from hesabu.identity import models
from hesabu.identity.errors import NotAllowed
from hesabu.identity.types import Role
from hesabu.store import tenancy

P = ParamSpec("P")
R = TypeVar("R")

EVERYBODY = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
MANAGERS = OWNERS | {Role.MANAGER}
SELLERS = MANAGERS | {Role.SELLER}
BOOKKEEPERS = MANAGERS | {Role.BOOKKEEPER}
ACCOUNTANTS = BOOKKEEPERS | {Role.PARTNER}
"""Who keeps the books, from inside or outside. From outside nobody says that money came, or takes back what was said."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A permission as its room declared it."""

    name: str
    """`resource:action`."""
    words: str
    """What it allows, for the page of people and the page of keys."""
    to: frozenset[Role]
    """The roles that have it."""
    is_customers: bool = False
    """Whether a customer may do it about what is theirs."""
    is_dangerous: bool = False
    """Money goes out, or elsewhere, or people come in: in chat it needs a step more, and the role a second factor."""
    moves_money: bool = False
    """Money is counted, placed, credited or sent elsewhere: whoever may do it needs a second factor."""

    @property
    def needs_factor(self) -> bool:
        """Whether a role that has it needs a second factor."""
        return self.is_dangerous or self.moves_money


_declared: dict[str, Declared] = {}


def permission(
    name: str,
    *,
    to: Iterable[Role],
    words: str,
    is_customers: bool = False,
    is_dangerous: bool = False,
    moves_money: bool = False,
) -> Declared:
    """Declare one. A name is declared once; `*:read` is everybody's in the business unless said otherwise."""
    resource, _, action = name.partition(":")
    if not (resource.isidentifier() and action.isidentifier()):
        raise ValueError(f"{name!r} is no resource:action")
    made = Declared(name, words, frozenset(to) | OWNERS, is_customers, is_dangerous, moves_money)
    if _declared.setdefault(name, made) != made:
        raise ValueError(f"{name} is declared twice")
    return made


def declared() -> list[Declared]:
    """All of them, by name."""
    return [_declared[name] for name in sorted(_declared)]


def named(name: str) -> Declared:
    """Raises KeyError for what no room declared."""
    return _declared[name]


def granted(role: Role) -> frozenset[str]:
    """What a role allows."""
    return frozenset(one.name for one in _declared.values() if role in one.to)


BUSINESS_READ = permission("business:read", to=EVERYBODY, words="See the business's details")
BUSINESS_UPDATE = permission(
    "business:update", to=OWNERS, words="Change the business's details", is_dangerous=True
)
MEMBER_READ = permission("member:read", to=EVERYBODY, words="See who belongs to the business")
MEMBER_ADD = permission("member:add", to=OWNERS, words="Bring people in", is_dangerous=True)
MEMBER_CHANGE = permission(
    "member:change", to=OWNERS, words="Change people's roles, and let them go", is_dangerous=True
)
AUDIT_READ = permission("audit:read", to=MANAGERS, words="See and export everything that was done")
SUPPORT_ALLOW = permission(
    "support:allow",
    to=OWNERS,
    words="Let support look for some hours, and end it",
    is_dangerous=True,
)
KEY_MAKE = permission("key:make", to=OWNERS, words="Make keys for programs", is_dangerous=True)
KEY_READ = permission("key:read", to=MANAGERS, words="See the keys and apps")
KEY_REVOKE = permission("key:revoke", to=MANAGERS, words="Take keys back")
APP_REGISTER = permission(
    "app:register",
    to=OWNERS,
    words="Register apps that people may let act for them",
    is_dangerous=True,
)
AGENT_NAME = permission("agent:name", to=OWNERS, words="Say which agent brought the business")
APP_GRANT = permission("app:grant", to=EVERYBODY, words="Let apps act for you, and take that back")


_is_inside: ContextVar[bool] = ContextVar("hesabu_inside_an_action", default=False)


@contextmanager
def inside() -> Iterator[None]:
    """What is called in here was asked for already, by the action that calls it."""
    token = _is_inside.set(True)
    try:
        yield
    finally:
        _is_inside.reset(token)


def needs(what: Declared) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The action asks for this permission before it does anything. Raises NotAllowed."""

    def mark(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            if _is_inside.get():
                return action(*args, **kwargs)
            require(what)
            with inside():
                return action(*args, **kwargs)

        asked.leave = what  # type: ignore[attr-defined]
        return asked

    return mark


def inner(action: Callable[P, R]) -> Callable[P, R]:
    """An action of the house's own: for jobs, readers and other actions, and never a person's or a key's to call."""

    @wraps(action)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _is_inside.get() and tenancy.is_bound():
            actor = tenancy.current().actor
            if actor.kind in ("person", "key", "app", "contact", "support"):
                raise refusal(f"inner:{action.__name__}")
        with inside():
            return action(*args, **kwargs)

    asked.leave = "inner"  # type: ignore[attr-defined]
    return asked


def anybody(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An action that needs no leave, and why."""

    def mark(action: Callable[P, R]) -> Callable[P, R]:
        @wraps(action)
        def free(*args: P.args, **kwargs: P.kwargs) -> R:
            with inside():
                return action(*args, **kwargs)

        free.leave = f"anybody: {why}"  # type: ignore[attr-defined]
        return free

    return mark


def require(what: Declared) -> None:
    """Raises NotAllowed unless the actor of the open binding may do that in the one bound business."""
    if not tenancy.is_bound():
        return  # the action opens its own binding, as the system
    actor = tenancy.current().actor
    if actor.kind == "person":
        allowed = actor.id is not None and may(actor.id, what)
    elif actor.kind == "key":
        allowed = what.name in actor.scopes
    elif actor.kind == "app":
        allowed = what.name in actor.scopes and actor.id is not None and may(actor.id, what)
    elif actor.kind == "contact":
        allowed = what.is_customers
    elif actor.kind == "support":
        allowed = what.name.endswith(":read")
    else:
        allowed = True
    if not allowed:
        raise refusal(what.name)


def refusal(what: str) -> NotAllowed:
    """To be raised: that the bound actor may not do it. It goes on record."""
    for note in _when_refused:
        note(what)
    return NotAllowed(permission=what)


_when_refused: list[Callable[[str], None]] = []


def when_refused(note: Callable[[str], None]) -> None:
    """Who keeps the record of refusals says so here: acts stand above this module."""
    _when_refused.append(note)


def may(person_id: UUID, what: Declared) -> bool:
    """Whether the person may do that in the one bound business."""
    role = role_of(person_id)
    return role is not None and role in what.to


def known(person_id: UUID, business_id: UUID, role: Role) -> None:
    """It was just read which role they have there: who asks in this transaction is not told by another read."""
    tenancy.once(("role", business_id, person_id), lambda: role)


def role_of(person_id: UUID) -> Role | None:
    """The person's role in the one bound business. Looked up once in a transaction."""
    business_id = tenancy.only()
    found = models.Member.objects.filter(business_id=business_id, person_id=person_id)
    role = tenancy.once(
        ("role", business_id, person_id), lambda: found.values_list("role", flat=True).first()
    )
    return Role(role) if role else None
