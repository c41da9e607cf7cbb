"""The world in the box: one object that everything else is given.

All state is in memory and bounded. One event loop owns it and nothing in it yields half-way
through a change, which is the whole of its thread safety: serve it with one worker.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from hesabu.sandbox.africastalking.accounts import Texting
from hesabu.sandbox.chance import Chance
from hesabu.sandbox.clock import Clock, Timetable
from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.daraja.books import Books
from hesabu.sandbox.delivery import Delivery
from hesabu.sandbox.dials import PROVIDERS, Dials
from hesabu.sandbox.inside import Inside
from hesabu.sandbox.journal import Journal
from hesabu.sandbox.mail.boxes import MailBoxes
from hesabu.sandbox.mailgun.domains import Mailgun
from hesabu.sandbox.people import People
from hesabu.sandbox.whatsapp.chats import Chats


class World:
    def __init__(
        self,
        config: SandboxConfig,
        *,
        read_time: Callable[[], float] = time.time,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.config = config
        self.clock = Clock(read_time)
        self.journal = Journal(self.clock)
        self.timetable = Timetable(self.clock)
        self.dials = {provider: Dials(provider) for provider in PROVIDERS}
        self.chance = Chance(config.seed, config.run)
        self.delivery = Delivery(
            self.timetable, self.chance, self.journal, self.dials, transport=transport
        )
        self.inside = Inside(config.inside_url, config.inside_token, self.delivery)
        self._counts: Counter[str] = Counter()
        self.people = People(self.chance)
        self.chats = Chats(config)
        self.books = Books(config)
        self.texting = Texting(config)
        self.mail = MailBoxes()
        self.mailgun = Mailgun(config)

    def reset(self, seed: int, *, keeps_wiring: bool = True) -> None:
        """Begin again from a seed. Who is connected (numbers, shortcodes, addresses) may stay."""
        self.timetable.clear()
        self.delivery.clear()
        self.chance.begin(seed)
        self._counts.clear()
        self.people = People(self.chance)
        self.chats = Chats(self.config, self.chats.numbers if keeps_wiring else None)
        self.books = Books(self.config, self.books if keeps_wiring else None)
        self.texting = Texting(self.config, self.texting.accounts if keeps_wiring else None)
        self.mail = MailBoxes()
        self.mailgun = Mailgun(self.config, self.mailgun.domains if keeps_wiring else None)
        for dials in self.dials.values():
            dials.calm()
        self.journal.clear()
        self.journal.publish("reset", {"seed": seed})

    def count(self, what: str) -> int:
        """How many there have been before this one."""
        self._counts[what] += 1
        return self._counts[what] - 1

    def changed(self, phone: str) -> None:
        """Tell whoever watches that something on this phone is new."""
        self.journal.publish("phone", {"phone": phone})

    def act(self, summary: str, **more: Any) -> None:
        """A person does something; what the product does next is taken to follow from it."""
        self.inside.begin()
        self.journal.record("act", "person", summary, **more)

    async def close(self) -> None:
        await self.timetable.close()
        await self.delivery.close()
