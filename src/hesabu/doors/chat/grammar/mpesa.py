"""A pasted M-PESA message: Safaricom's confirmation, as the payer or the payee received it.

    SKL4T7QX2P Confirmed. Ksh75,000.00 sent to KAMAU DESIGNS for account INV-0007 on 27/11/26 at 9:12 AM ...
    SKL4T7QX2P Confirmed.You have received Ksh500.00 from JANE WANJIKU 0712345678 on 27/11/26 at 9:12 AM ...
    SKL4T7QX2P Confirmed. on 27/11/26 at 9:12 AM Ksh500.00 received from 254712345678 JANE WANJIKU. Account Number INV-0007 ...

Whoever pastes it claims it; a text can be typed by anyone. What it says is read here, whether it is true is for
the door to ask.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import value_problem
from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.phones import valid
from hesabu.doors.chat.grammar.references import reference_in
from hesabu.doors.chat.grammar.text import trimmed
from hesabu.doors.chat.grammar.types import Customer, Intent, Payment, Problem, Understood

_START = re.compile(r"\b([A-Z][A-Z0-9]{9})\s{0,3}(?:Confirmed|imethibitishwa)", re.IGNORECASE)
_TAIL = re.compile(
    r"New (?:M-?PESA|Utility|business|account|merchant)|Transaction cost|Amount you can",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?:Ksh|KES)s?\.?\s?(\d[\d,]{0,14}(?:\.\d{1,2})?)", re.IGNORECASE)
_WHEN = re.compile(
    r"\bon (\d{1,2})/(\d{1,2})/(\d{4}|\d{2}) at (\d{1,2}):(\d{2})\s?([AP]M)?", re.IGNORECASE
)
_TO = re.compile(
    r"\b(?:sent|paid) to (.{1,120}?)(?: for account:? ?(.{1,40}?))?\.?(?= on \d|$)", re.IGNORECASE
)
_FROM = re.compile(r"\breceived (?:Ksh\S{1,18} )?from (.{1,120}?)(?=\.| on \d|$)", re.IGNORECASE)
_ACCOUNT = re.compile(r"\bAccount (?:Number|No\.?):? ?([\w-]{1,40})", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?254|0)[\d*]{9}\b")
_REVERSED = re.compile(r"revers(?:ed|al)", re.IGNORECASE)
_READ_MAX = 700


def read_mpesa_message(text: str, currency: Currency) -> Understood | None:
    """What the message says, or None if it is no such message."""
    start = _START.search(text)
    if start is None or not any(c.isalpha() for c in start[1]):
        return None
    if start[1] != start[1].upper():
        return None
    body = " ".join(text[start.end() : start.end() + _READ_MAX].split())
    tail = _TAIL.search(body)
    told = body[: tail.start()].strip() if tail else body
    payment = Payment(method="mpesa", code=start[1], paid_at=_when(told))
    problems: list[Problem] = []
    if found := _AMOUNT.search(told):
        amount = Decimal(found[1].replace(",", ""))
        problem = value_problem(amount, currency)
        if problem is None:
            payment = replace(payment, amount=amount)
        else:
            problems.append(Problem(problem, found[0]))
    else:
        problems.append(Problem("payment_unclear", start[0]))
    if reversed_ := _REVERSED.search(told):
        problems.append(Problem("payment_reversed", reversed_[0]))
    if received := _FROM.search(told):
        return _received(payment, received[1], told, problems)
    return _sent(payment, told, problems)


def _received(payment: Payment, payer: str, told: str, problems: list[Problem]) -> Understood:
    """The payee's copy: money came."""
    name, phone = _person(payer)
    account = _ACCOUNT.search(told)
    reference = reference_in(account[1]) if account else None
    payment = replace(payment, payer=name, phone=phone, account=account[1] if account else None)
    return Understood(
        Intent.PAID,
        customer=Customer(name=name, phone=phone),
        reference=reference,
        payment=payment,
        problems=tuple(problems),
    )


def _sent(payment: Payment, told: str, problems: list[Problem]) -> Understood:
    """The payer's copy: money went."""
    reference = None
    if sent := _TO.search(told):
        name, phone = _person(sent[1])
        account = trimmed(sent[2]) if sent[2] else None
        payment = replace(payment, payee=name, phone=phone, account=account or None)
        reference = reference_in(account) if account else None
    elif not problems:
        problems.append(Problem("payment_unclear", payment.code or ""))
    return Understood(
        Intent.HAVE_PAID, reference=reference, payment=payment, problems=tuple(problems)
    )


def _person(words: str) -> tuple[str | None, str | None]:
    """A name and, unless Safaricom masked it, a telephone number."""
    found = _PHONE.search(words)
    phone = None
    if found is not None:
        if "*" not in found[0]:
            digits = found[0].lstrip("+")
            phone = valid("+" + digits if digits.startswith("254") else digits, "KE")
        words = words[: found.start()] + " " + words[found.end() :]
    return trimmed(" ".join(words.split())).rstrip(".") or None, phone


def _when(told: str) -> datetime | None:
    found = _WHEN.search(told)
    if found is None:
        return None
    day, month, year, hour, minute = (int(found[i]) for i in range(1, 6))
    half = (found[6] or "").upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        return datetime(year + (2000 if year < 100 else 0), month, day, hour, minute)  # noqa: DTZ001 - as written: Nairobi's, without a zone
    except ValueError:
        return None
