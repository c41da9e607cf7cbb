"""The provider's list of what came to a paybill or till in the last two days: M-PESA's "pull transactions".

It is what finds money whose tidings were lost. A row of it becomes a letter in the very words of a confirmation, with the row
itself beside them, so that one path reads both and a receipt counts once. Nobody can tell from a row by which clock its time is
written: M-PESA's examples end in Z, and its clocks run on Nairobi time. So the question's own dates decide, which are Nairobi's:
a row that a question about that very minute brings again was written by the same clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hesabu.kit import http, phones, strict_json
from hesabu.payments.providers.mpesa import callback, codes, passwords
from hesabu.payments.providers.mpesa.client import (
    Mpesa,
    error_in,
    read_registration,
    rejected,
    shortcode_of,
)
from hesabu.payments.providers.port import (
    AccountKeys,
    Listed,
    ListedRow,
    Listing,
    NoAnswer,
    NoToken,
    Registration,
    Rejected,
    Uncertain,
)

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")
ROWS_MAX = 5_000
CLOSED = "list_closed"
"""Our code where the list is not open to us yet."""


class MpesaList:
    """The list, by the same wire as the prompts."""

    def __init__(self, mpesa: Mpesa) -> None:
        self._mpesa = mpesa

    def open(self, account: AccountKeys, endpoint_token: str, phone: str) -> Registration:
        body = {
            "ShortCode": shortcode_of(account),
            "RequestType": "Pull",
            "NominatedNumber": phones.msisdn(phone),
            "CallBackURL": self._mpesa.address(endpoint_token, passwords.LISTED),
        }
        try:
            response = self._mpesa.post(account, "/pulltransactions/v1/register", body)
        except (NoToken, http.NotSent) as error:
            return rejected(error.code if isinstance(error, NoToken) else "not_sent")
        except http.Unknown:
            return Uncertain("no_answer")
        return read_registration(response)

    def read(self, account: AccountKeys, start: datetime, end: datetime, offset: int) -> Listing:
        body = {
            "ShortCode": shortcode_of(account),
            "StartDate": _written(start),
            "EndDate": _written(end),
            "OffSetValue": str(offset),
        }
        try:
            response = self._mpesa.post(
                account, "/pulltransactions/v1/query", body, idempotent=True
            )
        except NoToken as error:
            return rejected(error.code) if error.code == "bad_keys" else NoAnswer(error.code)
        except http.HttpFailure:
            return NoAnswer("no_answer")
        return read_list(response)

    def letter(self, account: AccountKeys, row: ListedRow, at: datetime | None) -> bytes:
        said: dict[str, Any] = {"Listed": dict(row.original)}
        if row.receipt is not None and at is not None:
            original = row.original
            said |= {
                "TransactionType": _text(original.get("transactiontype")),
                "TransID": row.receipt,
                "TransTime": passwords.timestamp(at),
                "TransAmount": _text(original.get("amount")),
                "BusinessShortCode": account.number,
                "BillRefNumber": row.reference,
                "MSISDN": _text(original.get("msisdn")),
                "FirstName": _text(original.get("sender")),
            }
        return json.dumps(said, sort_keys=True, separators=(",", ":"), default=str).encode()


def read_list(response: http.Response) -> Listing:
    """What an answer to "what came between then and then?" says."""
    answer = _read(response)
    error_code, message = error_in(answer)
    if error_code:
        if "not registered" in message.lower():
            return rejected(CLOSED)
        is_ours = 400 <= response.status < 500 and response.status not in (408, 429)
        if is_ours and error_code not in codes.BUSY_ERRORS:
            meaning = codes.error_meaning(error_code, message)
            return Rejected(error_code, meaning.is_retryable, meaning.words)
        return NoAnswer(error_code)
    said = str(answer.get("ResponseCode", "")).strip()
    if not response.is_ok or said not in ("1000", "1001"):
        return NoAnswer(f"http_{response.status}")
    return Listed(tuple(_row(each) for each in _flat(answer.get("Response"))[:ROWS_MAX]))


def _read(response: http.Response) -> dict[str, Any]:
    """As it stands, amounts to the digit."""
    try:
        answer = strict_json.read(response.content, exact=True)
    except strict_json.NotJson:
        return {}
    return answer if isinstance(answer, dict) else {}


def _flat(value: Any) -> list[dict[str, Any]]:
    """Rows stand in a list within a list; sometimes in one alone."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [row for each in value for row in _flat(each)]
    return []


def _row(original: Mapping[str, Any]) -> ListedRow:
    """What cannot be read, or is no money that a customer sent, keeps its words and nothing else: a person looks at it."""
    receipt = _text(original.get("transactionId")).upper()
    amount_minor = callback.amount_in(_text(original.get("amount")))
    at, is_sure = _instant(_text(original.get("trxDate")))
    kind = _text(original.get("transactiontype")).lower()
    is_income = kind.startswith("c2b") and "revers" not in kind
    if not (callback.is_receipt(receipt) and amount_minor and at and is_income):
        return ListedRow(original=original)
    reference = _text(original.get("billreference"))
    return ListedRow(original, receipt, amount_minor, at, is_sure, reference)


def _instant(text: str) -> tuple[datetime | None, bool]:
    """When, taken for Nairobi's time where no clock is named; and whether one is. Z is not taken at its word."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None, False
    day, hour, zone = match.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{hour}")
        if zone is None or zone == "Z":
            return local.replace(tzinfo=passwords.NAIROBI).astimezone(UTC), False
        return datetime.fromisoformat(f"{day}T{hour}{zone}").astimezone(UTC), True
    except (ValueError, OverflowError):
        return None, False


def as_utc(at: datetime) -> datetime:
    """The instant of a row whose clock was not Nairobi's after all."""
    return at + timedelta(hours=3)


def _written(at: datetime) -> str:
    return at.astimezone(passwords.NAIROBI).strftime("%Y-%m-%d %H:%M:%S")


def _text(value: Any) -> str:
    return callback.text_in(value)
