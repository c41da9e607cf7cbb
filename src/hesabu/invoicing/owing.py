"""What was invoiced and what is owed, added up: by day, by currency, by customer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Sum

from hesabu.invoicing.models import Invoice
from hesabu.invoicing.types import OPEN, InvoiceState, Issued, Owed, Owing
from hesabu.invoicing.views import customers_of, today_here
from hesabu.kit.money import Money
from hesabu.store import tenancy

_OWING = """
SELECT customer_id, currency, sum(owed), coalesce(sum(owed) FILTER (WHERE due_on < %(today)s), 0), count(*), min(due_on)
FROM (SELECT customer_id, currency, due_on, total_minor - paid_minor - credited_minor AS owed FROM invoicing_invoice
      WHERE business_id = %(business)s AND state IN ('issued', 'part_paid')) AS open
GROUP BY customer_id, currency ORDER BY 3 DESC, 1 LIMIT %(most)s
"""
_OWED = """
SELECT currency, sum(owed), coalesce(sum(owed) FILTER (WHERE due_on < %(today)s), 0), count(*),
       count(*) FILTER (WHERE due_on < %(today)s), min(due_on)
FROM (SELECT currency, due_on, total_minor - paid_minor - credited_minor AS owed FROM invoicing_invoice
      WHERE business_id = %(business)s AND state IN ('issued', 'part_paid')) AS open
GROUP BY currency ORDER BY currency
"""
_OWED_AT_EACH = """
SELECT business_id, currency, sum(total_minor - paid_minor - credited_minor) FROM invoicing_invoice
WHERE business_id = ANY(%(businesses)s) AND state IN ('issued', 'part_paid') GROUP BY 1, 2 ORDER BY 1, 2
"""


def issued_on(day: date) -> list[Issued]:
    """What was invoiced on a day, by currency; what was voided since is left out."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), issued_on=day)
    sums = rows.exclude(state=InvoiceState.VOID).values_list("currency")
    listed = sums.annotate(count=Count("id"), total=Sum("total_minor")).order_by("currency")
    return [Issued(count, Money(int(total), currency)) for currency, count, total in listed]


def issued_since(day: date) -> list[tuple[date, Issued]]:
    """What was invoiced on that day and on each day after it, by currency; what was taken back since is left out."""
    rows = Invoice.objects.filter(
        business_id=tenancy.only(), issued_on__gte=day, state__in=(*OPEN, InvoiceState.PAID)
    )
    sums = rows.values_list("issued_on", "currency")
    listed = sums.annotate(count=Count("id"), total=Sum("total_minor")).order_by("issued_on")
    return [(on, Issued(count, Money(int(total), code))) for on, code, count, total in listed]


def owed() -> list[Owed]:
    """What is owed to the business: one row for each currency in which something is."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"business": tenancy.only(), "today": today_here()})
        return [
            Owed(
                Money(int(owed_minor), currency),
                Money(int(late_minor), currency),
                count,
                late,
                due_on,
            )
            for currency, owed_minor, late_minor, count, late, due_on in cursor.fetchall()
        ]


def owed_at_each() -> dict[UUID, list[Money]]:
    """What is owed to each of the bound businesses that is owed anything, a sum for each currency."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED_AT_EACH, {"businesses": list(tenancy.current().business_ids)})
        owed: dict[UUID, list[Money]] = {}
        for business_id, currency, minor in cursor.fetchall():
            owed.setdefault(business_id, []).append(Money(int(minor), currency))
    return owed


def owed_by_customer(most: int | None = None) -> list[Owing]:
    """Who owes, the most first: one row per customer and currency, at most that many."""
    business_id = tenancy.only()
    with connection.cursor() as cursor:
        cursor.execute(_OWING, {"business": business_id, "today": today_here(), "most": most})
        rows = cursor.fetchall()
    names_of = customers_of({row[0] for row in rows})
    return [
        Owing(
            customer_id=customer_id,
            name=names_of[customer_id].name,
            owed=Money(int(owed), currency),
            overdue=Money(int(overdue), currency),
            invoice_count=count,
            oldest_due_on=oldest,
        )
        for customer_id, currency, owed, overdue, count, oldest in rows
    ]
