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


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """In the open transaction, with Django's errors."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as plain:
        yield plain
