"""Rows of invoicing. Composite keys, policies, and what the database refuses to change are in the migration."""

from __future__ import annotations

from django.db import models

from hesabu.store.fields import Minor, SealedJSON, SealedText
from hesabu.store.models import TenantModel


class Customer(TenantModel):
    """Somebody who is invoiced. All that identifies them is sealed."""

    name = SealedText()
    """As it stands on invoices."""
    name_index = models.BinaryField()
    """Blind index of the name, spaces and capitals folded."""
    phone = SealedText(null=True)
    """E.164."""
    phone_index = models.BinaryField(null=True)
    """Blind index of the number."""
    email = SealedText(null=True)
    """Where mail reaches them."""
    address = SealedText(null=True)
    """As it stands on invoices."""
    tax_id = SealedText(null=True)
    """Their tax number (in Kenya the KRA PIN)."""
    language = models.TextField(default="")
    """BCP 47; what they are written to in. Empty: the business's own language."""
    contact_id = models.UUIDField(null=True)
    """The contact of messaging they are reached by; a house row, so without a composite key."""
    created_at = models.DateTimeField()
    """When they were first kept."""
    erased_at = models.DateTimeField(null=True)
    """When it was forgotten who they are."""

    class Meta:
        db_table = "invoicing_customer"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "phone_index"], name="invoicing_customer_phone"
            )
        ]
        indexes = [
            models.Index(fields=["business_id", "name_index"], name="invoicing_customer_name")
        ]


class Item(TenantModel):
    """Something sold again and again. Its name is the business's own, so it is not sealed."""

    name = models.TextField()
    """As it stands on invoices."""
    name_key = models.TextField()
    """The name, spaces and capitals folded; one item per name."""
    unit_price_minor = Minor()
    """The usual price of one, in minor units."""
    currency = models.TextField()
    """ISO 4217."""
    tax_code = models.TextField(null=True)
    """standard, zero, exempt; none given: the country's usual one."""
    is_offered = models.BooleanField(default=True)
    """Whether it is still suggested."""

    class Meta:
        db_table = "invoicing_item"
        constraints = [
            models.UniqueConstraint(fields=["business_id", "name_key"], name="invoicing_item_name")
        ]


class Series(TenantModel):
    """A series of numbers without gaps. Taken from under the book's lock."""

    document_kind = models.TextField()
    """invoice or credit_note."""
    prefix = models.TextField()
    """What stands before the figures: INV, CN."""
    last_value = models.BigIntegerField(default=0)
    """The number that was taken last."""

    class Meta:
        db_table = "invoicing_series"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "document_kind"], name="invoicing_series_kind"
            ),
            models.UniqueConstraint(
                fields=["business_id", "prefix"], name="invoicing_series_prefix"
            ),
        ]


class Invoice(TenantModel):
    """A draft, or an issued invoice, of which only state, paid and credited may change."""

    customer_id = models.UUIDField()
    """Who owes it."""
    state = models.TextField(default="draft")
    """See MOVES."""
    version = models.IntegerField(default=1)
    """Counts the changes of the draft; buttons carry it."""
    currency = models.TextField()
    """ISO 4217."""
    tax_mode = models.TextField()
    """exclusive, inclusive or none."""
    discount_given_minor = Minor(null=True)
    """The discount, where it was given as an amount, in minor units."""
    discount_given_bps = models.IntegerField(null=True)
    """The discount, where it was given as a share, in basis points."""
    deposit_given_minor = Minor(null=True)
    """The deposit, where it was given as an amount, in minor units."""
    deposit_given_bps = models.IntegerField(null=True)
    """The deposit, where it was given as a share of the total, in basis points."""
    deposit_minor = Minor(default=0, db_default=0)
    """What is asked for first, in minor units; nothing where no deposit was agreed, and always below the total."""
    note = SealedText(null=True)
    """What the merchant adds below the lines, where they do."""
    discount_minor = Minor()
    """What is taken off the whole, in minor units."""
    net_minor = Minor()
    """The total without tax, in minor units."""
    tax_minor = Minor()
    """The tax, in minor units."""
    total_minor = Minor()
    """What is demanded, in minor units."""
    paid_minor = Minor(default=0)
    """What of it money or credit has paid, in minor units; never more than the total."""
    credited_minor = Minor(default=0)
    """What of it credit notes took back, in minor units; never more than the total."""
    due_on = models.DateField(null=True)
    """When it is to be paid; a draft without it is due on the day it is issued."""
    number = models.TextField(null=True)
    """INV-0007; taken when issued."""
    number_value = models.BigIntegerField(null=True)
    """The figures of the number."""
    issued_on = models.DateField(null=True)
    """The day of issue where the business is: the tax point."""
    issued_at = models.DateTimeField(null=True)
    """The instant of issue."""
    entry_id = models.UUIDField(null=True)
    """The journal entry that booked it."""
    void_reason = SealedText(null=True)
    """Why it was voided, in the merchant's words."""
    created_at = models.DateTimeField()
    """When the draft was begun."""
    replaces_id = models.UUIDField(null=True)
    """The issued invoice whose place this one takes: it is credited when this one is issued."""

    class Meta:
        db_table = "invoicing_invoice"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "number_value"], name="invoicing_invoice_number"
            ),
            models.CheckConstraint(
                condition=models.Q(total_minor__gt=0)
                & models.Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="invoicing_invoice_total",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_minor__gte=0, paid_minor__lte=models.F("total_minor"))
                & models.Q(credited_minor__gte=0, credited_minor__lte=models.F("total_minor")),
                name="invoicing_invoice_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(deposit_minor__gte=0, deposit_minor__lt=models.F("total_minor")),
                name="invoicing_invoice_deposit",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["draft", "issued", "part_paid", "paid", "void", "credited"]
                ),
                name="invoicing_invoice_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "void"])
                | models.Q(
                    number__isnull=False,
                    number_value__isnull=False,
                    issued_on__isnull=False,
                    issued_at__isnull=False,
                    due_on__isnull=False,
                    entry_id__isnull=False,
                ),
                name="invoicing_invoice_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["business_id", "customer_id"], name="invoicing_invoice_customer"),
            models.Index(fields=["business_id", "issued_on"], name="invoicing_invoice_day"),
            models.Index(
                fields=["business_id", "due_on"],
                name="invoicing_invoice_open",
                condition=models.Q(state__in=["issued", "part_paid"]),
            ),
        ]


class Line(TenantModel):
    """One thing sold, as it was reckoned. Frozen with its invoice."""

    invoice_id = models.UUIDField()
    """The invoice it stands on."""
    position = models.SmallIntegerField()
    """Its place, from 0."""
    description = SealedText()
    """What it is for, in the merchant's words."""
    quantity = models.DecimalField(max_digits=16, decimal_places=6)
    """How many."""
    unit_price_minor = Minor()
    """The price of one as typed, in minor units."""
    tax_code = models.TextField()
    """standard, zero, exempt or none."""
    tax_rate_bps = models.IntegerField()
    """The rate on the tax point, in basis points."""
    amount_minor = Minor()
    """Quantity times price, before discount, in minor units."""
    discount_minor = Minor()
    """Its part of the discount, in minor units."""
    net_minor = Minor()
    """Without tax, in minor units."""
    tax_minor = Minor()
    """The tax, in minor units."""
    gross_minor = Minor()
    """With tax, in minor units."""

    class Meta:
        db_table = "invoicing_line"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "invoice_id", "position"], name="invoicing_line_place"
            ),
            models.CheckConstraint(
                condition=models.Q(gross_minor=models.F("net_minor") + models.F("tax_minor")),
                name="invoicing_line_gross",
            ),
        ]


class CreditNote(TenantModel):
    """What was taken back of an issued invoice. Append-only."""

    invoice_id = models.UUIDField()
    """The invoice it takes back from."""
    number = models.TextField()
    """CN-0002."""
    number_value = models.BigIntegerField()
    """The figures of the number."""
    reason = SealedText()
    """Why, in the merchant's words."""
    issued_on = models.DateField()
    """The day of issue where the business is."""
    issued_at = models.DateTimeField()
    """The instant of issue."""
    currency = models.TextField()
    """ISO 4217."""
    net_minor = Minor()
    """Without tax, in minor units."""
    tax_minor = Minor()
    """The tax, in minor units."""
    total_minor = Minor()
    """What is taken back, in minor units."""
    to_owed_minor = Minor()
    """What of it lowered what was owed, in minor units."""
    to_credit_minor = Minor()
    """What of it became the customer's credit, because it had been paid, in minor units."""
    entry_id = models.UUIDField()
    """The journal entry that booked it."""

    class Meta:
        db_table = "invoicing_credit_note"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "number_value"], name="invoicing_credit_note_number"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("net_minor") + models.F("tax_minor"), total_minor__gt=0
                )
                & models.Q(total_minor=models.F("to_owed_minor") + models.F("to_credit_minor")),
                name="invoicing_credit_note_total",
            ),
        ]
        indexes = [
            models.Index(fields=["business_id", "invoice_id"], name="invoicing_credit_note_of")
        ]


class CreditLine(TenantModel):
    """What a credit note takes back of one line. Append-only."""

    credit_note_id = models.UUIDField()
    """The credit note."""
    line_id = models.UUIDField()
    """The line of the invoice."""
    net_minor = Minor()
    """Without tax, in minor units."""
    tax_minor = Minor()
    """The tax, in minor units."""

    class Meta:
        db_table = "invoicing_credit_line"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "credit_note_id", "line_id"],
                name="invoicing_credit_line_once",
            )
        ]
        indexes = [models.Index(fields=["business_id", "line_id"], name="invoicing_credit_line_of")]


class Paper(TenantModel):
    """The snapshot of an issued document: all that its paper says. Append-only."""

    document_kind = models.TextField()
    """invoice or credit_note."""
    document_id = models.UUIDField()
    """The invoice or credit note."""
    snapshot = SealedJSON()
    """Version 1, see `snapshot.py`."""

    class Meta:
        db_table = "invoicing_paper"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "document_id"], name="invoicing_paper_once"
            )
        ]


class Print(TenantModel):
    """A PDF that was made of a paper and kept, so that it is made once."""

    document_id = models.UUIDField()
    """The invoice or credit note."""
    file_id = models.UUIDField()
    """The kept file."""

    class Meta:
        db_table = "invoicing_print"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "document_id"], name="invoicing_print_once"
            )
        ]


class Allocation(TenantModel):
    """Where money went: to an invoice, or to its customer's credit. Append-only.

    A customer's credit is the sum of their rows without an invoice; using it takes away there and adds to an invoice.
    """

    payment_id = models.UUIDField(null=True)
    """The payment that brought it; none where credit was made by a credit note or used."""
    credit_note_id = models.UUIDField(null=True)
    """The credit note that made it credit."""
    invoice_id = models.UUIDField(null=True)
    """The invoice it paid; none for the customer's credit."""
    customer_id = models.UUIDField()
    """Whose money it is."""
    amount_minor = Minor()
    """In minor units; below zero only where credit was used, or money taken back."""
    currency = models.TextField()
    """ISO 4217."""
    allocated_at = models.DateTimeField()
    """When."""
    takes_back_id = models.UUIDField(null=True)
    """The row that this one takes back, because its money never came."""

    class Meta:
        db_table = "invoicing_allocation"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "invoice_id", "payment_id"],
                name="invoicing_allocation_paid",
                condition=models.Q(invoice_id__isnull=False, takes_back_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["business_id", "customer_id", "payment_id"],
                name="invoicing_allocation_credit",
                condition=models.Q(invoice_id__isnull=True, takes_back_id__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0)
                | models.Q(amount_minor__lt=0, invoice_id__isnull=True, payment_id__isnull=True)
                | models.Q(
                    amount_minor__lt=0, payment_id__isnull=False, takes_back_id__isnull=False
                ),
                name="invoicing_allocation_moves_something",
            ),
            models.UniqueConstraint(
                fields=["business_id", "takes_back_id"],
                name="invoicing_allocation_taken_back_once",
                condition=models.Q(takes_back_id__isnull=False),
            ),
        ]


from hesabu.invoicing.reminders.models import Habit, Promise, Reminder, Turn  # noqa: E402

__all__ = [
    "Allocation",
    "CreditLine",
    "CreditNote",
    "Customer",
    "Habit",
    "Invoice",
    "Item",
    "Line",
    "Paper",
    "Print",
    "Promise",
    "Reminder",
    "Series",
    "Turn",
]
