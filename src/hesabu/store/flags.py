"""Flags: kill switches. A switch that nobody touched is on."""

from __future__ import annotations

from dataclasses import dataclass

from hesabu.kit import clock
from hesabu.kit.errors import Unavailable
from hesabu.store.models import Flag

KNOWN = {
    "payments.mpesa": "Ask for money by M-PESA, and ask M-PESA what became of it.",
    "payments.money_out": "Send money out: refunds and payouts.",
    "messaging.whatsapp": "Send messages by WhatsApp; they wait in their queue while it is off.",
    "messaging.sms": "Send messages by SMS; they wait in their queue while it is off.",
    "messaging.email": "Send messages by e-mail; they wait in their queue while it is off.",
}


class SwitchedOff(Unavailable):
    code = "flag.off"


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch as it stands."""

    name: str
    meaning: str
    is_on: bool
    reason: str


def is_on(name: str) -> bool:
    _known(name)
    row = Flag.objects.filter(name=name).first()
    return row is None or row.is_on


def require(name: str) -> None:
    """Raises SwitchedOff."""
    if not is_on(name):
        raise SwitchedOff(KNOWN[name])


def switch(name: str, *, on: bool, reason: str = "") -> None:
    _known(name)
    Flag.objects.update_or_create(
        name=name, defaults={"is_on": on, "reason": reason, "changed_at": clock.now()}
    )


def switches() -> list[Switch]:
    rows = {row.name: row for row in Flag.objects.all()}
    return [
        Switch(
            name,
            meaning,
            rows[name].is_on if name in rows else True,
            rows[name].reason if name in rows else "",
        )
        for name, meaning in KNOWN.items()
    ]


def _known(name: str) -> None:
    if name not in KNOWN:
        raise LookupError(f"no switch is called {name}")
