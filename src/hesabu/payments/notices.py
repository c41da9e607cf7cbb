"""What of payments the platform's own people are told."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hesabu.identity.notices import notice
from hesabu.payments.facts import PaymentAccountChangeStopped

MONEY_STOPPED = notice(
    "security.money_stopped",
    words=gettext_noop("A change of where money goes was stopped"),
    facts=(PaymentAccountChangeStopped,),
    is_alert=True,
)
