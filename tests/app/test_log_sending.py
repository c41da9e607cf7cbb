"""The log goes to a collector as well: whole, in order, by TLS to whom it trusts; and nobody waits where it is away."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.certificates import certificate
from hesabu.app import config as configuration
from hesabu.app import log_sending, logs
from hesabu.app.config import Config
from hesabu.app.doctor import beside
from hesabu.app.log_sending import Sender
from steady import eventually

SOURCE = Path(configuration.__file__).parents[2]
MESSAGE = re.compile(
    rb"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) hesabu (\d+) - - (.*)", re.DOTALL
)
PATIENCE_SECONDS = 30


class Collector(threading.Thread):
    """Reads octet-counted syslog as RFC 5425 has it. Its port is taken from the beginning; it listens once it is started."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(daemon=True)
        self.context = context
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.messages: list[tuple[int, dict[str, Any]]] = []
        self.refused, self.met = 0, 0
        self.line: socket.socket | None = None

    def start(self) -> None:
        self.listening.listen()
        super().start()

    def run(self) -> None:
        while True:
            try:
                plain, _ = self.listening.accept()
            except OSError:
                return
            self.met += 1
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain: socket.socket) -> None:
        try:
            self.line = line = self.context.wrap_socket(plain, server_side=True)
            with line, line.makefile("rb") as reads:
                self.take(reads)
        except (OSError, ValueError):
            self.refused += 1

    def take(self, reads: Any) -> None:
        while length := self.digits(reads):
            message = reads.read(length)
            found = MESSAGE.fullmatch(message)
            assert found, message
            self.messages.append((int(found[1]), json.loads(found[5])))

    @staticmethod
    def digits(reads: Any) -> int:
        said = b""
        while (letter := reads.read(1)) not in (b" ", b""):
            said += letter
        return int(said) if said else 0

    def breaks_off(self) -> None:
        if self.line is not None:
            self.line.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.listening.close()
        if self.line is not None:
            self.line.close()


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_sending, "AGAIN_SECONDS", 0.02)
    monkeypatch.setattr(log_sending, "AGAIN_SECONDS_MAX", 0.1)


@pytest.fixture
def trusted(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    chain, key = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, chain


@pytest.fixture
def collector(trusted: tuple[ssl.SSLContext, Path]) -> Iterator[Collector]:
    found = Collector(trusted[0])
    found.start()
    yield found
    found.end()


@pytest.fixture
def sender(collector: Collector, trusted: tuple[ssl.SSLContext, Path]) -> Iterator[Sender]:
    found = Sender(f"tls://localhost:{collector.port}", trust=str(trusted[1]))
    yield found
    found.close()


def record(text: str, level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord("test", level, __file__, 1, json.dumps({"event": text}), None, None)


def events(collector: Collector) -> list[str]:
    return [told["event"] for _, told in collector.messages]


def test_every_line_arrives_whole_and_in_order(collector: Collector, sender: Sender) -> None:
    said = [f"line.{number}" for number in range(300)]
    for text in said:
        sender.handle(record(text))
    eventually(lambda: len(collector.messages) == 300)
    assert events(collector) == said


def test_how_bad_it_is_is_told_as_syslog_tells_it(collector: Collector, sender: Sender) -> None:
    levels = {logging.CRITICAL: 130, logging.ERROR: 131, logging.WARNING: 132, logging.INFO: 134, logging.DEBUG: 135}  # fmt: skip
    for level in levels:
        sender.handle(record("said", level))
    eventually(lambda: len(collector.messages) == len(levels))
    assert [priority for priority, _ in collector.messages] == list(levels.values())


def test_what_was_typed_cannot_begin_a_message_of_its_own(
    collector: Collector, sender: Sender
) -> None:
    forged = 'x\n<130>1 - - - - - - {"event": "forged"}\r\x00'
    sender.handle(record(forged))
    sender.handle(record("after"))
    eventually(lambda: len(collector.messages) == 2)
    assert events(collector) == [forged, "after"]


def test_a_collector_that_nobody_vouches_for_is_told_nothing(collector: Collector) -> None:
    sender = Sender(f"tls://localhost:{collector.port}")
    sender.handle(record("said"))
    eventually(lambda: collector.refused >= 2)
    assert collector.messages == []
    sender._ending.set()
    sender.close()


def test_nobody_waits_while_the_collector_is_away_and_what_was_lost_is_counted_and_told(
    trusted: tuple[ssl.SSLContext, Path],
) -> None:
    collector = Collector(trusted[0])
    sender = Sender(f"tls://localhost:{collector.port}", trust=str(trusted[1]), lines_max=5)
    lost = log_sending.LOST._value.get()
    for number in range(12):
        sender.handle(record(f"line.{number}"))
    gone = int(log_sending.LOST._value.get() - lost)
    assert gone == 7, "five stand in line"
    collector.start()
    eventually(lambda: len(collector.messages) == 12 - gone + 1)
    sender.close()
    told = [one for _, one in collector.messages if one["event"] == "log.lost"]
    assert [one["count"] for one in told] == [gone]
    assert [one for one in events(collector) if one != "log.lost"] == [
        f"line.{number}" for number in range(12 - gone)
    ]
    collector.end()


def test_a_line_that_breaks_is_taken_up_again(collector: Collector, sender: Sender) -> None:
    sender.handle(record("before"))
    eventually(lambda: events(collector) == ["before"])
    collector.breaks_off()
    eventually(lambda: collector.line is None or collector.line.fileno() == -1)
    sender.handle(record("after"))
    eventually(lambda: events(collector) == ["before", "after"])
    assert collector.met == 2


def test_a_process_that_ends_has_told_its_last_line(
    collector: Collector, trusted: tuple[ssl.SSLContext, Path]
) -> None:
    """And what comes out is what stands on standard error."""
    program = (
        "import structlog; from hesabu.app import log_sending, logs; log_sending.LAST_SECONDS = 60;"
        f"logs.configure('INFO', send_to='tls://localhost:{collector.port}', trust={str(trusted[1])!r});"
        "structlog.get_logger('test').warning('last.said', count=7)"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    eventually(lambda: len(collector.messages) == 1)
    assert collector.messages[0] == (132, json.loads(ran.stderr))
    assert collector.messages[0][1]["count"] == 7


def test_a_forked_process_tells_its_own(collector: Collector, trusted: Any) -> None:
    program = (
        "import os, structlog, time; from hesabu.app import log_sending, logs; log_sending.LAST_SECONDS = 60;"
        f"logs.configure('INFO', send_to='tls://localhost:{collector.port}', trust={str(trusted[1])!r});"
        "log = structlog.get_logger('test'); log.info('parent');"
        "exec('while not log_sending.SENT._value.get(): time.sleep(0.01)');"
        "child = os.fork();"
        "(log.info('child'), logs.logging.getLogger().handlers[1].close(), os._exit(0)) if not child else os.waitpid(child, 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True)
    eventually(lambda: sorted(events(collector)) == ["child", "parent"])


def test_the_log_is_set_up_with_the_collector_behind_standard_error(
    collector: Collector, trusted: tuple[ssl.SSLContext, Path]
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        logs.configure("INFO", send_to=f"tls://localhost:{collector.port}", trust=str(trusted[1]))
        errors, sends = root.handlers
        assert type(errors) is logging.StreamHandler
        assert isinstance(sends, Sender)
        assert sends.formatter is errors.formatter
        sends.close()
    finally:
        root.handlers = handlers
        root.setLevel(level)


@pytest.mark.parametrize(
    ("to", "is_wrong"),
    [
        ("tls://logs.kamau.co.ke:6514", False),
        ("tls://logs.kamau.co.ke", False),
        ("tcp://logs.kamau.co.ke:514", True),
        ("udp://logs.kamau.co.ke", True),
        ("logs.kamau.co.ke", True),
        ("tls://", True),
        ("tls://logs:99999", True),
    ],
)
def test_in_production_lines_go_by_tls_or_not_at_all(to: str, is_wrong: bool) -> None:
    from hesabu.app.config_faults import _collectors

    config = Config(_env_file=None, env="production", log_to=to)  # type: ignore[call-arg]
    assert bool(_collectors(config)) is is_wrong


def test_the_doctor_says_whether_the_collector_lets_us_in(
    collector: Collector, trusted: tuple[ssl.SSLContext, Path]
) -> None:
    def looked(**given: str) -> tuple[str, str]:
        config = Config(_env_file=None, **given)  # type: ignore[call-arg,arg-type]
        (found,) = beside.logs(config)
        return found.grade, found.said

    to = f"tls://localhost:{collector.port}"
    assert looked()[0] == "fine"
    assert "lets us in" in looked(log_to=to, log_ca=str(trusted[1]))[1]
    assert looked(log_to=to) == ("watch", "the collector of logs is not reached: SSLCertVerificationError")  # fmt: skip


def test_the_doctor_says_whether_the_scanner_sees() -> None:
    from kit.clamd import listening

    def looked(place: str) -> tuple[str, str]:
        config = Config(_env_file=None, clamd=place)  # type: ignore[call-arg]
        (found,) = beside.scanner(config)
        return found.grade, found.said

    assert "no scanner is set" in looked("")[1]
    with listening() as (_, place):
        assert looked(place) == ("fine", "clamd sees the trial file: Eicar-Signature")
    with listening(b"stream: OK\0") as (_, place):
        assert looked(place)[0] == "watch"
    assert looked("unix:/nowhere/clamd.ctl") == ("watch", "clamd does not answer")
