"""Domains whose mail servers always do the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    code: int
    """What the recipient's server answers the first time; 250 when it takes the mail."""
    enhanced: str = ""
    words: str = ""
    tries_max: int = 0
    """After so many tries it takes the mail; 0: it never does."""
    then: str = ""
    """What the recipient does with a mail that arrived: open it, mark it as spam, or unsubscribe."""


FATES: dict[str, Fate] = {
    "bounce.test": Fate(550, "5.1.1", "The email account that you tried to reach does not exist"),
    "full.test": Fate(452, "4.2.2", "The recipient's inbox is out of storage space"),
    "busy.test": Fate(451, "4.7.1", "Greylisted, please try again later", tries_max=1),
    "open.test": Fate(250, then="open"),
    "spam.test": Fate(250, then="spam"),
    "leave.test": Fate(250, then="unsubscribe"),
}
TAKEN = Fate(250)
UNKNOWN = FATES["bounce.test"]
DEFERRED = FATES["busy.test"]


def fate_of(address: str) -> Fate:
    return FATES.get(address.rpartition("@")[2].lower(), TAKEN)
