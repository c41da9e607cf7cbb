"""Removing rows that were kept long enough, as the owner's role, over every business. Which, and when, the app says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections


def remove(table: str, where: str, values: Sequence[Any], most: int) -> int:
    """So many of the rows that are over, in one statement; how many."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("
            f"SELECT ctid FROM {table} WHERE {where} LIMIT {int(most)}))",
            list(values),
        )
        return int(cursor.rowcount)
