"""Taking a number: gap-free, because it is taken under the book's lock in the transaction that issues."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from hesabu.invoicing.rules import numbers
from hesabu.invoicing.types import DocumentKind
from hesabu.kit import ids

_TAKE = """
INSERT INTO invoicing_series AS s (id, business_id, document_kind, prefix, last_value) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (business_id, document_kind) DO UPDATE SET last_value = s.last_value + 1
RETURNING prefix, last_value
"""


def take_number(business_id: UUID, kind: DocumentKind) -> tuple[str, int]:
    """The next number of a series, as it is written and as a figure. The caller holds the business's book."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, (ids.new_id(), business_id, kind.value, numbers.PREFIXES[kind]))
        prefix, value = cursor.fetchone()
    return numbers.show(prefix, value), value
