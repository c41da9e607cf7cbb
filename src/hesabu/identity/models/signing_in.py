"""Tries to sign in, and the links that lead in."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import SealedText
from hesabu.store.models import HouseModel


class Attempt(HouseModel):
    """Somebody tried to sign in. Kept for some months (`HESABU_KEEP_ATTEMPTS_DAYS`), and shown to whom it was about."""

    person_id = models.UUIDField(null=True, db_index=True)
    """Who it was about, where there is such a person."""
    account_index = models.BinaryField()
    """Blind index of what they said they are: an address or a number, whether it is known or not."""
    address = SealedText()
    """From which network address."""
    address_index = models.BinaryField()
    """Blind index of that address, so that tries from one place are counted together."""
    agent = SealedText()
    """What their browser calls itself."""
    way = models.TextField()
    """password, code, passkey, whatsapp, authenticator, recovery_code, text_message or the word of somebody else."""
    outcome = models.TextField()
    """in (they are in), wrong, or waited (too many wrong ones before)."""
    at = models.DateTimeField(db_index=True)
    """When."""

    class Meta:
        db_table = "identity_attempt"
        indexes = [
            models.Index(
                fields=["account_index", "address_index", "at"], name="identity_attempt_from"
            )
        ]


class Entry(HouseModel):
    """A way in by telephone: a link that goes to a number, bound to the browser that asked. Once, and for ten minutes."""

    person_id = models.UUIDField(null=True)
    """Whose number it is; none where nobody we know has it, and then no link leads here."""
    token_hash = models.BinaryField(unique=True)
    """SHA-256 of what the link carries."""
    browser_hash = models.BinaryField()
    """SHA-256 of what the browser that asked keeps in its cookie."""
    code_hash = models.BinaryField()
    """Keyed mark of the short code that the browser shows."""
    wrong_count = models.IntegerField(default=0)
    """Wrong codes so far."""
    created_at = models.DateTimeField()
    """When it was asked for."""
    expires_at = models.DateTimeField()
    """From when on it opens nothing."""
    confirmed_at = models.DateTimeField(null=True)
    """When the link was opened elsewhere and the code was right."""
    used_at = models.DateTimeField(null=True)
    """When the browser that asked went in."""

    class Meta:
        db_table = "identity_entry"


class Passage(HouseModel):
    """A way from the chat to one page: a link that goes to a number, for the one person behind it, who still signs in."""

    person_id = models.UUIDField()
    """Who it is for; it opens for nobody else."""
    page = models.TextField()
    """The path of the page that it leads to."""
    token_hash = models.BinaryField(unique=True)
    """SHA-256 of what the link carries."""
    created_at = models.DateTimeField()
    """When it was asked for."""
    expires_at = models.DateTimeField()
    """From when on it leads nowhere."""
    used_at = models.DateTimeField(null=True)
    """When it was followed; it leads nowhere from then on."""

    class Meta:
        db_table = "identity_passage"
