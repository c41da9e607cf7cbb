"""The rows of messaging."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import SealedJSON, SealedText
from hesabu.store.models import HouseModel, TenantModel


class Contact(HouseModel):
    """Somebody at the other end."""

    phone = SealedText(null=True)
    """E.164; none where the provider hides it."""
    phone_index = models.BinaryField(null=True, unique=True)
    """Blind index of the number."""
    whatsapp_user_id = SealedText(null=True)
    """The id WhatsApp knows them by, for us alone (BSUID); it changes with their number."""
    whatsapp_user_index = models.BinaryField(null=True, unique=True)
    """Blind index of that id."""
    name = SealedText(null=True)
    """What they call themselves there."""
    language = models.TextField(null=True)
    """BCP 47; what they write in, where we know."""
    email = SealedText(null=True)
    """Where they get mail."""
    email_index = models.BinaryField(null=True)
    """Blind index of it. Not unique: a couple may share one."""
    channel = models.TextField(default="whatsapp")
    """The channel they wrote on last, a word of types.Channel."""
    closed_channels = models.JSONField(default=dict)
    """Channels that are closed to us, each with a code and since when: {"sms": ["opted_out", "2026-11-21T09:00:00+00:00"]}."""
    person_id = models.UUIDField(null=True)
    """The person they are, once they signed up."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The contact this one proved to be; all questions about this one are answered with that one."""
    window_closes_at = models.DateTimeField(null=True)
    """Until when free messages reach them."""
    last_inbound_at = models.DateTimeField(null=True)
    """When they last wrote, by the provider's clock."""
    opted_out_at = models.DateTimeField(null=True)
    """When they asked not to be written to first; answers still go."""
    reminders_out_at = models.DateTimeField(null=True)
    """When they asked for no reminders and no news; invoices and receipts still go."""
    doubted_at = models.DateTimeField(null=True)
    """Since when they may be somebody else: their number changed hands, or was silent for half a year. None once they proved
    that they are the person they were."""
    proved_at = models.DateTimeField(null=True)
    """When they last showed by other means that the number is still theirs; their silence is counted from then, too."""
    created_at = models.DateTimeField()
    """When we first met."""

    class Meta:
        db_table = "messaging_contact"
        indexes = [
            models.Index(fields=["person_id"], name="messaging_contact_person"),
            models.Index(
                fields=["email_index"],
                name="messaging_contact_email",
                condition=models.Q(email_index__isnull=False),
            ),
        ]


class Message(TenantModel):
    """Something said, by us or to us."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    """To or from whom."""
    direction = models.TextField()
    """in or out."""
    kind = models.TextField()
    """A word of types.Kind."""
    content = SealedJSON()
    """What is said."""
    fallback = SealedJSON(null=True)
    """The template that goes in its place outside of the window."""
    letter = SealedJSON(null=True)
    """The same words for channels without templates and buttons."""
    category = models.TextField(default="answer")
    """A word of types.Category."""
    channel = models.TextField(default="whatsapp")
    """The rung it stands on, or the channel it came in by; a word of types.Channel."""
    climbs = models.BooleanField(default=False)
    """Whether it moves on to the next channel where one fails it."""
    rung_began_at = models.DateTimeField(null=True)
    """When it was queued for this channel."""
    cause = models.TextField()
    """Why it exists; the same cause makes no second message. Carries ids, no personal data."""
    subject_kind = models.TextField(default="message")
    """What it is about: invoice …"""
    subject_id = models.UUIDField()
    """The id of what it is about; its own where it is about nothing."""
    state = models.TextField()
    """A word of types.State; moves by rules.MOVES."""
    provider_id = SealedText(null=True)
    """The provider's id of the newest attempt."""
    error_code = models.TextField(default="")
    """Why the newest attempt failed, as a short word."""
    attempt_count = models.IntegerField(default=0)
    """How often the provider was asked."""
    live_from_attempt = models.IntegerField(default=1)
    """Statuses of attempts before this one no longer count."""
    goes_as_template = models.BooleanField(default=False)
    """Whether the fallback goes, because the provider said the window is closed."""
    goes_in_english = models.BooleanField(default=False)
    """Whether its template goes in English, because the provider has none that is approved in the contact's language."""
    not_before = models.DateTimeField(null=True)
    """The next attempt waits until then."""
    created_at = models.DateTimeField()
    """When it was queued, or came in."""
    sent_at = models.DateTimeField(null=True)
    """In: when the contact sent it. Out: when the newest attempt began."""
    settled_at = models.DateTimeField(null=True)
    """When its state last moved."""
    erased_at = models.DateTimeField(null=True)
    """When it was forgotten what was said."""

    class Meta:
        db_table = "messaging_message"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "cause"], name="messaging_message_once")
        ]
        indexes = [
            models.Index(fields=["business_id", "subject_id"], name="messaging_message_subject"),
            models.Index(
                fields=["business_id", "contact", "id"],
                name="messaging_message_waiting",
                condition=models.Q(state__in=["queued", "received"]),
            ),
        ]


class Leg(TenantModel):
    """A rung that a message left, or reached without needing it: how it stands on a channel that is not its present one."""

    message_id = models.UUIDField()
    """The message."""
    channel = models.TextField()
    """A word of types.Channel; a message comes to each of them once."""
    state = models.TextField()
    """How it stands there, a word of types.State; moves by rules.MOVES."""
    error_code = models.TextField(default="")
    """Why it was left, as a short word; silent where nothing was heard."""
    provider_id = SealedText(null=True)
    """The provider's id of the newest attempt there."""
    attempt_count = models.IntegerField(default=0)
    """The number of the newest attempt there; attempts are counted over all rungs."""
    live_from_attempt = models.IntegerField(default=1)
    """Statuses of attempts before this one no longer count."""
    began_at = models.DateTimeField()
    """When it was queued for that channel."""
    settled_at = models.DateTimeField(null=True)
    """When its state last moved."""

    class Meta:
        db_table = "messaging_leg"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "message_id", "channel"], name="messaging_leg_once"
            )
        ]


class Dispatch(HouseModel):
    """Whose message a provider's id belongs to: one row per attempt, and one per message that came in."""

    business_id = models.UUIDField()
    """Whose message it is, so that a status can bind it."""
    message_id = models.UUIDField()
    """The message."""
    attempt = models.IntegerField()
    """Which try, from 1; 0 for what came in."""
    provider_index = models.BinaryField(null=True, unique=True)
    """Blind index of the provider's id; none until it is known. Its uniqueness is what lets a message in only once."""
    asked_at = models.DateTimeField()
    """When the request began."""
    recorded_at = models.DateTimeField(null=True)
    """When its outcome was recorded; none while it runs or if its worker died."""
    channel = models.TextField(default="whatsapp")
    """By which channel, a word of types.Channel."""
    cost_currency = models.TextField(default="")
    """Currency of what the provider says it costs; empty where it does not say."""
    cost_millionths = models.BigIntegerField(null=True)
    """What the provider says it costs, in millionths of the currency's whole unit: text messages cost parts of a cent."""
    is_billable = models.BooleanField(null=True)
    """Whether the provider says it bills it; none where it does not say."""
    price_category = models.TextField(default="")
    """The provider's own word for what it bills: utility, service …; of a text message ours: answer, transaction …"""

    class Meta:
        db_table = "messaging_dispatch"
        constraints = [
            models.UniqueConstraint(fields=["message_id", "attempt"], name="messaging_dispatch_try")
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="messaging_dispatch_open",
                condition=models.Q(recorded_at=None),
            ),
            models.Index(
                fields=["asked_at"],
                name="messaging_dispatch_sent",
                condition=models.Q(attempt__gt=0),
            ),
        ]


class TemplateGap(HouseModel):
    """A template that the provider does not send in a language, until it does. The house's: templates are, too."""

    name = models.TextField()
    """The template's name at the provider."""
    language = models.TextField()
    """The language that is missing there, paused or refused."""
    code = models.TextField()
    """Why, as a short word: template_missing, template_paused or template_wrong."""
    told_at = models.DateTimeField()
    """When those who run the house were told last."""

    class Meta:
        db_table = "messaging_template_gap"
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="messaging_template_gap_once")
        ]


class EarlyWord(HouseModel):
    """A status that came before the answer to the request it is about. It waits until the answer names its message."""

    provider_index = models.BinaryField()
    """Blind index of the provider's id."""
    verb = models.TextField()
    """A word of rules.TOLD."""
    code = models.TextField(default="")
    """Why it failed, where it did."""
    cure = models.TextField(default="none")
    """A word of rules.Cure: what would help."""
    at = models.DateTimeField()
    """When it happened, by the provider's clock."""
    created_at = models.DateTimeField()
    """When it was read."""

    class Meta:
        db_table = "messaging_early_word"
        constraints = [
            models.UniqueConstraint(
                fields=["provider_index", "verb"], name="messaging_early_word_once"
            )
        ]


class Talk(models.Model):
    """Where the conversation with a contact stands."""

    contact = models.OneToOneField(Contact, models.PROTECT, primary_key=True, related_name="+")
    """With whom."""
    business_id = models.UUIDField(null=True)
    """The business they are talking about."""
    flow = models.TextField(null=True)
    """Name of the flow they are in; none between flows."""
    version = models.IntegerField(default=0)
    """The flow's version when they began it."""
    answers = SealedJSON(null=True)
    """What they answered so far, in order."""
    updated_at = models.DateTimeField()
    """When it last moved."""

    class Meta:
        db_table = "messaging_conversation"


class Upload(TenantModel):
    """A file that the provider holds for us for a while."""

    file_id = models.UUIDField()
    """Our file."""
    provider_id = SealedText()
    """The provider's id of it."""
    expires_at = models.DateTimeField()
    """When it must be uploaded again."""

    class Meta:
        db_table = "messaging_upload"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "file_id"], name="messaging_upload_once")
        ]


class Picture(TenantModel):
    """A picture that somebody sent about something of a business: drawn anew and kept sealed among its files, for its people
    alone."""

    contact_id = models.UUIDField()
    """Who sent it."""
    message_id = models.UUIDField()
    """The message it came with; it is the house's, as all that comes in."""
    subject_kind = models.TextField()
    """What it is about: invoice …"""
    subject_id = models.UUIDField()
    """The id of what it is about."""
    file_id = models.UUIDField(null=True)
    """The kept file; none until it was fetched, and none where that failed."""
    error_code = models.TextField(default="")
    """Why it could not be fetched or shown, as a short word."""
    created_at = models.DateTimeField()
    """When it came."""

    class Meta:
        db_table = "messaging_picture"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "message_id", "subject_id"], name="messaging_picture_once"
            )
        ]
        indexes = [
            models.Index(fields=["business_id", "subject_id"], name="messaging_picture_subject"),
            models.Index(fields=["business_id", "contact_id"], name="messaging_picture_contact"),
        ]


class Refusal(HouseModel):
    """A part of a letter that could not be read."""

    letter_id = models.UUIDField()
    """The letter, which is kept."""
    place = models.TextField()
    """Where in it: entry[0].changes[1].messages[2]."""
    reason = models.TextField()
    """What is wrong with it; never its content."""
    created_at = models.DateTimeField()
    """When it was read."""

    class Meta:
        db_table = "messaging_refusal"
        constraints = [
            models.UniqueConstraint(fields=["letter_id", "place"], name="messaging_refusal_once")
        ]
