"""Who and what facts are about, by name: as they are called today, since a fact holds ids alone.

Whatever is asked for a page is asked at once: of each kind of thing one question, however many acts are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from hesabu.doors.web.audit import words
from hesabu.identity import queries as identity
from hesabu.identity.types import BusinessChangeView
from hesabu.invoicing import queries as invoicing
from hesabu.kit import ids
from hesabu.store import tenancy
from hesabu.store.audit import Act

SHOWN_LETTERS = 8
PEOPLE = frozenset({"person", "app", "support"})
"""Kinds of actor that are somebody."""
OF_PEOPLE = frozenset({"person_id", "from_person_id", "asked_by_id"})
OF_CUSTOMERS = frozenset({"customer_id", "contact_id"})
OF_INVOICES = frozenset({"invoice_id", "by_id"})


@dataclass(frozen=True, slots=True)
class Names:
    """Of all that the shown acts name."""

    people: Mapping[UUID, str] = field(default_factory=dict)
    keys: Mapping[UUID, str] = field(default_factory=dict)
    apps: Mapping[UUID, str] = field(default_factory=dict)
    customers: Mapping[UUID, str] = field(default_factory=dict)
    invoices: Mapping[UUID, str] = field(default_factory=dict)
    changes: Mapping[UUID, BusinessChangeView] = field(default_factory=dict)
    """What was kept, sealed, of changed details of the business."""

    def who(self, kind: str, actor_id: UUID | None) -> str:
        """Whoever did it."""
        if kind == "key":
            return self.keys.get(actor_id or tenancy.NOBODY) or _("A key")
        if kind == "contact":
            return self.customers.get(actor_id or tenancy.NOBODY) or _("A customer")
        if kind in PEOPLE:
            name = self.people.get(actor_id or tenancy.NOBODY) or _("Somebody")
            if kind == "app":
                return _("%(name)s, by an app") % {"name": name}
            return _("%(name)s, of support") % {"name": name} if kind == "support" else name
        return {
            "provider": _("A provider"),
            "operator": _("The operator"),
            "system": _("The house itself"),
        }.get(kind, kind)

    def thing(self, kind: str, thing_id: UUID) -> str:
        """What is called by a name or a number; empty where it has none that is known."""
        known = {
            "person": self.people,
            "key": self.keys,
            "app": self.apps,
            "grant": self.apps,
            "customer": self.customers,
            "contact": self.customers,
            "habit": self.customers,
            "invoice": self.invoices,
        }.get(kind)
        return known.get(thing_id, "") if known else ""

    def of_field(self, name: str, value: UUID, said: Mapping[str, Any]) -> str:
        """What a field of a fact points at."""
        if name in OF_PEOPLE:
            return self.people.get(value, "")
        if name in OF_CUSTOMERS:
            return self.customers.get(value, "")
        if name in OF_INVOICES:
            return self.invoices.get(value, "")
        if name == "purpose_id":
            return self.thing(str(said.get("purpose_kind")), value)
        if name == "on_id":
            return self.thing(str(said.get("on")), value)
        return ""


def names_for(acts: Sequence[Act], also: Collection[UUID] = ()) -> Names:
    """Inside the business's binding. Only what its own acts name is asked for, and people `also` shown beside them."""
    asked: dict[str, set[UUID]] = {}
    for act in acts:
        for kind, one in _named_in(act):
            asked.setdefault(kind, set()).add(one)
    customers = (asked.get(kind, set()) for kind in ("customer", "contact", "habit"))
    programs = identity.names_of_programs()
    return Names(
        people=identity.names_of_people({*asked.get("person", ()), *also}),
        keys=programs.keys,
        apps=programs.apps,
        customers=invoicing.names_of_customers(set().union(*customers)),
        invoices=invoicing.numbers_of_invoices(asked.get("invoice", ())),
        changes={one.id: one for one in identity.business_changes_with(asked.get("change", ()))},
    )


def _named_in(act: Act) -> Iterable[tuple[str, UUID]]:
    """(kind of thing, id) of all that an act names."""
    fact = act.fact
    yield fact.subject_kind, fact.subject_id
    if fact.actor_id is not None:
        yield "person" if fact.actor_kind in PEOPLE else fact.actor_kind, fact.actor_id
    for said in (fact.payload, act.before):
        for name, value in said.items():
            kind = _kind_of(name, said)
            if kind and isinstance(value, str) and len(value) == 36:
                yield kind, UUID(value)


def _kind_of(name: str, said: Mapping[str, Any]) -> str:
    if name in OF_PEOPLE:
        return "person"
    if name in OF_CUSTOMERS:
        return "customer"
    if name in OF_INVOICES:
        return "invoice"
    beside = {"purpose_id": "purpose_kind", "on_id": "on", "change_id": ""}.get(name)
    if beside is None:
        return ""
    return str(said.get(beside)) if beside else "change"


def short(one: UUID) -> str:
    """The end of an id, which suffices to tell two apart."""
    return f"…{ids.short(one)[-SHOWN_LETTERS:]}"


def said_of(names: Names, kind: str, thing_id: UUID) -> str:
    """A thing by its name, else what such a thing is called."""
    return names.thing(kind, thing_id) or words.about(kind)
