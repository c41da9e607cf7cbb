"""A plain psycopg cursor on Django's connection, for statements that carry whole columns.

Django binds parameters on the client by default, which writes every array out as an escaped literal. Sets of rows go
through here instead: bound by the server, prepared, and in binary where a placeholder says `%b`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from hesabu.store import tenancy


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    """Tells whose rows are seen before each statement, as Django's cursors do."""

    def execute(self, *args: Any, **kwargs: Any) -> _Cursor:
        tenancy.settle_view()
        super().execute(*args, **kwargs)
        return self

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        tenancy.settle_view()
        super().executemany(*args, **kwargs)


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """In the open transaction, with Django's errors."""
    connection.ensure_connection()
    with connection.wrap_database_errors, _Cursor(connection.connection) as plain:
        yield plain
