"""Each message is answered once, in order, whatever dies in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


def bodies(phone: Phone) -> list[str]:
    return [message.body for message in phone.hears()]


@pytest.mark.parametrize("step", ["listen", "speak.send", "memory.keep", "messaging.mark_answered"])
def test_a_worker_that_dies_at_any_step_leaves_the_message_to_be_answered_once(
    merchant: Phone, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from django.db import OperationalError

    from hesabu.doors.chat import answering

    place, _, name = step.rpartition(".")
    target = getattr(answering, place) if place else answering
    true, died = getattr(target, name), []

    def die_once(*args: Any, **more: Any) -> Any:
        answer = true(*args, **more)
        if not died:
            died.append(step)
            raise OperationalError("the connection is gone")
        return answer

    monkeypatch.setattr(target, name, die_once)
    assert [message.body for message in merchant.says("who owes me")] == [
        "Nobody owes you anything."
    ]
    assert died == [step]


def test_messages_are_answered_in_the_order_they_were_written(merchant: Phone) -> None:
    from hesabu.kit import clock
    from providers.whatsapp import envelopes

    now = int(clock.now().timestamp())
    said = [
        envelopes.text(text, **(merchant._who() | {"at": now + place}))
        for place, text in enumerate(["invoice", "Mama Njeri", "No number", "500", "eggs"])
    ]
    merchant.writes(*said)
    first, *_, last = bodies(merchant)
    assert "Who is it for?" in first
    assert "When is it due?" in last


def test_many_workers_answer_one_message_once(merchant: Phone) -> None:
    from django.db import connection

    from doors.chat.town import settle_down
    from hesabu.doors.chat import reactions
    from hesabu.messaging.facts import MessageReceived
    from hesabu.store import tenancy
    from payments.shop import at_the_same_time
    from providers.whatsapp import envelopes

    merchant.hears()
    merchant.writes(envelopes.text("who owes me", **merchant._who()))
    contact_id = merchant.contact_id()
    assert contact_id is not None
    fact = MessageReceived(
        business_id=tenancy.HOUSE,
        subject_id=contact_id,
        contact_id=contact_id,
        message_kind="text",
    )

    def answer(turn: int) -> None:
        reactions.answer([fact])
        connection.close()

    assert [e for e in at_the_same_time(answer) if e is not None] == []
    settle_down()
    assert bodies(merchant) == ["Nobody owes you anything."]


def test_a_reaction_needs_no_answer(merchant: Phone) -> None:
    assert merchant.sends("reaction", {"message_id": "wamid.x", "emoji": "👍"}) == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("2", "Nobody owes you anything."),
        ("Who owes me", "Nobody owes you anything."),
        ("4", "Customers pay you here:"),
        ("6", "Write it as you would say it:"),
    ],
)
def test_numbers_and_words_answer_the_menu(merchant: Phone, word: str, said: str) -> None:
    merchant.says("menu")
    assert said in merchant.says(word)[0].body


def test_two_open_questions_are_not_answered_by_a_number(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    """Money may hang on it: which of the two is meant is asked."""
    jane, peter = new_phone("Jane Wanjiku"), new_phone("Peter Otieno")
    for phone in (jane, peter):
        merchant.says(f"Invoice {phone.name} 0{(phone.number or '')[3:]} 500 for a card")
        merchant.says("send")
        phone.hears()
    jane.says("paid")
    peter.says("paid")
    merchant.hears()
    (told,) = merchant.says("yes")
    assert told.body.startswith("More than one thing is open.")
    (paid,) = merchant.counts_tapped("Yes, it's there")
    assert "from Peter" in paid.body
    (paid,) = merchant.says("yes")
    assert "from Jane" in paid.body


def test_a_conversation_is_sealed_and_carries_no_open_words(merchant: Phone) -> None:
    from django.db import connection

    merchant.says("invoice")
    merchant.says("Jane Wanjiku 0712 345 678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, flow FROM messaging_conversation WHERE flow IS NOT NULL")
        rows = [(bytes(row[0]), row[1]) for row in cursor.fetchall()]
    assert any(flow == "new_invoice" for _, flow in rows)
    assert not any(b"Jane" in answers or b"254712345678" in answers for answers, _ in rows)
