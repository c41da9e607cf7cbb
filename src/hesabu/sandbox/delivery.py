"""Webhooks on their way out: in order, signed by their sender, tried again, and prey to the dials.

```
 post ──▶ queue of its line ──▶ attempt ──200──▶ done
             (one phone, say)      │ no 200, drop, corrupt
                                   ├──▶ again after 1, 2, 4 … s   (WhatsApp, 360dialog, Mailgun)
                                   └──▶ lost for good             (Daraja, Africa's Talking)
```

Within one line first attempts go out one after the other, as a calm provider's would. The dials
for delay and reorder take a webhook out of its line, and a retry never holds up the rest.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from hesabu.sandbox.chance import Chance
from hesabu.sandbox.clock import Timetable
from hesabu.sandbox.dials import Dials
from hesabu.sandbox.journal import Journal

ANSWER_SECONDS = 5.0
"""The providers give up on an answer after about this long."""
RETRY_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600)
"""Meta backs off over seven days; the box is in a greater hurry."""
LINES_MAX = 5_000
HEADERS = {
    "whatsapp": {"Content-Type": "application/json", "User-Agent": "facebookexternalua"},
    "360dialog": {"Content-Type": "application/json", "User-Agent": "360dialog"},
    "daraja": {"Content-Type": "application/json", "User-Agent": "Apache-HttpClient/4.5"},
    "africastalking": {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "at-sms-api",
    },
    "mailgun": {"Content-Type": "application/json", "User-Agent": "mailgun/treq-20.9.0"},
}
ECHO_SECONDS = 0.2


@dataclass
class Parcel:
    """One webhook: the same bytes on every attempt."""

    provider: str
    url: str
    body: bytes
    subject: str
    """Names the event, so that chance depends on what it is and not on when it goes out."""
    line: str
    """Parcels of one line keep their order while all is calm."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_retried: bool = False
    dropped_at: int | None = None
    """An answer with this status means: never again (Mailgun's 406)."""
    arrived: Callable[[], None] | None = None
    attempt: int = 0


class Delivery:
    def __init__(
        self,
        timetable: Timetable,
        chance: Chance,
        journal: Journal,
        dials: Mapping[str, Dials],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._timetable = timetable
        self._chance = chance
        self._journal = journal
        self._dials = dials
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._lines: dict[str, deque[Parcel]] = {}

    def post(self, parcel: Parcel) -> None:
        if not parcel.url:
            self._note(parcel, "nobody listens: no webhook address is set")
            return
        wait = self._held_back_seconds(parcel)
        if wait:
            self._timetable.after(wait, lambda: self._attempt(parcel))
            return
        if len(self._lines) > LINES_MAX:
            self._lines = {name: line for name, line in self._lines.items() if line}
        line = self._lines.setdefault(f"{parcel.provider}/{parcel.line}", deque())
        line.append(parcel)
        if len(line) == 1:
            self._timetable.after(0, lambda: self._empty(line))

    async def ask(self, provider: str, url: str, body: dict[str, Any], seconds: float) -> Any:
        """Post a question and wait for the answer's JSON; None when none came in time."""
        started = time.monotonic()
        try:
            answer = await self._http().post(url, json=body, timeout=seconds)
            said = answer.json() if answer.is_success else None
            status, text = answer.status_code, answer.text
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            said, status, text = None, None, f"{type(error).__name__}: {error}"
        self._journal.record(
            "webhook",
            provider,
            "asked",
            method="POST",
            url=url,
            status=status,
            request=body,
            response=text,
            took_ms=_ms_since(started),
        )
        return said

    async def submit(self, provider: str, url: str, form: dict[str, str], summary: str) -> None:
        """A person's own browser or mail program sends a form; no dial stands in its way."""
        started = time.monotonic()
        try:
            answer = await self._http().post(url, data=form, timeout=ANSWER_SECONDS)
            status, text = answer.status_code, answer.text
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            status, text = None, f"{type(error).__name__}: {error}"
        self._journal.record(
            "webhook",
            provider,
            summary,
            method="POST",
            url=url,
            status=status,
            request=str(form),
            response=text,
            took_ms=_ms_since(started),
        )

    async def get(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return await self._http().get(
            url, params=dict(params), headers=headers, timeout=ANSWER_SECONDS
        )

    async def fetch(self, url: str, bytes_max: int) -> tuple[bytes, str]:
        """The file behind a link, as a provider that was handed a link would fetch it."""
        async with self._http().stream("GET", url, follow_redirects=True, timeout=10) as answer:
            answer.raise_for_status()
            content = b""
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > bytes_max:
                    raise httpx.DecodingError("the file is too large")
            return content, answer.headers.get("content-type", "").split(";")[0].strip()

    def clear(self) -> None:
        self._lines.clear()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _held_back_seconds(self, parcel: Parcel) -> float:
        dials, seconds = self._dials[parcel.provider], 0.0
        if self._falls(parcel, "webhook_delay"):
            self._fault(parcel, "webhook_delay")
            seconds += dials.number("webhook_delay_seconds")
        if self._falls(parcel, "webhook_reorder"):
            self._fault(parcel, "webhook_reorder")
            seconds += self._chance.about("reorder by", parcel.subject).uniform(0.3, 1.5)
        return seconds

    async def _empty(self, line: deque[Parcel]) -> None:
        while line:
            try:
                await self._attempt(line[0])
            finally:
                if line:
                    line.popleft()

    async def _attempt(self, parcel: Parcel) -> None:
        parcel.attempt += 1
        if self._falls(parcel, "webhook_drop"):
            self._fault(parcel, "webhook_drop")
            self._again(parcel)
            return
        body = parcel.body
        if self._falls(parcel, "webhook_corrupt"):
            self._fault(parcel, "webhook_corrupt")
            body = self._damaged(parcel)
        status = await self._send(parcel, body)
        if status == 200 and body is parcel.body:
            if parcel.arrived is not None:
                parcel.arrived()
        elif status is not None and status == parcel.dropped_at:
            self._note(parcel, "the listener wants it no more")
        else:
            self._again(parcel)
        if parcel.attempt == 1 and self._falls(parcel, "webhook_double"):
            self._fault(parcel, "webhook_double")
            self._timetable.after(ECHO_SECONDS, lambda: self._echo(parcel))

    async def _echo(self, parcel: Parcel) -> None:
        await self._send(parcel, parcel.body)

    async def _send(self, parcel: Parcel, body: bytes) -> int | None:
        started = time.monotonic()
        try:
            answer = await self._http().post(
                parcel.url,
                content=body,
                headers={**HEADERS[parcel.provider], **parcel.headers},
                timeout=ANSWER_SECONDS,
            )
            status, text = answer.status_code, answer.text
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            status, text = None, f"{type(error).__name__}: {error}"
        self._journal.record(
            "webhook",
            parcel.provider,
            parcel.subject,
            method="POST",
            url=parcel.url,
            status=status,
            request=body.decode("utf-8", "replace"),
            response=text,
            attempt=parcel.attempt,
            took_ms=_ms_since(started),
        )
        return status

    def _again(self, parcel: Parcel) -> None:
        if not parcel.is_retried:
            self._note(parcel, "not delivered, and this provider does not try again")
            return
        if parcel.attempt > len(RETRY_SECONDS):
            self._note(parcel, "given up")
            return
        wait = RETRY_SECONDS[parcel.attempt - 1]
        # a parcel that waits to be tried again is no work in progress: the box may be called quiet
        self._timetable.after(wait, lambda: self._attempt(parcel), is_idle=wait > 2)

    def _damaged(self, parcel: Parcel) -> bytes:
        """The body with one character changed and its end cut off: no JSON, and no signature fits."""
        at = self._chance.about("damage", parcel.subject, parcel.attempt).randrange(
            len(parcel.body) // 2
        )
        return parcel.body[:at] + b"?" + parcel.body[at + 1 : -2]

    def _falls(self, parcel: Parcel, dial: str) -> bool:
        return self._chance.happens(
            self._dials[parcel.provider].number(dial), dial, parcel.subject, parcel.attempt
        )

    def _fault(self, parcel: Parcel, dial: str) -> None:
        self._journal.record(
            "fault", parcel.provider, parcel.subject, fault=dial, attempt=parcel.attempt
        )

    def _note(self, parcel: Parcel, words: str) -> None:
        self._journal.record(
            "webhook",
            parcel.provider,
            f"{parcel.subject}: {words}",
            url=parcel.url,
            request=parcel.body.decode("utf-8", "replace"),
            attempt=parcel.attempt,
        )

    def _http(self) -> httpx.AsyncClient:
        if self._client is None or self._client.is_closed:
            self._client = httpx.AsyncClient(transport=self._transport)
        return self._client


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
