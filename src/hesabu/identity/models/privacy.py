"""What is held on somebody, to take along; and an account that is to go."""

from __future__ import annotations

from django.db import models

from hesabu.store.models import HouseModel, TenantModel


class Export(TenantModel):
    """All that is held on somebody, to take along: asked for, made by a job, there for some days."""

    kind = models.TextField()
    """person (who asked, on themselves) or customer (of the business, which asked)."""
    subject_id = models.UUIDField()
    """On whom."""
    asked_by_id = models.UUIDField()
    """The one person who may fetch it."""
    state = models.TextField()
    """asked, made, failed or gone."""
    done_count = models.IntegerField(default=0)
    """Steps of the work that are done."""
    total_count = models.IntegerField(default=0)
    """Steps there are; 0 until it is known."""
    file_id = models.UUIDField(null=True)
    """Where it lies, sealed, while it is there."""
    asked_at = models.DateTimeField()
    """When it was asked for."""
    made_at = models.DateTimeField(null=True)
    """When it was made."""
    expires_at = models.DateTimeField(null=True)
    """From when on nobody can fetch it."""

    class Meta:
        db_table = "identity_export"
        indexes = [
            models.Index(
                fields=["business_id", "kind", "subject_id", "id"], name="identity_export_on"
            )
        ]


class Closing(HouseModel):
    """Somebody wants their account gone. It goes on a day, and they may change their mind until then."""

    person_id = models.UUIDField()
    """Who."""
    asked_at = models.DateTimeField()
    """When they said so; all their ways in ended then."""
    due_at = models.DateTimeField()
    """From when on it is done."""
    cancelled_at = models.DateTimeField(null=True)
    """When they changed their mind."""
    done_at = models.DateTimeField(null=True)
    """When it was done."""

    class Meta:
        db_table = "identity_closing"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                condition=models.Q(cancelled_at=None, done_at=None),
                name="identity_closing_open_once",
            )
        ]
