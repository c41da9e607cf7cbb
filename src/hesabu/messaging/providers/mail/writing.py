"""A letter as a mail: plain text, so that every program shows it and every ear can hear it, with its files."""

from __future__ import annotations

from email.utils import formataddr

from django.core.mail import EmailMessage

from hesabu.messaging.providers.port import Errand
from hesabu.messaging.types import Letter


def mail_of(errand: Errand, letter: Letter, *, mail_from: str) -> EmailMessage:
    """The mail, from the house's address in the name of who sends it. `errand` has a mail address."""
    name = " ".join(errand.sender.name.split())
    body = letter.body
    if letter.link and letter.link not in body:
        body = f"{body}\n\n{letter.link}"
    mail = EmailMessage(
        subject=" ".join(letter.subject.split()) or name or mail_from,
        body=f"{body}\n",
        from_email=formataddr((name, mail_from)) if name else mail_from,
        to=[errand.address.email or ""],
        headers={"Auto-Submitted": "auto-generated"},
    )
    for attachment in errand.attachments.values():
        mail.attach(attachment.filename, attachment.content, attachment.content_type)
    return mail
