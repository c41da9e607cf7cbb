"""Kamau Designs and those it deals with, in words that a story needs: invoices, prompts, letters from Safaricom, the books."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from hesabu.app import verify, wiring
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import DraftInput, InvoiceView, LineInput
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import queries as ledger
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.providers.mpesa.intake import SAFARICOM, MpesaIntake
from hesabu.payments.providers.mpesa.passwords import timestamp
from hesabu.payments.providers.port import Accepted, Answer
from hesabu.payments.types import Charge, CollectionView, Confirmation, PaymentView, Purpose
from hesabu.store import letters, tenancy
from hesabu.store.ingress import Ingress

KEYS = {"consumer_key": "key", "consumer_secret": "secret", "passkey": "passkey"}
JANE = "+254712345678"
PAYBILL = "174379"


def kes(amount: str) -> Money:
    return Money.parse(amount, "KES")


@dataclass(frozen=True)
class Request:
    """A prompt that Safaricom took: its id with us, its id with them, and the way that its answer comes."""

    id: UUID
    checkout: str
    path: str


@dataclass(frozen=True)
class Kamau:
    """The business. Every method binds it by itself and commits, as a tap, a page or a letter does."""

    id: UUID
    token: str

    # --- what Kamau does

    def invoices(self, name: str, price: str, **changes: Any) -> InvoiceView:
        with tenancy.bound(self.id):
            customer_id = invoicing.keep_customer(name)
            line = LineInput("logo design", Decimal(1), kes(price))
            return invoicing.issue(*invoicing.draft(DraftInput(customer_id, [line], **changes)))

    def does(self, act: Any, *args: Any, **named: Any) -> Any:
        """Any act of a room, for what has no word of its own here."""
        with tenancy.bound(self.id):
            return act(*args, **named)

    def confirms(self, claim_id: UUID, amount: str | None = None) -> Confirmation:
        return self.does(payments.confirm, claim_id, kes(amount) if amount else None)

    def takes_cash(self, bill: InvoiceView, amount: str) -> PaymentView:
        return self.does(payments.record, self.purpose(bill), kes(amount), "cash")

    def places(self, payment: PaymentView, bill: InvoiceView) -> PaymentView:
        return self.does(payments.place, payment.id, self.purpose(bill))

    def prompts(self, bill: InvoiceView, amount: str) -> Request:
        """Asks Jane's phone, and Safaricom takes the request."""
        charge = Charge(self.purpose(bill), kes(amount), bill.number or "")
        view: CollectionView = self.does(payments.collect, charge, JANE, str(ids.new_id()))
        asking = self.does(payments.begin_asking, view.id)
        request = Request(view.id, f"ws_CO_{view.id.hex}", asking.ask.callback_url.split("/")[-1])
        self.does(payments.record_outcome, view.id, Accepted(request.checkout, "29115-1"))
        return request

    def asks_what_became_of(self, request: Request, answer: Answer) -> None:
        """The janitor's turn, and what Safaricom answers."""
        question = self.does(payments.begin_asking_again, request.id)
        assert question is not None, "it is not its turn"
        assert question.provider_ref == request.checkout
        self.does(payments.record_answer, request.id, answer)

    # --- what Jane and Safaricom say

    def hears_claim(self, bill: InvoiceView, said: str, amount: str | None = None) -> UUID:
        found: UUID = self.does(
            payments.claim, self.purpose(bill), amount=kes(amount) if amount else None, said=said
        )
        return found

    def hears_of(self, request: Request, receipt: str, amount: int, **changes: Any) -> str:
        """Safaricom calls back: it is paid."""
        items = [
            {"Name": "Amount", "Value": amount},
            {"Name": "MpesaReceiptNumber", "Value": receipt},
            {"Name": "TransactionDate", "Value": int(timestamp(changes.pop("at", clock.now())))},
            {"Name": "PhoneNumber", "Value": int(JANE[1:])},
        ]
        said = {"ResultCode": 0, "CallbackMetadata": {"Item": items}}
        return self.called_back(request, said, **changes)

    def hears_no(self, request: Request, code: int) -> str:
        """Safaricom calls back: it is not paid."""
        return self.called_back(request, {"ResultCode": code})

    def called_back(self, request: Request, said: dict[str, Any], **changes: Any) -> str:
        body = {"CheckoutRequestID": request.checkout, "MerchantRequestID": "29115-1", **said}
        return self.gets({"Body": {"stkCallback": body}}, path=request.path, **changes)

    def is_sent_by_hand(self, receipt: str, amount: str, typed: str = "", **changes: Any) -> str:
        """Safaricom confirms money that was sent to the paybill."""
        body = {
            "TransactionType": "Pay Bill",
            "TransID": receipt,
            "TransTime": timestamp(changes.pop("at", clock.now())),
            "TransAmount": amount,
            "BusinessShortCode": PAYBILL,
            "BillRefNumber": typed,
            "MSISDN": "2547 ***** 678",
            "FirstName": "JANE",
        }
        return self.gets(body, **changes)

    def gets(self, body: object, *, path: str = "", sender: str = SAFARICOM[0]) -> str:
        """A letter comes to the door, is filed, answered and read. What became of it."""
        sent = json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/{self.token}/{path}",
            "CONTENT_LENGTH": str(len(sent)),
            "REMOTE_ADDR": sender,
            "wsgi.input": io.BytesIO(sent),
        }
        said: list[str] = []
        ingress = Ingress(
            settings.APP_URL, {"mpesa": MpesaIntake(SAFARICOM)}, wiring.answers(), pool_size=1
        )
        try:
            list(ingress(environ, lambda status, headers: said.append(status)))
        finally:
            ingress.close()
        assert said == ["200 OK"]
        while payments.settle_waiting():
            pass
        return self._last_letter()

    def _last_letter(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT state FROM store_letter WHERE business_id = %s ORDER BY id DESC LIMIT 1",
                (self.id,),
            )
            return str(cursor.fetchone()[0])

    # --- how things stand

    def bill(self, bill: InvoiceView) -> InvoiceView:
        found: InvoiceView = self.does(invoices.invoice, bill.id)
        return found

    def state(self, request: Request) -> str:
        return str(self.does(collected.collection, request.id).state)

    def unplaced(self) -> list[PaymentView]:
        found: list[PaymentView] = self.does(collected.unplaced)
        return found

    def money_for(self, bill: InvoiceView) -> list[tuple[str | None, str]]:
        """(receipt, amount) of all that came for a bill."""
        found = self.does(collected.payments_for, self.purpose(bill))
        return [(one.receipt, str(one.amount.decimal)) for one in found]

    def credit_of(self, bill: InvoiceView) -> Money:
        found: Money = self.does(invoices.credit_of, bill.customer_id)
        return found

    def books(self) -> dict[str, int]:
        """Whole shillings by account, debits positive; accounts that hold nothing are left out. The books are sound."""
        assert verify.verify_one(self.id).faults == []
        held = self.does(ledger.balances)
        assert all(one.balance_minor % 100 == 0 for one in held)
        return {one.role: one.balance_minor // 100 for one in held if one.balance_minor}

    @staticmethod
    def purpose(bill: InvoiceView) -> Purpose:
        return Purpose("invoice", bill.id)


def open_shop(business_id: UUID) -> Kamau:
    """With a paybill that prompts and whose confirmations come in."""
    with tenancy.bound(business_id):
        account_id = payments.add_account("stk_paybill", PAYBILL, credentials=KEYS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT endpoint_id FROM payments_account WHERE id = %s", (account_id,))
            return Kamau(business_id, letters.token_of(cursor.fetchone()[0]))


def later(moment: datetime, **how_much: int) -> datetime:
    return moment + timedelta(**how_much)
