"""A look inside the product: what a message, or the last act of a person, set off there.

The real providers have no such window, and no stand-in uses it: it is for the page alone. A
product in development may answer at one address (`HESABU_SANDBOX_INSIDE_URL`), to whoever shows
the token, with letters, facts, jobs and ledger entries in plain JSON. A product that does not is
simply not drawn.

    GET {url}?message=<id of a WhatsApp message>    all that followed from it
    GET {url}?since=<cursor>                        all that happened since
"""

from __future__ import annotations

from typing import Any

import httpx

from hesabu.sandbox.delivery import Delivery

Found = dict[str, Any]
PARTS = ("letters", "facts", "jobs", "entries")


class NotShown(Exception):
    """The product shows nothing, and why."""


class Inside:
    def __init__(self, url: str, token: str, delivery: Delivery) -> None:
        self._url = url
        self._token = token
        self._delivery = delivery
        self._cursor = ""
        self._mark = ""
        """Where the product stood when a person last did something."""

    @property
    def is_open(self) -> bool:
        return bool(self._url)

    def begin(self) -> None:
        """Somebody acts: what comes after this belongs to it."""
        self._mark = self._cursor or self._mark

    async def of_message(self, message_id: str) -> Found:
        return await self._ask({"message": message_id})

    async def since_last_act(self) -> Found:
        """The first look only finds where the product stands: its past is not what anybody did here."""
        found = await self._ask({"since": self._mark})
        self._cursor = str(found.get("cursor") or self._cursor)
        if not self._mark:
            self._mark = self._cursor
            return {**found, **{part: [] for part in PARTS}}
        return found

    async def _ask(self, question: dict[str, str]) -> Found:
        if not self._url:
            raise NotShown("no address is set")
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            answer = await self._delivery.get(self._url, question, headers)
            answer.raise_for_status()
            found = answer.json()
        except httpx.HTTPStatusError as error:
            raise NotShown(f"the product answered {error.response.status_code}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotShown(f"the product does not answer ({type(error).__name__})") from error
        except ValueError as error:
            raise NotShown("the product answered something that is not JSON") from error
        if not isinstance(found, dict) or not all(isinstance(found.get(p), list) for p in PARTS):
            raise NotShown("the product answered in another form")
        return found
