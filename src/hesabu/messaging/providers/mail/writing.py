"""A letter as a mail: plain text, so that every program shows it and every ear can hear it, with its files."""

from __future__ import annotations

import re
from email.utils import formataddr

from django.core.mail import EmailMessage

from hesabu.messaging.providers.port import Errand
from hesabu.messaging.types import Letter

ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,189}"
)
"""One address and nothing else: neither a second one nor a name, neither a sign that ends it nor one that cannot be seen."""


class NoAddress(ValueError):
    """What was to be written to is not one address."""


def mail_of(errand: Errand, letter: Letter, *, mail_from: str) -> EmailMessage:
    """The mail, from the house's address in the name of who sends it. `errand` has a mail address. Raises NoAddress."""
    to = errand.address.email or ""
    if not ADDRESS.fullmatch(to):
        raise NoAddress
    name = in_one_line(errand.sender.name)
    body = letter.body
    if letter.link and letter.link not in body:
        body = f"{body}\n\n{letter.link}"
    mail = EmailMessage(
        subject=in_one_line(letter.subject) or name or mail_from,
        body=f"{body}\n",
        from_email=formataddr((name, mail_from)) if name else mail_from,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    for attachment in errand.attachments.values():
        filename = in_one_line(attachment.filename) or "document"
        mail.attach(filename, attachment.content, attachment.content_type)
    return mail


def in_one_line(text: str) -> str:
    """What goes into a header: in one line, and only what can be seen."""
    return " ".join("".join(x if x.isprintable() else " " for x in text).split())
