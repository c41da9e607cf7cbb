"""Rows of reminders. They share invoicing's label and migrations."""

from __future__ import annotations

from django.db import models

from hesabu.store.models import HouseModel, TenantModel


class Promise(TenantModel):
    """A customer's word on when they pay an invoice."""

    invoice_id = models.UUIDField()
    """What they will pay."""
    on_day = models.DateField()
    """The day they named; broken on the day after it."""
    contact_id = models.UUIDField(null=True)
    """The contact of messaging who said so; none where the merchant passed it on."""
    state = models.TextField(default="standing")
    """See MOVES in this room's rules."""
    made_at = models.DateTimeField()
    """When it was said."""
    ended_at = models.DateTimeField(null=True)
    """When it stopped standing."""

    class Meta:
        app_label = "invoicing"
        db_table = "invoicing_promise"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "invoice_id"],
                name="invoicing_promise_standing",
                condition=models.Q(state="standing"),
            ),
            models.CheckConstraint(
                condition=models.Q(state="standing", ended_at__isnull=True)
                | models.Q(
                    state__in=["kept", "broken", "forgotten", "replaced"], ended_at__isnull=False
                ),
                name="invoicing_promise_ended",
            ),
        ]


class Reminder(TenantModel):
    """That a customer was reminded of an invoice, or would have been had they an address. Append-only."""

    invoice_id = models.UUIDField()
    """Of what."""
    customer_id = models.UUIDField()
    """Whom."""
    reason = models.TextField()
    """step, promise or hand."""
    step_days = models.IntegerField(null=True)
    """The step, in days from the due day; none for the others."""
    promise_id = models.UUIDField(null=True)
    """The promise that was broken; none for the others."""
    on_day = models.DateField()
    """The day it was where the customer is."""
    message_id = models.UUIDField(null=True)
    """The message; none where they had no address and the merchant was told instead."""
    reminded_at = models.DateTimeField()
    """The instant."""

    class Meta:
        app_label = "invoicing"
        db_table = "invoicing_reminder"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "invoice_id", "step_days"],
                name="invoicing_reminder_step",
                condition=models.Q(reason="step"),
            ),
            models.UniqueConstraint(
                fields=["business_id", "promise_id"],
                name="invoicing_reminder_promise",
                condition=models.Q(reason="promise"),
            ),
            models.UniqueConstraint(
                fields=["business_id", "invoice_id", "on_day"],
                name="invoicing_reminder_hand",
                condition=models.Q(reason="hand"),
            ),
            models.CheckConstraint(
                condition=models.Q(reason="step", step_days__isnull=False, promise_id__isnull=True)
                | models.Q(reason="promise", step_days__isnull=True, promise_id__isnull=False)
                | models.Q(reason="hand", step_days__isnull=True, promise_id__isnull=True),
                name="invoicing_reminder_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["business_id", "customer_id", "on_day"], name="invoicing_reminder_customer"
            )
        ]


class Habit(TenantModel):
    """Something the clerk does by itself, where it is set otherwise than usual."""

    name = models.TextField()
    """A word of the table of habits in this room's rules."""
    customer_id = models.UUIDField(null=True)
    """For whom alone; none for the whole business."""
    is_on = models.BooleanField()
    """Whether it is done at all."""
    value = models.TextField()
    """How it is set, in the way of its kind; empty for a switch."""
    kept_at = models.DateTimeField()
    """When it was set so."""

    class Meta:
        app_label = "invoicing"
        db_table = "invoicing_habit"
        constraints = [
            models.UniqueConstraint(
                fields=["business_id", "name"],
                name="invoicing_habit_business",
                condition=models.Q(customer_id__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["business_id", "name", "customer_id"],
                name="invoicing_habit_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
        ]


class Turn(HouseModel):
    """When somebody should next be looked at. It belongs to the house, because whoever looks does not know yet at whom; it
    carries ids and an instant, nothing else."""

    kind = models.TextField()
    """customer, or the name of a habit that has an hour."""
    business_id = models.UUIDField()
    """The business to bind."""
    subject_id = models.UUIDField()
    """The customer, or the business itself."""
    next_at = models.DateTimeField()
    """From when on."""

    class Meta:
        app_label = "invoicing"
        db_table = "invoicing_turn"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "business_id", "subject_id"], name="invoicing_turn_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "next_at"], name="invoicing_turn_next")]
