"""The rows of identity."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hesabu.kit import ids
from hesabu.store.fields import SealedJSON, SealedText
from hesabu.store.models import HouseModel, TenantModel


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
    created_at = models.DateTimeField()
    """When it registered."""

    class Meta:
        db_table = "identity_business"


class People(BaseUserManager["Person"]):
    """Django's way to a person by what they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(pk=str(username))


class Person(AbstractBaseUser):
    """Somebody. Belongs to the house; `password` stays unusable until they set one in the browser."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    """Time-ordered, made by the client."""
    name = SealedText()
    """What they are called."""
    language = models.TextField(default="en")
    """BCP 47; what we speak with them."""
    email = SealedText(null=True)
    """Where they get mail, where they gave it."""
    email_index = models.BinaryField(null=True, unique=True)
    """Blind index of the address in lower case."""
    pin_hash = models.TextField(default="")
    """Argon2 over a keyed mark of the PIN; empty where none is set."""
    pin_set_at = models.DateTimeField(null=True)
    """Since when there is one; changing it leaves this as it is. None where it is older than this column."""
    pin_wrong_count = models.IntegerField(default=0)
    """Wrong tries in a row."""
    pin_locked_until = models.DateTimeField(null=True)
    """Until when no try is taken."""
    is_active = models.BooleanField(default=True)
    """Whether they may sign in."""
    created_at = models.DateTimeField()
    """When they became known."""

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        db_table = "identity_person"


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


class FirstProof(HouseModel):
    """Somebody who came in by their number alone wants to set up something that is their own: a second factor, an address, a
    password. They are told everywhere, and may a day later."""

    person_id = models.UUIDField(db_index=True)
    """Who."""
    asked_at = models.DateTimeField()
    """When they asked."""
    due_at = models.DateTimeField()
    """From when on they may."""
    ends_at = models.DateTimeField()
    """From when on they would have to ask again."""
    reminded_at = models.DateTimeField(null=True)
    """When they were told that they may now."""
    stopped_at = models.DateTimeField(null=True)
    """When somebody stopped it, by the link that went to the number or on the page."""
    used_at = models.DateTimeField(null=True)
    """When the first of these was set up."""

    class Meta:
        db_table = "identity_first_proof"


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


class Approval(TenantModel):
    """Something that waits for a second person, or did."""

    kind = models.TextField()
    """`room.act`, as the room declared it."""
    given = SealedJSON()
    """What it is to be done with, sealed: numbers of accounts, reasons."""
    amount_minor = models.BigIntegerField(null=True)
    """How much it is about, in minor units, where it is about money."""
    currency = models.CharField(max_length=3, null=True)
    """ISO 4217 code of that."""
    asked_by_id = models.UUIDField()
    """The person who asked; never the one who approves."""
    for_person_id = models.UUIDField(null=True)
    """The one person who may answer, where it is theirs to take (ownership); else whoever may approve."""
    state = models.TextField()
    """asked, done, refused or withdrawn."""
    asked_at = models.DateTimeField()
    """When it was asked."""
    expires_at = models.DateTimeField()
    """From when on nobody can approve it."""
    answered_by_id = models.UUIDField(null=True)
    """Who approved, refused or withdrew it."""
    answered_at = models.DateTimeField(null=True)
    """When."""

    class Meta:
        db_table = "identity_approval"
        indexes = [
            models.Index(fields=["business_id", "state", "id"], name="identity_approval_waiting")
        ]


class ApprovalLimit(TenantModel):
    """From above which amount something needs a second person."""

    kind = models.TextField()
    """`room.act`, as the room declared it."""
    amount_minor = models.BigIntegerField()
    """In minor units; more than this needs a second person."""
    currency = models.CharField(max_length=3)
    """ISO 4217 code."""

    class Meta:
        db_table = "identity_approval_limit"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "kind"], name="identity_approval_limit_once"
            )
        ]


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


class Refusal(TenantModel):
    """Somebody was refused something within one minute. Counted here until the minute is over and it is told as a fact, so
    that asking a thousand times writes one line."""

    actor_kind = models.TextField()
    """What they are: person, key, app, contact or support."""
    actor_id = models.UUIDField()
    """Who; all zeros where nobody is known."""
    permission = models.TextField()
    """What they would have needed, `resource:action`, or what was tried."""
    why = models.TextField()
    """not_allowed, not_proved, frozen or elsewhere."""
    minute = models.DateTimeField()
    """The minute it was in."""
    count = models.IntegerField(default=1)
    """How often in that minute."""
    address = SealedText()
    """From which network address the first came; empty where it came from none."""

    class Meta:
        db_table = "identity_refusal"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "actor_kind", "actor_id", "permission", "why", "minute"],
                name="identity_refusal_once",
            )
        ]


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
