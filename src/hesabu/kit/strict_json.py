"""JSON that came from outside, read so that nobody stops us with it.

    strict_json.read(body)               # numbers with a fraction as floats
    strict_json.read(body, exact=True)   # as Decimals

Whatever is wrong is one error, `NotJson`, a ValueError: no JSON, no UTF-8, numbers that JSON does not have (NaN) or that no
float holds (1e999, which would be infinity), whole numbers of thousands of figures, and what is nested deeper than anybody
means. A letter of a hundred thousand brackets otherwise ends in RecursionError, which whoever guards against bad input
forgets; and one of nine hundred can be read but not written again by whoever stands deeper in the stack.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

DEPTH_MAX = 64
"""WhatsApp's letters are nested twelve deep, M-PESA's six."""
FIGURES_MAX = 400
"""Of a whole number: more than any id, amount or key has."""


class NotJson(ValueError):
    """It cannot be read; says why, never what was there."""


def read(body: bytes | bytearray | str, *, exact: bool = False) -> Any:
    """What it says. Raises NotJson."""
    try:
        text = body if isinstance(body, str) else bytes(body).decode("utf-8-sig")
        found = (_exact if exact else _plain).decode(text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJson(str(error) if isinstance(error, NotJson) else "not json") from error
    if text.count("[") + text.count("{") > DEPTH_MAX and _is_deep(found):
        raise NotJson("json is nested too deep")
    return found


def _is_deep(found: Any) -> bool:
    """Level by level, not by recursion."""
    level = [found]
    for _ in range(DEPTH_MAX):
        within: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                within += one.values()
            elif isinstance(one, list):
                within += one
        level = [one for one in within if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def _whole(figures: str) -> int:
    if len(figures) > FIGURES_MAX:
        raise NotJson("json has a number beyond measure")
    return int(figures)


def _fraction(figures: str) -> float:
    """As near as a float comes; the callers that count money ask for it exactly."""
    found = float(figures)
    if len(figures) > FIGURES_MAX or not math.isfinite(found):
        raise NotJson("json has a number beyond measure")
    return found


def _decimal(figures: str) -> Decimal:
    """Exactly. One with an exponent of thousands is short to write and endless once it is made whole."""
    found = Decimal(figures)
    if len(figures) > FIGURES_MAX or abs(found.adjusted()) > FIGURES_MAX:
        raise NotJson("json has a number beyond measure")
    return found


def _no_number(word: str) -> Any:
    raise NotJson(f"json has {word}")


_plain = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_no_number)
_exact = json.JSONDecoder(parse_int=_whole, parse_float=_decimal, parse_constant=_no_number)
