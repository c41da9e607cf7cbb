"""The live process: event streams for pages that are open. One process, one loop; a few threads ask the database.

It serves `/live/…`, and `/healthz`, `/readyz` and `/metrics` for itself. The server runs inside our own loop, so that a stop
first ends the streams and then the server: a stream has no end of its own that a server could wait for.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

import django
import structlog

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hesabu.app.config import Config
    from hesabu.doors.web.live.serving import Serving
    from hesabu.store.lately import Lately

log = structlog.get_logger(__name__)
THREADS = 4
"""Each holds a connection to the database while somebody looks."""
BEYOND_STREAMS = 256
"""Requests that are no streams, or not yet."""
HEAD_BYTES_MAX = 64 * 1024
STOP_SECONDS = 5


def run() -> None:
    """Until SIGTERM or SIGINT."""
    django.setup()
    asyncio.run(_serve())


async def _serve() -> None:
    from django.conf import settings
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server.embed import Server

    from hesabu.doors.web.live.board import Board

    config: Config = settings.CONFIG
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
    board = Board(_read, _why_over, _in(threads))
    server = Server(
        serving(config, board, _in(threads)),
        address=config.web_host,
        port=config.live_port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=board.bounds.streams + BEYOND_STREAMS,
        http1_settings=HTTP1Settings(max_buffer_size=HEAD_BYTES_MAX),
        log_level=LogLevels.error,  # it warns at each start that running inside a loop is new
    )
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    board.start()
    serves = asyncio.create_task(server.serve())
    stops = asyncio.create_task(stopping.wait())
    log.info("live.started", port=config.live_port)
    await asyncio.wait([serves, stops], return_when=asyncio.FIRST_COMPLETED)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await board.close()
            server.stop()  # type: ignore[no-untyped-call]
            await serves
    except TimeoutError:
        log.warning("live.not_all_ended", streams=len(board.streams()))
    threads.shutdown(wait=False, cancel_futures=True)
    log.info("live.stopped")


def serving(config: Config, board: Any, in_thread: Callable[..., Any]) -> Serving:
    """The application on this installation's own pages."""
    from django.core.wsgi import get_wsgi_application

    from hesabu.doors.web.live.serving import Serving

    parts = urlsplit(config.public_url)
    pages = get_wsgi_application()

    def site(environ: dict[str, Any]) -> HttpResponse:
        environ.pop("HTTP_X_FORWARDED_PROTO", None)
        environ["wsgi.url_scheme"] = parts.scheme or "http"
        answer: Any = pages(environ, _unsaid)
        try:
            return answer  # type: ignore[no-any-return]
        finally:
            answer.close()

    trusted = [one.strip() for one in config.trusted_proxies.split(",") if one.strip()]
    return Serving(
        board, site, in_thread, origin=f"{parts.scheme}://{parts.netloc}", trusted=trusted
    )


def _unsaid(status: str, headers: Any, fault: Any = None) -> Callable[[bytes], object]:
    """Of WSGI: what a server would send on, which here is read off the answer itself."""
    return len


def _in(threads: ThreadPoolExecutor) -> Callable[..., Any]:
    def call(act: Callable[..., Any], *given: Any) -> Any:
        return asyncio.get_running_loop().run_in_executor(threads, _fresh, act, given)

    return call


def _fresh(act: Callable[..., Any], given: Sequence[Any]) -> Any:
    """With a connection that is known to work: one that broke is left behind, as at the begin of a request."""
    from django.db import close_old_connections

    close_old_connections()
    return act(*given)


def _read(business_ids: Sequence[UUID], since: datetime, most: int) -> list[Lately]:
    """Bound to just those businesses, and able to write nothing."""
    from hesabu.doors.web.live.signs import KINDS
    from hesabu.store import lately, tenancy

    with tenancy.bound(*business_ids):
        tenancy.only_read()
        return lately.facts_since(since, KINDS, most=most)


def _why_over(watch: Any) -> str:
    from hesabu.doors.web.live import leave

    return leave.why_over(watch)


if __name__ == "__main__":
    run()
