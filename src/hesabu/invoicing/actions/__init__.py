"""Invoicing's acts: each one verb, each inside the binding of one business."""

from hesabu.invoicing.actions.allocate import allocate, place
from hesabu.invoicing.actions.apply_credit import apply_credit
from hesabu.invoicing.actions.ask_way import ask_way
from hesabu.invoicing.actions.credit import credit
from hesabu.invoicing.actions.customers import change_customer, keep_customer
from hesabu.invoicing.actions.draft import change_draft, discard, draft, reprice
from hesabu.invoicing.actions.erase import erase_customer, erase_expired
from hesabu.invoicing.actions.export import ask_customer_export
from hesabu.invoicing.actions.give_back import give_back
from hesabu.invoicing.actions.issue import issue
from hesabu.invoicing.actions.items import drop_item, keep_item
from hesabu.invoicing.actions.papers import keep_pdf
from hesabu.invoicing.actions.place_typed import place_typed
from hesabu.invoicing.actions.send import resend, resend_receipt, send_invoice, send_receipt
from hesabu.invoicing.actions.void import void
from hesabu.invoicing.reminders.actions.habits import keep_habit
from hesabu.invoicing.reminders.actions.promises import forget_promise, keep_promises, promise
from hesabu.invoicing.reminders.actions.remind import recall_reminders, remind, take_turn_of
from hesabu.invoicing.reminders.actions.turns import begin_habits, expect, take_turn

__all__ = [
    "allocate",
    "apply_credit",
    "ask_customer_export",
    "ask_way",
    "begin_habits",
    "change_customer",
    "change_draft",
    "credit",
    "discard",
    "draft",
    "drop_item",
    "erase_customer",
    "erase_expired",
    "expect",
    "forget_promise",
    "give_back",
    "issue",
    "keep_customer",
    "keep_habit",
    "keep_item",
    "keep_pdf",
    "keep_promises",
    "place",
    "place_typed",
    "promise",
    "recall_reminders",
    "remind",
    "reprice",
    "resend",
    "resend_receipt",
    "send_invoice",
    "send_receipt",
    "take_turn",
    "take_turn_of",
    "void",
]
