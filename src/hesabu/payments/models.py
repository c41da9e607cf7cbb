"""Rows of payments. Composite keys, policies and grants are in the migration."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import Minor, SealedJSON, SealedText
from hesabu.store.models import HouseModel, TenantModel


class PaymentAccount(TenantModel):
    """A till, paybill, telephone number or bank account of the business, where its money arrives. Hesabu holds none."""

    provider = models.TextField()
    """Who can be asked about it: mpesa or manual."""
    kind = models.TextField()
    """stk_paybill, stk_till, till, paybill, phone, bank or cash."""
    label = models.TextField()
    """What people call it."""
    number = SealedText()
    """The till, paybill, telephone or account number that customers pay to."""
    number_index = models.BinaryField()
    """Blind index of the number."""
    account_reference = models.TextField(null=True)
    """What a payer types as account, where it is always the same."""
    credentials = SealedJSON(null=True)
    """The provider's keys, sealed: consumer_key, consumer_secret, passkey, shortcode …"""
    ledger_role = models.TextField()
    """The account of the book that its money is booked on."""
    endpoint_id = models.UUIDField(null=True)
    """Where the provider's letters about it come in."""
    is_active = models.BooleanField(default=True)
    """Whether it is still offered; late money for a closed one is booked all the same."""
    thaws_at = models.DateTimeField(null=True)
    """From when on it is offered, where it came in place of others: until then it can be stopped. None: at once."""
    closes_at = models.DateTimeField(null=True)
    """From when on it is no longer offered, where somebody closed it: until then that can be stopped. None: not closed."""
    next_credentials = SealedJSON(null=True)
    """New keys that take the place of `credentials`, sealed; none where none are coming or came since it was added."""
    rekeys_at = models.DateTimeField(null=True)
    """From when on `next_credentials` are the ones that are used: until then they can be stopped."""
    created_at = models.DateTimeField()
    """When it was added."""

    class Meta:
        db_table = "payments_account"


class Collection(TenantModel):
    """One request for money that was, or is about to be, put to a payer."""

    account_id = models.UUIDField()
    """The account that the money is to arrive on."""
    purpose_kind = models.TextField()
    """What it is for: invoice …"""
    purpose_id = models.UUIDField()
    """The id of what it is for."""
    amount_minor = Minor()
    """What is asked for, in minor units."""
    currency = models.TextField()
    """ISO 4217."""
    reference = models.TextField()
    """What the payer reads on the phone."""
    payer_phone = SealedText()
    """Who is asked, E.164."""
    payer_index = models.BinaryField()
    """Blind index of the number."""
    state = models.TextField(default="prepared")
    """See COLLECTION_MOVES."""
    key = models.TextField()
    """The caller's idempotency key."""
    callback_ref_hash = models.BinaryField()
    """SHA-256 of the unguessable end of the callback's path."""
    provider_ref = models.TextField(null=True)
    """The provider's id of the request: CheckoutRequestID."""
    merchant_request_id = models.TextField(null=True)
    """The provider's other id of it."""
    result_code = models.TextField(null=True)
    """What the provider said became of it."""
    asked_at = models.DateTimeField(null=True)
    """When the provider was asked."""
    next_ask_at = models.DateTimeField(null=True)
    """When to ask what became of it; none when there is nothing to ask."""
    ask_count = models.IntegerField(default=0)
    """How often that was asked."""
    created_at = models.DateTimeField()
    """When it was prepared."""
    updated_at = models.DateTimeField()
    """When its state changed last."""

    class Meta:
        db_table = "payments_collection"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "key"], name="payments_collection_key"),
            models.UniqueConstraint(
                fields=["account_id", "provider_ref"], name="payments_collection_ref"
            ),
            models.UniqueConstraint(
                fields=["account_id", "callback_ref_hash"], name="payments_collection_callback"
            ),
        ]
        indexes = [
            models.Index(fields=["business_id", "purpose_id"], name="payments_collection_purpose"),
            models.Index(
                fields=["next_ask_at"],
                name="payments_collection_due",
                condition=models.Q(next_ask_at__isnull=False),
            ),
        ]


class PaymentRow(TenantModel):
    """Money that came, once."""

    account_id = models.UUIDField()
    """The account it arrived on."""
    receipt = models.TextField()
    """The provider's receipt; ours, with a colon in it, where the provider gave none."""
    method = models.TextField()
    """How it came."""
    amount_minor = Minor()
    """What came, in minor units."""
    currency = models.TextField()
    """ISO 4217."""
    received_at = models.DateTimeField()
    """When it was sent, as the provider says, or when we heard."""
    booked_on = models.DateField()
    """The value date."""
    collection_id = models.UUIDField(null=True)
    """The request it answers, where there was one."""
    purpose_kind = models.TextField(null=True)
    """What it is for, where that is known."""
    purpose_id = models.UUIDField(null=True)
    """The id of what it is for."""
    payer_name = SealedText(null=True)
    """Who sent it, as the provider says."""
    payer_index = models.BinaryField(null=True)
    """Blind index of the sender's number, where it is told in full."""
    reference = SealedText(null=True)
    """What the sender typed as account, where they did."""
    state = models.TextField(default="settled")
    """See PAYMENT_MOVES."""
    letter_id = models.UUIDField(null=True)
    """The letter that told of it, or that confirmed what the merchant had said."""
    withdrawn_reason = SealedText(null=True)
    """Why it was taken back, in the merchant's words."""
    withdrawn_at = models.DateTimeField(null=True)
    """When it was taken back."""

    class Meta:
        db_table = "payments_payment"
        constraints = [
            models.UniqueConstraint(fields=["account_id", "receipt"], name="payments_payment_once"),
            models.UniqueConstraint(
                fields=["business_id", "receipt"], name="payments_payment_receipt"
            ),
        ]
        indexes = [
            models.Index(fields=["business_id", "purpose_id"], name="payments_payment_purpose"),
            models.Index(fields=["business_id", "booked_on"], name="payments_payment_day"),
            models.Index(
                fields=["business_id", "id"],
                name="payments_payment_unplaced",
                condition=models.Q(state="unplaced"),
            ),
        ]


class Claim(TenantModel):
    """A customer's word that they paid."""

    purpose_kind = models.TextField()
    """What they say they paid."""
    purpose_id = models.UUIDField()
    """The id of what they say they paid."""
    code = models.TextField(null=True)
    """The M-PESA code they gave."""
    amount_minor = Minor(null=True)
    """How much, where they said so, in minor units."""
    currency = models.TextField()
    """ISO 4217."""
    contact_id = models.UUIDField(null=True)
    """Who said it, where they are known."""
    state = models.TextField(default="made")
    """See CLAIM_MOVES."""
    said = SealedText()
    """Their words."""
    payment_id = models.UUIDField(null=True)
    """The payment it was found to be."""
    created_at = models.DateTimeField()
    """When they said it."""
    decided_at = models.DateTimeField(null=True)
    """When the merchant answered."""

    class Meta:
        db_table = "payments_claim"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "code"],
                name="payments_claim_code",
                condition=models.Q(state__in=["made", "confirmed"]) & models.Q(code__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["business_id", "purpose_id"], name="payments_claim_purpose")
        ]


class Listening(TenantModel):
    """How the business hears of money that came to an account by hand: where the provider brings tidings, and its list, asked for
    every hour in case one was lost. A row for each account that was ever registered."""

    account_id = models.UUIDField()
    """The account."""
    registered_at = models.DateTimeField(null=True)
    """When the provider took our addresses; none where it did not, or had somebody's already."""
    refused_code = models.TextField(default="")
    """Why it did not, the last time: its code, or one of ours. Empty where it did."""
    list_opened_at = models.DateTimeField(null=True)
    """When the provider opened its list to us."""
    list_refused_code = models.TextField(default="")
    """Why it did not, or did not show it, the last time. Empty where it did."""
    window_from = models.DateTimeField(null=True)
    """Since when the list is being read now; none between two readings."""
    window_to = models.DateTimeField(null=True)
    """Until when."""
    rows_read = models.IntegerField(default=0)
    """How many rows of the window were read and filed: where to go on after a kill."""
    listed_until = models.DateTimeField(null=True)
    """Until when every row was read at the last complete reading."""
    next_list_at = models.DateTimeField(null=True)
    """When the list is read next; none where it is not open to us."""
    missed_from = models.DateTimeField(null=True)
    """Since when money may be missing, where nobody could read for longer than the list reaches back."""
    missed_until = models.DateTimeField(null=True)
    """Until when."""

    class Meta:
        db_table = "payments_listening"
        constraints = [
            models.UniqueConstraint(fields=["account_id"], name="payments_listening_once")
        ]
        indexes = [
            models.Index(
                fields=["next_list_at"],
                name="payments_listening_due",
                condition=models.Q(next_list_at__isnull=False),
            )
        ]


class Twin(TenantModel):
    """Money that a prompt brought, and as much that the merchant had counted by their word before: is it the same?"""

    payment_id = models.UUIDField()
    """What the prompt brought; it lies in suspense until the merchant says."""
    by_word_id = models.UUIDField()
    """What was counted by the merchant's word."""
    purpose_kind = models.TextField()
    """What both are for."""
    purpose_id = models.UUIDField()
    """The id of that."""
    state = models.TextField(default="asked")
    """See TWIN_MOVES."""
    asked_at = models.DateTimeField()
    """When it came."""
    decided_at = models.DateTimeField(null=True)
    """When the merchant said."""

    class Meta:
        db_table = "payments_twin"
        constraints = [
            models.UniqueConstraint(fields=["payment_id"], name="payments_twin_once"),
            models.UniqueConstraint(
                fields=["by_word_id"],
                name="payments_twin_open",
                condition=models.Q(state="asked"),
            ),
        ]


class ProviderToken(HouseModel):
    """A provider's access token, shared by all processes: each new one ends the one before."""

    credentials_hash = models.BinaryField(unique=True)
    """Which credentials it was given for, as a blind index."""
    token = SealedText(null=True)
    """The token, sealed."""
    expires_at = models.DateTimeField(null=True)
    """When it ends."""

    class Meta:
        db_table = "payments_token"
