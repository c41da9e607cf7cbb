"""Rows of the ledger. What else binds them (triggers, composite keys, policies) is in the migration."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import Minor
from hesabu.store.models import TenantModel


class Book(models.Model):
    """One business's book. Its row is the business's lock."""

    business_id = models.UUIDField(primary_key=True)
    """Whose book it is."""
    country = models.TextField()
    """Whose chart of accounts it was opened with, ISO 3166."""
    currency = models.TextField()
    """The currency it is kept in, ISO 4217."""
    entry_count = models.BigIntegerField(default=0)
    """How many entries it has; the last one's number."""
    head_hash = models.BinaryField()
    """The hash of the last entry; 32 zero bytes before the first."""
    period_locked_on = models.DateField(null=True)
    """The last closed day; nothing may be booked on it or before."""
    opened_at = models.DateTimeField()
    """When it was opened."""

    class Meta:
        db_table = "ledger_book"


class Account(TenantModel):
    """A line of the chart. The id of an account with a role is derived from business and role."""

    code = models.TextField()
    """Its number in the chart, as text."""
    name = models.TextField()
    """Its name, for people."""
    kind = models.TextField()
    """asset, liability, equity, income or expense."""
    role = models.TextField()
    """What it is for; one account per role."""

    class Meta:
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "code"], name="ledger_account_code"),
            models.UniqueConstraint(fields=["business_id", "role"], name="ledger_account_role"),
        ]


class EntryRow(TenantModel):
    """An entry, once written. Append-only."""

    seq = models.BigIntegerField()
    """Its number in the book, from 1, without gaps."""
    booked_on = models.DateField()
    """The value date."""
    posted_at = models.DateTimeField()
    """When it was written."""
    kind = models.TextField()
    """`room.happened`."""
    purpose_kind = models.TextField()
    """What it is about: invoice, payment …"""
    purpose_id = models.UUIDField()
    """The id of what it is about."""
    reverses_id = models.UUIDField(null=True)
    """The entry it undoes."""
    posting_count = models.IntegerField()
    """How many postings it has; the database checks that they are there."""
    version = models.IntegerField()
    """Version of the canonical bytes."""
    hash = models.BinaryField()
    """Its link in the chain."""

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "seq"], name="ledger_entry_seq"),
            models.UniqueConstraint(
                fields=["business_id", "reverses_id"],
                name="ledger_entry_reversed_once",
                condition=models.Q(reverses_id__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["business_id", "purpose_id"], name="ledger_entry_purpose")]


class PostingRow(models.Model):
    """An amount on an account. Append-only. Its key is entry and line."""

    pk = models.CompositePrimaryKey("business_id", "entry_id", "line")
    business_id = models.UUIDField()
    """Whose it is."""
    entry_id = models.UUIDField()
    """The entry it belongs to."""
    line = models.SmallIntegerField()
    """Its place in the entry, from 1."""
    account_id = models.UUIDField()
    """The account, of the same business."""
    amount_minor = Minor()
    """Debit positive, credit negative, in minor units; never nothing."""
    currency = models.TextField()
    """ISO 4217."""

    class Meta:
        db_table = "ledger_posting"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="ledger_posting_moves_something"
            )
        ]


class BalanceRow(models.Model):
    """What an account holds in one currency: the sum of its postings, kept along with them."""

    pk = models.CompositePrimaryKey("business_id", "account_id", "currency")
    business_id = models.UUIDField()
    """Whose it is."""
    account_id = models.UUIDField()
    """The account."""
    currency = models.TextField()
    """ISO 4217."""
    balance_minor = Minor(default=0)
    """Debits minus credits, in minor units."""

    class Meta:
        db_table = "ledger_balance"
