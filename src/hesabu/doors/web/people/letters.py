"""The mail that invites somebody."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hesabu.identity.types import Invited
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Channel, Letter, Text


def invited(made: Invited, business: str, address: str) -> None:
    """Sent by messaging, from the business. The words lie sealed; the job carries ids."""
    subject = _("You are invited to %(business)s") % {"business": business}
    body = _(
        "%(business)s asks you to join it. Follow the link, sign in with this address, and press Join. It works once, for seven days. If you do not know who that is, do nothing."
    ) % {"business": business}
    contact_id = messaging.meet(email=made.address)
    messaging.send(
        contact_id,
        Text(f"{body}\n{address}"),
        f"invitation:{made.id}",
        letter=Letter(subject, body, address),
        channel=Channel.EMAIL,
    )
