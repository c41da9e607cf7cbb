"""Africa's Talking's words: codes, reasons, prices, and what people write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlencode

import pytest

from hesabu.kit import clock, ids
from hesabu.messaging.providers.africastalking import codes, parse
from hesabu.messaging.providers.africastalking.client import AfricasTalking, cost_of
from hesabu.messaging.providers.africastalking.intake import AfricasTalkingIntake
from hesabu.messaging.providers.port import Accepted, Closed, Refused
from hesabu.messaging.rules import REASONS, Cure
from hesabu.messaging.types import Channel, Cost, Kind, Text
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint
from providers.africastalking.answers import KEY, answered, recipient
from providers.ways import errand
from providers.wire import Says, Wire, wire

PATH = "/version1/messaging"


@pytest.fixture
def told() -> Iterator[Wire]:
    with wire() as found:
        yield found


def sms(told: Wire, sender: str = "") -> AfricasTalking:
    return AfricasTalking(
        base_url=f"{told.url}/version1", username="shop", api_key=KEY, sender=sender
    )


@pytest.mark.parametrize("code", [100, 101, 102])
def test_processed_sent_and_queued_are_taken_with_their_exact_price(told: Wire, code: int) -> None:
    told.says(PATH, answered(recipient(code)))
    outcome = sms(told).send(errand(Text("Hello")))
    assert outcome == Accepted("ATPid_1", cost=Cost("KES", Decimal("0.8000")))


@pytest.mark.parametrize("code", sorted(codes.CODES))
def test_every_refusal_has_its_word_and_its_cure(told: Wire, code: int) -> None:
    told.says(PATH, answered(recipient(code, "NotSent")))
    word, cure = codes.CODES[code]
    assert sms(told).send(errand(Text("Hello"))) == Refused(word, cure)
    assert word in REASONS


def test_a_sender_that_is_not_registered_is_refused_without_a_recipient(told: Wire) -> None:
    told.says(PATH, answered(said="InvalidSenderId"))
    outcome = sms(told, sender="KAMAU").send(errand(Text("Hello")))
    assert outcome == Refused("sender_unknown", Cure.OPERATOR)
    (asked,) = told.asked_at(PATH)
    assert parse_qs(asked.body.decode())["from"] == ["KAMAU"]
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["apikey"] == KEY


def test_without_a_sender_none_is_named(told: Wire) -> None:
    told.says(PATH, answered(recipient()))
    sms(told).send(errand(Text("Hello")))
    assert "from" not in parse_qs(told.asked_at(PATH)[0].body.decode())


def test_an_unknown_code_is_final_and_keeps_its_number(told: Wire) -> None:
    told.says(PATH, answered(recipient(499, "Whatever")))
    assert sms(told).send(errand(Text("Hello"))) == Refused("africastalking_499", Cure.NONE)


def test_too_many_requests_wait(told: Wire) -> None:
    told.says(PATH, Says(429))
    assert sms(told).send(errand(Text("Hello"))) == Refused("busy", Cure.WAIT)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("KES 0.8000", Cost("KES", Decimal("0.8000"))),
        ("UGX 35", Cost("UGX", Decimal(35))),
        ("0", None),
        ("", None),
        (None, None),
        (0.8, None),
        ("KES 1e3", None),
        ("KES -1", None),
    ],
)
def test_a_price_is_read_exactly_or_not_at_all(said: object, expected: Cost | None) -> None:
    assert cost_of(said) == expected


def form(**fields: str) -> bytes:
    return urlencode({name.removesuffix("_"): value for name, value in fields.items()}).encode()


@pytest.mark.parametrize("reason", sorted(codes.REASONS))
def test_every_reason_of_a_failure_has_its_word_and_its_cure(reason: str) -> None:
    body = form(id="ATPid_1", status="Failed", phoneNumber="+254711222333", failureReason=reason)
    (told,) = parse.letter(body, "delivery").told
    assert (told.verb, told.code, told.cure) == ("fail", *codes.REASONS[reason])
    assert told.code in REASONS


@pytest.mark.parametrize("status", ["AbsentSubscriber", "Expired", "Rejected", "Failed"])
def test_an_ending_without_a_reason_is_a_failure_all_the_same(status: str) -> None:
    (told,) = parse.letter(form(id="ATPid_1", status=status), "delivery").told
    assert (told.verb, told.cure) == ("fail", Cure.NONE)
    assert told.code in REASONS


def test_what_people_write_is_read_with_its_date() -> None:
    body = form(
        date="2026-11-20 09:00:00",
        from_="+254711222333",
        id="in-1",
        linkId="",
        text="Nalipa kesho",
        to="20880",
        networkCode="63902",
    )
    (arrived,) = parse.letter(body, "inbound").arrived
    assert (arrived.provider_id, arrived.phone) == ("in-1", "+254711222333")
    assert arrived.sent_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (arrived.kind, arrived.content) == (Kind.TEXT, {"text": "Nalipa kesho"})
    assert arrived.channel is Channel.SMS


@pytest.mark.parametrize("date", ["", "yesterday", "2999-01-01 00:00:00"])
def test_words_are_worth_more_than_their_date(date: str) -> None:
    body = form(date=date, from_="+254711222333", id="in-1", text="Hi", to="20880")
    (arrived,) = parse.letter(body, "inbound").arrived
    assert abs((clock.now() - arrived.sent_at).total_seconds()) < 60


def test_a_plus_that_nobody_escaped_is_a_plus() -> None:
    (arrived,) = parse.letter(b"from=+254711222333&id=in-1&text=Hi&to=20880", "inbound").arrived
    assert arrived.phone == "+254711222333"


def test_who_wants_no_more_closes_the_channel() -> None:
    body = form(senderId="KAMAU", phoneNumber="+254711222333")
    assert list(parse.letter(body, "optout").closed) == [
        Closed(Channel.SMS, "+254711222333", "opted_out")
    ]


def test_one_kind_of_letter_is_not_taken_for_another() -> None:
    report = form(id="ATPid_1", status="Success", phoneNumber="+254711222333")
    for ref in ("inbound", "optout", "", "other"):
        contents = parse.letter(report, ref)
        assert not contents.told
        assert not contents.arrived


def test_letters_come_to_their_three_addresses_only() -> None:
    intake = AfricasTalkingIntake()
    endpoint = OpenEndpoint(ids.new_id(), "africastalking", None, None, None, None)
    for ref in ("delivery", "inbound", "optout"):
        verdict = intake.verify(endpoint, HookRequest("POST", {}, "", b"x", "203.0.113.9", ref))
        assert not verdict.is_vouched
        assert verdict.external_key is None
    with pytest.raises(NotGenuine):
        intake.verify(endpoint, HookRequest("POST", {}, "", b"x", "203.0.113.9", ""))
