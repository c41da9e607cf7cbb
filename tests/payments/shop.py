"""A business that can be paid, and Safaricom's letters brought to its door."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

import hesabu.payments.jobs  # noqa: F401  (declares the tasks that the acts defer)
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.payments import actions
from hesabu.payments.actions.collectors import collector
from hesabu.payments.models import Collection, PaymentAccount
from hesabu.payments.providers.mpesa.passwords import timestamp
from hesabu.payments.types import Charge, CollectionView, Purpose
from hesabu.store import facts, letters, tenancy

KEYS = {"consumer_key": "key", "consumer_secret": "secret", "passkey": "passkey"}
JANE = "+254708374149"
PAYBILL = "174379"


def kes(text: str) -> Money:
    return Money.parse(text, "KES")


def purpose() -> Purpose:
    return Purpose("test", ids.new_id())


@dataclass(frozen=True)
class Shop:
    """A business with a paybill that can prompt."""

    id: UUID
    account_id: UUID

    def collect(
        self,
        wanted: Purpose,
        amount: str = "1500",
        *,
        key: str | None = None,
        phone: str = JANE,
    ) -> CollectionView:
        charge = Charge(wanted, kes(amount), "INV-0007")
        with tenancy.bound(self.id):
            return actions.collect(charge, phone, key or str(ids.new_id()))

    def callback_ref(self, collection_id: UUID) -> str:
        with tenancy.bound(self.id):
            account = PaymentAccount.objects.get(id=self.account_id)
            token = letters.token_of(account.endpoint_id)
        return collector("mpesa").callback_url(token, collection_id)[1]

    def bring(self, body: bytes, ref: str = "", *, is_vouched: bool = True) -> UUID:
        """File a letter and settle it. Its id."""
        with tenancy.bound(self.id):
            account = PaymentAccount.objects.get(id=self.account_id)
        endpoint = letters.OpenEndpoint(
            account.endpoint_id, "mpesa", self.id, self.account_id, None, None
        )
        request = letters.HookRequest("POST", {}, "", body, "196.201.214.200", ref)
        values = letters.filing(endpoint, request, letters.Verdict(is_vouched))
        with tenancy.house(), connection.cursor() as cursor:
            cursor.execute(letters.FILE, values)
        letter_id = values[0]
        assert isinstance(letter_id, UUID)
        actions.settle_one(letter_id, self.id)
        return letter_id

    def called_back(
        self, collection_id: UUID, ref: str, *, code: int = 0, receipt: str, amount: int = 1500
    ) -> UUID:
        """Safaricom calls back about a request."""
        said: dict[str, Any] = {
            "MerchantRequestID": "1-2-3",
            "CheckoutRequestID": ref,
            "ResultCode": code,
            "ResultDesc": "x",
        }
        if code == 0:
            said["CallbackMetadata"] = {
                "Item": [
                    {"Name": "Amount", "Value": amount},
                    {"Name": "MpesaReceiptNumber", "Value": receipt},
                    {"Name": "TransactionDate", "Value": int(timestamp(clock.now()))},
                    {"Name": "PhoneNumber", "Value": int(JANE[1:])},
                ]
            }
        body = json.dumps({"Body": {"stkCallback": said}}).encode()
        return self.bring(body, self.callback_ref(collection_id))

    def paid_by_hand(
        self, receipt: str, amount: str = "1500", account: str = "", at: datetime | None = None
    ) -> UUID:
        """A customer pays the paybill by hand; the payment that it made, in suspense."""
        body = {
            "TransactionType": "Pay Bill",
            "TransID": receipt,
            "TransTime": timestamp(at or clock.now()),
            "TransAmount": amount,
            "BusinessShortCode": PAYBILL,
            "BillRefNumber": account,
            "MSISDN": "2547 ***** 149",
            "FirstName": "JANE",
        }
        self.bring(json.dumps(body).encode())
        return UUID(
            str(self.rows("SELECT id FROM payments_payment WHERE receipt = %s", receipt)[0][0])
        )

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with tenancy.bound(self.id), connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def payments(self) -> list[tuple[Any, ...]]:
        """(receipt, amount_minor, state) of all money that came, in order."""
        return self.rows("SELECT receipt, amount_minor, state FROM payments_payment ORDER BY id")

    def row(self, collection_id: UUID) -> Collection:
        with tenancy.bound(self.id):
            return Collection.objects.get(id=collection_id)

    def told(self, subject_id: UUID) -> list[str]:
        """What happened to something, by the last word of each fact."""
        with tenancy.bound(self.id):
            return [record.kind.partition(".")[2] for record in facts.timeline(subject_id)]

    def told_all(self, kind: str) -> int:
        found = self.rows("SELECT count(*) FROM store_fact WHERE kind = %s", f"payments.{kind}")
        return int(found[0][0])

    def jobs(self, name: str) -> int:
        found = self.rows(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args->>'business_id' = %s",
            name,
            str(self.id),
        )
        return int(found[0][0])


def open_shop(business_id: UUID) -> Shop:
    with tenancy.bound(business_id):
        return Shop(business_id, actions.add_account("stk_paybill", PAYBILL, credentials=KEYS))


def at_the_same_time(act: Callable[[int], object], times: int = 4) -> Sequence[object]:
    """Run it in as many threads at once, each with a connection of its own; answers and errors."""
    gate = threading.Barrier(times)
    answers: list[object] = [None] * times

    def run(turn: int) -> None:
        gate.wait()
        try:
            answers[turn] = act(turn)
        except Exception as error:
            answers[turn] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
