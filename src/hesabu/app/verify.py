"""`hesabu verify`: every sum and every hash computed again, from the rows up.

For each business: the ledger's own proof (numbers, balance of each entry, the chain, the balances), then what several rooms
must agree on: invoice numbers without gaps, the receivables account equal to what invoices are owed, suspense equal to the
money without an owner, every payment with its entry.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

import django


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one business."""

    business_id: UUID
    entry_count: int
    head: str
    faults: Sequence[str]


def main(*, as_json: bool = False) -> int:
    """Print the verdict; 0 when all is sound."""
    django.setup()
    findings = verify_all()
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "business": str(f.business_id),
                        "entries": f.entry_count,
                        "head": f.head,
                        "faults": list(f.faults),
                    }
                    for f in findings
                ]
            )
        )
    else:
        for finding in findings:
            word = "sound" if not finding.faults else f"{len(finding.faults)} faults"
            print(f"{finding.business_id}  {finding.entry_count:>7} entries  {finding.head[:16]}  {word}")
            for fault in finding.faults:
                print(f"    {fault}")
        print(f"{len(findings)} books, {sum(len(f.faults) for f in findings)} faults")
    return 1 if any(f.faults for f in findings) else 0


def verify_all() -> list[Finding]:
    from hesabu.app.books import businesses

    return [verify_one(business_id) for business_id in businesses()]


def verify_one(business_id: UUID) -> Finding:
    from hesabu.ledger import queries as ledger
    from hesabu.store import tenancy

    verdict = ledger.verify(business_id)
    faults = list(verdict.faults)
    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        for check in CHECKS:
            faults += check(business_id)
    return Finding(business_id, verdict.entry_count, verdict.head, faults)


def _ask(question: str, *values: object) -> list[tuple[object, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def _numbers_have_no_gaps(business_id: UUID) -> list[str]:
    rows = _ask(
        "SELECT series, count(*), max(seq) FROM invoicing_invoice WHERE business_id = %s AND seq IS NOT NULL"
        " GROUP BY series HAVING count(*) <> max(seq) OR count(DISTINCT seq) <> count(*)",
        business_id,
    )
    return [f"series {series}: {count} documents, the last is number {last}" for series, count, last in rows]


def _receivables_are_what_is_owed(business_id: UUID) -> list[str]:
    return [
        f"receivables hold {held} {currency} and invoices are owed {owed}"
        for currency, held, owed in _ask(
            """
            SELECT coalesce(b.currency, i.currency), coalesce(b.held, 0), coalesce(i.owed, 0)
            FROM (SELECT currency, sum(balance_minor) AS held FROM ledger_balance b JOIN ledger_account a
                  ON a.business_id = b.business_id AND a.id = b.account_id
                  WHERE b.business_id = %s AND a.role = 'receivables' GROUP BY currency) b
            FULL JOIN (SELECT currency, sum(total_minor - paid_minor - credited_minor) AS owed FROM invoicing_invoice
                  WHERE business_id = %s AND kind = 'invoice' AND state NOT IN ('draft', 'void') GROUP BY currency) i
                  ON i.currency = b.currency
            WHERE coalesce(b.held, 0) <> coalesce(i.owed, 0)
            """,
            business_id,
            business_id,
        )
    ]


def _suspense_is_money_without_an_owner(business_id: UUID) -> list[str]:
    return [
        f"suspense holds {held} {currency} and {waiting} waits for an owner"
        for currency, held, waiting in _ask(
            """
            SELECT b.currency, -b.held, coalesce(p.waiting, 0)
            FROM (SELECT currency, sum(balance_minor) AS held FROM ledger_balance b JOIN ledger_account a
                  ON a.business_id = b.business_id AND a.id = b.account_id
                  WHERE b.business_id = %s AND a.role = 'suspense' GROUP BY currency) b
            LEFT JOIN (SELECT currency, sum(amount_minor) AS waiting FROM payments_payment
                  WHERE business_id = %s AND state = 'unplaced' GROUP BY currency) p ON p.currency = b.currency
            WHERE -b.held <> coalesce(p.waiting, 0)
            """,
            business_id,
            business_id,
        )
    ]


def _every_payment_is_booked(business_id: UUID) -> list[str]:
    return [
        f"payment {payment} is not booked"
        for (payment,) in _ask(
            "SELECT p.id FROM payments_payment p WHERE p.business_id = %s AND NOT EXISTS (SELECT FROM ledger_entry e"
            " WHERE e.business_id = p.business_id AND e.purpose_id IN (p.id, p.purpose_id)"
            " AND e.kind LIKE '%%pay%%')",
            business_id,
        )
    ]


CHECKS: Sequence[Callable[[UUID], list[str]]] = (
    _numbers_have_no_gaps,
    _receivables_are_what_is_owed,
    _suspense_is_money_without_an_owner,
    _every_payment_is_booked,
)
