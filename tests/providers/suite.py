"""One suite that every provider passes: what payments may rely on, whoever carries the money, and what messaging may rely
on, whoever brings the message.

A provider's test module makes a `Case` for its wires and inherits `CollectorPromises`, or a `Way` and `SenderPromises`:

    class TestMpesa(CollectorPromises):
        @pytest.fixture
        def case(self, database) -> Iterator[Case]: ...
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from hesabu.kit import http
from hesabu.kit.errors import Invalid
from hesabu.kit.ids import new_id
from hesabu.kit.money import Money
from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.providers import port as messages
from hesabu.messaging.rules import TOLD, Cure
from hesabu.messaging.types import Channel
from hesabu.payments.providers.port import (
    Accepted,
    AccountKeys,
    Ask,
    Collector,
    NoAnswer,
    NotPaid,
    Paid,
    Pending,
    Rejected,
    Uncertain,
)
from providers.wire import HangsUp, Says, SaysNothing, Wire

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GARBAGE = b"<html><head><title>Access denied</title></head><body>Incident 42</body></html>"


@dataclass
class Case:
    """One provider at the end of one wire, and its words for what can happen."""

    collector: Collector
    hasty: Collector
    """The same provider, waited for no longer than a second."""
    nobody_home: Collector
    """The same provider at an address where nothing listens."""
    wire: Wire
    account: AccountKeys
    amount: Money
    phone: str
    ask_path: str
    query_path: str
    accepted: Says
    refused: Says
    busy: Says
    inner_error: Says
    paid: Says
    pending: Says
    not_paid: dict[str, Says]
    """Answer by result code."""
    amounts_never_taken: list[Money] = field(default_factory=list)
    phones_never_taken: list[str] = field(default_factory=list)

    def ask(self) -> Ask:
        url, _ = self.collector.callback_url(self.collector.endpoint_token(), new_id())
        return Ask(self.amount, self.phone, "INV0007", url, AT)


class CollectorPromises:
    """What every provider promises."""

    # asking

    def test_a_request_that_was_taken_is_accepted_with_its_id(self, case: Case) -> None:
        case.wire.says(case.ask_path, case.accepted)
        outcome = case.collector.ask(case.account, case.ask())
        assert isinstance(outcome, Accepted)
        assert outcome.provider_ref

    def test_a_refusal_says_why_in_words(self, case: Case) -> None:
        case.wire.says(case.ask_path, case.refused)
        outcome = case.collector.ask(case.account, case.ask())
        assert isinstance(outcome, Rejected)
        assert outcome.words
        assert outcome.code

    def test_a_busy_provider_may_be_asked_again(self, case: Case) -> None:
        case.wire.says(case.ask_path, case.busy)
        outcome = case.collector.ask(case.account, case.ask())
        assert isinstance(outcome, Rejected)
        assert outcome.is_retryable

    def test_where_nobody_listens_nothing_was_sent(self, case: Case) -> None:
        outcome = case.nobody_home.ask(case.account, case.ask())
        assert isinstance(outcome, Rejected)
        assert (outcome.code, outcome.is_retryable) == ("not_sent", True)

    def test_what_may_have_been_taken_is_uncertain_and_sent_once(self, case: Case) -> None:
        for answer in (
            HangsUp(),
            SaysNothing(),
            case.inner_error,
            Says(500, GARBAGE),
            Says(502),
            Says(503, b""),
            Says(504, GARBAGE),
            Says(200, GARBAGE),
            Says(200, b""),
            Says(200, [1, 2]),
            Says(200, {"unknown": "shape"}),
        ):
            case.wire.asked.clear()
            case.wire.says(case.ask_path, answer)
            asking = case.hasty if answer == SaysNothing() else case.collector
            outcome = asking.ask(case.account, case.ask())
            assert isinstance(outcome, Uncertain), answer
            assert len(case.wire.asked_at(case.ask_path)) == 1, answer

    # what became of it

    def test_paid_is_said_only_when_it_is_clear(self, case: Case) -> None:
        case.wire.says(case.query_path, case.paid)
        assert self._query(case) == Paid()

    def test_pending_is_no_failure(self, case: Case) -> None:
        case.wire.says(case.query_path, case.pending)
        assert self._query(case) == Pending()

    def test_every_no_keeps_its_code(self, case: Case) -> None:
        for code, answer in case.not_paid.items():
            case.wire.says(case.query_path, answer)
            assert self._query(case) == NotPaid(code)

    def test_nothing_is_guessed_from_what_cannot_be_read(self, case: Case) -> None:
        for answer in (
            HangsUp(),
            Says(500, GARBAGE),
            Says(503),
            Says(403, GARBAGE),
            Says(200, GARBAGE),
            Says(200, {}),
            Says(200, [0]),
            case.busy,
        ):
            case.wire.says(case.query_path, answer)
            assert isinstance(self._query(case), NoAnswer), answer
        question = case.nobody_home.query(case.account, "ref", AT)
        assert isinstance(question, NoAnswer)

    def _query(self, case: Case) -> Any:
        return case.collector.query(case.account, "ref", AT)

    # before asking

    def test_what_it_never_takes_is_said_without_the_network(self, case: Case) -> None:
        for amount in case.amounts_never_taken:
            with pytest.raises(Invalid):
                case.collector.check(amount, case.phone)
        for phone in case.phones_never_taken:
            with pytest.raises(Invalid):
                case.collector.check(case.amount, phone)
        case.collector.check(case.amount, case.phone)
        assert case.wire.asked == []

    def test_a_requests_own_address_can_be_made_again_and_not_guessed(self, case: Case) -> None:
        token, one, two = case.collector.endpoint_token(), new_id(), new_id()
        first = case.collector.callback_url(token, one)
        assert first == case.collector.callback_url(token, one)
        assert first != case.collector.callback_url(token, two)
        url, ref = first
        assert url.endswith(f"/hooks/{token}/{ref}")
        assert len(ref) >= 22
        assert str(UUID(int=one.int)) not in url

    def test_no_secret_shows_in_what_may_be_logged(self, case: Case) -> None:
        case.wire.says(case.ask_path, case.accepted)
        outcome = case.collector.ask(case.account, case.ask())
        seen = json.dumps([repr(case.account), repr(case.ask()), repr(outcome)])
        for secret in [*case.account.credentials.values(), case.phone]:
            if len(secret) > 6:
                assert secret not in seen

    def test_its_connections_honour_the_ban_on_private_addresses(self, case: Case) -> None:
        http.allow_private([])
        outcome = case.collector.ask(case.account, case.ask())
        assert isinstance(outcome, Rejected)
        assert case.wire.asked == []


@dataclass
class Way:
    """One provider of messages at the end of one wire. What can happen is set up by calling it."""

    channel: Channel
    provider: messages.Provider
    nobody_home: messages.Provider
    """The same at an address where nothing listens."""
    errand: messages.Errand
    strange_errand: messages.Errand
    """With content that this channel does not carry."""
    taken: Callable[[], None]
    refused: Callable[[], None]
    """For good, because of the message or the contact."""
    busy: Callable[[], None]
    key_unknown: Callable[[], None]
    doubts: Sequence[Callable[[], None]]
    """After each of these nobody knows whether the message was taken."""
    handed_over: Callable[[], list[str]]
    """What was handed over so far, each as text."""
    secrets: Sequence[str]
    letters: Mapping[str, tuple[bytes, str]]
    """Verb → a letter (and the path it comes to) that says so."""
    carries: Sequence[str] = ("Hello",)
    """What stands in what was handed over."""
    guards_addresses: bool = True
    """Whether it goes through the client that refuses private addresses."""


class SenderPromises:
    """What every provider of messages promises."""

    def test_a_message_that_was_taken_is_accepted_with_its_id(self, way: Way) -> None:
        way.taken()
        outcome = way.provider.send(way.errand)
        assert isinstance(outcome, messages.Accepted)
        assert outcome.provider_id == outcome.provider_id.strip("<> ") != ""

    def test_it_goes_to_the_contact_with_its_words(self, way: Way) -> None:
        way.taken()
        way.provider.send(way.errand)
        (handed_over,) = way.handed_over()
        for part in way.carries:
            assert part in handed_over

    def test_a_refusal_for_good_is_final(self, way: Way) -> None:
        way.refused()
        outcome = way.provider.send(way.errand)
        assert isinstance(outcome, messages.Refused)
        assert outcome.cure is Cure.NONE
        assert outcome.code

    def test_a_busy_provider_is_asked_again_later(self, way: Way) -> None:
        way.busy()
        outcome = way.provider.send(way.errand)
        assert isinstance(outcome, messages.Refused)
        assert outcome.cure is Cure.WAIT

    def test_a_key_that_is_not_known_needs_a_person(self, way: Way) -> None:
        way.key_unknown()
        outcome = way.provider.send(way.errand)
        assert isinstance(outcome, messages.Refused)
        assert (outcome.code, outcome.cure) == ("token_invalid", Cure.OPERATOR)

    def test_where_nobody_listens_nothing_was_taken(self, way: Way) -> None:
        outcome = way.nobody_home.send(way.errand)
        assert isinstance(outcome, messages.Refused)
        assert (outcome.code, outcome.cure) == ("unreachable", Cure.WAIT)

    def test_what_may_have_been_taken_is_uncertain_and_sent_once(self, way: Way) -> None:
        assert len(way.doubts) > 2
        for number, doubt in enumerate(way.doubts):
            before = len(way.handed_over())
            doubt()
            outcome = way.provider.send(way.errand)
            assert isinstance(outcome, messages.Uncertain), number
            assert len(way.handed_over()) == before + 1, number

    def test_content_it_cannot_carry_is_refused_and_nothing_leaves(self, way: Way) -> None:
        way.taken()
        outcome = way.provider.send(way.strange_errand)
        assert isinstance(outcome, messages.Refused)
        assert outcome.cure is Cure.NONE
        assert way.handed_over() == []

    def test_nothing_secret_or_personal_shows_in_what_may_be_logged(
        self, way: Way, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        seen = ""
        for happens in (way.taken, way.refused, way.busy, way.key_unknown, *way.doubts):
            happens()
            seen += repr(way.provider.send(way.errand))
        seen += caplog.text + "".join(capsys.readouterr())
        address = way.errand.address
        for secret in (*way.secrets, address.phone, address.email):
            assert not secret or secret.lstrip("+") not in seen

    def test_its_connections_honour_the_ban_on_private_addresses(self, way: Way) -> None:
        if not way.guards_addresses:
            pytest.skip("its one address stands in settings, and speaks no HTTP")
        way.taken()
        http.allow_private([])
        outcome = way.provider.send(way.errand)
        assert isinstance(outcome, messages.Refused)
        assert way.handed_over() == []

    def test_its_letters_say_what_became_of_a_message(self, way: Way) -> None:
        for verb, (body, ref) in way.letters.items():
            contents = way.provider.read(body, ref)
            (told,) = contents.told
            assert (told.verb, told.channel) == (verb, way.channel)
            assert told.verb in TOLD
            assert told.provider_id
            assert (told.code != "") is (verb == "fail")
            assert contents == way.provider.read(body, ref) or way.channel is Channel.SMS
            assert not contents.unread

    def test_a_letter_that_cannot_be_read_says_why_and_never_what(self, way: Way) -> None:
        for body in (
            b"",
            b"{}",
            b"[]",
            b"nonsense",
            b"\xff\xfe",
            GARBAGE,
            b"{" * 5000,
            b"secret=word",
        ):
            for _, ref in [("", ""), *way.letters.values()]:
                contents = way.provider.read(body, ref)
                assert not contents.told
                assert not contents.arrived
                assert contents.unread
                assert "secret" not in repr(contents)

    def test_a_file_it_never_brought_cannot_be_fetched(self, way: Way) -> None:
        with pytest.raises(MediaUnavailable):
            way.nobody_home.fetch("media", sha256="", bytes_max=1000)

    def test_a_courtesy_that_fails_is_no_harm(self, way: Way) -> None:
        assert way.nobody_home.mark_read("id", shows_typing=True) is False
