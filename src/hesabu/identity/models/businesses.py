"""A tenant, what it is called, and what was changed of it."""

from __future__ import annotations

from django.db import models

from hesabu.kit import ids
from hesabu.store.fields import SealedJSON, SealedText
from hesabu.store.models import TenantModel


class Business(models.Model):
    """A tenant. Its own id is what the tenancy policy looks at."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    """The business_id of everything it owns."""
    name = models.TextField()
    """What it is called in conversations and on its papers."""
    legal_name = models.TextField(default="")
    """What it is registered as, where that differs; empty otherwise."""
    country = models.CharField(max_length=2)
    """ISO 3166 code of where it trades."""
    currency = models.CharField(max_length=3)
    """ISO 4217 code of the currency its book is kept in."""
    timezone = models.TextField()
    """IANA name; whose days its days are."""
    language = models.TextField(default="en")
    """BCP 47; what its papers are written in."""
    tax_id = SealedText(null=True)
    """Its tax number (in Kenya the KRA PIN)."""
    is_vat_registered = models.BooleanField(default=False)
    """Whether it charges value-added tax."""
    vat_number = SealedText(null=True)
    """The number of that registration, where it is another than the tax number (Tanzania's VRN)."""
    registration_number = SealedText(null=True)
    """Its number in the register of companies, where invoices show it (Nigeria's RC or BN number)."""
    signatory = SealedText(null=True)
    """Who signs its invoices, by name, where the law wants one (North Macedonia)."""
    address = SealedText(null=True)
    """Where it is, as printed on its papers."""
    phone = SealedText(null=True)
    """E.164; printed on its papers."""
    email = SealedText(null=True)
    """Where its customers write to; printed on its papers."""
    logo_id = models.UUIDField(null=True)
    """The kept picture that its papers show, as it was drawn anew here; none where it has none."""
    pin_for_payments = models.TextField(default="above")
    """When a chat asks for the PIN before money is counted as received: always, never, above what is usual in the country, or
    above an amount in minor units ("above 500000")."""
    created_at = models.DateTimeField()
    """When it registered."""

    class Meta:
        db_table = "identity_business"


class BusinessChange(TenantModel):
    """Details of the business changed: what they were and what they became, so that it can be seen and taken back."""

    person_id = models.UUIDField(null=True)
    """Who did it; none where the house did."""
    before = SealedJSON()
    """The details that changed, as they were."""
    after = SealedJSON()
    """The same, as they became."""
    at = models.DateTimeField()
    """When."""
    undone_at = models.DateTimeField(null=True)
    """When it was taken back."""

    class Meta:
        db_table = "identity_business_change"
        indexes = [models.Index(fields=["business_id", "id"], name="identity_change_newest")]
