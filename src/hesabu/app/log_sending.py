"""The log goes to a machine of its own as well, where `HESABU_LOG_TO` names one: whoever breaks in here cannot take back there
what was logged before.

    a line is logged ──▶ put in line (never waits) ──▶ a thread of its own ──▶ TLS ──▶ the collector

Each line is a message of syslog (RFC 5424) with the same JSON that goes to standard error, framed by its length and sent by TLS
(RFC 5425): rsyslog, syslog-ng, Vector, Loki and Splunk take it. Nobody waits for the collector: while it is away lines stand in
line, a bounded number of them; what comes after that is lost here, counted (`hesabu_log_lines_lost_total`), and said as soon as it
is back (`log.lost`). On standard error every line stands in any case.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from prometheus_client import Counter

from hesabu.kit import clock

SENT = Counter("hesabu_log_lines_sent_total", "Lines of the log that were sent to the collector")
LOST = Counter("hesabu_log_lines_lost_total", "Lines of the log that no collector could take")
PORT = 6514
LINES_MAX = 10_000
"""How many stand in line at most: some megabytes, and many minutes of a house that is well."""
PATIENCE_SECONDS = 10
AGAIN_SECONDS, AGAIN_SECONDS_MAX = 1, 60
LAST_SECONDS = 3
"""How long an ending process goes on sending."""
FACILITY = 16  # local0
SEVERITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


class Away(Exception):
    """The collector was not reached, or broke off."""


class Sender(logging.Handler):
    """Puts lines in line; one thread in each process brings them away."""

    def __init__(self, to: str, *, trust: str = "", lines_max: int = LINES_MAX) -> None:
        super().__init__()
        parts = urlsplit(to)
        self._is_tls = parts.scheme == "tls"
        self._host, self._port = parts.hostname or "", parts.port or PORT
        self._trust = trust
        self._line: queue.Queue[bytes] = queue.Queue(lines_max)
        self._lost = 0
        self._pid = 0
        self._ending = threading.Event()
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None
        atexit.register(self.close)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._put(framed(severity_of(record.levelno), self.format(record)))
        except (ValueError, TypeError, LookupError, RuntimeError, OSError):
            self.handleError(record)

    def _put(self, message: bytes) -> None:
        if self._pid != os.getpid():
            self._begin()
        try:
            self._line.put_nowait(message)
        except queue.Full:
            self._lost += 1
            LOST.inc()

    def _begin(self) -> None:
        """A process that was forked has the line of its parent, and no thread."""
        with self._begins:
            if self._pid == os.getpid():
                return
            if self._pid:
                self._line = queue.Queue(self._line.maxsize)
            self._pid = os.getpid()
            self._thread = threading.Thread(target=self._bring, name="log", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Bring away what stands in line, for a few seconds at most."""
        atexit.unregister(self.close)
        self._ending.set()
        if self._thread is not None and self._pid == os.getpid():
            self._thread.join(LAST_SECONDS)
        super().close()

    def _bring(self) -> None:
        """Until the process ends. A line leaves the queue once it is taken for sent; one that broke off goes again."""
        wait_seconds, held = AGAIN_SECONDS, b""
        while not self._is_over(held):
            try:
                with self._connected() as line:
                    wait_seconds = AGAIN_SECONDS
                    while not self._is_over(held):
                        held = held or self._next()
                        if held:
                            _send(line, held)
                            SENT.inc()
                            held = b""
            except (Away, OSError, ValueError):  # a name that cannot be one, too
                if self._ending.wait(wait_seconds):
                    return
                wait_seconds = min(2 * wait_seconds, AGAIN_SECONDS_MAX)

    def _is_over(self, held: bytes) -> bool:
        return self._ending.is_set() and not held and self._line.empty()

    def _next(self) -> bytes:
        """The next line; nothing where none came for a while. How many were lost meanwhile comes first."""
        if self._lost:
            count, self._lost = self._lost, 0
            told = {"event": "log.lost", "level": "error", "count": count}
            return framed(3, json.dumps(told | {"timestamp": clock.now().isoformat()}))
        try:
            return self._line.get(timeout=0.2)
        except queue.Empty:
            return b""

    def _connected(self) -> socket.socket:
        plain = socket.create_connection((self._host, self._port), PATIENCE_SECONDS)
        if not self._is_tls:
            return plain
        try:
            context = ssl.create_default_context()
            if self._trust:
                context.load_verify_locations(self._trust)
            return context.wrap_socket(plain, server_hostname=self._host)
        except (OSError, ssl.SSLError):
            plain.close()
            raise


def _send(line: socket.socket, message: bytes) -> None:
    """Raises Away where the other side had closed: what is written to it then is taken by nobody."""
    line.setblocking(False)
    is_closed = _says_nothing_more(line)
    line.settimeout(PATIENCE_SECONDS)
    if is_closed:
        raise Away
    line.sendall(message)


def _says_nothing_more(line: socket.socket) -> bool:
    """Whether the other side has closed. One that is well says nothing, and waits."""
    try:
        return line.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False


def severity_of(level: int) -> int:
    return next((number for least, number in SEVERITIES if level >= least), 7)


def framed(severity: int, line: str) -> bytes:
    """RFC 5424, behind its length (RFC 6587, 3.4.1)."""
    at = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = f"<{FACILITY * 8 + severity}>1 {at} {_host_name()} hesabu {os.getpid()} - - "
    message = head.encode() + line.encode("utf-8", "backslashreplace")
    return str(len(message)).encode() + b" " + message


def _host_name() -> str:
    name = "".join(letter for letter in socket.gethostname() if "!" <= letter <= "~")
    return name[:255] or "-"


def reached(to: str, trust: str = "") -> float:
    """How many milliseconds it took to be let in by the collector. Raises OSError, ssl.SSLError."""
    one = Sender(to, trust=trust)
    began = time.monotonic()
    try:
        one._connected().close()
    finally:
        one.close()
    return (time.monotonic() - began) * 1000
