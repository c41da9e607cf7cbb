"""An SMS to some numbers: each is accepted or refused at once, and reported on later."""

from __future__ import annotations

from dataclasses import dataclass

from hesabu.sandbox.africastalking.accounts import Account, Text, money
from hesabu.sandbox.africastalking.codes import (
    ACCEPTED,
    CODE_OF_NUMBER,
    FATE_OF_NUMBER,
    REFUSALS,
    is_mobile,
)
from hesabu.sandbox.africastalking.reports import post_report
from hesabu.sandbox.people import BadPhone, Person, Sms, as_msisdn
from hesabu.sandbox.world import World

SENT_SECONDS, STEP_SECONDS = 0.05, 0.2
BUFFERED_SECONDS = 24 * 3600
"""How long the network tries a phone that is off."""
PRICES = (("254", 8_000), ("256", 35_000), ("255", 22_000), ("234", 30_000))
PRICE_ELSEWHERE = 50_000
"""In ten-thousandths of a shilling, for each part. The real ones change with the season."""
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")
"""These are in the alphabet too, at the price of two characters."""


@dataclass(frozen=True)
class Outcome:
    """What the answer says of one number."""

    number: str
    status: str
    code: int
    cost: int = 0
    parts: int = 0
    id: str = "None"

    @property
    def is_accepted(self) -> bool:
        return self.code in ACCEPTED.values()


def parts_of(words: str) -> int:
    """How many SMS a text takes: 160 characters, or 70 beyond the GSM alphabet; less when joined."""
    if all(char in GSM_ALPHABET or char in GSM_TWICE for char in words):
        length = sum(2 if char in GSM_TWICE else 1 for char in words)
        alone, joined = 160, 153
    else:
        length, alone, joined = len(words.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)


def send(
    world: World, account: Account, *, numbers: list[str], words: str, sender: str, is_queued: bool
) -> list[Outcome]:
    return [
        _to_one(world, account, number.strip(), words, sender, is_queued=is_queued)
        for number in numbers
        if number.strip()
    ]


def _to_one(
    world: World, account: Account, number: str, words: str, sender: str, *, is_queued: bool
) -> Outcome:
    parts = parts_of(words)
    phone, refusal = _refusal(world, account, number, sender, parts)
    if refusal:
        return Outcome(number, refusal, REFUSALS[refusal], parts=parts)
    cost = price(phone) * parts
    account.balance -= cost
    text = Text(
        "ATXid_" + world.chance.hexadecimal("sms", 32),
        world.clock.now(),
        account,
        sender,
        phone,
        words,
        expires_at=world.clock.now() + BUFFERED_SECONDS,
    )
    world.texting.keep(text)
    world.timetable.after(SENT_SECONDS, lambda: _go(world, text))
    code = CODE_OF_NUMBER.get(phone, ("", ACCEPTED["Queued" if is_queued else "Sent"]))[1]
    return Outcome(number, "Success", code, cost, parts, text.id)


def price(phone: str) -> int:
    return next((amount for start, amount in PRICES if phone.startswith(start)), PRICE_ELSEWHERE)


def _refusal(
    world: World, account: Account, number: str, sender: str, parts: int
) -> tuple[str, str]:
    """The number as the network knows it, and the name of what stands in the way, if anything."""
    try:
        phone = as_msisdn(number)
    except BadPhone:
        return "", "InvalidPhoneNumber"
    known = CODE_OF_NUMBER.get(phone)
    if known is not None and known[0] in REFUSALS:
        return phone, known[0]
    dials = world.dials["africastalking"]
    ordinal = world.count("sms to a number")
    if world.chance.happens(dials.number("sms_refused"), "sms refused", ordinal):
        return phone, dials.choice("sms_refused_as")
    if not number.startswith("+"):
        return phone, "InvalidPhoneNumber"
    if not is_mobile(phone):
        return phone, "UnsupportedNumberType"
    if sender in world.people.reached_at(phone).blocked_senders:
        return phone, "UserInBlacklist"
    if price(phone) * parts > account.balance:
        return phone, "InsufficientBalance"
    return phone, ""


async def _go(world: World, text: Text) -> None:
    """Out to the network; the reports of a number with a fate of its own come as they must."""
    fate = FATE_OF_NUMBER.get(text.phone)
    if fate is None:
        dials = world.dials["africastalking"]
        if world.chance.happens(dials.number("sms_failed"), "sms failed", text.id):
            ending = dials.choice("sms_failed_as")
            reason = dials.choice("sms_failure_reason") if ending in ("Failed", "Rejected") else ""
            fate = (("Sent", ""), (ending, reason))
    if fate is None:
        _report(world, text, "Sent")
        _arrive_soon(world, text)
        return
    for ordinal, (status, reason) in enumerate(fate):
        _report_later(world, text, status, reason, ordinal * STEP_SECONDS)


def _report_later(world: World, text: Text, status: str, reason: str, seconds: float) -> None:
    async def report() -> None:
        if status == "Success":
            _arrive(world, text, world.people.reached_at(text.phone))
        else:
            _report(world, text, status, reason)

    world.timetable.after(seconds, report)


def _arrive_soon(world: World, text: Text) -> None:
    async def arrive() -> None:
        person = world.people.reached_at(text.phone)
        if text.is_over:
            return
        if person.is_online:
            _arrive(world, text, person)
        elif "Buffered" not in text.statuses:
            _report(world, text, "Buffered")
            _expire_later(world, text)

    world.timetable.after(STEP_SECONDS, arrive)


def _expire_later(world: World, text: Text) -> None:
    async def expire() -> None:
        if not text.is_over:
            _report(world, text, "Expired")

    world.timetable.after(text.expires_at - world.clock.now(), expire, is_idle=True)


def _arrive(world: World, text: Text, person: Person) -> None:
    person.sms.append(Sms(world.clock.now(), text.words, sender=text.sender, id=text.id))
    world.changed(person.phone)
    _report(world, text, "Success")


def _report(world: World, text: Text, status: str, reason: str = "") -> None:
    text.statuses.append(status)
    post_report(world, text, status, reason)


def come_online(world: World, person: Person) -> None:
    """What the network kept for the phone arrives now."""
    for text in world.texting.waiting_for(person.phone):
        if text.phone not in FATE_OF_NUMBER and "Sent" in text.statuses:
            _arrive_soon(world, text)


def total(outcomes: list[Outcome]) -> str:
    sent = [each for each in outcomes if each.is_accepted]
    cost = money(sum(each.cost for each in sent))
    return f"Sent to {len(sent)}/{len(outcomes)} Total Cost: {cost}"
