"""Meta's error numbers, as short words and what helps against them.

A number that is not here is final if the answer was a 4xx and worth waiting for if it was a 5xx.
"""

from __future__ import annotations

from typing import Any

from hesabu.messaging.rules import Cure

CODES: dict[int, tuple[str, Cure]] = {
    0: ("token_invalid", Cure.OPERATOR),
    190: ("token_invalid", Cure.OPERATOR),
    3: ("not_permitted", Cure.OPERATOR),
    10: ("not_permitted", Cure.OPERATOR),
    368: ("account_blocked", Cure.OPERATOR),
    131031: ("account_blocked", Cure.OPERATOR),
    131042: ("account_unpaid", Cure.OPERATOR),
    131045: ("number_not_registered", Cure.OPERATOR),
    131037: ("display_name_missing", Cure.OPERATOR),
    133010: ("number_not_registered", Cure.OPERATOR),
    4: ("rate_limited", Cure.WAIT),
    80007: ("rate_limited", Cure.WAIT),
    130429: ("rate_limited", Cure.WAIT),
    131056: ("pair_rate_limited", Cure.SLOW_DOWN),
    131048: ("restricted", Cure.NONE),
    131064: ("restricted", Cure.NONE),
    130497: ("country_restricted", Cure.NONE),
    131047: ("window_closed", Cure.TEMPLATE),
    131026: ("undeliverable", Cure.NONE),
    131021: ("sent_to_self", Cure.NONE),
    131030: ("not_in_test_list", Cure.NONE),
    131062: ("number_needed", Cure.NONE),
    131049: ("suppressed", Cure.NONE),
    131050: ("opted_out", Cure.NONE),
    130472: ("suppressed", Cure.NONE),
    131063: ("suppressed", Cure.NONE),
    131008: ("rejected", Cure.NONE),
    131009: ("rejected", Cure.NONE),
    100: ("rejected", Cure.UPLOAD),
    131051: ("rejected", Cure.NONE),
    131052: ("media_gone", Cure.UPLOAD),
    131053: ("media_gone", Cure.UPLOAD),
    131000: ("provider_error", Cure.WAIT),
    131016: ("provider_error", Cure.WAIT),
    131057: ("provider_error", Cure.WAIT),
    135000: ("provider_error", Cure.WAIT),
    1: ("provider_error", Cure.WAIT),
    2: ("provider_error", Cure.WAIT),
    131005: ("not_permitted", Cure.OPERATOR),
    132000: ("template_wrong", Cure.NONE),
    132001: ("template_missing", Cure.LANGUAGE),
    132005: ("template_wrong", Cure.NONE),
    132007: ("template_wrong", Cure.LANGUAGE),
    132008: ("template_wrong", Cure.NONE),
    132012: ("template_wrong", Cure.NONE),
    132015: ("template_paused", Cure.LANGUAGE),
    132016: ("template_paused", Cure.LANGUAGE),
    132018: ("template_wrong", Cure.NONE),
    137000: ("undeliverable", Cure.NONE),
}


def of_error(error: Any, *, otherwise: Cure) -> tuple[str, Cure]:
    """Word and cure of one error object; `otherwise` is the cure where its number is not known."""
    number = error.get("code") if isinstance(error, dict) else None
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 10:
        number = int(number)
    if not isinstance(number, int) or isinstance(number, bool):
        return "rejected", otherwise
    if 200 <= number <= 299:
        return "not_permitted", Cure.OPERATOR
    return CODES.get(number, (f"whatsapp_{number}", otherwise))
