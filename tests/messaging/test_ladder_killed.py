"""Workers that die on the ladder, at every step of it: a message leaves at most once by each channel, and is never forgotten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hesabu.kit import clock
from hesabu.messaging import actions
from hesabu.messaging.types import Channel, State
from hesabu.store import tenancy
from messaging.counterpart import refuses
from messaging.ladder import Town, hangs_up, mail_refused, text_refused
from steady import PATIENCE_SECONDS, eventually

Towns = Callable[..., Town]
LATER = [150, 300, 3_700, 3_900, 18_500, 18_700, 100_000]
"""When another worker looks again, in seconds: after what was lost is noticed, and after the time of each rung."""
STRIDE = 13


def deaths_of(act: Callable[[int], object], first: int) -> Iterator[str]:
    """Do it for one message after the other, killed one stride later each time, until it is done before it is killed."""
    from hesabu.app.simulate.deaths import Killed, broken_off

    for step in range(first, 5_000, STRIDE):
        try:
            broken_off(lambda step=step: act(step), step)  # type: ignore[misc]
        except Killed as death:
            assert not tenancy.is_bound()
            yield str(death)
        else:
            return
    raise AssertionError("it never ends")


def go_on(town: Town) -> None:
    """Another worker, for a day: what is due is done, what was lost is found."""
    for seconds in LATER:
        with clock.moved(seconds=seconds):
            actions.look_for_lost()
            town.work()


ONE_RUNG = {
    Channel.WHATSAPP: (0, [1, 0, 0]),
    Channel.SMS: (1, [0, 1, 0]),
    Channel.EMAIL: (2, [0, 0, 1]),
}


@pytest.mark.parametrize("channel", list(Channel))
def test_killed_anywhere_on_one_channel_it_leaves_there_once_at_most(
    town: Town, channel: Channel
) -> None:
    place, _ = ONE_RUNG[channel]
    before, died, unsent = list(town.went()), 0, 0

    def act(_: int) -> None:
        town.work()

    message_id = town.send(channel=channel)
    for _ in deaths_of(act, 1):
        died += 1
        go_on(town)
        went = town.went()[place] - before[place]
        assert went <= 1
        state = town.look(message_id).state
        assert state in (State.ACCEPTED, State.UNCERTAIN)
        if state is State.ACCEPTED:
            assert went == 1
        else:
            assert any("Failed" in one for one in town.told(message_id))
            unsent += went == 0
        before = list(town.went())
        message_id = town.send(channel=channel)
    assert died > 5


@pytest.mark.parametrize("first", [1, 4])
def test_killed_anywhere_on_the_ladder_each_channel_is_tried_once_at_most(
    town: Town, first: int
) -> None:
    """WhatsApp refuses, the text is refused later, the mail is taken: killed at any step, by any worker, once each."""
    before, died = list(town.went()), 0

    def act(_: int) -> None:
        town.work()

    def begin() -> UUID:
        with tenancy.house():
            actions.opt_in(town.contact_id)
        _open_all(town)
        town.meta.answers.clear()
        town.texts.answers.clear()
        town.meta.will(refuses(131026))
        town.texts.will(text_refused(407))
        return town.send()

    message_id = begin()
    for _ in deaths_of(act, first):
        died += 1
        go_on(town)
        went = [now - then for now, then in zip(town.went(), before, strict=True)]
        assert max(went) <= 1, went
        found = town.look(message_id)
        assert found.state in (State.ACCEPTED, State.UNCERTAIN), town.stood(message_id)
        if found.state is State.UNCERTAIN:
            assert found.channel is Channel.EMAIL
            assert town.told(message_id)[-1] == "Failed email uncertain"
        before = list(town.went())
        message_id = begin()
    assert died > 12


def _open_all(town: Town) -> None:
    """Forget what is known of the contact, so that each message begins on the first rung."""
    from hesabu.messaging.models import Contact

    with tenancy.house():
        Contact.objects.filter(id=town.contact_id).update(closed_channels={})


def test_reading_reports_killed_anywhere_moves_a_message_once(town: Town) -> None:
    from hesabu.store import letters

    died = 0
    message_id = town.sent()
    _file(town)
    for _ in deaths_of(lambda _: letters.drain("whatsapp", actions.read_letters), 2):
        died += 1
        while letters.drain("whatsapp", actions.read_letters):
            pass
        with clock.moved(seconds=3_700):
            town.work()
        assert town.stood(message_id) == ["whatsapp delivered"]
        assert town.told(message_id) == ["Accepted whatsapp", "Delivered whatsapp"]
        message_id = town.sent()
        _file(town)
    assert died > 5


def _file(town: Town) -> None:
    """The word that it was delivered, at the door and not read."""
    from hesabu.messaging.providers.whatsapp.intake import signature_of
    from messaging.counterpart import wamid_of
    from providers.whatsapp import envelopes

    mark = town.marks()[-1]
    one = envelopes.status("delivered", wamid_of(mark), biz_opaque_callback_data=mark)
    body = envelopes.envelope(statuses=[one])
    signed = {"x_hub_signature_256": signature_of("app secret", body)}
    assert town._at_the_door(actions.open_channel(), body, signed) == 200


WORKER = """
    import os, sys
    from uuid import UUID
    import django
    django.setup()
    from django.conf import settings
    from django.test import override_settings
    from hesabu.kit import http
    from hesabu.messaging import actions

    changes, host, business_id, message_id = eval(sys.argv[1])
    http.allow_private(host)
    with override_settings(CONFIG=settings.CONFIG.model_copy(update=changes)):
        actions.deliver(UUID(business_id), UUID(message_id))
    print("done", flush=True)
"""


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("is_taken_first", [True, False])
def test_a_worker_killed_for_good_while_it_asks(
    town: Town, channel: Channel, is_taken_first: bool
) -> None:
    """A process of its own, SIGKILL in the middle of the request: the provider has it, or is about to; nobody knows."""
    place, _ = ONE_RUNG[channel]
    message_id = town.send(channel=channel)
    hold = _Hold(town, channel)
    worker = _worker(town, message_id)
    hold.wait_until_asked(place)
    if is_taken_first:
        hold.let_go()
        assert worker.stdout is not None
        worker.stdout.readline()
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(PATIENCE_SECONDS) in (-signal.SIGKILL, 0)
    hold.let_go()
    go_on(town)
    assert town.went()[place] == 1
    found = town.look(message_id)
    assert found.state is (State.ACCEPTED if is_taken_first else State.UNCERTAIN)
    if not is_taken_first:
        assert town.told(message_id) == [f"Failed {channel} uncertain"]


class _Hold:
    """The provider took the request and has not answered yet."""

    def __init__(self, town: Town, channel: Channel) -> None:
        import threading

        self._town, self._free = town, threading.Event()
        from messaging import counterpart, ladder

        if channel is Channel.WHATSAPP:
            town.meta.will(
                lambda said: (self._free.wait(PATIENCE_SECONDS), counterpart.accepts(said))[1]
            )
        elif channel is Channel.SMS:
            town.texts.will(
                lambda one: (self._free.wait(PATIENCE_SECONDS), ladder.text_taken(one))[1]
            )
        else:
            town.mails.will(
                lambda one: (self._free.wait(PATIENCE_SECONDS), ladder.mail_taken(one))[1]
            )

    def wait_until_asked(self, place: int) -> None:
        eventually(lambda: self._town.went()[place])

    def let_go(self) -> None:
        self._free.set()


def _worker(town: Town, message_id: UUID) -> subprocess.Popen[str]:
    from django.conf import settings

    from hesabu.kit import http

    names = [name for name in type(settings.CONFIG).model_fields if "_base_url" in name]
    names += ["sms_provider", "mail_provider", "mailgun_domain", "mail_from"]
    names += ["whatsapp_token", "whatsapp_phone_number_id", "africastalking_username"]
    changes = {name: getattr(settings.CONFIG, name) for name in names}
    told = (changes, sorted(http._allowed_private), str(town.business_id), str(message_id))
    source = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "src")
    keys = {
        f"HESABU_{name.upper()}": getattr(settings.CONFIG, name)
        for name in ("secret_key", "field_keys", "blind_key", "database_url", "owner_database_url")
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER), repr(told)],
        env={**os.environ, **keys, "PYTHONPATH": source},
        stdout=subprocess.PIPE,
        text=True,
    )


# every order of words

WORDS = st.sampled_from(
    [
        ("whatsapp", "sent"),
        ("whatsapp", "delivered"),
        ("whatsapp", "read"),
        ("whatsapp", "failed"),
        ("sms", "Sent"),
        ("sms", "Success"),
        ("sms", "Failed"),
        ("time", "passes"),
    ]
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=st.lists(WORDS, min_size=1, max_size=8))
def test_words_of_two_channels_in_any_order_doubled_or_late(
    new_town: Towns, words: list[tuple[str, str]]
) -> None:
    town = new_town()
    message_id = town.sent()
    later = 0
    for who, word in words:
        before = town.look(message_id).state
        if who == "whatsapp":
            town.whatsapp_says(word)
        elif who == "sms" and town.texts.to(town.phone):
            town.sms_says(word)
        elif who == "time":
            later += 4_000
        town.work(later_seconds=later)
        after = town.look(message_id).state
        if before in (State.DELIVERED, State.SEEN):
            assert after in (State.DELIVERED, State.SEEN)
    went = town.went()
    assert max(went) <= 1
    has_arrived = any(one in words for one in (("whatsapp", "delivered"), ("whatsapp", "read")))
    if has_arrived:
        assert town.look(message_id).state in (State.DELIVERED, State.SEEN)
    told = [one.split()[0] for one in town.told(message_id)]
    assert told.count("Delivered") <= 1
    assert told.count("Failed") <= 1
    stood = town.look(message_id)
    if stood.state in (State.DELIVERED, State.SEEN):
        sms_said_so = ("sms", "Success") in words and went[1]
        assert has_arrived or sms_said_so
    town.work(later_seconds=500_000)
    assert max(town.went()) <= 1


def test_all_three_refuse_by_dying_and_a_person_hears_once(town: Town) -> None:
    town.meta.will(None)
    town.texts.will(hangs_up)
    town.mails.will(hangs_up)
    message_id = town.sent()
    go_on(town)
    assert list(town.went()) == [1, 1, 1]
    assert town.told(message_id) == [
        "Rerouted sms silent",
        "Rerouted email silent",
        "Failed email uncertain",
    ]


def test_all_three_refuse_and_a_person_hears_once(town: Town) -> None:
    town.meta.will(refuses(131026))
    town.texts.will(text_refused(407))
    town.mails.will(mail_refused)
    message_id = town.sent()
    go_on(town)
    assert list(town.went()) == [1, 1, 1]
    assert [one.split()[0] for one in town.told(message_id)].count("Failed") == 1
