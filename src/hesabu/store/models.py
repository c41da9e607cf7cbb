"""Rows of the store, and the two abstract rows that every room builds on."""

from __future__ import annotations

from django.db import models

from hesabu.kit import ids
from hesabu.store.fields import SealedBytes, SealedText


class HouseModel(models.Model):
    """A row that belongs to no business."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    """Time-ordered, made by the client."""

    class Meta:
        abstract = True


class TenantModel(models.Model):
    """A row of one business. Its table is put under row-level security by `migration.tenant_table`."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    """Time-ordered, made by the client."""
    business_id = models.UUIDField()
    """The business it belongs to; what the tenancy policy looks at."""

    class Meta:
        abstract = True


class FactRow(TenantModel):
    """Something that happened. Append-only."""

    kind = models.TextField()
    """`room.PastTense`, the name of the fact's class."""
    subject_kind = models.TextField()
    """What it happened to: invoice, payment, contact …"""
    subject_id = models.UUIDField()
    """The id of what it happened to."""
    payload = models.JSONField(default=dict)
    """The fact's other fields: ids, whole numbers and short codes; never personal data."""
    actor_kind = models.TextField()
    """person, contact, system, provider or operator."""
    actor_id = models.UUIDField(null=True)
    """Who, where there is a row for it."""
    cause_id = models.UUIDField(null=True)
    """The letter, message or fact that led to it."""
    at = models.DateTimeField()
    """The instant it was published."""

    class Meta:
        db_table = "store_fact"
        indexes = [
            models.Index(fields=["business_id", "subject_id", "id"], name="store_fact_subject"),
            models.Index(fields=["business_id", "at", "id"], name="store_fact_at"),
            models.Index(fields=["business_id", "kind", "at", "id"], name="store_fact_kind"),
            models.Index(
                fields=["business_id", "actor_id", "at", "id"],
                name="store_fact_actor",
                condition=models.Q(actor_id__isnull=False),
            ),
        ]


class Seal(TenantModel):
    """A stretch of a business's facts, counted and chained. Append-only, written by the owner's role."""

    seq = models.BigIntegerField()
    """Its place among the business's seals, from 1."""
    from_id = models.UUIDField()
    """The first fact it counts."""
    to_id = models.UUIDField()
    """The last fact it counts."""
    count = models.IntegerField()
    """How many they are."""
    hash = models.BinaryField()
    """The chain's hash after the last of them."""
    previous_hash = models.BinaryField()
    """The hash of the seal before; 32 zero bytes for the first."""
    sealed_at = models.DateTimeField()
    """When."""

    class Meta:
        db_table = "store_seal"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "seq"], name="store_seal_once")
        ]


class Origin(TenantModel):
    """From where an act came. Its id is the fact's; it is forgotten long before the fact."""

    address = SealedText()
    """The address of the request."""
    address_index = models.BinaryField(null=True)
    """Blind index of that, so that the acts of one address are found; none of acts from before there was one."""

    class Meta:
        db_table = "store_origin"
        indexes = [
            models.Index(fields=["business_id", "address_index", "id"], name="store_origin_address")
        ]


class Endpoint(HouseModel):
    """A door for letters: an unguessable path that one provider was given."""

    token_hash = models.BinaryField(unique=True)
    """SHA-256 of the token in the path; the token itself is kept only sealed."""
    token = SealedText()
    """The token, sealed, so that the address can be shown and registered again."""
    provider = models.TextField()
    """Which intake reads it: whatsapp, mpesa …"""
    business_id = models.UUIDField(null=True)
    """The business whose letters come here; none for the house's own channels."""
    subject_id = models.UUIDField(null=True)
    """The provider account or channel it belongs to."""
    secret = SealedText(null=True)
    """What the provider signs with, where it signs."""
    verify_token = SealedText(null=True)
    """What the provider says in its handshake, where it has one."""
    created_at = models.DateTimeField()
    """When it was opened."""
    closed_at = models.DateTimeField(null=True)
    """When it stopped taking letters."""

    class Meta:
        db_table = "store_endpoint"


class Letter(HouseModel):
    """A webhook as it came, before anybody acted on it."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    """The door it came in by. Endpoints are never removed, so the database need not lock one for every letter."""
    provider = models.TextField()
    """The endpoint's provider, here so that a drain finds its letters by one index."""
    business_id = models.UUIDField(null=True)
    """The endpoint's business, whose book the letter may touch."""
    subject_id = models.UUIDField(null=True)
    """The endpoint's account or channel."""
    external_key = models.BinaryField()
    """The provider's own id where it signs, else the SHA-256 of the body. Unique per endpoint."""
    ref = models.TextField(default="")
    """The part of the path behind the endpoint's token: the unguessable mark of one request we made."""
    is_vouched = models.BooleanField(default=False)
    """The signature held, or the sender's address is one the provider publishes."""
    body = SealedBytes()
    """The raw bytes, sealed."""
    state = models.TextField(default="filed")
    """filed, read, or aside (with the reason)."""
    attempt_count = models.IntegerField(default=0)
    """How often reading it was tried."""
    reason = models.TextField(default="")
    """Why it was set aside, as a code and ids."""
    received_at = models.DateTimeField()
    """When it was filed."""
    read_at = models.DateTimeField(null=True)
    """When it was read or set aside."""

    class Meta:
        db_table = "store_letter"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "external_key"], name="store_letter_once")
        ]
        indexes = [
            models.Index(
                fields=["provider", "business_id", "id"],
                name="store_letter_waiting",
                condition=models.Q(state="filed"),
            )
        ]


class Link(HouseModel):
    """A short address that leads to one thing of one business."""

    token_hash = models.BinaryField(unique=True)
    """SHA-256 of kind and token."""
    kind = models.TextField()
    """What it opens: pay …"""
    business_id = models.UUIDField()
    """Whose it is."""
    subject_id = models.UUIDField()
    """What it leads to."""

    class Meta:
        db_table = "store_link"


class FileRow(TenantModel):
    """Bytes, sealed."""

    content = SealedBytes()
    """The bytes, sealed."""
    content_type = models.TextField()
    """Media type."""
    filename = models.TextField()
    """As it is offered to people; carries no personal data."""
    size_bytes = models.BigIntegerField()
    """Length before sealing."""
    created_at = models.DateTimeField()
    """When it was kept."""

    class Meta:
        db_table = "store_file"


class IdempotencyRow(TenantModel):
    """The first answer to a key."""

    scope = models.TextField()
    """Which act the key is for."""
    key = models.TextField()
    """The caller's key."""
    request_hash = models.BinaryField()
    """SHA-256 over the canonical input."""
    answer = models.JSONField()
    """What was answered."""
    created_at = models.DateTimeField()
    """When."""

    class Meta:
        db_table = "store_idempotency"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "scope", "key"], name="store_idempotency_once"
            )
        ]


class Flag(models.Model):
    """A kill switch that was touched. A name without a row is on."""

    name = models.TextField(primary_key=True)
    """`room.word`, as declared in flags.KNOWN."""
    is_on = models.BooleanField()
    """Whether what it names may be done."""
    reason = models.TextField(default="")
    """Why it was switched, for people."""
    changed_at = models.DateTimeField()
    """When."""

    class Meta:
        db_table = "store_flag"
