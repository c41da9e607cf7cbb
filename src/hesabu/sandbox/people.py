"""The people of the box: each has a phone, a name, WhatsApp, SMS, a mail box, and an M-PESA wallet."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from hesabu.sandbox.chance import Chance

PEOPLE_MAX = 20_000
SMS_MAX = 200
STRANGER_BALANCE_CENTS = 50_000_00
WRONG_PINS_MAX = 3
DAILY_LIMIT_CENTS = 500_000_00


class NobodyThere(LookupError):
    """No phone with that number is in the box."""


class BadPhone(ValueError):
    """That is not a telephone number."""


def as_msisdn(written: str) -> str:
    """Digits with the country code, as both providers write numbers: 0712 345 678 → 254712345678."""
    digits = re.sub(r"\D", "", written)
    if len(digits) == 10 and digits.startswith("0"):
        digits = "254" + digits[1:]
    elif len(digits) == 9 and digits[0] in "17":
        digits = "254" + digits
    if not 7 <= len(digits) <= 15:
        raise BadPhone(f"{written!r} is not a telephone number")
    return digits


def as_local(msisdn: str) -> str:
    return "0" + msisdn[3:] if msisdn.startswith("254") else msisdn


@dataclass(frozen=True)
class Sms:
    """One text message on a phone, in either direction."""

    at: float
    text: str
    receipt: str = ""
    """M-PESA's, when it is about money that moved."""
    sender: str = "MPESA"
    """Who it says it is from: a name, a short code, or a number."""
    to: str = ""
    """Where the phone's owner sent it; empty on what arrived."""
    id: str = ""

    @property
    def is_mine(self) -> bool:
        return bool(self.to)

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "text": self.text,
            "receipt": self.receipt,
            "from": self.sender,
            "to": self.to,
            "is_mine": self.is_mine,
            "id": self.id,
        }


@dataclass(eq=False)
class Person:
    phone: str
    name: str
    user_id: str
    """WhatsApp's business-scoped id: what a business sees of somebody who hides the number."""
    shows_phone: bool = True
    """False: webhooks carry only the user id, neither `from` nor `wa_id`."""
    on_whatsapp: bool = True
    """False: a basic phone, with calls and SMS."""
    email: str = ""
    """Their address; mail for it lies in the box of that name."""
    is_online: bool = True
    """False: messages wait undelivered, and an M-PESA prompt cannot reach the handset."""
    sends_receipts: bool = True
    """False: WhatsApp never reports `read` for this person."""
    balance_cents: int = STRANGER_BALANCE_CENTS
    pin: str = "1234"
    wrong_pins: int = 0
    spent_on: str = ""
    """The day that `spent_cents` is about."""
    spent_cents: int = 0
    """What has left the wallet on that day, for the daily limit."""
    sms: deque[Sms] = field(default_factory=lambda: deque(maxlen=SMS_MAX))
    sms_read_at: float = 0.0
    """When they last looked at their SMS."""
    blocked_senders: set[str] = field(default_factory=set)
    """Senders of SMS they opted out of."""

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.phone

    @property
    def unread_sms(self) -> int:
        return sum(1 for sms in self.sms if not sms.is_mine and sms.at > self.sms_read_at)

    @property
    def is_pin_locked(self) -> bool:
        return self.wrong_pins >= WRONG_PINS_MAX

    def as_json(self) -> dict[str, Any]:
        return {
            "phone": self.phone,
            "name": self.name,
            "user_id": self.user_id,
            "shows_phone": self.shows_phone,
            "on_whatsapp": self.on_whatsapp,
            "email": self.email,
            "blocked_senders": sorted(self.blocked_senders),
            "is_online": self.is_online,
            "sends_receipts": self.sends_receipts,
            "balance_cents": self.balance_cents,
            "is_pin_locked": self.is_pin_locked,
        }


class People:
    """Everybody in the box. A number nobody has used yet belongs to a stranger, made on first use."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._by_phone: dict[str, Person] = {}
        self.settle(
            "254722000111",
            "Wanjiku Kamau",
            balance_cents=20_000_00,
            email="wanjiku@kamau-designs.test",
        )
        self.settle(
            "254712345678", "Jane Wanjiku", balance_cents=500_000_00, email="jane@example.test"
        )

    def settle(self, phone: str, name: str, **more: Any) -> Person:
        """Add a person, or change what is known of one who is here already."""
        msisdn = as_msisdn(phone)
        person = self._by_phone.get(msisdn)
        if person is None:
            if len(self._by_phone) >= PEOPLE_MAX:
                raise BadPhone(f"the box holds {PEOPLE_MAX} people and is full")
            person = Person(msisdn, name, self._user_id(msisdn))
            self._by_phone[msisdn] = person
        if name:
            person.name = name
        for key, value in more.items():
            setattr(person, key, value)
        return person

    def at(self, phone: str) -> Person:
        person = self._by_phone.get(as_msisdn(phone))
        if person is None:
            raise NobodyThere(phone)
        return person

    def reached_at(self, phone: str) -> Person:
        """The person a provider reaches at this number, a stranger if need be."""
        msisdn = as_msisdn(phone)
        return self._by_phone.get(msisdn) or self.settle(msisdn, f"Stranger {msisdn[-4:]}")

    def with_user_id(self, user_id: str) -> Person | None:
        return next((p for p in self._by_phone.values() if p.user_id == user_id), None)

    def with_email(self, address: str) -> list[Person]:
        return [p for p in self._by_phone.values() if p.email.lower() == address.lower()]

    def everyone(self) -> list[Person]:
        return list(self._by_phone.values())

    def _user_id(self, msisdn: str) -> str:
        """Of the number alone: somebody is the same person whenever the box is opened."""
        country = "KE" if msisdn.startswith("254") else "US"
        digest = hashlib.sha256(f"user id {msisdn}".encode()).digest()
        return f"{country}.{10**15 + int.from_bytes(digest[:8], 'big') % (9 * 10**15)}"
