"""The port: opens with the box and closes with it."""

from __future__ import annotations

import asyncio

from hesabu.sandbox.smtp.session import Session
from hesabu.sandbox.world import World

LINE_MAX = 1024 * 1024
"""Longer than the standard's 998 characters, as real servers are patient too."""


class Listener:
    def __init__(self, world: World) -> None:
        self._world = world
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self, port: int) -> int:
        """Listen; port 0 takes any that is free. Returns the port."""
        self._server = await asyncio.start_server(
            self._came, self._world.config.host, port, limit=LINE_MAX
        )
        return int(self._server.sockets[0].getsockname()[1])

    def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(Session(self._world, reader, writer).talk())
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None
