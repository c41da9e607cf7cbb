"""The box as one ASGI application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette

from hesabu.sandbox.africastalking.routes import routes as africastalking_routes
from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.control import accounts, knobs, letters, phones
from hesabu.sandbox.daraja.routes import routes as daraja_routes
from hesabu.sandbox.dialog360.routes import routes as dialog360_routes
from hesabu.sandbox.mailgun.routes import routes as mailgun_routes
from hesabu.sandbox.page.routes import routes as page_routes
from hesabu.sandbox.smtp.listener import Listener
from hesabu.sandbox.whatsapp.routes import routes as whatsapp_routes
from hesabu.sandbox.world import World


def create_app(
    config: SandboxConfig | None = None,
    *,
    read_time: Callable[[], float] = time.time,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """`read_time` and `transport` are for tests: another clock, another way out."""
    world = World(config or SandboxConfig.from_env(), read_time=read_time, transport=transport)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        mail_server = Listener(world)
        if world.config.smtp_port:
            await mail_server.open(world.config.smtp_port)
        yield
        await mail_server.close()
        await world.close()

    app = Starlette(
        routes=[
            *whatsapp_routes(world),
            *dialog360_routes(world),
            *daraja_routes(world),
            *africastalking_routes(world),
            *mailgun_routes(world),
            *phones.routes(world),
            *letters.routes(world),
            *accounts.routes(world),
            *knobs.routes(world),
            *page_routes(world),
        ],
        lifespan=lifespan,
    )
    app.state.world = world
    return app
