"""What a person does with a mail: opens it, marks it as spam, wants no more of them."""

from __future__ import annotations

import re

from hesabu.sandbox.mail.boxes import Mail
from hesabu.sandbox.mailgun import events
from hesabu.sandbox.world import World

ACTS = ("open", "spam", "unsubscribe")


class CannotRead(ValueError):
    """There is no such thing to do with a mail."""


def act_on(world: World, mail: Mail, act: str) -> None:
    if act == "open":
        opened(world, mail)
    elif act == "spam":
        marked_as_spam(world, mail)
    elif act == "unsubscribe":
        unsubscribed(world, mail)
    else:
        raise CannotRead(f"a mail can be met with {', '.join(ACTS)}")


def opened(world: World, mail: Mail) -> None:
    """The first time tells the sender, if it counts openings."""
    if mail.is_opened:
        return
    mail.is_opened = True
    if mail.via == "mailgun" and mail.tracks_opens:
        events.tell(world, mail, "opened")
    _changed(world, mail)


def marked_as_spam(world: World, mail: Mail) -> None:
    if mail.is_spam:
        return
    mail.is_spam = True
    world.act(f"{mail.to} marks a mail as spam")
    if mail.via == "mailgun":
        world.mailgun.domain(mail.domain).complaints[mail.to] = world.clock.now()
        events.tell(world, mail, "complained")
    _changed(world, mail)


def unsubscribed(world: World, mail: Mail) -> None:
    """By the address the mail names for one click (RFC 8058), else by Mailgun's own link."""
    if mail.is_unsubscribed:
        return
    mail.is_unsubscribed = True
    world.act(f"{mail.to} unsubscribes")
    link = re.search(r"<(https?://[^>]+)>", mail.header("List-Unsubscribe"))
    if link is not None and mail.header("List-Unsubscribe-Post"):
        url = link[1]

        async def click() -> None:
            form = {"List-Unsubscribe": "One-Click"}
            await world.delivery.submit(mail.via, url, form, "unsubscribes")

        world.timetable.after(0, click)
    elif mail.via == "mailgun":
        world.mailgun.domain(mail.domain).unsubscribes[mail.to] = world.clock.now()
        events.tell(world, mail, "unsubscribed")
    _changed(world, mail)


def _changed(world: World, mail: Mail) -> None:
    for person in world.people.with_email(mail.to):
        world.changed(person.phone)
    world.journal.publish("mail", {"to": mail.to})
