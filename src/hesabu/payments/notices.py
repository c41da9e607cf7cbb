"""What of payments the platform's own people are told."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hesabu.identity.notices import alert
from hesabu.payments.facts import PaymentAccountChangeStopped

alert(
    "security.money_stopped",
    gettext_noop("A change of where money goes was stopped"),
    PaymentAccountChangeStopped,
)
