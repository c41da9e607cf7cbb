"""Keys, apps, and what people let them do."""

from __future__ import annotations

from django.db import models

from hesabu.identity.models.people import Person
from hesabu.store.fields import SealedText
from hesabu.store.models import HouseModel


class Key(HouseModel):
    """What a program signs in with, at one business. Found before anybody knows whose it is, so the table is the house's."""

    business_id = models.UUIDField(db_index=True)
    """Where it may act."""
    name = models.TextField()
    """What its maker calls it."""
    secret_hash = models.BinaryField()
    """SHA-256 of the secret, which is shown once and not kept."""
    scopes = models.JSONField()
    """What it may do: names of permissions."""
    addresses = models.JSONField(default=list)
    """Networks it may be used from; none means any."""
    made_by_id = models.UUIDField()
    """The person who made it."""
    created_at = models.DateTimeField()
    """When it was made."""
    expires_at = models.DateTimeField(null=True)
    """From when on it opens nothing; none means never."""
    last_used_at = models.DateTimeField(null=True)
    """When it was last used, to the minute."""
    last_used_from = SealedText(null=True)
    """From which network address that was."""
    revoked_at = models.DateTimeField(null=True)
    """When it was taken back."""

    class Meta:
        db_table = "identity_key"


class App(HouseModel):
    """A program that people may let act for them. Found before anybody knows who asks, so the table is the house's."""

    business_id = models.UUIDField(db_index=True)
    """Which business keeps it."""
    name = models.TextField()
    """What people are told that it is called."""
    redirect_uris = models.JSONField()
    """Where people are sent back to, each compared letter by letter."""
    scopes = models.JSONField()
    """The most that it may ask for: names of permissions."""
    secret_hash = models.BinaryField(null=True)
    """SHA-256 of what it proves itself with; none for an app that can keep no secret (on a phone, in a browser)."""
    is_for_others = models.BooleanField(default=False)
    """Whether people of other businesses may let it act for them."""
    made_by_id = models.UUIDField()
    """The person who registered it."""
    created_at = models.DateTimeField()
    """When it was registered."""
    dropped_at = models.DateTimeField(null=True)
    """When it was taken off; from then on none of its tokens opens anything."""

    class Meta:
        db_table = "identity_app"


class Grant(HouseModel):
    """A person let an app act for them at one business. All its tokens are one family: they end together."""

    business_id = models.UUIDField(db_index=True)
    """Where it may act."""
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """For whom; never more than they may themselves."""
    app = models.ForeignKey(App, on_delete=models.PROTECT, null=True, related_name="+")
    """Which app; none of what was granted before apps were registered, which can only be taken back."""
    app_name = models.TextField()
    """What it was called then."""
    scopes = models.JSONField()
    """What it may do: names of permissions."""
    created_at = models.DateTimeField()
    """When it was granted."""
    ends_at = models.DateTimeField(null=True)
    """When it is over, however often its tokens were renewed."""
    has_factor = models.BooleanField(default=False)
    """Whether the person had a second factor when they agreed; without, nothing dangerous is done by it."""
    last_used_at = models.DateTimeField(null=True)
    """When the app last acted, to the minute."""
    revoked_at = models.DateTimeField(null=True)
    """When it was taken back."""
    revoked_why = models.TextField(default="")
    """asked, given_back (by the app), reused (a code or an old refresh token came again), left (the person is no member any
    more), role (theirs allows it no more), factor (theirs now asks for one), signed_out (everywhere), dropped (the app) or over."""

    class Meta:
        db_table = "identity_grant"


class Token(HouseModel):
    """A code, an access token or a refresh token of a grant."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")
    """Its family."""
    kind = models.TextField()
    """code, access or refresh."""
    secret_hash = models.BinaryField()
    """SHA-256 of the secret."""
    scopes = models.JSONField(null=True)
    """Of an access token that was asked for with fewer than the grant's; none for all of them."""
    redirect_uri = models.TextField(default="")
    """Of a code: where it was sent."""
    challenge = models.TextField(default="")
    """Of a code: the digest (S256) of what only the app that asked knows."""
    expires_at = models.DateTimeField()
    """From when on it opens nothing."""
    used_at = models.DateTimeField(null=True)
    """When a code or a refresh token was exchanged; it is then dead, and its coming again is an alarm."""

    class Meta:
        db_table = "identity_token"
