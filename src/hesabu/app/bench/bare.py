"""The baseline of accept_vs_bare: a WSGI function that does one insert and nothing else."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from psycopg_pool import ConnectionPool

_pool = ConnectionPool(
    os.environ["HESABU_BENCH_BARE_DSN"],
    min_size=1,
    max_size=8,
    kwargs={"autocommit": True, "prepare_threshold": 1},
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    with _pool.connection() as connection:
        connection.execute("INSERT INTO bare (id, body) VALUES (%s, %s)", (uuid.uuid4(), body))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"OK"]
