"""The platform's own people, whom they may look at, and that a business is there."""

from __future__ import annotations

from django.db import models

from hesabu.identity.models.people import Person
from hesabu.store.fields import SealedText
from hesabu.store.models import HouseModel, TenantModel


class PlatformMember(HouseModel):
    """A person's role on the platform."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Who."""
    role = models.TextField()
    """admin, support, agent or partner."""
    granted_at = models.DateTimeField()
    """Since when."""

    class Meta:
        db_table = "identity_platform_member"
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="identity_platform_member_once")
        ]


class Taking(HouseModel):
    """An operator is to take an admin's role. Done after a day, unless an admin stops it."""

    person_id = models.UUIDField(db_index=True)
    """Whose role."""
    asked_at = models.DateTimeField()
    """When the operator asked."""
    due_at = models.DateTimeField()
    """From when on it is done."""
    stopped_at = models.DateTimeField(null=True)
    """When an admin, or an operator, stopped it."""
    stopped_by_id = models.UUIDField(null=True)
    """The admin who stopped it; none where an operator did."""
    done_at = models.DateTimeField(null=True)
    """When it was done."""

    class Meta:
        db_table = "identity_taking"


class Consent(TenantModel):
    """Support asked to look into the business, and an owner let them for some hours, or did not."""

    person_id = models.UUIDField()
    """Who of support."""
    reason = SealedText()
    """Why they asked, in their words."""
    asked_at = models.DateTimeField()
    """When."""
    granted_by_id = models.UUIDField(null=True)
    """The owner who let them; none while it waits."""
    granted_at = models.DateTimeField(null=True)
    """When they did."""
    expires_at = models.DateTimeField(null=True)
    """Until when support may look."""
    ended_at = models.DateTimeField(null=True)
    """When somebody of the business ended it, or said no."""

    class Meta:
        db_table = "identity_consent"


class Listing(models.Model):
    """That a business is there, for the platform's own people; what it is called stands in its own row."""

    business_id = models.UUIDField(primary_key=True, editable=False)
    """Which."""
    country = models.CharField(max_length=2)
    """ISO 3166 code of where it trades."""
    created_at = models.DateTimeField(db_index=True)
    """When it registered."""
    brought_by_id = models.UUIDField(null=True, db_index=True)
    """The agent who brought it, where its owner said so."""

    class Meta:
        db_table = "identity_listing"
