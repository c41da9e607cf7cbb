"""Invoicing's acts: each one verb, each inside the binding of one business."""

from hesabu.invoicing.actions.allocate import allocate, place
from hesabu.invoicing.actions.apply_credit import apply_credit
from hesabu.invoicing.actions.credit import credit
from hesabu.invoicing.actions.customers import change_customer, keep_customer
from hesabu.invoicing.actions.draft import change_draft, discard, draft, reprice
from hesabu.invoicing.actions.give_back import give_back
from hesabu.invoicing.actions.issue import issue
from hesabu.invoicing.actions.items import drop_item, keep_item
from hesabu.invoicing.actions.papers import keep_pdf
from hesabu.invoicing.actions.send import send_invoice, send_receipt
from hesabu.invoicing.actions.void import void

__all__ = [
    "allocate",
    "apply_credit",
    "change_customer",
    "change_draft",
    "credit",
    "discard",
    "draft",
    "drop_item",
    "give_back",
    "issue",
    "keep_customer",
    "keep_item",
    "keep_pdf",
    "place",
    "reprice",
    "send_invoice",
    "send_receipt",
    "void",
]
