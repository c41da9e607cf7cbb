"""Delivering: once, in order, and what the provider says decides what comes next."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from hesabu.kit import clock
from hesabu.messaging import actions
from hesabu.messaging.types import (
    Buttons,
    State,
    Text,
)
from hesabu.store import flags, tenancy
from messaging.counterpart import (
    REMINDER,
    Talk,
    accepts,
    jobs_of,
    refuses,
)
from steady import fresh_digits


def _error(code: int) -> dict[str, object]:
    return {"errors": [{"code": code}]}


def test_a_message_is_accepted_delivered_and_seen_on_its_subjects_timeline(talk: Talk) -> None:
    message_id = talk.say(Buttons("Pay?", [("pay", "Pay")]))
    assert jobs_of(message_id) == 1
    assert talk.deliver(message_id).state is State.ACCEPTED
    [sent] = talk.meta.sent
    assert sent["to"] == talk.phone
    for word in ("sent", "delivered", "read"):
        talk.hear(word, talk.meta.marks()[0])
    assert talk.look(message_id).state is State.SEEN
    assert talk.told() == ["Accepted", "Delivered", "Seen"]


def test_the_same_cause_sends_one_message(talk: Talk) -> None:
    first = talk.say(Text("one"), "issued:7")
    assert talk.say(Text("two"), "issued:7") == first
    assert jobs_of(first) == 1
    talk.deliver(first)
    talk.deliver(first)
    talk.deliver(first)
    assert [sent["text"]["body"] for sent in talk.meta.sent] == ["one"]


def test_a_rolled_back_send_leaves_nothing(talk: Talk) -> None:
    class Stop(Exception):
        """The caller changed its mind."""

    queued: list[UUID] = []

    def send_and_stop() -> None:
        with tenancy.bound(talk.business_id):
            queued.append(actions.send(talk.contact_id, Text("never"), "rolled-back"))
            raise Stop

    with pytest.raises(Stop):
        send_and_stop()
    assert jobs_of(queued[0]) == 0
    actions.deliver(talk.business_id, queued[0])
    assert talk.meta.sent == []


def test_another_business_cannot_see_or_send_it(
    talk: Talk, new_business: Callable[..., UUID]
) -> None:
    message_id = talk.say()
    actions.deliver(new_business(), message_id)
    assert talk.meta.sent == []
    assert talk.look(message_id).state is State.QUEUED


def test_words_and_provider_ids_are_sealed_at_rest(talk: Talk, admin_url: str) -> None:
    message_id = talk.say(Text("a secret word"))
    talk.deliver(message_id)
    with psycopg.connect(admin_url) as admin:
        row = admin.execute(
            "SELECT content, provider_id FROM messaging_message WHERE id = %s", (message_id,)
        ).fetchone()
    assert row is not None
    assert b"secret" not in row[0]
    assert b"wamid" not in row[1]


def test_outside_the_window_the_template_goes_instead(talk: Talk) -> None:
    message_id = talk.say()
    with clock.moved(seconds=24 * 3600):
        assert talk.deliver(message_id).went_as_template
    [sent] = talk.meta.sent
    assert sent["template"]["name"] == "invoice_ready"


def test_outside_the_window_without_a_template_it_fails_and_says_so(talk: Talk) -> None:
    message_id = talk.say(fallback=None)
    with clock.moved(seconds=24 * 3600):
        found = talk.deliver(message_id)
    assert (found.state, found.error_code) == (State.FAILED, "window_closed")
    assert talk.told() == ["Failed:window_closed"]
    assert talk.meta.sent == []


def test_who_never_wrote_gets_the_template(talk: Talk) -> None:
    with tenancy.bound(talk.business_id):
        stranger = actions.meet(f"+2547{fresh_digits(8)}")
        message_id = actions.send(stranger, Text("Hello"), "first", outside_window=REMINDER)
    assert talk.deliver(message_id).went_as_template


def test_who_opted_out_is_not_written_to_first_but_still_answered(talk: Talk) -> None:
    with tenancy.house():
        actions.opt_out(talk.contact_id, reminders_only=False)
    assert talk.deliver(talk.say()).state is State.ACCEPTED
    message_id = talk.say()
    with clock.moved(seconds=24 * 3600):
        assert talk.deliver(message_id).error_code == "opted_out"


@pytest.mark.parametrize("is_late", [False, True])
def test_when_the_provider_finds_the_window_closed_the_template_goes_once(
    talk: Talk, is_late: bool
) -> None:
    message_id = talk.say()
    if not is_late:
        talk.meta.will(refuses(131047))
    talk.deliver(message_id)
    mark = talk.meta.marks()[0]
    if is_late:
        talk.hear("failed", mark, **_error(131047))
        talk.hear("failed", mark, **_error(131047))
        talk.hear("sent", mark)
    assert talk.look(message_id).state is State.QUEUED
    assert talk.deliver(message_id).state is State.ACCEPTED
    assert [sent["type"] for sent in talk.meta.sent] == ["text", "template"]
    talk.hear("failed", talk.meta.marks()[1], **_error(131047))
    assert talk.look(message_id).state is State.FAILED
    assert talk.told() == (["Accepted"] if is_late else []) + ["Accepted", "Failed:window_closed"]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (131026, "undeliverable"),
        (132001, "template_missing"),
        (131049, "suppressed"),
        (424242, "whatsapp_424242"),
    ],
)
def test_a_final_refusal_fails_at_once(talk: Talk, code: int, word: str) -> None:
    talk.meta.will(refuses(code))
    found = talk.deliver(talk.say())
    assert (found.state, found.error_code, found.attempt_count) == (State.FAILED, word, 1)
    assert talk.told() == [f"Failed:{word}"]


@pytest.mark.parametrize(
    ("code", "status", "wait_seconds"),
    [(130429, 429, 2), (131056, 400, 4), (131016, 500, 2), (190, 401, 60)],
)
def test_what_passes_is_tried_again_later_and_not_before(
    talk: Talk, code: int, status: int, wait_seconds: int
) -> None:
    talk.meta.will(refuses(code, status))
    message_id = talk.say()
    assert talk.deliver(message_id).state is State.QUEUED
    talk.deliver(message_id)
    assert len(talk.meta.sent) == 1
    with clock.moved(seconds=2 * wait_seconds):
        assert talk.deliver(message_id).state is State.ACCEPTED
    assert len(talk.meta.sent) == 2


def test_what_never_passes_is_given_up(talk: Talk) -> None:
    talk.meta.will(*[refuses(131016, 500) for _ in range(20)])
    message_id = talk.say()
    for hour in range(20):
        with clock.moved(seconds=hour * 3600):
            talk.deliver(message_id)
    found = talk.look(message_id)
    assert (found.state, found.error_code) == (State.FAILED, "provider_error")
    assert len(talk.meta.sent) == found.attempt_count == 12
    assert talk.told() == ["Failed:provider_error"]


def test_while_one_waits_the_next_to_the_same_contact_waits_too(talk: Talk) -> None:
    talk.meta.will(refuses(130429, 429))
    first, second = talk.say(Text("first")), talk.say(Text("second"))
    talk.deliver(first)
    assert talk.deliver(second).state is State.QUEUED
    with clock.moved(seconds=5):
        talk.deliver(first)
        talk.deliver(second)
    assert [sent["text"]["body"] for sent in talk.meta.sent] == ["first", "first", "second"]


def test_an_unreachable_provider_is_tried_again(talk: Talk) -> None:
    from django.conf import settings
    from django.test import override_settings

    message_id = talk.say()
    away = settings.CONFIG.model_copy(update={"whatsapp_base_url": "http://127.0.0.1:9/v23.0"})
    with override_settings(CONFIG=away):
        assert talk.deliver(message_id).state is State.QUEUED
    with clock.moved(seconds=4):
        assert talk.deliver(message_id).state is State.ACCEPTED
    assert len(talk.meta.sent) == 1


def test_while_the_channel_is_switched_off_messages_wait(talk: Talk) -> None:
    message_id = talk.say()
    with tenancy.house():
        flags.switch("messaging.whatsapp", on=False, reason="test")
    try:
        assert talk.deliver(message_id).state is State.QUEUED
    finally:
        with tenancy.house():
            flags.switch("messaging.whatsapp", on=True)
    assert jobs_of(message_id) == 2
    assert talk.deliver(message_id).state is State.ACCEPTED


def test_the_answer_to_a_send_teaches_the_user_id(talk: Talk) -> None:
    user_id = f"KE.{secrets.token_hex(6)}"
    talk.meta.will(lambda said: accepts(said, user_id))
    talk.deliver(talk.say())
    with tenancy.house():
        assert actions.meet(None, user_id) == talk.contact_id


def test_somebody_without_a_number_is_answered_by_user_id(talk: Talk) -> None:
    user_id = f"KE.{secrets.token_hex(6)}"
    with tenancy.house():
        contact_id = actions.meet(None, user_id)
        message_id = actions.send(contact_id, REMINDER, "to-user-id:" + user_id)
    actions.deliver(tenancy.HOUSE, message_id)
    assert talk.meta.sent[0]["recipient"] == user_id
    assert "to" not in talk.meta.sent[0]
