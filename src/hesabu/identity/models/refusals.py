"""What was tried and refused."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import SealedText
from hesabu.store.models import TenantModel


class Refusal(TenantModel):
    """Somebody was refused something within one minute. Counted here until the minute is over and it is told as a fact, so
    that asking a thousand times writes one line."""

    actor_kind = models.TextField()
    """What they are: person, key, app, contact or support."""
    actor_id = models.UUIDField()
    """Who; all zeros where nobody is known."""
    permission = models.TextField()
    """What they would have needed, `resource:action`, or what was tried."""
    why = models.TextField()
    """not_allowed, not_proved, frozen or elsewhere."""
    minute = models.DateTimeField()
    """The minute it was in."""
    count = models.IntegerField(default=1)
    """How often in that minute."""
    address = SealedText()
    """From which network address the first came; empty where it came from none."""

    class Meta:
        db_table = "identity_refusal"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "actor_kind", "actor_id", "permission", "why", "minute"],
                name="identity_refusal_once",
            )
        ]
