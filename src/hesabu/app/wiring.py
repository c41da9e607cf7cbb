"""Wiring: the only place that knows everyone. Who reads which fact, which provider's letters are read by whom."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from hesabu.store import letters
from hesabu.store.wiring import wiring

ROOMS = ("identity", "messaging", "ledger", "payments", "invoicing")
_is_connected = False


def connect() -> None:
    """Declare every reader and import every room's jobs, then seal. Doing it again changes nothing."""
    global _is_connected
    if _is_connected:
        return
    _is_connected = True
    for room in ("messaging", "ledger", "payments", "invoicing"):
        importlib.import_module(f"hesabu.{room}.permissions")
    for room in ("identity", "messaging", "payments"):
        importlib.import_module(f"hesabu.{room}.notices")
    for module in (
        "hesabu.store.reading",
        "hesabu.store.resealing",
        "hesabu.store.seals",
        "hesabu.identity.jobs",
        "hesabu.messaging.jobs",
        "hesabu.payments.jobs",
        "hesabu.invoicing.jobs",
        "hesabu.doors.chat.jobs",
        "hesabu.doors.web.account.jobs",
        "hesabu.doors.web.platform.jobs",
        "hesabu.app.retention",
        "hesabu.app.closing",
        "hesabu.app.heads",
    ):
        importlib.import_module(module)
    _books()
    _messages()
    _proofs()
    _notices()
    wiring.seal(fact_types())


def _books() -> None:
    """What must never disagree: money, states, ledger. Read *now*."""
    from hesabu.identity.facts import BusinessRegistered
    from hesabu.invoicing import reactions as invoicing
    from hesabu.ledger import reactions as ledger
    from hesabu.payments.facts import (
        PaymentPlaced,
        PaymentSettled,
        PaymentUnplaced,
        PaymentWithdrawn,
    )

    wiring.now(BusinessRegistered, ledger.open_book)
    wiring.now(PaymentSettled, invoicing.allocate)
    wiring.now(PaymentPlaced, invoicing.place)
    wiring.now(PaymentUnplaced, invoicing.place_typed)
    wiring.now(PaymentWithdrawn, invoicing.give_back)


def _messages() -> None:
    """What people hear of it, and what takes a while. Read *later*."""
    from hesabu.app import taking_out
    from hesabu.doors.chat import reactions as chat
    from hesabu.identity.facts import BusinessRegistered, ExportAsked
    from hesabu.invoicing import reactions as invoicing
    from hesabu.invoicing.facts import (
        InvoiceCredited,
        InvoiceIssued,
        InvoiceOverpaid,
        InvoicePaid,
        InvoicePartPaid,
        InvoiceReopened,
        InvoiceVoided,
    )

    wiring.later(ExportAsked, taking_out.make, unbound=True)
    wiring.later(BusinessRegistered, invoicing.begin_habits)
    wiring.later(InvoiceIssued, invoicing.send_issued)
    wiring.later(InvoiceReopened, invoicing.expect_again)
    for taken_back in (InvoiceVoided, InvoiceCredited):
        wiring.later(taken_back, invoicing.recall_reminders)
    for receipt in (InvoicePaid, InvoicePartPaid, InvoiceOverpaid):
        wiring.later(receipt, invoicing.send_receipts)
    for fact, reader, is_unbound in chat.READERS:
        wiring.later(fact, reader, unbound=is_unbound)


def _proofs() -> None:
    """What people hear of their own way in. Read *later*, in the transaction in which they are told."""
    from hesabu.doors.web.account import first_proof
    from hesabu.identity.facts import FirstPinSet, FirstProofUsed

    wiring.later(FirstPinSet, first_proof.tell_pin)
    wiring.later(FirstProofUsed, first_proof.tell_used)


def _notices() -> None:
    """What the platform's own people are told of. Read *later*."""
    from hesabu.doors.web.platform import reactions as platform
    from hesabu.identity import notices

    for fact in notices.fact_types():
        wiring.later(fact, platform.note)


def fact_types() -> list[type]:
    """Every fact that a room declares."""
    found = []
    for room in ROOMS:
        module = importlib.import_module(f"hesabu.{room}.facts")
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and f"{value.__module__}.".startswith(f"{module.__name__}.")
            and bool(getattr(value, "kind", None))
        ]
    return found


def intakes() -> Mapping[str, letters.Intake]:
    """How each provider's letters are recognised, and by which settings."""
    from django.conf import settings

    from hesabu.messaging.providers.africastalking.intake import AfricasTalkingIntake
    from hesabu.messaging.providers.mail.intake import MailgunIntake
    from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360Intake
    from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake
    from hesabu.payments.providers.mpesa.intake import MpesaIntake

    config = settings.CONFIG
    addresses = [a.strip() for a in config.mpesa_callback_addresses.split(",") if a.strip()]
    return {
        "whatsapp": WhatsAppIntake(
            config.whatsapp_app_secret,
            config.whatsapp_verify_token,
            before=(config.before("whatsapp_app_secret"), config.before("whatsapp_verify_token")),
        ),
        "360dialog": Dialog360Intake(
            config.dialog360_webhook_secret, before=config.before("dialog360_webhook_secret")
        ),
        "africastalking": AfricasTalkingIntake(),
        "mailgun": MailgunIntake(
            config.mailgun_signing_key, before=config.before("mailgun_signing_key")
        ),
        "mpesa": MpesaIntake(
            addresses or (["0.0.0.0/0", "::/0"] if not config.is_production else [])
        ),
    }


def answers() -> Mapping[str, bytes]:
    """What each provider wants to hear once its letter is filed."""
    return {"mpesa": b'{"ResultCode":0,"ResultDesc":"Accepted"}'}


def drains() -> Mapping[str, Callable[[], int]]:
    """What a worker empties, by name: each takes a batch and says how many it took."""
    from hesabu.messaging import actions as messaging
    from hesabu.payments import actions as payments

    return {
        "mpesa": payments.settle_waiting,
        "whatsapp": lambda: letters.drain("whatsapp", messaging.read_letters),
        "messages": messaging.read_waiting,
    }
