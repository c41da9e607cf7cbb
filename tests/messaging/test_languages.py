"""A template that Meta has not approved in the contact's language goes in English, once, and the house is told once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

import pytest

from hesabu.kit import clock
from hesabu.messaging import actions
from hesabu.messaging.models import TemplateGap
from hesabu.messaging.types import State, Template
from hesabu.store import tenancy
from messaging.counterpart import Talk, refuses


@pytest.fixture
def name() -> str:
    """A template that no other test knows of."""
    return f"invoice_{secrets.token_hex(4)}"


def languages(talk: Talk) -> list[str]:
    return [sent["template"]["language"]["code"] for sent in talk.meta.sent]


def gaps(name: str) -> list[tuple[str, str]]:
    with tenancy.house():
        rows = TemplateGap.objects.filter(name=name).order_by("language")
        return [(row.language, row.code) for row in rows]


def missed(talk: Talk) -> int:
    from hesabu.store import facts

    with tenancy.bound(talk.business_id):
        told = facts._records("business_id = %s", (talk.business_id,))
    return sum(record.kind == "messaging.TemplateMissed" for record in told)


def say(talk: Talk, name: str, language: str = "sw") -> UUID:
    return talk.say(Template(name, language, ["Jane"]))


@pytest.mark.parametrize("code", [132001, 132015, 132016, 132007])
def test_the_english_one_goes_before_the_channel_is_given_up(
    talk: Talk, name: str, code: int
) -> None:
    talk.meta.will(refuses(code))
    message_id = say(talk, name)
    assert talk.deliver(message_id).state is State.QUEUED
    assert talk.deliver(message_id).state is State.ACCEPTED
    assert languages(talk) == ["sw", "en"]
    assert (
        talk.meta.sent[1]["template"]["components"] == talk.meta.sent[0]["template"]["components"]
    )
    assert [language for language, _ in gaps(name)] == ["sw"]


def test_in_english_days_are_english_too(talk: Talk, name: str) -> None:
    talk.meta.will(refuses(132001))
    said = Template(
        name, "sw", ["Jane", "Ijumaa 27 Novemba"], english=["Jane", "Friday 27 November"]
    )
    message_id = talk.say(said)
    talk.deliver(message_id)
    talk.deliver(message_id)
    words = [
        [one["text"] for one in sent["template"]["components"][0]["parameters"]]
        for sent in talk.meta.sent
    ]
    assert words == [["Jane", "Ijumaa 27 Novemba"], ["Jane", "Friday 27 November"]]


def test_where_english_is_missing_too_the_channel_is_given_up(talk: Talk, name: str) -> None:
    talk.meta.will(refuses(132001), refuses(132001))
    message_id = say(talk, name)
    talk.deliver(message_id)
    found = talk.deliver(message_id)
    assert (found.state, found.error_code) == (State.FAILED, "template_missing")
    assert languages(talk) == ["sw", "en"]
    assert gaps(name) == [("en", "template_missing"), ("sw", "template_missing")]


def test_an_english_one_that_is_missing_is_not_asked_for_twice(talk: Talk, name: str) -> None:
    talk.meta.will(refuses(132001))
    found = talk.deliver(say(talk, name, "en"))
    assert (found.state, found.attempt_count) == (State.FAILED, 1)


def test_meta_may_say_it_later_and_twice(talk: Talk, name: str) -> None:
    message_id = say(talk, name)
    talk.deliver(message_id)
    error = {"errors": [{"code": 132001, "title": "no"}]}
    talk.hear("failed", talk.meta.marks()[0], **error)
    talk.hear("failed", talk.meta.marks()[0], **error)
    assert talk.deliver(message_id).state is State.ACCEPTED
    assert languages(talk) == ["sw", "en"]


def test_the_house_is_told_once_and_again_after_a_month(talk: Talk, name: str) -> None:
    for day in (0, 1, 29, 31):
        with clock.moved(seconds=day * 86_400):
            talk.meta.will(refuses(132001))
            message_id = say(talk, name)
            talk.deliver(message_id)
            talk.deliver(message_id)
        assert missed(talk) == (2 if day == 31 else 1)


def test_what_meta_takes_in_its_language_closes_the_gap(talk: Talk, name: str) -> None:
    talk.meta.will(refuses(132001))
    message_id = say(talk, name)
    talk.deliver(message_id)
    talk.deliver(message_id)
    assert gaps(name) == [("sw", "template_missing")]
    talk.deliver(say(talk, name))
    assert languages(talk) == ["sw", "en", "sw"]
    assert gaps(name) == []


def test_a_worker_that_dies_before_english_leaves_it_to_the_next(
    talk: Talk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hesabu.messaging.actions import languages as turning

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    talk.meta.will(refuses(132001))
    message_id = say(talk, name)
    with monkeypatch.context() as patch:
        patch.setattr(turning, "keep_gap", die)
        with pytest.raises(Killed):
            actions.deliver(talk.business_id, message_id)
    assert talk.look(message_id).state is State.SENDING
    assert gaps(name) == []
    with clock.moved(seconds=timedelta(minutes=10).total_seconds()):
        actions.deliver(talk.business_id, message_id)
    assert len(talk.meta.sent) == 1  # nobody knows whether it was taken: it is not sent twice
