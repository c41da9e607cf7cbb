"""One message's visit: who wrote, what, what is remembered of them, and what is said back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from hesabu.doors.chat import engine, proof, speech, stepping, taps, words
from hesabu.doors.chat.desk import Answer, Desk, attempt
from hesabu.doors.chat.memory import Deed, Memory, Shown
from hesabu.doors.chat.speech import Option, Plain, Saying
from hesabu.identity import queries as identity
from hesabu.identity.types import Membership
from hesabu.kit import clock, ids, phones
from hesabu.kit.errors import HesabuError
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Channel, Contact, Inbound
from hesabu.store.tenancy import HOUSE

COUNTRY = "KE"
"""Where somebody is taken to write from of whom nothing is known yet."""


@dataclass
class Visit:
    contact: Contact
    message: Inbound
    memory: Memory
    said: list[Saying] = field(default_factory=list)
    digest: str = ""
    """Of the words that the flow of this visit was begun with."""
    then: str = ""
    """What somebody wanted to say when they were asked to sign up first."""

    def __post_init__(self) -> None:
        script = self.memory.script
        if script is not None:
            self.digest = str(script.given.get("digest", ""))
            self.then = str(script.given.get("then", ""))

    def refresh(self) -> None:
        """Look again who they are: they have just signed up."""
        self.contact = messages.contact(self.contact.id)
        for name in ("memberships", "desk"):
            self.__dict__.pop(name, None)

    @cached_property
    def memberships(self) -> list[Membership]:
        """The businesses the person behind the contact belongs to."""
        if self.contact.person_id is None:
            return []
        return identity.memberships_of(self.contact.person_id)

    @cached_property
    def desk(self) -> Desk | None:
        """Where they act as a merchant; None for somebody without a business."""
        if not self.memberships or self.contact.person_id is None:
            return None
        known = [membership.business_id for membership in self.memberships]
        chosen = self.memory.business_id
        business_id = chosen if chosen in known else known[0]
        return Desk(business_id, self.contact.person_id)

    def desk_at(self, business_id: UUID) -> Desk | None:
        """The desk of that business, if they belong to it."""
        if self.contact.person_id is None:
            return None
        if all(membership.business_id != business_id for membership in self.memberships):
            return None
        return Desk(business_id, self.contact.person_id)

    def forget(self, before: Memory) -> None:
        """As if the message had not been heard: nothing was said, and all that is remembered is as it was."""
        self.memory, self.said, self.digest, self.then = before, [], "", ""
        self.__post_init__()
        self.refresh()

    def say(self, said: str | Saying, *options: Option) -> None:
        saying = said if isinstance(said, Saying) else Saying(said, options)
        self.said.append(saying)

    def try_to(self, run: Callable[[], Answer]) -> Answer | None:
        """Do it; a refusal is said with what to do next, and leaves nothing behind."""
        try:
            return attempt(run)
        except HesabuError as error:
            self.say(refused(error))
            return None

    def did(
        self, verb: str, desk: Desk, subject_id: UUID, *, version: int = 0, before: Plain = None
    ) -> None:
        """Remember what they did, so that they can take it back."""
        self.memory.did(Deed(verb, desk.business_id, subject_id, clock.now(), version, before))

    def quoted(self) -> Shown | None:
        """What the message that is quoted was about, where it was about an invoice."""
        message_id = self.message.quoted_message_id
        return next((one for one in self.memory.shown if one.message_id == message_id), None)

    def begin(self, flow: str, given: dict[str, Plain]) -> None:
        """Enter a flow, in place of the one they were in."""
        if flow in proof.GUARDED_FLOWS:
            proof.need()
        self.digest = str(given.get("digest", self.digest))
        self._take(engine.begin(flow, ids.new_id().hex, given, perform=attempt))

    def answer(self, heard: speech.Heard | None) -> bool:
        """Go on in the flow they are in; False where the answer was not understood."""
        script = self.memory.script
        assert script is not None
        if heard is not None and script.flow in proof.GUARDED_FLOWS:
            proof.need()
        turn = engine.hear(script, heard, ids.new_id().hex, perform=attempt)
        self._take(turn)
        return turn.understood

    def asked(self) -> speech.Ask | None:
        """The question that waits; None outside of a flow."""
        if self.memory.script is None:
            return None
        turn = engine.hear(self.memory.script, None, ids.new_id().hex, perform=attempt)
        return None if turn.restarted else turn.waiting

    def plain_words(self) -> str:
        """What was written, as short words of our own are compared."""
        return " ".join(self.message.text.strip().casefold().split())

    def heard(self) -> speech.Heard:
        """The words as an answer. Where options were shown by their numbers, a number is one of them."""
        text = self.message.text
        number = text.strip().rstrip(".)")
        if self.message.channel is Channel.SMS and number.isascii() and number.isdigit():
            asked = self.asked()
            if asked is not None and 1 <= int(number[:4]) <= len(asked.options):
                return speech.Heard(text, int(number) - 1)
        return speech.Heard(text)

    def country(self) -> str:
        """Where they write from, as far as it is known."""
        if self.desk is not None:
            return self.desk.business().country
        place = phones.country_of(self.contact.phone) if self.contact.phone else None
        return place or COUNTRY

    def _take(self, turn: engine.Turn) -> None:
        if turn.restarted:
            self.say(words.talk.restarted())
        # Some conversations only find out how to go on with what was tapped or said before them.
        goes_on = bool(turn.deed) and not turn.deed.get("verb")
        if turn.deed and not goes_on:
            self.memory.did(Deed.of(turn.deed))
        self.memory.script = turn.script
        for saying in turn.sayings:
            is_question = turn.waiting is not None and saying is turn.sayings[-1]
            self.say(self._asked(saying, turn.script) if is_question else saying)
        if goes_on:
            self._go_on(turn.deed)

    def _go_on(self, found: dict[str, Plain]) -> None:
        from hesabu.doors.chat import whose  # it stands above this, and knows visits

        if "tap" in found:
            stepping.go_on(self, found["tap"])
        else:
            whose.go_on(self, UUID(found["business"]), found["words"])

    def _asked(self, saying: Saying, script: engine.Script | None) -> Saying:
        """A question's options as taps that know which question they answer."""
        assert script is not None
        run_id, step = UUID(script.run_id), len(script.lines)
        return speech.with_taps(saying, lambda place: question_tap(run_id, step, place))


def question_tap(run_id: UUID, step: int, place: int) -> str:
    return taps.written("pick", HOUSE, run_id, step, place)


def refused(error: HesabuError) -> str:
    """What a room's refusal sounds like."""
    return " ".join(
        filter(None, [words.figures.translated(error.title), words.figures.translated(error.hint)])
    )
