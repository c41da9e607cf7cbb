"""What waits for a second person, and from which amount on."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import SealedJSON
from hesabu.store.models import TenantModel


class Approval(TenantModel):
    """Something that waits for a second person, or did."""

    kind = models.TextField()
    """`room.act`, as the room declared it."""
    given = SealedJSON()
    """What it is to be done with, sealed: numbers of accounts, reasons."""
    amount_minor = models.BigIntegerField(null=True)
    """How much it is about, in minor units, where it is about money."""
    currency = models.CharField(max_length=3, null=True)
    """ISO 4217 code of that."""
    asked_by_id = models.UUIDField()
    """The person who asked; never the one who approves."""
    for_person_id = models.UUIDField(null=True)
    """The one person who may answer, where it is theirs to take (ownership); else whoever may approve."""
    state = models.TextField()
    """asked, done, refused or withdrawn."""
    asked_at = models.DateTimeField()
    """When it was asked."""
    expires_at = models.DateTimeField()
    """From when on nobody can approve it."""
    answered_by_id = models.UUIDField(null=True)
    """Who approved, refused or withdrew it."""
    answered_at = models.DateTimeField(null=True)
    """When."""

    class Meta:
        db_table = "identity_approval"
        indexes = [
            models.Index(fields=["business_id", "state", "id"], name="identity_approval_waiting")
        ]


class ApprovalLimit(TenantModel):
    """From above which amount something needs a second person."""

    kind = models.TextField()
    """`room.act`, as the room declared it."""
    amount_minor = models.BigIntegerField()
    """In minor units; more than this needs a second person."""
    currency = models.CharField(max_length=3)
    """ISO 4217 code."""

    class Meta:
        db_table = "identity_approval_limit"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "kind"], name="identity_approval_limit_once"
            )
        ]
