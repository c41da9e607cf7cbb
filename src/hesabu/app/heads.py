"""The heads of all chains, out of the house once a day, to whom the operator sets (`HESABU_CHAIN_HEADS_TO`).

Whoever owns the database can write books and facts anew from some point on, all of them, and every hash will fit. What they
cannot change is a mail that somebody has. So each day a list goes out: for every business the last entry and the last seal with
their hashes. `hesabu verify --against <the list>` says later whether those are still in their chains.

    # hesabu heads 2026-11-21
    <business>  <entries> <hash of the last>  <seals> <hash of the last>
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import structlog

from hesabu.app.books import businesses
from hesabu.kit import clock, crypto
from hesabu.store import files, jobs, seals, tenancy

log = structlog.get_logger(__name__)
NO_HEAD = "-"
BODY = (
    "Keep this mail where nobody who runs the installation can change it. The list it brings says how far every book and"
    " every record of acts was today. With it, hesabu verify --against finds out whether any of it was written anew."
)
"""To the operator or their auditor, in the language of the command line."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Of one business, as a line says it."""

    business_id: UUID
    entry_count: int
    entry_hash: str
    seal_count: int
    seal_hash: str

    def __str__(self) -> str:
        entries = f"{self.entry_count} {self.entry_hash or NO_HEAD}"
        return f"{self.business_id}  {entries}  {self.seal_count} {self.seal_hash or NO_HEAD}"


class NotHeads(ValueError):
    """A line that is none of ours."""


def heads() -> Iterator[Heads]:
    """Of every business, and of the house last."""
    from hesabu.ledger import queries as ledger

    for business_id in businesses():
        with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
            count, entry = ledger.head()
            standing = seals.standing(business_id)
        yield Heads(business_id, count, entry, standing.seal_count, standing.head)
    with tenancy.house(actor=tenancy.Actor("operator")):
        standing = seals.standing(tenancy.HOUSE)
    yield Heads(tenancy.HOUSE, 0, "", standing.seal_count, standing.head)


def written(day: date) -> str:
    """The list, and under it a mark that only who holds the blind key can make."""
    lines = [f"# hesabu heads {day}", *map(str, heads())]
    body = "\n".join(lines) + "\n"
    return f"{body}# mark {_mark(body)}\n"


def _mark(body: str) -> str:
    return crypto.mac("chain.heads", hashlib.sha256(body.encode()).hexdigest(), 43)


def is_ours(text: str) -> bool:
    """Whether this installation wrote the list, and nobody changed it."""
    body, _sign, mark = text.rpartition("# mark ")
    return bool(body) and crypto.same(_mark(body).encode(), mark.strip().encode())


def read(text: str) -> list[Heads]:
    """Raises NotHeads."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split()
        try:
            business, entries, entry, count, seal = parts
            one = Heads(UUID(business), int(entries), entry, int(count), seal)
        except ValueError as error:
            raise NotHeads(line[:80]) from error
        found.append(one)
    return found


def faults(kept: list[Heads]) -> list[str]:
    """What of the list is no longer so."""
    from hesabu.ledger import queries as ledger

    known, found = {*businesses(), tenancy.HOUSE}, []
    for one in kept:
        if one.business_id not in known:
            found.append(f"{one.business_id}: the whole business is gone")
            continue
        is_house = one.business_id == tenancy.HOUSE
        with tenancy.house() if is_house else tenancy.bound(one.business_id):
            if not is_house and not ledger.holds(one.entry_count, one.entry_hash):
                found.append(f"{one.business_id}: entry {one.entry_count} is not what it was")
            if not seals.holds(one.business_id, one.seal_count, one.seal_hash):
                found.append(f"{one.business_id}: seal {one.seal_count} is not what it was")
    return found


def send(to: str, day: date) -> UUID:
    """Queue the mail of that day; there is one a day, however often this is called. Its message's id."""
    from hesabu.messaging import actions as messaging
    from hesabu.messaging.types import Channel, Letter, Text

    text = written(day)
    digest = hashlib.sha256(text.encode()).hexdigest()
    subject = f"Heads of the chains, {day.isoformat()}"
    body = f"{BODY}\n\nSHA-256 of the list: {digest}"
    with tenancy.house():
        contact_id = messaging.meet(email=to)
        file_id = files.keep(text.encode(), "text/plain", f"heads-{day.isoformat()}.txt")
        letter = Letter(subject, body, attachments=((file_id, f"heads-{day.isoformat()}.txt"),))
        return messaging.send(
            contact_id,
            Text(body),
            f"heads:{day.isoformat()}",
            letter=letter,
            channel=Channel.EMAIL,
        )


@jobs.task("app.send_heads", retries=3)
def send_heads() -> None:
    """Once a day, if somebody is to get them."""
    from django.conf import settings

    to, today = settings.CONFIG.chain_heads_to, clock.now().date()
    if to:
        log.info("heads.sent", message_id=str(send(to, today)))


jobs.every("app.send_heads", cron="7 4 * * *")
