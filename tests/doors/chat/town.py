"""A small town in one process: people with phones who write to the clerk, and what they get back.

What they write comes in as Meta writes it and is read by messaging's own action; what was to be done later is done in
`settle_down`, by the readers and jobs that a worker would run. Only the network is left out: messages that go out are
taken for accepted, and prompts are answered as Safaricom would.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

import hesabu.messaging.jobs
import hesabu.payments.jobs  # noqa: F401
from hesabu.doors.chat import taps
from hesabu.kit import clock, ids
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.actions import climbing
from hesabu.messaging.actions.deliver import prepare, record
from hesabu.messaging.models import Contact, Message
from hesabu.messaging.providers.port import Accepted
from hesabu.messaging.types import Channel
from hesabu.store import facts, jobs, tenancy
from hesabu.store.letters import FiledLetter
from providers.whatsapp import envelopes


def as_letter(body: bytes) -> FiledLetter:
    return FiledLetter(ids.new_id(), ids.new_id(), "whatsapp", None, None, "", True, body, 0)


def bring(*bodies: bytes) -> None:
    """WhatsApp's letters, read in the order they came."""
    with tenancy.house(actor=tenancy.Actor("provider")):
        messaging.read_letters([as_letter(body) for body in bodies])


@dataclass(frozen=True)
class Heard:
    """A message on somebody's phone."""

    id: UUID
    business_id: UUID
    kind: str
    body: str
    titles: dict[str, str]
    """What can be tapped: title → id."""
    subject_kind: str = ""

    def __str__(self) -> str:
        return " ".join([self.body, *(f"[{title}]" for title in self.titles)])


@dataclass
class Phone:
    """Somebody with WhatsApp; with a number that we see, or without."""

    number: str | None
    user_id: str
    phone_number_id: str
    name: str = "Wanjiku Kamau"
    seen: set[UUID] = field(default_factory=set)
    since: UUID = field(default_factory=ids.new_id)

    def says(self, text: str, *, is_read: bool = True, **more: Any) -> list[Heard]:
        """Write, and let the town settle; what comes back."""
        self.writes(envelopes.text(text, **self._who(), **more))
        return self.hears() if is_read else []

    def proves(self, pin: str = "7391") -> list[Heard]:
        """Answer the question for the PIN (or choose it); what comes of what waited for it."""
        asked = self.inbox()[-1]
        assert "PIN" in asked.body, asked.body
        return [message for message in self.says(pin) if "PIN is set" not in message.body]

    def counts(self, text: str) -> list[Heard]:
        """Say that money came, or what something costs now, and give the PIN where it is asked for."""
        return self._with_pin(self.says(text))

    def counts_tapped(self, title: str, on: Heard | None = None) -> list[Heard]:
        """The same, by a tap."""
        return self._with_pin(self.taps(title, on))

    def _with_pin(self, said: list[Heard]) -> list[Heard]:
        return self.proves() if said and "PIN" in said[-1].body else said

    def sends(self, kind: str, part: Any, **more: Any) -> list[Heard]:
        self.writes(envelopes.message(kind, part, **self._who(), **more))
        return self.hears()

    def writes(self, *said: dict[str, Any]) -> None:
        profile: dict[str, Any] = {"profile": {"name": self.name}, "user_id": self.user_id}
        if self.number:
            profile["wa_id"] = self.number
        bring(envelopes.envelope(messages=list(said), contacts=[profile], to=self.phone_number_id))

    def taps(self, title: str, on: Heard | None = None) -> list[Heard]:
        """Tap a button of a message, the newest that has it unless told otherwise."""
        message = on or next(m for m in reversed(self.inbox()) if title in m.titles)
        return self.taps_id(message.titles[title], title, message)

    def taps_id(self, button_id: str, title: str, message: Heard) -> list[Heard]:
        kind = "list_reply" if message.kind == "choices" else "button_reply"
        reply = {"type": kind, kind: {"id": button_id, "title": title}}
        quoted = {"context": {"id": provider_id(message)}}
        self.writes(envelopes.message("interactive", reply, **self._who(), **quoted))
        return self.hears()

    def hears(self) -> list[Heard]:
        """What came since the last look."""
        settle_down()
        new = [message for message in self.inbox() if message.id not in self.seen]
        self.seen |= {message.id for message in new}
        return new

    def inbox(self) -> list[Heard]:
        """Every message to this phone, oldest first."""
        contact_id = self.contact_id()
        if contact_id is None:
            return []
        found = []
        for business_id in [tenancy.HOUSE, *businesses(self.since)]:
            with tenancy.house(), tenancy.bound(business_id):
                rows = Message.objects.filter(
                    business_id=business_id, contact_id=contact_id, direction="out"
                )
                found += [heard(row) for row in rows]
        return sorted(found, key=lambda message: message.id)

    def contact_id(self) -> UUID | None:
        with tenancy.house():
            if self.number:
                contact = messages.contact_by_phone(f"+{self.number}")
                return contact.id if contact else None
            for row in Contact.objects.order_by("-id")[:200]:
                if row.whatsapp_user_id == self.user_id:
                    return UUID(str(row.id))
        return None

    def sees(self, message: Heard) -> None:
        """The blue ticks."""
        status = envelopes.status("read", provider_id(message), at=int(clock.now().timestamp()))
        bring(envelopes.envelope(statuses=[status], to=self.phone_number_id))
        settle_down()

    def cannot_get(self, message: Heard) -> None:
        """It does not arrive, and there is no other way to them."""
        with tenancy.house():
            contact_id = self.contact_id()
            assert contact_id is not None
            climbing.close_channel(contact_id, Channel.SMS, "do_not_disturb")
            climbing.close_channel(contact_id, Channel.EMAIL, "bounced")
        failed = envelopes.failed(131026, provider_id(message), at=int(clock.now().timestamp())) | {
            "timestamp": str(int(clock.now().timestamp()))
        }
        bring(envelopes.envelope(statuses=[failed], to=self.phone_number_id))
        settle_down()

    def _who(self) -> dict[str, Any]:
        return {
            "message_id": f"wamid.{secrets.token_hex(12)}",
            "sender": self.number,
            "user_id": self.user_id,
            "at": int(clock.now().timestamp()),
        }


def heard(row: Message) -> Heard:
    content = row.content
    options = content.get("buttons") or content.get("rows") or ()
    return Heard(
        row.id,
        row.business_id,
        row.kind,
        content.get("body") or content.get("caption") or "",
        {option[1]: option[0] for option in options},
        row.subject_kind,
    )


def provider_id(message: Heard) -> str:
    """The provider's id of a message that went out; it goes out now, if it has not."""
    with tenancy.house(), tenancy.bound(message.business_id):
        return str(Message.objects.get(id=message.id).provider_id)


def businesses(since: UUID) -> list[UUID]:
    """Those that had something sent since then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT business_id FROM messaging_dispatch WHERE id > %s", (since,)
        )
        return [row[0] for row in cursor.fetchall() if row[0] != tenancy.HOUSE]


# --- later ------------------------------------------------------------------------------------------------------------

_WORDS = "store.read"
_ACCEPTED = "messaging.deliver"


_first_job = 0


def begin() -> None:
    """What waited before this is not the town's: other tests left it."""
    global _first_job
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        (_first_job,) = cursor.fetchone()


def settle_down() -> None:
    """Do what waits to be done, until nothing does: readers of facts, and messages that go out now."""
    for _ in range(30):
        if not _read_jobs() + _send_jobs():
            return
    raise AssertionError("the town does not settle down")


def _take(name: str, *, until: datetime = datetime.max) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id IN (SELECT id FROM procrastinate_jobs"
            " WHERE status = 'todo' AND id > %s AND task_name = %s AND (scheduled_at IS NULL OR scheduled_at <= %s)"
            " ORDER BY id) RETURNING id, args::text",
            (_first_job, name, until),
        )
        return [json.loads(row[1]) for row in sorted(cursor.fetchall())]


def _read_jobs() -> int:
    found = _take(_WORDS)
    for args in found:
        jobs.tasks[_WORDS].run(**args)
    return len(found)


def _send_jobs() -> int:
    found = _take(_ACCEPTED, until=clock.now())
    for args in found:
        attempt = prepare(UUID(args["business_id"]), UUID(args["message_id"]))
        if attempt is not None:
            record(attempt, Accepted(f"wamid.{attempt.message_id.hex}"))
    return len(found)


# --- what is so -------------------------------------------------------------------------------------------------------


def kinds_of(subject_id: UUID, business_id: UUID) -> list[str]:
    with tenancy.bound(business_id):
        return [record.kind.rpartition(".")[2] for record in facts.timeline(subject_id)]


def at(instant: datetime) -> Any:
    return clock.fixed(instant)


def tap_of(message: Heard, title: str) -> taps.Tap:
    tapped = taps.read(message.titles[title])
    assert tapped is not None
    return tapped


New = Callable[..., Phone]
