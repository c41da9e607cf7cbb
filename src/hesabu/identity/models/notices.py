"""What the platform's people are told of, when and how."""

from __future__ import annotations

from django.db import models

from hesabu.identity.models.people import Person
from hesabu.store.models import HouseModel


class Notice(HouseModel):
    """Something that the platform's people may be told of."""

    business_id = models.UUIDField()
    """Which business it is about; the house where none."""
    kind = models.TextField()
    """`resource.event`, as a room declared it."""
    subject_kind = models.TextField()
    """What it is about, as the fact said."""
    subject_id = models.UUIDField()
    """The id of that."""
    at = models.DateTimeField(db_index=True)
    """When it was noted."""
    spread_at = models.DateTimeField(null=True)
    """When everybody who is told at once was told, and it was laid by for the others."""

    class Meta:
        db_table = "identity_notice"


class NoticeChoice(HouseModel):
    """When and how somebody of the platform is told of a kind."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Who."""
    kind = models.TextField()
    """`resource.event`."""
    timing = models.TextField()
    """at_once, digest or never."""
    way = models.TextField()
    """email, whatsapp or sms."""

    class Meta:
        db_table = "identity_notice_choice"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="identity_notice_choice_once")
        ]


class NoticeWaiting(HouseModel):
    """A notice that waits for somebody's digest. Gone once it was in one."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    """Which."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """Whose digest."""
    way = models.TextField()
    """email, whatsapp or sms."""

    class Meta:
        db_table = "identity_notice_waiting"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "notice"], name="identity_notice_waiting_once"
            )
        ]


class NoticeReader(HouseModel):
    """Whose digest goes out when."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    """Who."""
    timezone = models.TextField()
    """IANA name; whose 08:00 it is."""
    digested_on = models.DateField(null=True)
    """The day there, for which their last digest was made."""

    class Meta:
        db_table = "identity_notice_reader"
