"""Which channel a message takes, and which one next.

    WhatsApp ──▶ SMS ──▶ e-mail

A rung is passed over where the contact has no address there, where the house does not have that channel, or where it is
closed to us: the contact or the provider said so, or the last message there found nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hesabu.messaging.types import Category, Channel, Content, Template

LADDER = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
ABSENT = "undeliverable"
ABSENT_FOR = timedelta(days=30)
"""Somebody without WhatsApp may get it: after this it is tried again."""
CLOSING: Mapping[Channel, frozenset[str]] = {
    Channel.WHATSAPP: frozenset({ABSENT, "opted_out"}),
    Channel.SMS: frozenset({"opted_out", "do_not_disturb", "invalid_number"}),
    Channel.EMAIL: frozenset({"opted_out", "complained", "bounced", "invalid_address"}),
}
"""What a provider says about the contact, and not about this message: the channel is closed for them."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a channel is closed for a contact, and since when."""

    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody can be reached, by what is known."""

    has_phone: bool
    has_user_id: bool
    has_email: bool
    is_window_open: bool
    closed: Mapping[Channel, Closure] = field(default_factory=dict)

    def has_address(self, channel: Channel) -> bool:
        if channel is Channel.EMAIL:
            return self.has_email
        return self.has_phone or (channel is Channel.WHATSAPP and self.has_user_id)


def closed_because(channel: Channel, reach: Reach, now: datetime) -> str:
    """Why a channel is closed, as a code; empty where it is open. Who writes to us on WhatsApp is answered there."""
    closure = reach.closed.get(channel)
    if closure is None or (channel is Channel.WHATSAPP and reach.is_window_open):
        return ""
    if closure.code == ABSENT and now - closure.at >= ABSENT_FOR:
        return ""
    return closure.code


def next_channel(
    after: Channel | None, reach: Reach, ours: Collection[Channel], now: datetime
) -> Channel | None:
    """The first rung behind `after` on which a message may arrive; with None, the first of all."""
    rest = LADDER if after is None else LADDER[LADDER.index(after) + 1 :]
    for channel in rest:
        is_open = reach.has_address(channel) and not closed_because(channel, reach, now)
        if channel in ours and is_open:
            return channel
    return None


def refusal_by_category(
    category: Category, *, is_opted_out: bool, is_out_of_reminders: bool, is_window_open: bool
) -> str:
    """What somebody asked not to be sent is not sent on any channel, as a code; empty where it may go. Who talks with us at
    this moment gets their invoice, whatever they asked for before."""
    if category in (Category.REMINDER, Category.NEWS):
        return "opted_out" if is_opted_out or is_out_of_reminders else ""
    is_first = category is Category.TRANSACTION and not is_window_open
    return "opted_out" if is_first and is_opted_out else ""


def refusal_before_sending(
    *, is_template: bool, has_fallback: bool, is_window_open: bool, is_opted_out: bool
) -> str:
    """Why a message may not go by WhatsApp at all, as a code; empty where it may."""
    if is_window_open:
        return ""
    if is_opted_out:
        return "opted_out"
    return "" if is_template or has_fallback else "window_closed"


def goes_as_template(content: Content, *, has_fallback: bool, must: bool, is_open: bool) -> bool:
    """Whether the fallback goes in place of the content."""
    return has_fallback and not isinstance(content, Template) and (must or not is_open)
