"""Whoever a story needs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from stories.basic_phones import Network
    from stories.kamau import Kamau


@pytest.fixture
def kamau(new_business: Callable[..., UUID]) -> Kamau:
    from stories.kamau import open_shop

    return open_shop(new_business("Kamau Designs"))


@pytest.fixture
def wanjiru(new_business: Callable[..., UUID]) -> Kamau:
    """Another business, which knows nothing of the first."""
    from stories.kamau import open_shop

    return open_shop(new_business("Wanjiru Prints"))


class _Always(deque[Any]):
    """Answers that are never used up."""

    def popleft(self) -> Any:
        return self[0]


@pytest.fixture
def network(database: str) -> Iterator[Network]:
    """Text messages by Africa's Talking on a socket, and a WhatsApp that knows nobody."""
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from hesabu.app import wiring
    from hesabu.kit import http
    from hesabu.store.ingress import Ingress
    from messaging import counterpart, ladder
    from stories.basic_phones import Network, unknown_to_whatsapp

    meta, texts = counterpart.Meta(answers=_Always([unknown_to_whatsapp])), ladder.Texts()
    handlers = (counterpart.handler(meta), ladder.handler(texts, ladder.Mails()))
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for handler in handlers]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    hosts = [f"127.0.0.1:{server.server_port}" for server in servers]
    before = set(http._allowed_private)
    http.allow_private({*before, *hosts})
    ways = {
        "whatsapp_base_url": f"http://{hosts[0]}/v23.0",
        "sms_provider": "africastalking",
        "africastalking_base_url": f"http://{hosts[1]}/at/version1",
        "africastalking_username": "shop",
        "mail_provider": "none",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        (first_job,) = cursor.fetchone()
    with override_settings(CONFIG=settings.CONFIG.model_copy(update=ways)):
        ingress = Ingress(database, wiring.intakes(), wiring.answers(), pool_size=1)
        yield Network(ingress, texts, first_job)
        ingress.close()
    http.allow_private(before)
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _town_of_today(database: str) -> None:
    """What other tests left to be done is nothing to the people of this one."""
    from doors.chat import town

    town.begin()
