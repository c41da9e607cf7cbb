"""What comes in: every part once, in the order it was said, the bad apart from the good."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.db import connection

from hesabu.kit import clock
from hesabu.messaging import actions, queries
from hesabu.messaging.types import Kind
from hesabu.store import facts, letters, tenancy
from messaging.counterpart import Deliver, Meta
from providers.whatsapp import envelopes
from steady import fresh_digits


def _wamid() -> str:
    return f"wamid.{secrets.token_hex(12)}"


def _just_now(seconds_ago: int = 0) -> int:
    return int(clock.now().timestamp()) - seconds_ago


def _unanswered(phone: str) -> list[str]:
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
        return [] if contact is None else [one.text for one in queries.unanswered(contact.id)]


def _waiting(task: str, value: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args::text LIKE %s",
            (task, f"%{value}%"),
        )
        return int(cursor.fetchone()[0])


def test_a_message_is_kept_told_and_opens_the_window(deliver_letters: Deliver, phone: str) -> None:
    said = envelopes.text("Hello", message_id=_wamid(), sender=phone, at=_just_now())
    contacts = [{"profile": {"name": "Jane"}, "wa_id": phone}]
    [letter_id] = deliver_letters(envelopes.envelope(messages=[said], contacts=contacts))
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
        assert contact is not None
        [one] = queries.unanswered(contact.id)
        [told] = facts.timeline(one.message_id)
    assert (contact.name, contact.is_window_open) == ("Jane", True)
    assert (one.kind, one.text, one.contact_id) == (Kind.TEXT, "Hello", contact.id)
    assert told.kind == "messaging.MessageReceived"
    assert (told.actor_kind, told.actor_id) == ("contact", contact.id)
    assert told.cause_id == letter_id
    assert told.payload == {"contact_id": str(contact.id), "message_kind": "text"}
    assert _waiting("messaging.mark_read", str(one.message_id)) == 1


def test_the_same_message_five_times_is_one_message(deliver_letters: Deliver, phone: str) -> None:
    said = envelopes.text("Once", message_id=_wamid(), sender=phone)
    body = envelopes.envelope(messages=[said])
    deliver_letters(body, body, body)
    deliver_letters(envelopes.envelope(messages=[said, said]))
    deliver_letters(envelopes.envelope(messages=[said], contacts=[]))
    assert _unanswered(phone) == ["Once"]


def test_a_bad_message_is_refused_and_the_good_are_kept(
    deliver_letters: Deliver, phone: str
) -> None:
    good = [envelopes.text(t, message_id=_wamid(), sender=phone) for t in ("one", "two")]
    body = envelopes.envelope(messages=[good[0], {"type": "text"}, good[1]])
    [letter_id] = deliver_letters(body)
    assert _unanswered(phone) == ["one", "two"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, reason FROM messaging_refusal WHERE letter_id = %s", (letter_id,)
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT state FROM store_letter WHERE id = %s", (letter_id,))
        [state] = cursor.fetchone()
    assert rows == [("entry[0].changes[0].messages[1]", "its id is missing or too long")]
    assert state == "read"


def test_garbage_that_was_signed_is_refused_with_its_reason(deliver_letters: Deliver) -> None:
    [letter_id] = deliver_letters(secrets.token_bytes(40))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, reason FROM messaging_refusal WHERE letter_id = %s", (letter_id,)
        )
        assert cursor.fetchall() == [("letter", "it is no JSON")]


def test_messages_are_told_in_the_order_in_which_they_were_said(
    deliver_letters: Deliver, phone: str
) -> None:
    said = [
        envelopes.text(str(n), message_id=_wamid(), sender=phone, at=envelopes.AT + n)
        for n in range(4)
    ]
    deliver_letters(
        envelopes.envelope(messages=[said[2], said[0]]),
        envelopes.envelope(messages=[said[3], said[1]]),
    )
    assert _unanswered(phone) == ["0", "1", "2", "3"]


def test_what_was_answered_is_not_answered_again(deliver_letters: Deliver, phone: str) -> None:
    deliver_letters(
        envelopes.envelope(messages=[envelopes.text("Hi", message_id=_wamid(), sender=phone)])
    )
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
        assert contact is not None
        [one] = queries.unanswered(contact.id)
        assert actions.mark_answered(one.message_id)
        assert not actions.mark_answered(one.message_id)
        assert queries.unanswered(contact.id) == []


def test_somebody_without_a_number_is_a_contact_and_stays_one(
    deliver_letters: Deliver, phone: str
) -> None:
    user_id = f"KE.{secrets.token_hex(8)}"
    hidden = envelopes.text("No number", message_id=_wamid(), sender=None, user_id=user_id)
    deliver_letters(envelopes.envelope(messages=[hidden]))
    shown = envelopes.text("A number", message_id=_wamid(), sender=phone, user_id=user_id)
    deliver_letters(envelopes.envelope(messages=[shown]))
    assert _unanswered(phone) == ["No number", "A number"]


def test_a_changed_number_keeps_the_contact(deliver_letters: Deliver, phone: str) -> None:
    new = f"2541{fresh_digits(8)}"
    first = envelopes.text("Before", message_id=_wamid(), sender=phone)
    system = {"type": "user_changed_number", "wa_id": new, "body": "changed"}
    notice = envelopes.message(
        "system", system, message_id=_wamid(), sender=phone, at=envelopes.AT + 1
    )
    after = envelopes.text("After", message_id=_wamid(), sender=new, at=envelopes.AT + 2)
    deliver_letters(envelopes.envelope(messages=[first, notice, after]))
    assert _unanswered(new) == ["Before", "After"]
    assert _unanswered(phone) == []


def test_a_reaction_is_kept_but_opens_no_window(deliver_letters: Deliver, phone: str) -> None:
    part = {"message_id": "wamid.X", "emoji": "👍"}
    said = envelopes.message("reaction", part, message_id=_wamid(), sender=phone, at=_just_now())
    deliver_letters(envelopes.envelope(messages=[said]))
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
        assert contact is not None
        assert not contact.is_window_open
        assert [one.kind for one in queries.unanswered(contact.id)] == [Kind.REACTION]


def test_an_old_message_does_not_open_a_new_window(deliver_letters: Deliver, phone: str) -> None:
    at = int((clock.now() - timedelta(hours=30)).timestamp())
    said = envelopes.text("Late", message_id=_wamid(), sender=phone, at=at)
    deliver_letters(envelopes.envelope(messages=[said]))
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
    assert contact is not None
    assert not contact.is_window_open


def test_a_reader_that_dies_in_the_middle_leaves_nothing_and_finishes_later(
    deliver_letters: Deliver, phone: str
) -> None:
    said = [envelopes.text(t, message_id=_wamid(), sender=phone) for t in ("one", "two")]
    deliver_letters(*[envelopes.envelope(messages=[one]) for one in said], drained=False)

    class Killed(BaseException):
        """As by a signal: nothing catches it."""

    def die_after_reading(some: object) -> None:
        actions.read_letters(some)  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        letters.drain("whatsapp", die_after_reading)
    assert _unanswered(phone) == []
    while letters.drain("whatsapp", actions.read_letters):
        pass
    assert _unanswered(phone) == ["one", "two"]


def test_the_sender_is_shown_that_we_read_it(
    deliver_letters: Deliver, phone: str, meta: Meta
) -> None:
    wamid = _wamid()
    deliver_letters(
        envelopes.envelope(messages=[envelopes.text("Hi", message_id=wamid, sender=phone)])
    )
    with tenancy.house():
        contact = queries.contact_by_phone(f"+{phone}")
        assert contact is not None
        [one] = queries.unanswered(contact.id)
    actions.mark_read(one.message_id)
    assert meta.courtesies == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
            "typing_indicator": {"type": "text"},
        }
    ]
