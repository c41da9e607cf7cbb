"""Who belongs to a business, and who was asked to."""

from __future__ import annotations

from django.db import models

from hesabu.identity.models.people import Person
from hesabu.store.fields import SealedText
from hesabu.store.models import HouseModel, TenantModel


class Member(TenantModel):
    """A person's place in a business."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Who."""
    role = models.TextField()
    """owner, manager, seller, bookkeeper, partner or viewer."""
    created_at = models.DateTimeField()
    """When they joined."""

    class Meta:
        db_table = "identity_membership"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "person"], name="identity_member_once")
        ]


class Invitation(HouseModel):
    """Somebody was asked to join a business. Found by its secret before anybody knows whose it is, so the table is the house's."""

    business_id = models.UUIDField(db_index=True)
    """Which business they are to join."""
    role = models.TextField()
    """As what."""
    way = models.TextField()
    """email, whatsapp or code."""
    secret_hash = models.BinaryField(unique=True)
    """SHA-256 of what is in the link, or of the code."""
    address = SealedText(null=True)
    """Where it was sent; none for a code."""
    address_index = models.BinaryField(null=True)
    """Blind index of that: whoever accepts has proved that it is theirs."""
    invited_by_id = models.UUIDField(null=True)
    """The person who invited them."""
    created_at = models.DateTimeField()
    """When."""
    expires_at = models.DateTimeField()
    """From when on it opens nothing."""
    accepted_at = models.DateTimeField(null=True)
    """When it was used; it is then dead."""
    accepted_by_id = models.UUIDField(null=True)
    """Who joined by it."""
    revoked_at = models.DateTimeField(null=True)
    """When it was taken back."""

    class Meta:
        db_table = "identity_invitation"
