"""Climbing down the ladder: WhatsApp, else SMS, else e-mail.

A message stands on one rung at a time, and comes to each at most once. A rung that is left becomes a *leg* with how it
stood there; statuses that come late still move it. Where one proves that the message arrived after all, message and leg
change places: the message stands where it arrived, and nothing that has not left by then will leave any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hesabu.kit import clock
from hesabu.messaging import channel as channels
from hesabu.messaging import rules
from hesabu.messaging.actions import tell
from hesabu.messaging.actions.meet import known, living
from hesabu.messaging.facts import MessageRerouted
from hesabu.messaging.models import Contact, Leg, Message
from hesabu.messaging.rules.ladder import Closure, Reach
from hesabu.messaging.types import Category, Channel, State
from hesabu.store import facts, jobs

ENTRY_SECONDS = 60
"""How long a way in waits on a rung without a word: whoever asked for it looks at their phone."""


def reach_of(contact: Contact) -> Reach:
    """How somebody can be reached, by what is known."""
    return Reach(
        has_phone=contact.phone_index is not None,
        has_user_id=contact.whatsapp_user_index is not None,
        has_email=contact.email_index is not None,
        is_window_open=rules.is_window_open(contact.window_closes_at, clock.now()),
        closed={
            Channel(name): Closure(code, datetime.fromisoformat(at))
            for name, (code, at) in contact.closed_channels.items()
        },
    )


def _rungs(category: str) -> set[Channel]:
    """The house's channels that may carry it: a way in proves the number, so it goes to the number alone."""
    ours = set(channels.ours())
    return ours - {Channel.EMAIL} if category == Category.ENTRY else ours


def first_channel(contact: Contact, category: str, *, climbs: bool) -> Channel:
    """Where a message begins: on the first rung on which it may arrive, or, where it stays, where they wrote last."""
    ours = _rungs(category)
    wrote_on = Channel(contact.channel)
    if climbs:
        found = rules.next_channel(None, reach_of(contact), ours, clock.now())
        return found or Channel.WHATSAPP
    return wrote_on if wrote_on in ours else Channel.WHATSAPP


def next_channel(row: Message) -> Channel | None:
    """The rung behind the one it stands on; none where it does not climb, or stands on the last."""
    if not row.climbs:
        return None
    reach = reach_of(known(row.contact_id))
    return rules.next_channel(Channel(row.channel), reach, _rungs(row.category), clock.now())


def watch(row: Message) -> None:
    """Look again when this rung has had its time, if there is another one behind it."""
    if next_channel(row) is not None:
        seconds = channels.silence_seconds(Channel(row.channel))
        is_entry = row.category == Category.ENTRY
        _look_later(row, min(seconds, ENTRY_SECONDS) if is_entry else seconds)


def _look_later(row: Message, seconds: int) -> None:
    jobs.defer(
        "messaging.climb",
        business_id=row.business_id,
        message_id=row.id,
        channel=row.channel,
        run_at=clock.now() + timedelta(seconds=seconds),
    )


def give_up(row: Message, code: str) -> None:
    """This rung is lost for the reason `code`: the next one, or, behind the last, the message has failed."""
    following = next_channel(row)
    row.error_code = code
    if following is not None and rules.MOVES.allows(State(row.state), "move_on"):
        _leave(row, State.FAILED, following)
        return
    tell.move(row, "fail")
    tell.save(row)


def leave_silent(row: Message, from_channel: Channel) -> None:
    """Its time on this rung is over and nothing says that it arrived: the next one. A request that runs is waited for."""
    if row.channel != from_channel:
        return
    if row.state == State.SENDING:
        _look_later(row, rules.LOST_SECONDS)
        return
    following = next_channel(row)
    if following is None or not rules.MOVES.allows(State(row.state), "move_on"):
        return
    surely_not_taken = row.state == State.QUEUED
    row.error_code = row.error_code or "silent"
    _leave(row, State.FAILED if surely_not_taken else State(row.state), following)


def _leave(row: Message, stood: State, following: Channel) -> None:
    Leg(
        business_id=row.business_id,
        message_id=row.id,
        channel=row.channel,
        state=stood,
        error_code=row.error_code,
        provider_id=row.provider_id,
        attempt_count=row.attempt_count,
        live_from_attempt=row.live_from_attempt,
        began_at=row.rung_began_at or row.created_at,
        settled_at=clock.now(),
    ).save(force_insert=True)
    facts.publish(
        MessageRerouted(
            business_id=row.business_id,
            subject_id=row.subject_id,
            subject_kind=row.subject_kind,
            message_id=row.id,
            contact_id=row.contact_id,
            channel=following,
            from_channel=row.channel,
            code=row.error_code,
        )
    )
    tell.move(row, "move_on")
    row.channel, row.rung_began_at = following, clock.now()
    row.error_code, row.provider_id, row.not_before = "", None, None
    row.live_from_attempt, row.goes_as_template = row.attempt_count + 1, False
    tell.save(row, ["channel", "rung_began_at", "live_from_attempt", "goes_as_template"])
    jobs.defer(
        "messaging.deliver",
        business_id=row.business_id,
        message_id=row.id,
        lock=f"contact:{row.contact_id}",
    )
    watch(row)


def close_channel(contact_id: UUID, channel: Channel, code: str) -> None:
    """Where `code` says something about the contact, and not about the message: nothing more goes that way. In any
    binding."""
    if code not in rules.CLOSING[channel]:
        return
    row = living(contact_id)
    if row.closed_channels.get(channel, [""])[0] == "opted_out":
        return
    row.closed_channels[channel] = [code, clock.now().isoformat()]
    row.save(update_fields=["closed_channels"])


def leg_of(row: Message, channel: Channel) -> Leg | None:
    """How a message stands on a rung that is not its present one, locked."""
    found: Leg | None = (
        Leg.objects.select_for_update()
        .filter(business_id=row.business_id, message_id=row.id, channel=channel)
        .first()
    )
    return found


def hear_of_leg(row: Message, leg: Leg, verb: str, code: str) -> None:
    """A status about a rung that was left. What arrived there has arrived: message and leg change places, so that the
    message stands where it arrived, and what is still queued on the other rung never leaves."""
    after = rules.after_telling(State(leg.state), verb)
    if after is State(leg.state):
        return
    leg.state, leg.settled_at = after, clock.now()
    leg.error_code = code if after is State.FAILED else ""
    if not rules.tells_more(after, than=State(row.state)):
        leg.save(update_fields=["state", "error_code", "settled_at"])
        return
    _change_places(row, leg)


def _change_places(row: Message, leg: Leg) -> None:
    before, arrived = State(row.state), State(leg.state)
    names = ("channel", "error_code", "provider_id", "live_from_attempt")
    kept = {name: getattr(row, name) for name in names}
    began_at, attempts = row.rung_began_at or row.created_at, row.attempt_count
    for name in names:
        setattr(row, name, getattr(leg, name))
    row.rung_began_at, row.not_before = leg.began_at, None
    for name, value in kept.items():
        setattr(leg, name, value)
    leg.began_at, leg.attempt_count, leg.settled_at = began_at, attempts, clock.now()
    leg.state = State.FAILED if before is State.QUEUED else before
    leg.error_code = leg.error_code or ("not_needed" if before is State.QUEUED else "")
    leg.save()
    row.state = before
    tell.move(row, next(verb for verb, state in rules.TOLD.items() if state is arrived))
    tell.save(row, ["channel", "rung_began_at", "live_from_attempt"])
