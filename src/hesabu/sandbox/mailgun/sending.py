"""A message is checked, queued, and sent to each recipient on its own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from hesabu.sandbox.answers import Part
from hesabu.sandbox.mail.arriving import arrive, mail_id
from hesabu.sandbox.mail.boxes import Attachment, Mail, bare, read_mime
from hesabu.sandbox.mail.fates import DEFERRED, TAKEN, UNKNOWN, Fate, fate_of
from hesabu.sandbox.mailgun import events
from hesabu.sandbox.mailgun.domains import Domain
from hesabu.sandbox.world import World

RECIPIENTS_MAX = 1_000
TAGS_MAX = 10
MESSAGE_BYTES_MAX = 25 * 1024 * 1024
DELIVERED_SECONDS = 0.3
AGAIN_SECONDS = (2.0, 4.0)
"""A temporary failure is tried again; Mailgun takes ten minutes, the box is in a greater hurry."""
NO = ("no", "false")
BODIES = ("text", "html", "amp-html", "template")


class Turned(Exception):
    """The request is turned away."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class Order:
    """One request to send, as it was understood."""

    mail: Mail
    """The mail without a recipient of its own."""
    recipients: tuple[str, ...]
    variables: dict[str, dict[str, Any]]
    """For a batch: what `%recipient.name%` stands for, by address."""
    is_test: bool
    wait_seconds: float


def understood(world: World, domain: Domain, parts: list[Part]) -> Order:
    def all_of(name: str) -> list[str]:
        return [part.text for part in parts if part.name == name]

    def last(name: str, fallback: str = "") -> str:
        return (all_of(name) or [fallback])[-1]

    if sum(len(part.content) for part in parts) > MESSAGE_BYTES_MAX:
        raise Turned(413, "Message exceeds the maximum size of 25MB")
    sender = last("from")
    if not sender:
        raise Turned(400, "from parameter is missing")
    if not bare(sender):
        raise Turned(400, "from parameter is not a valid address. please check documentation")
    recipients = _recipients(all_of("to"), "to", is_needed=True)
    for name in ("cc", "bcc"):
        recipients += _recipients(all_of(name), name, is_needed=False)
    if len(recipients) > RECIPIENTS_MAX:
        raise Turned(400, f"the message has more than {RECIPIENTS_MAX} recipients")
    if not any(last(name) for name in BODIES):
        named = ", ".join(f"'{name}'" for name in BODIES[:-1])
        raise Turned(400, f"Need at least one of {named} or 'template' parameters specified")
    if not last("subject"):
        raise Turned(400, "subject parameter is missing")
    tags = all_of("o:tag")
    if len(tags) > TAGS_MAX:
        raise Turned(400, f"o:tag parameter: at most {TAGS_MAX} tags")
    headers = {part.name[2:]: part.text for part in parts if part.name.startswith("h:")}
    mail = Mail(
        id="",
        at=world.clock.now(),
        via="mailgun",
        sender=sender,
        to="",
        subject=last("subject"),
        text=last("text"),
        html=last("html"),
        attachments=_attachments(parts),
        headers={"From": sender, "To": ", ".join(all_of("to")), **headers},
        message_id=message_id(world, domain),
        domain=domain.name,
        tags=tuple(tags),
        variables={part.name[2:]: _value(part.text) for part in parts if part.name[:2] == "v:"},
        tracks_opens=last("o:tracking") not in NO and last("o:tracking-opens") not in NO,
    )
    return Order(
        mail,
        tuple(dict.fromkeys(recipients)),
        _batch(last("recipient-variables")),
        is_test=last("o:testmode") in ("yes", "true"),
        wait_seconds=_wait_seconds(world, last("o:deliverytime")),
    )


def understood_mime(world: World, domain: Domain, parts: list[Part]) -> Order:
    """`messages.mime`: the mail comes whole, as a file."""
    message = next((part for part in parts if part.name == "message"), None)
    if message is None:
        raise Turned(400, "message parameter is missing")
    if len(message.content) > MESSAGE_BYTES_MAX:
        raise Turned(413, "Message exceeds the maximum size of 25MB")
    read = read_mime(message.content)
    recipients = _recipients([p.text for p in parts if p.name == "to"], "to", is_needed=True)
    read["message_id"] = read["message_id"] or message_id(world, domain)
    variables = {part.name[2:]: _value(part.text) for part in parts if part.name[:2] == "v:"}
    mail = Mail(
        "", world.clock.now(), "mailgun", to="", domain=domain.name, variables=variables, **read
    )
    return Order(mail, tuple(recipients), {}, is_test=False, wait_seconds=0)


def queue(world: World, order: Order) -> str:
    """Queue it for every recipient; returns the message's id, as the answer gives it."""
    for address in order.recipients:
        mail = _copy_for(world, order, address)
        _accept(world, order, mail)
    return f"<{order.mail.message_id}>"


def _copy_for(world: World, order: Order, address: str) -> Mail:
    given = order.variables.get(address, {})

    def filled(text: str) -> str:
        return re.sub(r"%recipient\.(\w+)%", lambda m: str(given.get(m[1], m[0])), text)

    mail = order.mail
    return replace(
        mail,
        id=mail_id(world),
        to=address,
        subject=filled(mail.subject),
        text=filled(mail.text),
        html=filled(mail.html),
        headers=dict(mail.headers),
        variables=dict(mail.variables),
    )


def _accept(world: World, order: Order, mail: Mail) -> None:
    dials = world.dials["mailgun"]
    if world.chance.happens(dials.number("mail_rejected"), "rejected", mail.id):
        events.tell(world, mail, "rejected")  # there is no webhook for it: who asks will see it
        return
    events.tell(world, mail, "accepted", is_test=order.is_test)
    suppression = world.mailgun.domain(mail.domain).suppression(mail.to)
    if suppression is not None:
        code, reason, words = suppression
        fate = Fate(code, words=words)
        events.tell(world, mail, "failed", severity="permanent", reason=reason, fate=fate)
        return
    wait = order.wait_seconds + DELIVERED_SECONDS
    world.timetable.after(wait, lambda: _try(world, mail, 1, is_test=order.is_test))


async def _try(world: World, mail: Mail, attempt: int, *, is_test: bool) -> None:
    fate = _fate(world, mail)
    if fate.code == 250 or (fate.tries_max and attempt > fate.tries_max):
        events.tell(world, mail, "delivered", attempt=attempt, is_test=is_test)
        if not is_test:
            mail.at = world.clock.now()
            arrive(world, mail)
    elif fate.code >= 500:
        world.mailgun.domain(mail.domain).bounces[mail.to] = world.clock.now()
        events.tell(world, mail, "failed", severity="permanent", reason="bounce", fate=fate)
    elif attempt <= len(AGAIN_SECONDS):
        events.tell(
            world,
            mail,
            "failed",
            severity="temporary",
            reason="generic",
            fate=fate,
            attempt=attempt,
        )
        wait = AGAIN_SECONDS[attempt - 1]
        world.timetable.after(wait, lambda: _try(world, mail, attempt + 1, is_test=is_test))
    else:
        old = Fate(602, words="Too old")
        events.tell(
            world, mail, "failed", severity="permanent", reason="old", fate=old, attempt=attempt
        )


def _fate(world: World, mail: Mail) -> Fate:
    fate = fate_of(mail.to)
    if fate is not TAKEN:
        return fate
    dials = world.dials["mailgun"]
    if world.chance.happens(dials.number("mail_bounced"), "bounced", mail.id):
        return UNKNOWN
    if world.chance.happens(dials.number("mail_deferred"), "deferred", mail.id):
        return DEFERRED
    return TAKEN


def message_id(world: World, domain: Domain) -> str:
    then = datetime.fromtimestamp(world.clock.now(), UTC)
    return f"{then:%Y%m%d%H%M%S}.{world.chance.hexadecimal('mailgun message', 16)}@{domain.name}"


def _recipients(written: list[str], name: str, *, is_needed: bool) -> list[str]:
    if is_needed and not any(written):
        raise Turned(400, f"{name} parameter is missing")
    found = [bare(address) for _, address in getaddresses([w for w in written if w])]
    if not all(found):
        raise Turned(400, f"'{name}' parameter is not a valid address. please check documentation")
    return found


def _attachments(parts: list[Part]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            part.filename or "attachment",
            part.content_type or "application/octet-stream",
            part.content,
            part.filename if part.name == "inline" else "",
        )
        for part in parts
        if part.name in ("attachment", "inline")
    )


def _batch(written: str) -> dict[str, dict[str, Any]]:
    if not written:
        return {}
    try:
        read = json.loads(written)
    except ValueError as error:
        raise Turned(400, "recipient-variables parameter is not a valid JSON") from error
    if not isinstance(read, dict):
        raise Turned(400, "recipient-variables parameter is not a valid JSON")
    return {bare(address): dict(values) for address, values in read.items()}


def _value(written: str) -> Any:
    """A custom variable comes back as it was given: as JSON where it was JSON of an object."""
    try:
        read = json.loads(written)
    except ValueError:
        return written
    return read if isinstance(read, dict) else written


def _wait_seconds(world: World, written: str) -> float:
    if not written:
        return 0.0
    try:
        at = parsedate_to_datetime(written)
    except ValueError as error:
        raise Turned(400, "o:deliverytime parameter is not a valid date") from error
    return max(0.0, at.timestamp() - world.clock.now())
