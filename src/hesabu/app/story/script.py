"""What the stories of acts are made of: two people, the words they write, the buttons they press by what these do, and
checks that can fail.

Nothing here reads the clerk's sentences, which are in the language of whoever reads: a message is known by its buttons, and
what became of it by the rooms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from hesabu.app.story.phones import Line, Phone, Waited
from hesabu.app.story.spoken import said_in

PATIENCE_SECONDS = 45.0
POLL_SECONDS = 0.2
Answer = TypeVar("Answer")


class Wrong(Exception):
    """A check of the story failed."""


@dataclass
class Scene:
    """Wanjiku sells, Jane buys, and both are written to in one language."""

    wanjiku: Phone
    jane: Phone
    note: Callable[[Line], None]
    language: str
    business_id: UUID | None = None
    checks: list[str] = field(default_factory=list)
    """What was found to be so."""

    # --- what they do

    def says(self, phone: Phone, text: str, *verbs: str) -> dict[str, Any]:
        """Write it in the story's language, and wait for an answer: one with a button that does each of these, or any."""
        before = phone.heard_count()
        phone.says(said_in(self.language, text))
        return self.hears(phone, *verbs, after=before)

    def taps(self, phone: Phone, verb: str, *verbs: str) -> dict[str, Any]:
        """Press the newest button that does this, and wait as above."""
        before = phone.heard_count()
        phone.taps_what_does(verb)
        return self.hears(phone, *verbs, after=before)

    def answers(self, phone: Phone, place: int, *verbs: str) -> dict[str, Any]:
        """Choose by its number, as on a phone without buttons."""
        return self.says(phone, str(place), *verbs)

    def hears(self, phone: Phone, *verbs: str, after: int) -> dict[str, Any]:
        heard = phone.waits_for_buttons(verbs, seconds=PATIENCE_SECONDS, after=after)
        if heard is None:
            wanted = " and ".join(verbs) or "anything"
            raise Waited(f"{phone.first_name} waited in vain for a message with {wanted}")
        return heard

    def signs_up(self) -> None:
        """The business, in the story's language, and paid to a till."""
        for text in ("Hi", "Kamau Designs", "till 123456"):
            self.says(self.wanjiku, text)
        self.business_id = self._business()
        self._speak()

    def bills(self, amount: str = "75,000", what: str = "logo design", due: str = "") -> None:
        """An invoice to Jane, sent."""
        home = f"0{self.jane.number[3:]}"
        before = self.jane.reached_count()
        line = f"Invoice {self.jane.name} {home} {amount} for {what} {due}".strip()
        self.says(self.wanjiku, line, "send", "change", "drop")
        self.taps(self.wanjiku, "send")
        self.reaches(self.jane, before)

    def reaches(self, phone: Phone, before: int) -> None:
        """Something comes, by chat, SMS or mail."""
        if not phone.is_reached(seconds=PATIENCE_SECONDS, after=before):
            raise Waited(f"nothing reached {phone.first_name}")

    def opens(self) -> None:
        """Jane asks for her bill: the first message came as a template, and this one has all the buttons."""
        self.says(self.jane, "status", "view", "said")

    # --- what must be so

    def becomes(self, what: str, is_so: Callable[[], bool]) -> None:
        """It is so, at once or soon; else the story went wrong."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.bound(is_so):
            if time.monotonic() > until:
                raise Wrong(f"it is not so: {what}")
            time.sleep(POLL_SECONDS)
        self.checks.append(what)

    def stays(self, what: str, is_so: Callable[[], bool]) -> None:
        """It is so now."""
        if not self.bound(is_so):
            raise Wrong(f"it is not so: {what}")
        self.checks.append(what)

    def state(self, number: str) -> str:
        from hesabu.invoicing import queries as invoices

        return self.bound(lambda: invoices.by_number(number).state.value)

    def owed(self, number: str) -> int:
        from hesabu.invoicing import queries as invoices

        return self.bound(lambda: invoices.by_number(number).owed.minor // 100)

    def happened(self, number: str, kind: str) -> int:
        """How often something happened to an invoice."""
        from hesabu.invoicing import queries as invoices

        def count() -> int:
            told = invoices.timeline(invoices.by_number(number).id)
            return sum(record.kind.endswith(f".{kind}") for record in told)

        return self.bound(count)

    def bound(self, ask: Callable[[], Answer]) -> Answer:
        from hesabu.store import tenancy

        assert self.business_id is not None
        if tenancy.is_bound():
            return ask()
        with tenancy.bound(self.business_id, actor=tenancy.Actor("operator")):
            return ask()

    def _business(self) -> UUID:
        from hesabu.identity import queries as people
        from hesabu.messaging import queries as messages
        from hesabu.store import tenancy

        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with tenancy.house(actor=tenancy.Actor("operator")):
                contact = messages.contact_by_phone(f"+{self.wanjiku.number}")
            if contact is not None and contact.person_id is not None:
                found = people.memberships_of(contact.person_id)
                if found:
                    return found[0].business_id
            time.sleep(POLL_SECONDS)
        raise Waited("the business was not set up")

    def _speak(self) -> None:
        """Both are written to in the story's language, as if each had asked for it."""
        from hesabu.messaging import actions as messaging
        from hesabu.store import tenancy

        for phone in (self.wanjiku, self.jane):
            with tenancy.house(actor=tenancy.Actor("operator")):
                contact_id = messaging.meet(phone=f"+{phone.number}", name=phone.name)
                messaging.speak(contact_id, self.language)
        text = f"Wanjiku and Jane are written to in “{self.language}”."
        self.note(Line(time.time(), "", "(aside)", text))
