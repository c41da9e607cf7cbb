"""Logs: one JSON object a line, with ids and codes; never a message's text, a telephone number or a token.

An exception is logged as where it was raised and what kind it was, without its words: those may hold what somebody typed,
or the row that a constraint refused.
"""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from hesabu.app.log_sending import Sender
from hesabu.kit.errors import HesabuError

FRAMES_MAX = 25
_CHAIN: list[Processor] = []
"""What every record goes through. One list for the life of the process: a logger that was used once keeps the list it met."""


def configure(level: str, *, send_to: str = "", trust: str = "") -> None:
    """Both structlog's and the standard library's records come out alike: on standard error, and at the collector `send_to`
    where there is one (`log_sending`), whose certificate the authorities of the file `trust` may vouch for, too."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    _CHAIN[:] = [*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.configure(
        processors=_CHAIN,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_words,
            structlog.processors.JSONRenderer(),
        ],
    )
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if send_to:
        handlers.append(Sender(send_to, trust=trust))
    for handler in handlers:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    for before in root.handlers:
        if isinstance(before, Sender):
            before.close()
    root.handlers = handlers
    root.setLevel(level)
    for loud in ("httpx", "httpcore", "procrastinate", "fontTools"):
        logging.getLogger(loud).setLevel(max(logging.WARNING, root.level))
    # They log the path of every page that failed, and paths hold tokens; doors/web logs faults by reference.
    for telling in ("django.request", "django.security.csrf"):
        logging.getLogger(telling).setLevel(logging.CRITICAL + 1)


def without_words(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by frames and kinds."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def told(error: BaseException) -> str:
    """The frames of an error and what it came of, innermost last, each with its kind."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)[-FRAMES_MAX:]
        part = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines = [*part, kind_of(current), *lines]
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "\n".join(lines)


def kind_of(error: BaseException) -> str:
    """Its class; and our code, or PostgreSQL's code with the table and constraint, where it has one."""
    words = [f"{type(error).__module__}.{type(error).__qualname__}"]
    if isinstance(error, HesabuError):
        words.append(error.code)
    diagnosis = getattr(error, "diag", None)
    for name in ("sqlstate", "table_name", "constraint_name"):
        if value := getattr(diagnosis, name, None):
            words.append(str(value))
    return " ".join(words)
