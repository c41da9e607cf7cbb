"""What the door remembers of a conversation: the flow it is in, what was offered last, and the bills it was shown.

It is kept by messaging, sealed, one row per contact and not per person: it is what stands on one screen. Somebody with two
numbers may have lent one of them, or keeps one for each business. So a number, "yes", "undo" or the answer to a question
means what was shown or asked on the phone where it is written, never what stands on another, least of all where a PIN was
given; and which business is meant is asked on each, where nothing on it tells. Who they are, their businesses and what they
may do are known on all. Where two contacts prove to be one, what either was sent stays known.

One contact's messages are answered one at a time: whoever reads or changes the memory holds the contact's lock until the
end of the transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hesabu.doors.chat.engine import Script
from hesabu.doors.chat.proof import Held
from hesabu.doors.chat.speech import Option
from hesabu.doors.chat.till import Passed, Till
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Contact, Conversation
from hesabu.store import sql

BILLS_MAX = 20
OFFERS_MAX = 2
SHOWN_MAX = 30
DEEDS_MAX = 10
HOUR = timedelta(hours=1)


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


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours that was about an invoice: quoting it means that one."""

    message_id: UUID
    business_id: UUID
    invoice_id: UUID


@dataclass(frozen=True, slots=True)
class Deed:
    """Something they did here, so that "undo" can take it back: ids, and for a change how it was before."""

    verb: str
    business_id: UUID
    subject_id: UUID
    at: datetime
    version: int = 0
    before: Any = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Deed:
        """As a flow returns it, or the memory keeps it."""
        return cls(
            plain["verb"],
            UUID(plain["business"]),
            UUID(plain["subject"]),
            datetime.fromisoformat(plain["at"]) if plain.get("at") else clock.now(),
            plain.get("version", 0),
            plain.get("before"),
        )

    def plain(self) -> dict[str, Any]:
        return {
            "verb": self.verb,
            "business": self.business_id.hex,
            "subject": self.subject_id.hex,
            "at": self.at.isoformat(),
            "version": self.version,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast they write: since when, how many messages; and while they rush, until when their messages are gathered."""

    since: datetime
    count: int
    held_until: datetime | None = None

    def plain(self) -> list[Any]:
        held = self.held_until.isoformat() if self.held_until else None
        return [self.since.isoformat(), self.count, held]

    @classmethod
    def of(cls, plain: Sequence[Any]) -> Pace:
        since, count, held = plain
        until = datetime.fromisoformat(held) if held else None
        return cls(datetime.fromisoformat(since), count, until)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A conversation that was left for something else, and can be gone on with."""

    script: Script
    at: datetime
    is_offered: bool = False

    def plain(self) -> dict[str, Any]:
        named = {"flow": self.script.flow, "version": self.script.version}
        kept = {"at": self.at.isoformat(), "is_offered": self.is_offered}
        return named | kept | {"run": _run(self.script)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> SetAside:
        script = _script(plain["flow"], plain["version"], plain["run"])
        return cls(script, datetime.fromisoformat(plain["at"]), plain["is_offered"])


def _run(script: Script) -> dict[str, Any]:
    return {
        "id": script.run_id,
        "given": dict(script.given),
        "lines": [list(line) for line in script.lines],
        "kept": dict(script.kept),
    }


def _script(flow: str, version: int, run: Mapping[str, Any]) -> Script:
    lines = tuple(tuple(line) for line in run["lines"])
    return Script(flow, version, run["id"], run["given"], lines, run["kept"])


def one_more(pace: Pace | None) -> Pace:
    """Counted within the hour that began with the first."""
    now = clock.now()
    if pace is None or now - pace.since > HOUR:
        return Pace(now, 1)
    return replace(pace, count=pace.count + 1)


@dataclass(slots=True)
class Memory:
    contact_id: UUID | None = None
    """Whose it is."""
    business_id: UUID | None = None
    """The business they speak for, where they have several."""
    used_at: datetime | None = None
    """When they last did something there, where they have several."""
    script: Script | None = None
    """The flow they are in."""
    set_aside: list[SetAside] = field(default_factory=list)
    """Flows that they left for something else, the newest last."""
    offers: list[list[tuple[str, str]]] = field(default_factory=list)
    """What can be tapped, (title, tap), a list per message, the newest last: so that a number or the words do, too."""
    bills: list[Bill] = field(default_factory=list)
    """Invoices they were sent, the newest last."""
    last_draft: LastDraft | None = None
    shown: list[Shown] = field(default_factory=list)
    """Messages that were about an invoice, the newest last."""
    deeds: list[Deed] = field(default_factory=list)
    """What they did here, the newest last."""
    language: str = ""
    """What they last wrote clearly in, or were written to in as a customer; it counts where they chose none."""
    is_language_offered: bool = False
    """Whether they were told how to stay with another language."""
    more: str = ""
    """The rest of what was too long for a text message."""
    aside: str = ""
    """What they wrote last that was not understood, so that it can be passed on to a seller."""
    pace: Pace | None = None
    told: Pace | None = None
    """How often a seller was told something on their word, within an hour."""
    texts: Pace | None = None
    """How many text messages answered them, within an hour."""
    held: Held | None = None
    """Words by text message that wait for a code."""
    till: Till = field(default_factory=Till)
    """Where the PIN was right a moment ago, and what was counted as received without it."""

    def show(self, message_id: UUID, about: tuple[UUID, UUID] | None) -> None:
        """A message went out; `about` is the business and the invoice it is about, where it is about one."""
        if about is not None:
            self.shown = [*self.shown, Shown(message_id, *about)][-SHOWN_MAX:]

    def did(self, deed: Deed) -> None:
        self.deeds = [*self.deeds, deed][-DEEDS_MAX:]

    def offer(self, options: Sequence[Option]) -> None:
        """Something more can be tapped."""
        group = [(option.title, option.id) for option in options if option.id]
        if group:
            self.offers = [*self.offers, group][-OFFERS_MAX:]

    def remember_bill(self, bill: Bill) -> None:
        self.bills = [*(known for known in self.bills if known != bill), bill][-BILLS_MAX:]


def locked(contact_id: UUID) -> Memory:
    """The memory of a contact, held until the transaction ends. In any binding."""
    return met(contact_id)[1]


def language_of(contact_id: UUID) -> str:
    """What they last wrote clearly in, "" where nothing is known. In any binding; nothing is held."""
    return _from(messages.conversation(contact_id)).language


def passed_elsewhere(contact: Contact) -> list[Passed]:
    """What was counted as received without the PIN by the same person on other numbers and channels. Who asks holds it until the
    transaction ends, so that two telephones at once do not each leave the other's out."""
    if contact.person_id is None:
        return []
    with sql.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"till:{contact.person_id}",)
        )
    others = [one for one in messages.contacts_of_person(contact.person_id) if one.id != contact.id]
    return [one for other in others for one in _from(messages.conversation(other.id)).till.passed]


def met(contact_id: UUID) -> tuple[Contact, Memory]:
    """Who they are by now, and their memory, held until the transaction ends. In any binding."""
    contact = _contact_held(contact_id)
    memory = _from(messages.conversation(contact.id))
    memory.contact_id = contact.id
    return contact, memory


def _contact_held(contact_id: UUID) -> Contact:
    """Whoever they were merged into holds the lock that counts."""
    with sql.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"chat:{contact_id}",)
        )
    contact = messages.contact(contact_id)
    return contact if contact.id == contact_id else _contact_held(contact.id)


def keep(contact_id: UUID, memory: Memory) -> None:
    """In the transaction that holds it."""
    script = memory.script
    messaging.keep_conversation(
        memory.contact_id or contact_id,
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
    if memory.shown:
        plain["shown"] = [
            [one.message_id.hex, one.business_id.hex, one.invoice_id.hex] for one in memory.shown
        ]
    if memory.deeds:
        plain["deeds"] = [deed.plain() for deed in memory.deeds]
    if memory.language:
        plain["language"] = memory.language
    if memory.is_language_offered:
        plain["is_language_offered"] = True
    if memory.more:
        plain["more"] = memory.more
    if memory.aside:
        plain["aside"] = memory.aside
    if memory.pace:
        plain["pace"] = memory.pace.plain()
    if memory.told:
        plain["told"] = memory.told.plain()
    if memory.texts:
        plain["texts"] = memory.texts.plain()
    if memory.used_at:
        plain["used_at"] = memory.used_at.isoformat()
    if memory.held:
        plain["held"] = memory.held.plain()
    if memory.till.opened or memory.till.passed:
        plain["till"] = memory.till.plain()
    if memory.script:
        plain["run"] = _run(memory.script)
    if memory.set_aside:
        plain["set_aside"] = [one.plain() for one in memory.set_aside]
    return plain


def _from(kept: Conversation) -> Memory:
    memory = Memory(business_id=kept.business_id)
    if not kept.answers:
        return memory
    plain: dict[str, Any] = kept.answers[0]
    memory.offers = [[(title, tap) for title, tap in group] for group in plain["offers"]]
    memory.bills = _bills(plain)
    if "last_draft" in plain:
        business, invoice, digest = plain["last_draft"]
        memory.last_draft = LastDraft(UUID(business), UUID(invoice), digest)
    memory.shown = _shown(plain)
    memory.deeds = [Deed.of(deed) for deed in plain.get("deeds", ())]
    memory.language = plain.get("language", "")
    memory.is_language_offered = plain.get("is_language_offered", False)
    memory.more = plain.get("more", "")
    memory.aside = plain.get("aside", "")
    memory.pace = Pace.of(plain["pace"]) if "pace" in plain else None
    memory.told = Pace.of(plain["told"]) if "told" in plain else None
    memory.texts = Pace.of(plain["texts"]) if "texts" in plain else None
    memory.used_at = datetime.fromisoformat(plain["used_at"]) if "used_at" in plain else None
    memory.held = Held.of(plain["held"]) if "held" in plain else None
    if "till" in plain:
        memory.till = Till.of(plain["till"])
    if kept.flow and "run" in plain:
        memory.script = _script(kept.flow, kept.version, plain["run"])
    memory.set_aside = [SetAside.of(one) for one in plain.get("set_aside", ())]
    for other in kept.answers[1:]:
        _take_over(memory, other)
    return memory


def _take_over(memory: Memory, other: Mapping[str, Any]) -> None:
    """Two contacts proved to be one: of the other's memory what they were sent stays known. What was asked there or could be
    tapped there stood on another screen, and words here do not mean it."""
    bills = [bill for bill in _bills(other) if bill not in memory.bills]
    memory.bills = [*bills, *memory.bills][-BILLS_MAX:]
    shown = [one for one in _shown(other) if one not in memory.shown]
    memory.shown = sorted([*shown, *memory.shown], key=lambda one: one.message_id)[-SHOWN_MAX:]
    memory.language = memory.language or other.get("language", "")


def _bills(plain: Mapping[str, Any]) -> list[Bill]:
    return [Bill(UUID(business), UUID(invoice)) for business, invoice in plain["bills"]]


def _shown(plain: Mapping[str, Any]) -> list[Shown]:
    return [Shown(*map(UUID, ids)) for ids in plain.get("shown", ())]
