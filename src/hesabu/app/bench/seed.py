"""What the measures work on: businesses with issued invoices and prompts that were sent, and the callbacks that answer them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from hesabu.identity import actions as identity
from hesabu.invoicing import actions as invoicing
from hesabu.kit import clock, crypto, ids
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import Entry, Posting
from hesabu.store import letters, tenancy

AMOUNT_MINOR = 150_000
PHONE = "+254712345678"


@dataclass(frozen=True, slots=True)
class Shop:
    """A business ready to be paid."""

    business_id: UUID
    account_id: UUID
    endpoint_id: UUID
    token: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback that M-PESA would send: to this path, with this body."""

    shop: Shop
    ref: str
    body: bytes


def shops(count: int) -> list[Shop]:
    return [_shop(number) for number in range(count)]


def _shop(number: int) -> Shop:
    with tenancy.house():
        owner_id = identity.register_person(f"Owner {number}")
    business_id = identity.register_business(f"Shop {number}", "KE", owner_id)
    account_id = ids.new_id()
    with tenancy.bound(business_id), connection.cursor() as cursor:
        endpoint_id, token = letters.open_endpoint(
            "mpesa", business_id=business_id, subject_id=account_id
        )
        cursor.execute(
            "INSERT INTO payments_account (id, business_id, provider, kind, label, number, number_index, ledger_role,"
            " endpoint_id, is_active, created_at)"
            " VALUES (%s, %s, 'mpesa', 'stk_paybill', 'M-PESA', %s, %s, 'mpesa', %s, true, now())",
            (account_id, business_id, crypto.seal(b"174379"), crypto.blind("174379"), endpoint_id),
        )
        customer_id = invoicing.keep_customer("Jane Wanjiku", phone=PHONE)
    return Shop(business_id, account_id, endpoint_id, token, customer_id)


def prompts(shops: list[Shop], count: int) -> list[Callback]:
    """Issue invoices and send prompts for them, straight into the tables; the callbacks that settle them all."""
    made: list[Callback] = []
    for position, shop in enumerate(shops):
        share = count // len(shops) + (position < count % len(shops))
        if share:
            made += _prompts_of(shop, share)
    secrets.SystemRandom().shuffle(made)
    return made


def _prompts_of(shop: Shop, count: int) -> list[Callback]:
    today = date(2026, 11, 23)
    invoice_ids = [ids.new_id() for _ in range(count)]
    refs = [crypto.token(12) for _ in range(count)]
    checkouts = [f"ws_CO_{secrets.token_hex(10)}" for _ in range(count)]
    now = clock.now()
    with tenancy.bound(shop.business_id), connection.cursor() as cursor:
        books = ledger.lock_books([shop.business_id])
        first = books[shop.business_id].entry_count
        entry_ids = ledger.post(
            [
                Entry(
                    shop.business_id,
                    today,
                    "invoicing.issued",
                    "invoice",
                    invoice_id,
                    [
                        Posting("receivables", AMOUNT_MINOR, "KES"),
                        Posting("sales", -AMOUNT_MINOR, "KES"),
                    ],
                )
                for invoice_id in invoice_ids
            ],
            books=books,
        )
        numbers = [10_000_000 + first + i for i in range(count)]
        cursor.execute(
            "INSERT INTO invoicing_invoice (id, business_id, customer_id, state, version, currency, tax_mode, discount_minor,"
            " net_minor, tax_minor, total_minor, paid_minor, credited_minor, due_on, number, number_value, issued_on,"
            " issued_at, entry_id, created_at) SELECT id, %s, %s, 'issued', 1, 'KES', 'none', 0, %s, 0, %s, 0, 0, %s,"
            " 'INV-' || n, n, %s, %s, e, %s FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[]) AS t (id, n, e)",
            (
                shop.business_id, shop.customer_id, AMOUNT_MINOR, AMOUNT_MINOR, today + timedelta(days=7), today,
                now, now, invoice_ids, numbers, entry_ids,
            ),
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO payments_collection (id, business_id, account_id, purpose_kind, purpose_id, amount_minor, currency,"
            " reference, payer_phone, payer_index, state, key, callback_ref_hash, provider_ref, asked_at, ask_count,"
            " created_at, updated_at) SELECT id, %s, %s, 'invoice', i, %s, 'KES', 'INV', %s, %s, 'asked', r, h, r, %s, 0,"
            " %s, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bytea[]) AS t (id, i, r, h)",
            (
                shop.business_id, shop.account_id, AMOUNT_MINOR, crypto.seal(PHONE.encode()), crypto.blind(PHONE), now,
                now, now, [ids.new_id() for _ in range(count)], invoice_ids, checkouts,
                [crypto.digest(ref) for ref in refs],
            ),
        )  # fmt: skip
    return [
        Callback(shop, ref, body_of(checkout))
        for ref, checkout in zip(refs, checkouts, strict=True)
    ]


def body_of(checkout: str) -> bytes:
    """A successful STK callback as Safaricom writes it."""
    items = [
        {"Name": "Amount", "Value": AMOUNT_MINOR // 100},
        {"Name": "MpesaReceiptNumber", "Value": secrets.token_hex(5).upper()},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": 20261123101500},
        {"Name": "PhoneNumber", "Value": int(PHONE[1:])},
    ]
    return json.dumps(
        {
            "Body": {
                "stkCallback": {
                    "MerchantRequestID": secrets.token_hex(8),
                    "CheckoutRequestID": checkout,
                    "ResultCode": 0,
                    "ResultDesc": "The service request is processed successfully.",
                    "CallbackMetadata": {"Item": items},
                }
            }
        }
    ).encode()


def file_all(callbacks: list[Callback]) -> None:
    """File them as the ingress would, but in bulk."""
    columns: list[list[object]] = [[] for _ in range(10)]
    for one in callbacks:
        endpoint = letters.OpenEndpoint(
            one.shop.endpoint_id, "mpesa", one.shop.business_id, one.shop.account_id, None, None
        )
        request = letters.HookRequest("POST", {}, "", one.body, "127.0.0.1", one.ref)
        values = letters.filing(endpoint, request, letters.Verdict(is_vouched=True))
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_letter (id, endpoint_id, provider, business_id, subject_id, external_key, ref, is_vouched,"
            " body, received_at, state, attempt_count, reason) SELECT t.*, 'filed', 0, '' FROM unnest(%s::uuid[],"
            " %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::bytea[], %s::text[], %s::bool[], %s::bytea[],"
            " %s::timestamptz[]) AS t",
            columns,
        )
