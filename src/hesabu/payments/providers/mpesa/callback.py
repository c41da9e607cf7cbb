"""The letters Safaricom sends: how a prompt ended (STK), money that came unasked (C2B), and what the books say of a request
that was asked about (status). Pure.

    letter = callback.read(body)     # StkResult | C2bConfirmation | StatusResult | Malformed

Nothing in here is believed: these letters are not signed. It only says what a letter *says*, and
calls absurd what no true letter can say. Read tolerantly: items in any order, values missing,
numbers as texts and texts as numbers. Amounts go through Decimal from the digits on the wire; no
float is ever made. It is on the hot path, so nothing is validated twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hesabu.kit import strict_json
from hesabu.payments.providers.mpesa.codes import meaning
from hesabu.payments.providers.mpesa.passwords import NAIROBI

AMOUNT_MAX_MINOR = 100_000_000_000
"""A billion shillings: far beyond what M-PESA moves at once, so more than this is no amount."""

TEXT_MAX = 200


@dataclass(frozen=True, slots=True)
class StkResult:
    """How a prompt ended, as the letter says. `amount_minor`, `receipt`, `paid_at` and `phone`
    come with a payment (`result_code` 0) and may even then be missing."""

    checkout_request_id: str
    merchant_request_id: str
    result_code: int
    result_words: str
    amount_minor: int | None = None
    """Cents of a shilling."""
    receipt: str | None = None
    """M-PESA's code of the payment, upper case."""
    paid_at: datetime | None = None
    """When, in UTC, by M-PESA's clock."""
    phone: str | None = None
    """Who paid, E.164; None where it is masked."""

    @property
    def is_paid(self) -> bool:
        """Does it say, completely, that money moved?"""
        return self.result_code == 0 and self.receipt is not None and self.amount_minor is not None


@dataclass(frozen=True, slots=True)
class C2bConfirmation:
    """Money that a customer sent to the paybill or till by hand, as the letter says."""

    receipt: str
    amount_minor: int
    """Cents of a shilling."""
    shortcode: str
    """The paybill or till it came to."""
    account: str
    """What the customer typed as account number, upper case; empty for a till."""
    transaction_type: str
    paid_at: datetime | None = None
    phone: str | None = None
    """E.164; None where Safaricom masks or hashes it, as it mostly does."""
    payer_name: str | None = None


@dataclass(frozen=True, slots=True)
class StatusResult:
    """What M-PESA's books say of a transaction, as the letter says. Only one that is complete says anything: that nothing was
    found, or that the question ran out of time, is no word about money."""

    result_code: str
    receipt: str | None = None
    amount_minor: int | None = None
    """Cents of a shilling."""
    paid_at: datetime | None = None
    phone: str | None = None
    """Who paid, E.164; None where it is masked."""

    @property
    def is_paid(self) -> bool:
        """Does it say, completely, that money moved?"""
        return self.receipt is not None and self.amount_minor is not None


@dataclass(frozen=True, slots=True)
class Malformed:
    """No letter that Safaricom writes. `reason` is a short code for whoever looks at it."""

    reason: str


Letter = StkResult | C2bConfirmation | StatusResult | Malformed


class _Absurd(ValueError):
    """Carries the reason out of the small readers below; never leaves this file."""


_RECEIPT = re.compile(r"[A-Za-z0-9]{8,20}")
_PHONE = re.compile(r"\+?(254[17][0-9]{8})")


def read(body: bytes) -> Letter:
    """What a letter says. Never raises."""
    try:
        letter = strict_json.read(body, exact=True)
        if not isinstance(letter, dict):
            return Malformed("not an object")
        envelope = letter.get("Body")
        if envelope is not None:
            return _stk(envelope)
        if "Result" in letter:
            return _status(letter["Result"])
        return _c2b(letter)
    except (_Absurd, strict_json.NotJson) as absurd:
        return Malformed(str(absurd))
    except (ValueError, ArithmeticError):
        return Malformed("not json")


def _stk(envelope: Any) -> StkResult:
    said = envelope.get("stkCallback") if isinstance(envelope, dict) else None
    if not isinstance(said, dict):
        raise _Absurd("no stkCallback")
    checkout = said.get("CheckoutRequestID")
    if type(checkout) is not str or not 0 < len(checkout) <= TEXT_MAX:
        raise _Absurd("no CheckoutRequestID")
    if not checkout.isprintable():
        raise _Absurd("absurd CheckoutRequestID")
    merchant = _text(said.get("MerchantRequestID"))
    code = _result_code(said.get("ResultCode"))
    words = meaning(str(code)).words
    if code != 0:
        return StkResult(checkout, merchant, code, words)
    values = _items(said.get("CallbackMetadata"))
    return StkResult(
        checkout,
        merchant,
        0,
        words,
        _amount(values.get("Amount")),
        _receipt(values.get("MpesaReceiptNumber")),
        _instant(values.get("TransactionDate")),
        _phone(values.get("PhoneNumber")),
    )


def _items(metadata: Any) -> dict[str, Any]:
    """Name → Value, in whatever order; an item without a value is as good as none."""
    items = metadata.get("Item") if isinstance(metadata, dict) else None
    if isinstance(items, dict):
        items = [items]
    return _named(items, "Name") if isinstance(items, list) else {}


def _named(items: list[Any], key: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for item in items:
        if isinstance(item, dict) and "Value" in item:
            name = item.get(key)
            if type(name) is not str:
                continue
            if name in values and values[name] != item["Value"]:
                raise _Absurd(f"two different values of {name[:40]}")
            values[name] = item["Value"]
    return values


def _status(said: Any) -> StatusResult:
    if not isinstance(said, dict):
        raise _Absurd("no Result")
    code = _text(said.get("ResultCode"))
    if not code or len(code) > 20:
        raise _Absurd("no ResultCode")
    listed = said.get("ResultParameters")
    parameters = listed.get("ResultParameter") if isinstance(listed, dict) else None
    named = [parameters] if isinstance(parameters, dict) else parameters
    values = _named(named, "Key") if isinstance(named, list) else {}
    if code != "0" or _text(values.get("TransactionStatus")) != "Completed":
        return StatusResult(code)
    payer = _text(values.get("DebitPartyName")).partition(" ")[0]
    return StatusResult(
        code,
        _receipt(values.get("ReceiptNo")),
        _amount(values.get("Amount")),
        _instant(values.get("FinalisedTime")),
        _phone(payer),
    )


def _c2b(letter: dict[str, Any]) -> C2bConfirmation:
    if "TransID" not in letter:
        raise _Absurd("neither a prompt's end nor a confirmation")
    receipt = _receipt(letter["TransID"])
    amount_minor = _amount(letter.get("TransAmount"))
    if receipt is None or amount_minor is None:
        raise _Absurd("a confirmation without code or amount")
    shortcode = _text(letter.get("BusinessShortCode"))
    if not shortcode.isdigit():
        raise _Absurd("no BusinessShortCode")
    names = (_text(letter.get(part)) for part in ("FirstName", "MiddleName", "LastName"))
    return C2bConfirmation(
        receipt,
        amount_minor,
        shortcode,
        _text(letter.get("BillRefNumber")).upper(),
        _text(letter.get("TransactionType")),
        _instant(letter.get("TransTime")),
        _phone(letter.get("MSISDN")),
        " ".join(filter(None, names)) or None,
    )


def is_receipt(text: str) -> bool:
    return _RECEIPT.fullmatch(text) is not None


def amount_in(text: str) -> int | None:
    """Cents of a shilling; None for what is no amount."""
    try:
        return _amount(text)
    except _Absurd:
        return None


def text_in(value: Any) -> str:
    """What can be printed of a value, at most TEXT_MAX letters; an amount as it was written."""
    return str(value) if type(value) is Decimal else _text(value)


def _text(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if type(value) is not str:
        return ""
    text = value[:TEXT_MAX].strip()
    # What cannot be printed (NUL, half a surrogate) cannot be stored either.
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _result_code(value: Any) -> int:
    if type(value) is int:
        code = value
    elif type(value) is str and re.fullmatch(r"[0-9]{1,6}", value.strip()):
        code = int(value)
    else:
        raise _Absurd("no ResultCode")
    if not 0 <= code <= 999_999:
        raise _Absurd("absurd ResultCode")
    return code


def _amount(value: Any) -> int | None:
    """Minor units. None where nothing is said; absurd where what is said is no amount of money."""
    if value is None or value == "":
        return None
    if type(value) is int:
        minor = value * 100
    elif type(value) is Decimal or (type(value) is str and len(value) <= 20):
        try:
            exact = Decimal(value)
            minor = int(exact.scaleb(2)) if exact.is_finite() and exact.adjusted() < 12 else -1
        except InvalidOperation:
            raise _Absurd("amount is no number") from None
        if minor >= 0 and exact != Decimal(minor).scaleb(-2):
            raise _Absurd("amount has parts of a cent")
    else:
        raise _Absurd("amount is no number")
    if not 0 < minor <= AMOUNT_MAX_MINOR:
        raise _Absurd("absurd amount")
    return minor


def _receipt(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if type(value) is not str or not _RECEIPT.fullmatch(value):
        raise _Absurd("absurd receipt")
    return value.upper()


def _instant(value: Any) -> datetime | None:
    """A time is never what money hangs on, so an absurd one is as good as none."""
    stamp = str(value) if type(value) is int else value
    if type(stamp) is not str or len(stamp) != 14 or not (stamp.isascii() and stamp.isdigit()):
        return None
    try:
        local = datetime(
            int(stamp[:4]),
            int(stamp[4:6]),
            int(stamp[6:8]),
            int(stamp[8:10]),
            int(stamp[10:12]),
            int(stamp[12:]),
            tzinfo=NAIROBI,
        )
    except ValueError:
        return None
    return local.astimezone(UTC) if 2007 <= local.year < 2100 else None


def _phone(value: Any) -> str | None:
    digits = str(value) if type(value) is int else value
    if type(digits) is not str:
        return None
    match = _PHONE.fullmatch(digits.strip())
    return f"+{match[1]}" if match else None
