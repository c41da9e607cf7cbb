"""Logs: an error says where and of what kind, never in whose words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.db import connection

from hesabu.app import logs
from hesabu.kit.phones import parse_phone
from hesabu.store import tenancy

SECRET = "Jane Wanjiku"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged, as objects: the app's configuration, on a stream of this test's own."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("INFO")
    written = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers = handlers
    root.setLevel(level)


def test_an_error_is_logged_without_what_was_typed(lines: Any) -> None:
    try:
        parse_phone(SECRET, "KE")
    except Exception:
        structlog.get_logger("test").error("test.failed", contact_id="1", exc_info=True)
    (line,) = lines()
    assert SECRET not in json.dumps(line)
    assert (line["event"], line["level"], line["contact_id"]) == ("test.failed", "error", "1")
    assert "parse_phone" in line["exception"]
    assert "BadPhone phone.invalid" in line["exception"]
    assert "NumberParseException" in line["exception"], "and what it came of"


def test_a_refused_row_is_logged_by_its_constraint_and_not_by_its_values(
    lines: Any, business_id: UUID
) -> None:
    def write() -> None:
        with tenancy.bound(business_id), connection.cursor() as cursor:
            for _ in range(2):
                cursor.execute(
                    "INSERT INTO store_idempotency (id, business_id, scope, key, request_hash, answer,"
                    " created_at) VALUES (gen_random_uuid(), %s, 's', %s, '', '{}', now())",
                    (business_id, SECRET),
                )

    try:
        write()
    except Exception:
        logging.getLogger("test").exception("failed")
    (line,) = lines()
    assert SECRET not in json.dumps(line)
    assert "23505 store_idempotency store_idempotency_once" in line["exception"]


def test_the_records_of_libraries_come_out_alike(lines: Any) -> None:
    logging.getLogger("granian").warning("%s workers", 2)
    (line,) = lines()
    assert (line["event"], line["level"]) == ("2 workers", "warning")


def test_the_path_of_a_page_is_not_logged_since_it_holds_a_token(lines: Any) -> None:
    from django.test import Client

    answer = Client().get("/p/0123456789abcd/none")
    assert answer.status_code == 404
    assert lines() == []


def test_a_forged_request_is_refused_without_its_path(lines: Any) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).delete("/p/a-token").status_code == 403
    assert "a-token" not in json.dumps(lines())
