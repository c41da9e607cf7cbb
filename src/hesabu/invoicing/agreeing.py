"""Whether this room's rows and the book say the same, and no number is missing."""

from __future__ import annotations

from django.db import connection

from hesabu.ledger import queries as ledger
from hesabu.ledger.types import AccountRole
from hesabu.store import tenancy

_RECEIVABLE = """
SELECT coalesce(sum(i.total_minor - i.paid_minor), 0)
     - coalesce((SELECT sum(n.to_owed_minor) FROM invoicing_credit_note n JOIN ledger_book k
                 ON k.business_id = n.business_id AND k.currency = n.currency WHERE n.business_id = %(business)s), 0)
FROM invoicing_invoice i JOIN ledger_book b ON b.business_id = i.business_id AND b.currency = i.currency
WHERE i.business_id = %(business)s AND i.state NOT IN ('draft', 'void')
"""
_CREDIT = """
SELECT coalesce(sum(a.amount_minor), 0) FROM invoicing_allocation a JOIN ledger_book b
    ON b.business_id = a.business_id AND b.currency = a.currency
WHERE a.business_id = %(business)s AND a.invoice_id IS NULL
"""
_GAPS = """
SELECT 'invoices', count(number_value), coalesce(max(number_value), 0) FROM invoicing_invoice WHERE business_id = %(business)s
UNION ALL
SELECT 'credit notes', count(*), coalesce(max(number_value), 0) FROM invoicing_credit_note WHERE business_id = %(business)s
"""


def disagreements() -> list[str]:
    """Where this room's rows and the bound business's book do not agree; empty when all is sound."""
    given = {"business": tenancy.only()}
    faults = []
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, given)
        for documents, count, last in cursor.fetchall():
            if count != last:
                faults.append(
                    f"there are {count} {documents} with a number, and the last number is {last}"
                )
        cursor.execute(_RECEIVABLE, given)
        (receivable,) = cursor.fetchone()
        cursor.execute(_CREDIT, given)
        (credit,) = cursor.fetchone()
    for rows, held, what in (
        (receivable, ledger.balance(AccountRole.RECEIVABLES).minor, "invoices are owed"),
        (credit, -ledger.balance(AccountRole.CUSTOMER_CREDIT).minor, "customers have as credit"),
    ):
        if held != rows:
            faults.append(f"the book says {held} where {what} {rows}")
    return faults
