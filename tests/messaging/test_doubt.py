"""Lost answers, dead workers, and statuses in any order: never sent twice, never lost sight of."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hesabu.kit import clock, ids
from hesabu.messaging import actions
from hesabu.messaging.actions.preparing import prepare
from hesabu.messaging.actions.recording import record
from hesabu.messaging.types import (
    Channel,
    State,
)
from messaging.counterpart import (
    Talk,
    jobs_of,
    says,
    wamid_of,
)
from providers.whatsapp import envelopes


@pytest.mark.parametrize(
    "answer", [None, says(502, b"<html>Bad gateway</html>"), says(200, b"{}"), says(200, b"")]
)
def test_a_lost_answer_is_uncertain_and_never_sent_again(talk: Talk, answer: object) -> None:
    talk.meta.will(answer)  # type: ignore[arg-type]
    message_id = talk.say()
    assert talk.deliver(message_id).state is State.UNCERTAIN
    assert jobs_of(message_id, "messaging.look_again") == 1
    with clock.moved(seconds=3600):
        talk.deliver(message_id)
        actions.look_again(talk.business_id, message_id)
        actions.look_again(talk.business_id, message_id)
    assert len(talk.meta.sent) == 1
    assert talk.told() == ["Failed:uncertain"]


def test_a_status_tells_what_became_of_an_uncertain_message(talk: Talk) -> None:
    talk.meta.will(None)
    message_id = talk.say()
    talk.deliver(message_id)
    mark = talk.meta.marks()[0]
    talk.hear("delivered", mark)
    actions.look_again(talk.business_id, message_id)
    assert talk.look(message_id).state is State.DELIVERED
    talk.letters(envelopes.envelope(statuses=[envelopes.status("read", wamid_of(mark))]))
    assert talk.look(message_id).state is State.SEEN
    assert talk.told() == ["Delivered", "Seen"]


def test_killed_before_asking_it_becomes_uncertain_and_a_person_is_told(talk: Talk) -> None:
    message_id = talk.say()
    assert prepare(talk.business_id, message_id) is not None
    talk.deliver(message_id)
    actions.look_for_lost()
    assert talk.look(message_id).state is State.SENDING
    with clock.moved(seconds=121):
        actions.look_for_lost()
        actions.look_for_lost()
        assert talk.deliver(message_id).state is State.UNCERTAIN
        actions.look_again(talk.business_id, message_id)
    assert talk.meta.sent == []
    assert talk.told() == ["Failed:uncertain"]


def test_killed_before_recording_the_status_finishes_it(talk: Talk) -> None:
    from hesabu.messaging import channel

    message_id = talk.say()
    attempt = prepare(talk.business_id, message_id)
    assert attempt is not None
    channel.provider(Channel.WHATSAPP).send(attempt.errand)
    talk.deliver(message_id)
    talk.hear("sent", talk.meta.marks()[0])
    with clock.moved(seconds=121):
        actions.look_for_lost()
        assert talk.deliver(message_id).state is State.SENT
    assert len(talk.meta.sent) == 1
    assert talk.told() == []


def test_a_status_that_overtakes_the_answer_is_not_undone_by_it(talk: Talk) -> None:
    from hesabu.messaging import channel

    message_id = talk.say()
    attempt = prepare(talk.business_id, message_id)
    assert attempt is not None
    outcome = channel.provider(Channel.WHATSAPP).send(attempt.errand)
    talk.hear("delivered", talk.meta.marks()[0])
    record(attempt, outcome)
    assert talk.look(message_id).state is State.DELIVERED
    assert talk.told() == ["Delivered"]


WORDS = ["sent", "delivered", "read", "played", "failed"]
RANK = ["sent", "failed", "delivered", "read", "played"]
ENDS = dict(
    zip(RANK, [State.SENT, State.FAILED, State.DELIVERED, State.SEEN, State.PLAYED], strict=True)
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), cut=st.integers(0, 7))
def test_statuses_shuffled_doubled_and_batched_end_the_same(
    talk: Talk, words: list[str], cut: int
) -> None:
    message_id = talk.say()
    talk.deliver(message_id)
    mark = talk.meta.marks()[-1]
    statuses = [
        envelopes.status(word, wamid_of(mark), biz_opaque_callback_data=mark)
        | ({"errors": [{"code": 131026}]} if word == "failed" else {})
        for word in words
    ]
    parts = [part for part in (statuses[:cut], statuses[cut:]) if part]
    talk.letters(*[envelopes.envelope(statuses=part) for part in parts])
    found = talk.look(message_id)
    assert found.state is ENDS[max(words, key=RANK.index)]
    assert found.error_code == ("undeliverable" if found.state is State.FAILED else "")


def test_a_status_of_nobodys_message_changes_nothing(talk: Talk) -> None:
    message_id = talk.say()
    talk.deliver(message_id)
    for mark in (
        "",
        "junk",
        "z" * 32 + ".1",
        f"{ids.new_id().hex}.1",
        f"{message_id.hex}.99999",
        f"{message_id.hex}.7",
    ):
        talk.hear("read", mark)
    assert talk.look(message_id).state is State.ACCEPTED
