"""A pasted M-PESA message: Safaricom's confirmation, as the payer or the payee received it.

    SKL4T7QX2P Confirmed. Ksh75,000.00 sent to KAMAU DESIGNS for account INV-0007 on 27/11/26 at 9:12 AM ...
    SKL4T7QX2P Confirmed.You have received Ksh500.00 from JANE WANJIKU 0712345678 on 27/11/26 at 9:12 AM ...
    SKL4T7QX2P Confirmed. on 27/11/26 at 9:12 AM Ksh500.00 received from 254712345678 JANE WANJIKU. Account Number INV-0007 ...

and the same in Swahili, by Safaricom and by Vodacom of Tanzania, whose codes may have eleven signs:

    SKL4T7QX2P Imethibitishwa Ksh1,000.00 imetumwa kwa JANE WANJIKU 0712345678 tarehe 27/11/26 saa 9:12 AM. Baki yako ...
    SKL4T7QX2P Imethibitishwa. Umelipa Ksh500.00 kwa NAIVAS WESTLANDS 27/11/26 9:12 PM.Baki yako mpya katika M-PESA ni ...
    SKL4T7QX2P Imethibitishwa. Umepokea Ksh500.00 kutoka JANE WANJIKU 0712345678 mnamo 27/11/26 saa 9:12 AM Baki yako ...
    DC22N8FK524 Imethibitishwa. Umepokea Tsh5,000.00 kutoka 255754123456 - ASHA JUMA mnamo 27/11/26 saa 11:21 AM Baki ...
    DC22N8FK524 imethibitishwa. Umepokea Tshs 5,000.00 kutoka CRDB Bank, Akaunti ****3600 - ASHA JUMA tarehe 27/11/2026 ...

Whoever pastes it claims it; a text can be typed by anyone. What it says is read here, whether it is true is for
the door to ask.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import OTHER_CURRENCY, value_problem
from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.phones import valid
from hesabu.doors.chat.grammar.references import reference_in
from hesabu.doors.chat.grammar.text import trimmed
from hesabu.doors.chat.grammar.types import Customer, Intent, Payment, Problem, Understood

_START = re.compile(r"\b([A-Z0-9]{10,11})\s{0,3}(?:Confirmed|imethibitishwa)", re.IGNORECASE)
_TAIL = re.compile(
    r"New (?:M-?PESA|Utility|business|account|merchant)|Transaction cost|Amount you can"
    r"|Baki (?:yako|mpya)|Salio (?:lako|jipya)|Gharama ya|Kiwango cha",
    re.IGNORECASE,
)
_SIGN = r"(?:Ksh|KES|Tsh|TZS|Ush|UGX)s?\.?"
_HOMES = {"K": ("KES", "KE"), "T": ("TZS", "TZ"), "U": ("UGX", "UG")}
"""By the sign's first letter: the currency, and where its telephone numbers are at home."""
_AMOUNT = re.compile(rf"({_SIGN})\s?(\d[\d,]{{0,14}}(?:\.\d{{1,2}})?)", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:\bon|\btarehe|\bmnamo|\bsiku|\w) (\d{1,2})/(\d{1,2})/(\d{4}|\d{2}) (?:at |saa ?)?"
    r"(\d{1,2}):(\d{2})(?::\d{2})?\s?([AP]M)?",
    re.IGNORECASE,
)
_DAY = r" (?:on|tarehe|mnamo|siku) \d| \d{1,2}/\d|$"
_SUM = rf"{_SIGN}\s?[\d,.]{{1,18}} "
_WENT = (
    rf"(?:sent|paid) to|[iz]i?me(?:tumwa|lipwa) kw(?:a|enda)|ume(?:lipa|tuma) {_SUM}kw(?:a|enda)"
)
_FOR = r"for account|kwa (?:akaunti|kumbukumbu)(?: nambari| namba)?"
_TO = re.compile(
    rf"\b(?:{_WENT}) (.{{1,120}}?)(?: (?:{_FOR}):? ?(.{{1,40}}?))?\.?(?={_DAY})", re.IGNORECASE
)
_FROM = re.compile(
    rf"\b(?:received (?:{_SUM})?from (.{{1,120}}?)(?=\.|{_DAY})"
    rf"|umepokea (?:{_SUM})?kutoka (?:kwa )?(.{{1,160}}?)\.?(?={_DAY}))",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:Account (?:Number|No\.?)|(?:akaunti|kumbukumbu) (?:nambari|namba)):? ?([\w-]{1,40})",
    re.IGNORECASE,
)
_BANK = re.compile(r"^.{1,60}, Akaunti \S{1,24} - ", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?25[456]|0)[\d*]{9}\b")
_REVERSED = re.compile(r"revers(?:ed|al)|[iz]i?me(?:rudishwa|rejeshwa|batilishwa)", re.IGNORECASE)
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
    region = "KE"
    if found := _AMOUNT.search(told):
        home, region = _HOMES[found[1][0].upper()]
        amount = Decimal(found[2].replace(",", ""))
        problem = value_problem(amount, currency) if home == currency.code else OTHER_CURRENCY
        if problem is None:
            payment = replace(payment, amount=amount)
        else:
            problems.append(Problem(problem, found[0]))
    else:
        problems.append(Problem("payment_unclear", start[0]))
    if reversed_ := _REVERSED.search(told):
        problems.append(Problem("payment_reversed", reversed_[0]))
    if received := _FROM.search(told):
        return _received(payment, received[1] or received[2], told, problems, region)
    return _sent(payment, told, problems, region)


def _received(
    payment: Payment, payer: str, told: str, problems: list[Problem], region: str
) -> Understood:
    """The payee's copy: money came."""
    name, phone = _person(_BANK.sub("", payer), region)
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


def _sent(payment: Payment, told: str, problems: list[Problem], region: str) -> Understood:
    """The payer's copy: money went."""
    reference = None
    if sent := _TO.search(told):
        name, phone = _person(sent[1], region)
        account = trimmed(sent[2]) if sent[2] else None
        payment = replace(payment, payee=name, phone=phone, account=account or None)
        reference = reference_in(account) if account else None
    elif not problems:
        problems.append(Problem("payment_unclear", payment.code or ""))
    return Understood(
        Intent.HAVE_PAID, reference=reference, payment=payment, problems=tuple(problems)
    )


def _person(words: str, region: str) -> tuple[str | None, str | None]:
    """A name and, unless Safaricom masked it, a telephone number."""
    found = _PHONE.search(words)
    phone = None
    if found is not None:
        if "*" not in found[0]:
            digits = found[0].lstrip("+")
            phone = valid(digits if digits.startswith("0") else "+" + digits, region)
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
