"""What a program may do, in words, by what it is about."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hesabu.identity import permissions

RESOURCES = {
    "agent": gettext_noop("Agents"),
    "app": gettext_noop("Apps"),
    "approval": gettext_noop("Approvals"),
    "audit": gettext_noop("The audit"),
    "book": gettext_noop("The books"),
    "business": gettext_noop("The business"),
    "credit": gettext_noop("Credit"),
    "customer": gettext_noop("Customers"),
    "habit": gettext_noop("Habits of the clerk"),
    "invoice": gettext_noop("Invoices"),
    "item": gettext_noop("What is sold"),
    "key": gettext_noop("Keys"),
    "member": gettext_noop("People"),
    "message": gettext_noop("Messages"),
    "payment": gettext_noop("Payments"),
    "payment_account": gettext_noop("Where money goes"),
    "promise": gettext_noop("Promises to pay"),
    "support": gettext_noop("Support"),
}


def in_words(names: Collection[str]) -> list[str]:
    """What each allows, for people."""
    return [_(one.words) for one in permissions.declared() if one.name in names]


def grouped(names: Collection[str]) -> list[dict[str, Any]]:
    """By what they are about: {"about", "scopes": [{"name", "words", "is_dangerous"}]}."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in permissions.declared():
        if one.name in names:
            said = {"name": one.name, "words": _(one.words), "is_dangerous": one.is_dangerous}
            found.setdefault(one.name.partition(":")[0], []).append(said)
    titles = {about: RESOURCES.get(about, about) for about in found}
    return [{"about": _(title), "scopes": found[about]} for about, title in titles.items()]
