"""The rows held against the model, and the books against themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.app import verify
from hesabu.app.simulate.world import Shop, Violation, World
from hesabu.store import tenancy

OPEN_STATES = ("prepared", "asked", "uncertain", "expired")


def step(shop: Shop) -> None:
    """After each step: bills, money, requests, claims, credit and balances are as the model has them."""
    with tenancy.bound(shop.id):
        _same(
            "bill",
            _bills(shop),
            {
                b.id: (b.state, b.number, b.total, b.paid, b.credited, b.version)
                for b in shop.books.bills.values()
            },
        )
        _same(
            "payment",
            _kept(shop),
            {k.receipt: (k.amount, k.state, k.bill, k.prompt) for k in shop.books.kept},
        )
        _prompts(shop)
        _same(
            "claim",
            _claims(shop),
            {
                c.id: (c.state, c.kept.receipt if c.kept else None)
                for c in shop.books.claims.values()
            },
        )
        _same(
            "credit", _credit(shop), {c: minor for c, minor in shop.books.credit.items() if minor}
        )
        _same("account", _balances(shop), shop.books.balances())
    if any(minor < 0 for minor in shop.books.credit.values()):
        raise Violation("a customer's credit is below nothing")


def day(world: World) -> None:
    """At the end of each day: every book recomputed, and what is told in facts and numbers."""
    for shop in world.shops:
        step(shop)
        faults = verify.verify_one(shop.id).faults
        if faults:
            raise Violation(f"the books of {shop.id}: {'; '.join(faults)}")
        with tenancy.bound(shop.id):
            _told_once(shop)
            _numbers(shop)
            _closed_days(shop)


def read_once(world: World) -> None:
    """At the end: every fact was read by each of its later readers, once, and none was given up."""
    with tenancy.bound(*(shop.id for shop in world.shops)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT reader, fact_id::text FROM store_reading WHERE business_id = ANY(%s)",
            ([shop.id for shop in world.shops],),
        )
        rows = cursor.fetchall()
    if set(rows) != world.readings:
        missing = world.readings ^ set(rows)
        raise Violation(f"{len(missing)} facts were not read as they should: {sorted(missing)[0]}")


def _same(what: str, rows: Mapping[Any, Any], model: Mapping[Any, Any]) -> None:
    if rows == model:
        return
    for key in sorted(rows.keys() | model.keys(), key=str):
        if rows.get(key) != model.get(key):
            raise Violation(
                f"{what} {key}: the rows say {rows.get(key)}, the model says {model.get(key)}"
            )


def _ask(question: str, shop: Shop) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"shop": shop.id})
        return list(cursor.fetchall())


def _bills(shop: Shop) -> dict[UUID, Any]:
    rows = _ask(
        "SELECT id, state, number, total_minor, paid_minor, credited_minor, version FROM invoicing_invoice"
        " WHERE business_id = %(shop)s",
        shop,
    )
    return {row[0]: row[1:] for row in rows}


def _kept(shop: Shop) -> dict[str, Any]:
    rows = _ask(
        "SELECT receipt, amount_minor, state, purpose_id, collection_id FROM payments_payment"
        " WHERE business_id = %(shop)s",
        shop,
    )
    return {row[0]: row[1:] for row in rows}


def _prompts(shop: Shop) -> None:
    """Settled if and only if money answers it; failed only when somebody who may has said so."""
    rows = dict(
        _ask("SELECT id, state FROM payments_collection WHERE business_id = %(shop)s", shop)
    )
    if rows.keys() != shop.books.prompts.keys():
        raise Violation(f"{len(rows)} requests, and the model has {len(shop.books.prompts)}")
    for prompt_id, state in rows.items():
        prompt = shop.books.prompts[prompt_id]
        agrees = state in OPEN_STATES if prompt.state == "open" else state == prompt.state
        if not agrees:
            raise Violation(f"request {prompt_id}: the rows say {state}, the model {prompt.state}")
        if state == "expired":
            prompt.is_expired, prompt.is_asked_about = True, False


def _claims(shop: Shop) -> dict[UUID, Any]:
    rows = _ask(
        "SELECT c.id, c.state, p.receipt FROM payments_claim c LEFT JOIN payments_payment p"
        " ON p.business_id = c.business_id AND p.id = c.payment_id WHERE c.business_id = %(shop)s",
        shop,
    )
    return {row[0]: row[1:] for row in rows}


def _credit(shop: Shop) -> dict[UUID, int]:
    rows = _ask(
        "SELECT customer_id, sum(amount_minor)::bigint FROM invoicing_allocation"
        " WHERE business_id = %(shop)s AND invoice_id IS NULL GROUP BY 1 HAVING sum(amount_minor) <> 0",
        shop,
    )
    return dict(rows)


def _balances(shop: Shop) -> dict[str, int]:
    rows = _ask(
        "SELECT CASE WHEN a.role IN ('sales', 'vat_output') THEN 'sales and tax' ELSE a.role END,"
        " sum(b.balance_minor)::bigint FROM ledger_balance b JOIN ledger_account a"
        " ON a.business_id = b.business_id AND a.id = b.account_id WHERE b.business_id = %(shop)s"
        " GROUP BY 1 HAVING sum(b.balance_minor) <> 0",
        shop,
    )
    return dict(rows)


def _told_once(shop: Shop) -> None:
    """Each payment was told once when it came, and each allocation adds up to what came."""
    ((facts, told),) = _ask(
        "SELECT count(*), count(DISTINCT subject_id) FROM store_fact WHERE business_id = %(shop)s"
        " AND kind IN ('payments.PaymentSettled', 'payments.PaymentUnplaced')",
        shop,
    )
    if not facts == told == len(shop.books.kept):
        raise Violation(f"{len(shop.books.kept)} payments were told {facts} times of {told}")
    split = _ask(
        "SELECT p.receipt FROM payments_payment p LEFT JOIN (SELECT payment_id, sum(amount_minor) AS whole"
        " FROM invoicing_allocation WHERE business_id = %(shop)s GROUP BY 1) a ON a.payment_id = p.id"
        " WHERE p.business_id = %(shop)s"
        " AND coalesce(a.whole, 0) <> CASE WHEN p.state = 'unplaced' THEN 0 ELSE p.amount_minor END",
        shop,
    )
    if split:
        raise Violation(f"{split[0][0]} is not all allocated")


def _numbers(shop: Shop) -> None:
    ((notes, last),) = _ask(
        "SELECT count(*), coalesce(max(number_value), 0) FROM invoicing_credit_note WHERE business_id = %(shop)s",
        shop,
    )
    if not notes == last == shop.books.note_count:
        raise Violation(
            f"{notes} credit notes up to {last}, and the model has {shop.books.note_count}"
        )


def _closed_days(shop: Shop) -> None:
    """Nothing was booked on a day after it was closed."""
    for count, closed_on in shop.locks[-1:]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq FROM ledger_entry WHERE business_id = %s AND seq > %s AND booked_on <= %s LIMIT 1",
                (shop.id, count, closed_on),
            )
            late = cursor.fetchone()
        if late:
            raise Violation(f"entry {late[0]} is booked on a closed day")
