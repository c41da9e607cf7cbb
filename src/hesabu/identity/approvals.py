"""Four eyes: what one person asks for, another approves, and only then it is done, once.

    VOID = approvals.kind("invoicing.void", words=_("Void an invoice"), asks=INVOICE_VOID, approves=INVOICE_APPROVE, is_by_amount=True)

    @needs(INVOICE_VOID)
    def void(invoice_id, reason):
        approvals.ask_first(VOID, {"invoice_id": str(invoice_id), "reason": reason}, invoice.total)
        ...

    @approvals.does(VOID)
    def _void(given): void(UUID(given["invoice_id"]), given["reason"])

    void ── ApprovalNeeded ──▶ the door: ask_approval(needed) ── ApprovalAsked ──▶ those who may approve are told
                                                      approve ── the act, in the same transaction ──▶ done

`ask_first` raises ApprovalNeeded where the business wants a second person: always, or above the amount that its owner set. A
business in which nobody else could approve is not held up. Whoever asked cannot approve, nor can a key; what is not answered
in three days lapses, and what was asked by somebody who may not do it any more is not approved. What is done in slices is counted
`together`. The act runs in the transaction of the approval, under the row's lock: it is done once, or fails and
stays asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hesabu.identity import models
from hesabu.identity.errors import ApprovalNeeded
from hesabu.identity.permissions import EVERYBODY, OWNERS, Declared, permission
from hesabu.kit.money import Money
from hesabu.store import tenancy

Given = Mapping[str, Any]
Act = Callable[[Given], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that may need a second person, as its room declared it."""

    name: str
    words: str
    """What is asked for, for people; translated where it is shown."""
    asks: Declared
    """What whoever asks must be allowed."""
    approves: Declared
    """What whoever approves must be allowed."""
    is_by_amount: bool = False
    """Whether it is asked only above an amount that the owner sets; else always."""


_kinds: dict[str, Kind] = {}
_acts: dict[str, Act] = {}
_approved: ContextVar[tuple[str, str] | None] = ContextVar("hesabu_approved", default=None)

APPROVAL_READ = permission(
    "approval:read", to=EVERYBODY, words="See what they asked for, and what they may approve"
)
APPROVAL_SET = permission(
    "approval:set", to=OWNERS, words="Set what needs a second person", is_dangerous=True
)


def kind(
    name: str, *, words: str, asks: Declared, approves: Declared, is_by_amount: bool = False
) -> Kind:
    made = Kind(name, words, asks, approves, is_by_amount)
    if _kinds.setdefault(name, made) != made:
        raise ValueError(f"{name} is declared twice")
    return made


def does(what: Kind) -> Callable[[Act], Act]:
    """How it is done once it is approved."""

    def mark(act: Act) -> Act:
        _acts[what.name] = act
        return act

    return mark


def kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]


def named(name: str) -> Kind:
    return _kinds[name]


def ask_first(
    what: Kind, given: Given, amount: Money | None = None, *, together: Money | None = None
) -> None:
    """Raises ApprovalNeeded where a second person has to approve this first. `together` is what counts where this is a slice:
    it, and what was done of the same before. In the binding of one business."""
    actor = tenancy.current().actor
    if actor.kind not in ("person", "key", "app") or _approved.get() == (what.name, mark(given)):
        return
    if what.is_by_amount and not _is_above(what, together or amount):
        return
    if approvers(what, asker()):
        raise ApprovalNeeded(what.name, given, amount)


def asker() -> UUID | None:
    """The person who asks by what is done now: themselves, by an app, or by a key that they made. They cannot approve it."""
    actor = tenancy.current().actor
    if actor.kind == "key" and actor.id is not None:
        made_by = models.Key.objects.filter(id=actor.id, business_id=tenancy.only())
        return made_by.values_list("made_by_id", flat=True).first()
    return actor.id if actor.kind in ("person", "app") else None


def approvers(what: Kind, asked_by_id: UUID | None) -> list[UUID]:
    """Who in the one bound business may approve what that person asks."""
    rows = models.Member.objects.filter(
        business_id=tenancy.only(), role__in=[role.value for role in what.approves.to]
    )
    found = rows.order_by("id").values_list("person_id", flat=True)
    return [person_id for person_id in found if person_id != asked_by_id]


def mark(given: Given) -> str:
    """The same for the same, so that what is approved is what is done."""
    return repr(sorted((key, str(value)) for key, value in given.items()))


@contextmanager
def approving(what: Kind, given: Given) -> Iterator[None]:
    token = _approved.set((what.name, mark(given)))
    try:
        yield
    finally:
        _approved.reset(token)


def do(what: Kind, given: Given) -> None:
    """Do what was approved."""
    with approving(what, given):
        _acts[what.name](given)


def limit(what: Kind) -> Money | None:
    """From above which amount it needs a second person; None for never."""
    row = models.ApprovalLimit.objects.filter(business_id=tenancy.only(), kind=what.name).first()
    return Money(row.amount_minor, row.currency) if row else None


def _is_above(what: Kind, amount: Money | None) -> bool:
    most = limit(what)
    return (
        most is not None
        and amount is not None
        and (amount.currency != most.currency or amount.minor > most.minor)
    )
