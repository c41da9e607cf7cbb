"""Sending domains: their keys, their webhooks, and whom they no longer write to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from hesabu.sandbox.config import SandboxConfig

EVENTS_MAX = 5_000
WEBHOOK_IDS = (
    "accepted",
    "delivered",
    "opened",
    "clicked",
    "unsubscribed",
    "complained",
    "temporary_fail",
    "permanent_fail",
)
WEBHOOK_URLS_MAX = 3


class NoSuchDomain(LookupError):
    """No such domain sends mail here."""


@dataclass
class Domain:
    name: str
    key: str
    signing_key: str
    webhook: str = ""
    """Told of every event, as an account's webhook is."""
    webhooks: dict[str, list[str]] = field(default_factory=dict)
    """The addresses registered for one kind of event each."""
    bounces: dict[str, float] = field(default_factory=dict)
    complaints: dict[str, float] = field(default_factory=dict)
    unsubscribes: dict[str, float] = field(default_factory=dict)
    events: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=EVENTS_MAX))

    def listeners(self, webhook_id: str) -> list[str]:
        own = self.webhooks.get(webhook_id, [])
        return [*own, *([self.webhook] if self.webhook and self.webhook not in own else [])]

    def suppression(self, address: str) -> tuple[int, str, str] | None:
        """Code, reason and words when nothing is sent to this address any more."""
        if address in self.bounces:
            return 605, "suppress-bounce", "Not delivering to previously bounced address"
        if address in self.unsubscribes:
            return 606, "suppress-unsubscribe", "Not delivering to unsubscribed recipient"
        if address in self.complaints:
            words = "Not delivering to a user who marked your messages as spam"
            return 607, "suppress-complaint", words
        return None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "webhook": self.webhook,
            "webhooks": {key: list(urls) for key, urls in self.webhooks.items()},
            "bounces": sorted(self.bounces),
            "complaints": sorted(self.complaints),
            "unsubscribes": sorted(self.unsubscribes),
        }


class Mailgun:
    def __init__(self, config: SandboxConfig, domains: dict[str, Domain] | None = None) -> None:
        first = Domain(
            config.mailgun_domain,
            config.mailgun_key,
            config.mailgun_signing_key,
            config.mailgun_webhook,
        )
        self.domains = domains or {first.name: first}
        for domain in self.domains.values():
            for kept in (domain.bounces, domain.complaints, domain.unsubscribes, domain.events):
                kept.clear()

    def domain(self, name: str = "") -> Domain:
        if not name:
            return next(iter(self.domains.values()))
        found = self.domains.get(name)
        if found is None:
            raise NoSuchDomain(name)
        return found
