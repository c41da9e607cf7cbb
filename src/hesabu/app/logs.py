"""Logs: one JSON object a line, with ids and codes; never a message's text, a telephone number or a token."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Both structlog's and the standard library's records come out alike."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for loud in ("httpx", "httpcore", "procrastinate", "fontTools"):
        logging.getLogger(loud).setLevel(max(logging.WARNING, root.level))
