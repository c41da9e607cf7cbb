"""Second factors: by text message, the first one, and the way back for who lost all."""

from __future__ import annotations

from django.db import models

from hesabu.identity.models.people import Person
from hesabu.store.fields import SealedJSON, SealedText
from hesabu.store.models import HouseModel


class TextFactor(HouseModel):
    """A person's second step are codes by text message."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    """Whose."""
    number = SealedText()
    """E.164; where the codes go."""
    since = models.DateTimeField()
    """Since when."""

    class Meta:
        db_table = "identity_text_factor"


class TextCode(HouseModel):
    """A code that went out by text message, bound to the browser that asked. Once, for ten minutes, with three tries."""

    person_id = models.UUIDField()
    """Whom it lets on."""
    purpose = models.TextField()
    """set_up, sign_in or once_more: it is good for nothing else."""
    number = SealedText()
    """E.164; where it went."""
    browser_hash = models.BinaryField()
    """SHA-256 of what the session of the browser that asked holds."""
    code_hash = models.BinaryField()
    """Keyed mark of the code."""
    wrong_count = models.IntegerField(default=0)
    """Wrong codes so far."""
    expires_at = models.DateTimeField()
    """From when on it opens nothing."""
    used_at = models.DateTimeField(null=True)
    """When it was right."""

    class Meta:
        db_table = "identity_text_code"


class FirstProof(HouseModel):
    """Somebody who came in by their number alone wants to set up something that is their own: a second factor, an address, a
    password; or has set their first PIN. They are told everywhere, and it counts a day later."""

    person_id = models.UUIDField(db_index=True)
    """Who."""
    what = models.TextField(default="way")
    """way (they want to set up a way in), or pin (they have set their first PIN, which proves nothing yet)."""
    asked_at = models.DateTimeField()
    """When they asked, or set the PIN."""
    told_at = models.DateTimeField(null=True)
    """When everybody was told of that; the day is counted from there."""
    due_at = models.DateTimeField()
    """From when on they may, or the PIN counts."""
    ends_at = models.DateTimeField()
    """From when on they would have to ask again, and the link stops nothing more where nothing was set up."""
    reminded_at = models.DateTimeField(null=True)
    """When they were told that they may now, or that the PIN counts."""
    stopped_at = models.DateTimeField(null=True)
    """When somebody stopped it, by the link that went to the number or on the page."""
    used_at = models.DateTimeField(null=True)
    """When the first way in was set up; of a PIN: when it was set or changed by who showed something else besides."""
    known = SealedJSON(null=True)
    """The ways in that there were when the first one more was set up, so that stopping it afterwards leaves these: the ids of
    second factors and of others' accounts, addresses, the hash of the password, the number for codes."""

    class Meta:
        db_table = "identity_first_proof"


class Restoration(HouseModel):
    """An operator is to take off the second factors of somebody who lost them all. Done after a day, unless it is stopped."""

    person_id = models.UUIDField(db_index=True)
    """Whose."""
    asked_at = models.DateTimeField()
    """When the operator asked."""
    due_at = models.DateTimeField()
    """From when on it is done."""
    stopped_at = models.DateTimeField(null=True)
    """When the person, or an operator, stopped it."""
    done_at = models.DateTimeField(null=True)
    """When it was done."""
    needs_word = models.BooleanField(default=False)
    """Whether an admin of the platform has to agree: there were two or more when it was asked."""
    agreed_by_id = models.UUIDField(null=True)
    """The admin who agreed."""
    agreed_at = models.DateTimeField(null=True)
    """When."""

    class Meta:
        db_table = "identity_restoration"
