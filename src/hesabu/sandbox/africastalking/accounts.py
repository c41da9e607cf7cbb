"""Accounts: who may send, what is left to spend, and the addresses that are told."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from hesabu.sandbox.config import SandboxConfig

TEXTS_MAX = 20_000
INBOX_MAX = 1_000
BALANCE = 1_000_0000
"""In ten-thousandths of a shilling, as prices are: KES 1,000.0000."""
DEFAULT_SENDER = "AFRICASTKNG"


class NoSuchAccount(LookupError):
    """No account has that user name."""


@dataclass
class Text:
    """One SMS that was accepted for one number."""

    id: str
    at: float
    account: Account
    sender: str
    phone: str
    words: str
    statuses: list[str] = field(default_factory=list)
    expires_at: float = 0.0

    @property
    def is_over(self) -> bool:
        return bool(self.statuses) and self.statuses[-1] not in ("Sent", "Submitted", "Buffered")


@dataclass(frozen=True)
class Received:
    """One SMS somebody wrote to a short code."""

    ordinal: int
    id: str
    at: float
    sender: str
    to: str
    words: str


@dataclass
class Account:
    username: str
    key: str
    shortcode: str
    senders: tuple[str, ...] = ()
    """Those that are registered; empty: all are."""
    delivery_webhook: str = ""
    inbound_webhook: str = ""
    optout_webhook: str = ""
    balance: int = BALANCE
    inbox: deque[Received] = field(default_factory=lambda: deque(maxlen=INBOX_MAX))

    def allows(self, sender: str) -> bool:
        registered = (*self.senders, self.shortcode, DEFAULT_SENDER)
        return not self.senders or sender in registered

    def as_json(self) -> dict[str, Any]:
        return {
            "username": self.username,
            "shortcode": self.shortcode,
            "senders": list(self.senders),
            "delivery_webhook": self.delivery_webhook,
            "inbound_webhook": self.inbound_webhook,
            "optout_webhook": self.optout_webhook,
            "balance": money(self.balance),
        }


class Texting:
    """All accounts, and every SMS on its way."""

    def __init__(self, config: SandboxConfig, accounts: dict[str, Account] | None = None) -> None:
        first = account_of(config)
        self.accounts = accounts or {first.username: first}
        for account in self.accounts.values():
            account.balance = BALANCE
            account.inbox.clear()
        self.texts: OrderedDict[str, Text] = OrderedDict()

    def account(self, username: str = "") -> Account:
        if not username:
            return next(iter(self.accounts.values()))
        found = self.accounts.get(username)
        if found is None:
            raise NoSuchAccount(username)
        return found

    def with_shortcode(self, number: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.shortcode == number), None)

    def keep(self, text: Text) -> None:
        self.texts[text.id] = text
        while len(self.texts) > TEXTS_MAX:
            self.texts.popitem(last=False)

    def waiting_for(self, phone: str) -> list[Text]:
        return [text for text in self.texts.values() if text.phone == phone and not text.is_over]


def account_of(config: SandboxConfig) -> Account:
    senders = tuple(s.strip() for s in config.africastalking_senders.split(",") if s.strip())
    return Account(
        config.africastalking_username,
        config.africastalking_key,
        config.africastalking_shortcode,
        senders,
        config.africastalking_delivery_webhook,
        config.africastalking_inbound_webhook,
        config.africastalking_optout_webhook,
    )


def money(amount: int) -> str:
    """KES 0.8000: four decimals, as they are billed."""
    return f"KES {amount // 10_000}.{amount % 10_000:04d}"
