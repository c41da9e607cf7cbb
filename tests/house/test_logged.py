"""What is logged is written down, all of it, and tells of nobody by the names of its fields; and it goes one way alone."""

from __future__ import annotations

import importlib
import logging
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
logged = importlib.import_module("logged")
ELSEWHERE = re.compile(
    r"FileHandler|SysLogHandler|SocketHandler|HTTPHandler|SMTPHandler|sentry_sdk|addHandler\("
)


def test_every_event_is_written_down_and_none_tells_of_somebody() -> None:
    assert len(logged.events()) > 40
    assert logged.faults(logged.PAGE.read_text("utf-8")) == []


def test_a_log_that_is_not_written_down_or_tells_is_caught(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    planted = logged.Event("planted.event", "info", "app/planted", ("phone",))
    everything = logged.events()
    monkeypatch.setattr(logged, "events", lambda: [*everything, planted])
    found = logged.faults(logged.PAGE.read_text("utf-8"))
    assert "app/planted logs phone in planted.event" in found
    assert any("out of date" in fault for fault in found)


def test_logs_go_to_standard_error_and_nowhere_else() -> None:
    from hesabu.app import logs

    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        logs.configure("INFO")
        (handler,) = root.handlers
        assert type(handler) is logging.StreamHandler
        assert handler.stream is sys.stderr
    finally:
        root.handlers = before
        root.setLevel(level)
    others = [
        str(path.relative_to(logged.SOURCE))
        for path in logged._sources()
        if ELSEWHERE.search(path.read_text("utf-8"))
    ]
    assert others == []


def test_every_class_of_data_has_its_rules() -> None:
    text = (logged.ROOT / "docs" / "security-notes.md").read_text("utf-8")
    table = text.partition("### Classes, and the rules of each")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 5
    assert all(len([cell for cell in row.split("|")[1:-1] if cell.strip()]) == 6 for row in rows)
