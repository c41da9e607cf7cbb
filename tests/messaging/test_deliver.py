"""Delivering: once, never twice, and a lost answer is a state."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hesabu.kit import clock, ids
from hesabu.messaging import actions, queries
from hesabu.messaging.actions.preparing import prepare
from hesabu.messaging.actions.recording import record
from hesabu.messaging.types import (
    Buttons,
    Content,
    Document,
    Outbound,
    State,
    Template,
    Text,
)
from hesabu.store import facts, files, flags, tenancy
from messaging.conftest import Meta, accepts, refuses, says, wamid_of
from providers.whatsapp import envelopes

Deliver = Callable[..., list[UUID]]
REMINDER = Template("invoice_ready", "en", ["Jane"], "tok123")


@dataclass
class Talk:
    """A business, somebody it writes to, and what it is about."""

    business_id: UUID
    contact_id: UUID
    phone: str
    invoice_id: UUID
    meta: Meta
    letters: Deliver

    def say(
        self, content: Content | None = None, cause: str = "", fallback: Template | None = REMINDER
    ) -> UUID:
        with tenancy.bound(self.business_id):
            return actions.send(
                self.contact_id,
                content or Text("Hello"),
                cause or f"test:{ids.new_id()}",
                outside_window=fallback,
                subject=("invoice", self.invoice_id),
            )

    def deliver(self, message_id: UUID) -> Outbound:
        actions.deliver(self.business_id, message_id)
        return self.look(message_id)

    def look(self, message_id: UUID) -> Outbound:
        with tenancy.bound(self.business_id):
            return queries.outbound(message_id)

    def told(self) -> list[str]:
        with tenancy.bound(self.business_id):
            found = facts.timeline(self.invoice_id)
        return [
            f.kind.removeprefix("messaging.Message")
            + ":" * ("code" in f.payload)
            + f.payload.get("code", "")
            for f in found
        ]

    def hear(self, word: str, mark: str, wamid: str | None = None, **more: object) -> None:
        wamid = wamid or wamid_of(mark)
        self.letters(
            envelopes.envelope(
                statuses=[
                    envelopes.status(word, wamid_of(mark), biz_opaque_callback_data=mark, **more)
                ]
            )
        )


@pytest.fixture
def talk(business_id: UUID, phone: str, meta: Meta, deliver_letters: Deliver) -> Talk:
    said = envelopes.text(
        "Hi",
        message_id=f"wamid.{secrets.token_hex(8)}",
        sender=phone,
        at=int(clock.now().timestamp()),
    )
    deliver_letters(envelopes.envelope(messages=[said]))
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
    assert contact is not None
    return Talk(business_id, contact.id, phone, ids.new_id(), meta, deliver_letters)


def _jobs(message_id: UUID, task: str = "messaging.deliver") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args->>'message_id' = %s",
            (task, str(message_id)),
        )
        return int(cursor.fetchone()[0])


def _error(code: int) -> dict[str, object]:
    return {"errors": [{"code": code}]}


def test_a_message_is_accepted_delivered_and_seen_on_its_subjects_timeline(talk: Talk) -> None:
    message_id = talk.say(Buttons("Pay?", [("pay", "Pay")]))
    assert _jobs(message_id) == 1
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
    assert _jobs(first) == 1
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
    assert _jobs(queued[0]) == 0
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
        stranger = actions.meet(f"+2547{secrets.randbelow(10**8):08}")
        message_id = actions.send(stranger, Text("Hello"), "first", outside_window=REMINDER)
    assert talk.deliver(message_id).went_as_template


def test_who_opted_out_is_not_written_to_first_but_still_answered(talk: Talk) -> None:
    with tenancy.house():
        actions.opt_out(talk.contact_id)
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


@pytest.mark.parametrize(
    "answer", [None, says(502, b"<html>Bad gateway</html>"), says(200, b"{}"), says(200, b"")]
)
def test_a_lost_answer_is_uncertain_and_never_sent_again(talk: Talk, answer: object) -> None:
    talk.meta.will(answer)  # type: ignore[arg-type]
    message_id = talk.say()
    assert talk.deliver(message_id).state is State.UNCERTAIN
    assert _jobs(message_id, "messaging.look_again") == 1
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
    assert _jobs(message_id) == 2
    assert talk.deliver(message_id).state is State.ACCEPTED


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
    channel.provider().send(attempt.errand)
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
    outcome = channel.provider().send(attempt.errand)
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
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


def _file(talk: Talk) -> UUID:
    with tenancy.bound(talk.business_id):
        return files.keep(b"%PDF-1.7 an invoice", "application/pdf", "INV-0001.pdf")


def test_a_document_is_uploaded_once_and_sent_by_its_id(talk: Talk) -> None:
    file_id = _file(talk)
    for _ in range(2):
        talk.deliver(talk.say(Document(file_id, "INV-0001.pdf", "Yours")))
    [uploaded] = talk.meta.uploaded
    assert b"%PDF-1.7 an invoice" in uploaded
    assert [sent["document"]["id"] for sent in talk.meta.sent] == ["media1", "media1"]


def test_an_expired_upload_is_made_again(talk: Talk) -> None:
    file_id = _file(talk)
    talk.deliver(talk.say(Document(file_id, "INV-0001.pdf")))
    message_id = talk.say(Template("invoice_ready", "en", header_document=file_id))
    with clock.moved(days=26):
        talk.deliver(message_id)
    assert len(talk.meta.uploaded) == 2
    header = talk.meta.sent[1]["template"]["components"][0]["parameters"][0]
    assert header["document"]["id"] == "media2"


def test_an_upload_the_provider_forgot_is_made_again(talk: Talk) -> None:
    file_id = _file(talk)
    talk.deliver(talk.say(Document(file_id, "INV-0001.pdf")))
    talk.meta.will(refuses(131053))
    message_id = talk.say(Document(file_id, "INV-0001.pdf"))
    assert talk.deliver(message_id).state is State.QUEUED
    assert talk.deliver(message_id).state is State.ACCEPTED
    assert [sent["document"]["id"] for sent in talk.meta.sent] == ["media1", "media1", "media2"]


def test_a_fresh_upload_that_is_refused_is_final(talk: Talk) -> None:
    talk.meta.will(refuses(131053))
    found = talk.deliver(talk.say(Document(_file(talk), "INV-0001.pdf")))
    assert (found.state, found.error_code) == (State.FAILED, "media_gone")


def test_a_file_that_is_not_there_fails_the_message(talk: Talk) -> None:
    found = talk.deliver(talk.say(Document(ids.new_id(), "INV-0001.pdf")))
    assert (found.state, found.error_code) == (State.FAILED, "file_missing")


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
