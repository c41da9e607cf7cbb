"""A mail reaches a box."""

from __future__ import annotations

from hesabu.sandbox.mail import reading
from hesabu.sandbox.mail.boxes import Mail
from hesabu.sandbox.mail.fates import fate_of
from hesabu.sandbox.world import World

READING_SECONDS = 0.5


def arrive(world: World, mail: Mail) -> None:
    world.mail.keep(mail)
    for person in world.people.with_email(mail.to):
        world.changed(person.phone)
    world.journal.publish("mail", {"to": mail.to})
    then = fate_of(mail.to).then
    if not then and mail.via == "mailgun":
        luck = world.dials["mailgun"].number("mail_spam")
        then = "spam" if world.chance.happens(luck, "spam", mail.id) else ""
    if then:

        async def react() -> None:
            reading.act_on(world, mail, then)

        world.timetable.after(READING_SECONDS, react)


def mail_id(world: World) -> str:
    return "m" + world.chance.hexadecimal("mail", 15)
