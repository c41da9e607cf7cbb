"""What the door remembers of a conversation: the flow it is in, what was offered last, and the bills it was shown.

It is kept by messaging, sealed, one row per contact. One contact's messages are answered one at a time: whoever reads or
changes the memory holds the contact's lock until the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.doors.chat.engine import Option, Script
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Conversation

BILLS_MAX = 20
OFFERS_MAX = 2


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice that was sent to this contact."""

    business_id: UUID
    invoice_id: UUID


@dataclass(frozen=True, slots=True)
class LastDraft:
    """The draft that was previewed last, and a digest of the words it was made from."""

    business_id: UUID
    invoice_id: UUID
    digest: str


@dataclass(slots=True)
class Memory:
    business_id: UUID | None = None
    """The business they speak for, where they have several."""
    script: Script | None = None
    """The flow they are in."""
    offers: list[list[tuple[str, str]]] = field(default_factory=list)
    """What can be tapped, (title, tap), a list per message, the newest last: so that a number or the words do, too."""
    bills: list[Bill] = field(default_factory=list)
    """Invoices they were sent, the newest last."""
    last_draft: LastDraft | None = None

    def offer(self, options: Sequence[Option]) -> None:
        """Something more can be tapped."""
        group = [(option.title, option.id) for option in options if option.id]
        if group:
            self.offers = [*self.offers, group][-OFFERS_MAX:]

    def remember_bill(self, bill: Bill) -> None:
        self.bills = [*(known for known in self.bills if known != bill), bill][-BILLS_MAX:]


def locked(contact_id: UUID) -> Memory:
    """The memory of a contact, held until the transaction ends. In any binding."""
    living_id = messages.contact(contact_id).id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"chat:{living_id}",)
        )
    return _from(messages.conversation(living_id))


def keep(contact_id: UUID, memory: Memory) -> None:
    """In the transaction that holds it."""
    script = memory.script
    messaging.keep_conversation(
        contact_id,
        Conversation(
            flow=script.flow if script else None,
            version=script.version if script else 0,
            answers=[_plain(memory)],
            business_id=memory.business_id,
        ),
    )


def _plain(memory: Memory) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "offers": memory.offers,
        "bills": [[bill.business_id.hex, bill.invoice_id.hex] for bill in memory.bills],
    }
    if memory.last_draft:
        last = memory.last_draft
        plain["last_draft"] = [last.business_id.hex, last.invoice_id.hex, last.digest]
    if memory.script:
        script = memory.script
        plain["run"] = {
            "id": script.run_id,
            "given": dict(script.given),
            "lines": [list(line) for line in script.lines],
            "kept": dict(script.kept),
        }
    return plain


def _from(kept: Conversation) -> Memory:
    memory = Memory(business_id=kept.business_id)
    if not kept.answers:
        return memory
    plain: dict[str, Any] = kept.answers[0]
    memory.offers = [[(title, tap) for title, tap in group] for group in plain["offers"]]
    memory.bills = [Bill(UUID(business), UUID(invoice)) for business, invoice in plain["bills"]]
    if "last_draft" in plain:
        business, invoice, digest = plain["last_draft"]
        memory.last_draft = LastDraft(UUID(business), UUID(invoice), digest)
    if kept.flow and "run" in plain:
        run = plain["run"]
        lines = tuple(tuple(line) for line in run["lines"])
        memory.script = Script(kept.flow, kept.version, run["id"], run["given"], lines, run["kept"])
    return memory
