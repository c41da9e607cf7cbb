"""How Daraja writes: Nairobi's time, amounts with two decimals, numbers masked or hashed."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

NAIROBI = timezone(timedelta(hours=3), "EAT")


class Decimals(str):
    """An amount that goes on the wire as a JSON number with its decimals: 75000.00."""

    __slots__ = ()


def raw(payload: dict[str, Any]) -> bytes:
    text = json.dumps(_marked(payload), separators=(",", ":"))
    return re.sub(r'"\\u0000([0-9.]+)"', r"\1", text).encode()


def _marked(value: Any) -> Any:
    if isinstance(value, Decimals):
        return "\0" + value
    if isinstance(value, dict):
        return {key: _marked(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_marked(each) for each in value]
    return value


def decimals(cents: int) -> Decimals:
    return Decimals(f"{cents // 100}.{cents % 100:02d}")


def grouped(cents: int) -> str:
    """75,000.00, as M-PESA's messages write it."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def cents_of(written: object) -> int | None:
    """Whole cents, or None for what is not an amount with at most two decimals."""
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        return None
    try:
        cents = Decimal(str(written).replace(",", "").strip()) * 100
    except InvalidOperation:
        return None
    if not cents.is_finite() or cents != cents.to_integral_value():
        return None
    return int(cents)


def moment(instant: float) -> datetime:
    return datetime.fromtimestamp(instant, NAIROBI)


def stamp(instant: float) -> str:
    return moment(instant).strftime("%Y%m%d%H%M%S")


def spoken(instant: float) -> str:
    """21/11/26 at 9:12 AM."""
    then = moment(instant)
    return f"{then.day}/{then.month}/{then:%y} at {then.hour % 12 or 12}:{then:%M %p}"


def masked(msisdn: str) -> str:
    return f"{msisdn[:4]} ***** {msisdn[-3:]}"


def hashed(msisdn: str) -> str:
    return hashlib.sha256(msisdn.encode()).hexdigest()
