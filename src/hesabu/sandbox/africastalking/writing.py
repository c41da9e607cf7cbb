"""From the person: an SMS to the short code or to another phone, and the wish to be left alone."""

from __future__ import annotations

import uuid

from hesabu.sandbox.africastalking.accounts import Account, Received
from hesabu.sandbox.africastalking.reports import post_incoming, post_optout
from hesabu.sandbox.people import BadPhone, NobodyThere, Person, Sms
from hesabu.sandbox.world import World

WORDS_MAX = 1_530
"""Ten parts joined, where phones stop."""


class CannotWrite(ValueError):
    """The SMS cannot be sent, and why."""


def write(world: World, person: Person, words: str, to: str = "") -> str:
    """The person writes an SMS; returns its id."""
    if not words.strip():
        raise CannotWrite("an SMS has words")
    if len(words) > WORDS_MAX:
        raise CannotWrite(f"an SMS has {WORDS_MAX} characters at most")
    if not person.is_online:
        raise CannotWrite(f"{person.name}’s phone is off")
    number = to.strip() or world.texting.account().shortcode
    account = world.texting.with_shortcode(number)
    made_id = str(uuid.UUID(int=int(world.chance.hexadecimal("incoming sms", 32), 16), version=4))
    now = world.clock.now()
    if account is None:
        other = _other_phone(world, number)
        other.sms.append(Sms(now, words, sender=person.phone, id=made_id))
        world.changed(other.phone)
    person.sms.append(Sms(now, words, sender=person.phone, to=number, id=made_id))
    person.sms_read_at = now
    world.act(f"{person.name} writes an SMS to {number}")
    if account is not None:
        ordinal = world.count("received sms") + 1
        received = Received(ordinal, made_id, now, person.phone, number, words)
        account.inbox.append(received)
        post_incoming(world, account, received)
    world.changed(person.phone)
    return made_id


def _other_phone(world: World, number: str) -> Person:
    try:
        return world.people.at(number)
    except BadPhone as error:
        raise CannotWrite(
            f"{number} is a name, not a number: nobody can answer it; "
            f"write to {world.texting.account().shortcode}"
        ) from error
    except NobodyThere as error:
        raise CannotWrite(f"nobody in the box has the number {number}") from error


def opt_out(world: World, person: Person, sender: str = "") -> Account:
    """The person wants no more SMS from this sender; the account that uses it is told."""
    blocked = sender.strip() or world.texting.account().shortcode
    account = world.texting.with_shortcode(blocked) or world.texting.account()
    person.blocked_senders.add(blocked)
    world.act(f"{person.name} blocks the SMS of {blocked}")
    post_optout(world, account, blocked, person.phone)
    world.changed(person.phone)
    return account


def opt_in(world: World, person: Person, sender: str = "") -> None:
    """They take it back. Nobody is told: there is no such callback."""
    person.blocked_senders.discard(sender.strip() or world.texting.account().shortcode)
    world.act(f"{person.name} lets the SMS of {sender} through again")
    world.changed(person.phone)
