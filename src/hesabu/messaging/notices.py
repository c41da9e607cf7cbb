"""What of messaging the platform's own people are told."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hesabu.identity.notices import notice
from hesabu.messaging.facts import TemplateMissed

notice(
    "messaging.template_missed",
    gettext_noop("WhatsApp does not send a template in a language; hesabu doctor says which"),
    TemplateMissed,
)
