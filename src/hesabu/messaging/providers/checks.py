"""What came from outside is of the type it should be, or it is refused. Refusals never repeat what was there."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

ID_MAX = 512


class Unreadable(ValueError):
    """One part of a letter is not what it should be; says what is wrong, never what was there."""


def an_object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is no object")
    return value


def part(whole: dict[str, Any], name: str) -> dict[str, Any]:
    return an_object(whole.get(name), name)


def a_list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(f"{name} is no list")
    return value


def an_id(value: Any) -> str:
    given = text(value, ID_MAX + 1)
    if not given or len(given) > ID_MAX:
        raise Unreadable("its id is missing or too long")
    return given


def an_instant(value: Any) -> datetime:
    given = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (given.isascii() and given.isdigit() and len(given) <= 11):
        raise Unreadable("its timestamp is no unix time")
    return datetime.fromtimestamp(int(given), UTC)


def a_phone(number: str) -> str:
    """The international form, with a plus or, as WhatsApp writes it, without."""
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15):
        raise Unreadable("its number is no telephone number")
    return f"+{digits}"


def text(value: Any, most: int = 65_536) -> str:
    """Text that can be kept: numbers as they are written, lone surrogates replaced, anything else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return str(value)[:most].encode("utf-8", "replace").decode()
