"""What the platform's people are told, and how it goes out: one notice, or a digest of some; and the mail that invites them.

Said are the kind, the business's name and country, the id of what it is about, and when: nothing of what is inside. It goes out
from the house, each once by its cause, sealed like everything that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hesabu.identity import queries
from hesabu.identity.types import Invited, NoticeView, NoticeWay
from hesabu.kit import ids
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Category, Channel, Contact, Letter, Template, Text
from hesabu.store import tenancy

TEMPLATE, TEMPLATE_LANGUAGES = "business_update", ("en", "sw")
"""The template that carries news to whoever has not written for a day; one parameter."""
SHORT_LETTERS = 400
"""Of news by text message or template."""


def has_phone(person_id: UUID) -> bool:
    """Whether they can be told by phone. In any binding."""
    return _by_phone(person_id) is not None


def tell(person_id: UUID, way: NoticeWay, one: NoticeView) -> None:
    """Tell somebody of one. In a house transaction."""
    with override(queries.person(person_id).language):
        words = _(one.words)
        subject = _("Hesabu: %(what)s") % {"what": words}
        _say(person_id, way, subject, _line(one), f"notice:{one.id}:{person_id}")


def tell_digest(person_id: UUID, way: NoticeWay, some: Sequence[NoticeView], day: date) -> None:
    """Tell somebody of all that waited, in one letter. In a house transaction."""
    with override(queries.person(person_id).language):
        on = date_format(day, "DATE_FORMAT")
        subject = _("Hesabu: what happened until %(day)s") % {"day": on}
        body = "\n".join(f"• {_line(one)}" for one in some)
        _say(person_id, way, subject, body, f"digest:{person_id}:{day}:{way}")


def _line(one: NoticeView) -> str:
    told = {
        "what": _(one.words),
        "about": f"{one.subject_kind} {ids.short(one.subject_id)}",
        "at": f"{one.at:%Y-%m-%d %H:%M} UTC",
    }
    if one.business_id == tenancy.HOUSE:
        return _("%(what)s (%(about)s, %(at)s).") % told
    with tenancy.bound(one.business_id):
        business = queries.business(one.business_id)
    told |= {"business": business.name, "country": business.country}
    if one.subject_kind == "business":
        return _("%(what)s: %(business)s, %(country)s (%(at)s).") % told
    return _("%(what)s: %(business)s, %(country)s (%(about)s, %(at)s).") % told


def _say(person_id: UUID, way: NoticeWay, subject: str, body: str, cause: str) -> None:
    """By the way they chose; where they cannot be reached so, by mail."""
    contact = _by_phone(person_id) if way is not NoticeWay.EMAIL else None
    if contact is None:
        _write(person_id, subject, body, cause)
        return
    link = f"{settings.CONFIG.public_url.rstrip('/')}{reverse('platform')}"
    short = f"{subject}\n{body}"
    if way is NoticeWay.SMS:
        text = Text(f"{short[:SHORT_LETTERS]}\n{link}")
        messaging.send(contact.id, text, cause, category=Category.TRANSACTION, channel=Channel.SMS)
        return
    language = get_language() or "en"
    fallback = Template(
        TEMPLATE,
        language if language in TEMPLATE_LANGUAGES else TEMPLATE_LANGUAGES[0],
        (" · ".join(short.splitlines())[:SHORT_LETTERS],),
    )
    messaging.send(
        contact.id,
        Text(f"{short}\n{link}"),
        cause,
        outside_window=fallback,
        letter=Letter(subject, body, link),
        category=Category.TRANSACTION,
    )


def _write(person_id: UUID, subject: str, body: str, cause: str) -> None:
    address = queries.mail_of(person_id)
    if address is None:
        return
    link = f"{settings.CONFIG.public_url.rstrip('/')}{reverse('platform')}"
    messaging.send(
        messaging.meet(email=address),
        Text(f"{body}\n{link}"),
        cause,
        letter=Letter(subject, body, link),
        category=Category.TRANSACTION,
        channel=Channel.EMAIL,
    )


def _by_phone(person_id: UUID) -> Contact | None:
    known = messages.contacts_of_person(person_id)
    return next((one for one in known if one.phone and not one.is_doubted), None)


def invite(made: Invited, address: str) -> None:
    """The mail that invites somebody to the platform. In a house transaction."""
    subject = _("You are invited to the platform of Hesabu")
    body = _(
        "Follow the link, sign in with this address, and press Join. You will need a second proof of who you are. It works once, for seven days. If you do not know who asks, do nothing."
    )
    messaging.send(
        messaging.meet(email=made.address),
        Text(f"{body}\n{address}"),
        f"invitation:{made.id}",
        letter=Letter(subject, body, address),
        channel=Channel.EMAIL,
    )
