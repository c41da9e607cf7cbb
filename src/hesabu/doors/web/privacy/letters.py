"""What somebody is written who deletes their account: so that nobody else can do it unseen."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import formats, translation
from django.utils.translation import gettext as _

from hesabu.identity import queries as identity
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Channel, Letter, Text
from hesabu.store import tenancy


def closing(person_id: UUID, due_at: datetime) -> None:
    """To every address they proved, in their language. In a house transaction."""
    with tenancy.house():
        person = identity.person(person_id)
        with translation.override(person.language):
            subject = _("Your account will be deleted")
            body = _(
                "You asked for your account to be deleted, and on %(day)s it will be gone. Until then, sign in and press Keep my account, and nothing happens. If it was not you who asked, do that at once and change your password."
            ) % {"day": formats.date_format(due_at, "DATE_FORMAT")}
        for number, address in enumerate(identity.proved_emails_of(person_id)):
            messaging.send(
                messaging.meet(email=address),
                Text(body),
                f"closing:{person_id}:{due_at.isoformat()}:{number}",
                letter=Letter(subject, body),
                channel=Channel.EMAIL,
            )
