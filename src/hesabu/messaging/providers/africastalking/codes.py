"""Africa's Talking's codes and reasons, as short words and what helps against them."""

from __future__ import annotations

from hesabu.messaging.rules import Cure

TAKEN = frozenset({100, 101, 102})
"""Processed, Sent, Queued."""

CODES: dict[int, tuple[str, Cure]] = {
    401: ("risk_hold", Cure.OPERATOR),
    402: ("sender_unknown", Cure.OPERATOR),
    403: ("invalid_number", Cure.NONE),
    404: ("number_unsupported", Cure.NONE),
    405: ("account_unpaid", Cure.OPERATOR),
    406: ("opted_out", Cure.NONE),
    407: ("undeliverable", Cure.NONE),
    409: ("do_not_disturb", Cure.NONE),
    500: ("provider_error", Cure.WAIT),
    501: ("provider_error", Cure.WAIT),
    502: ("rejected", Cure.NONE),
}
"""What is said of one recipient in the answer to a request. It was not taken."""

WORDS = {"InvalidSenderId": 402, "InsufficientBalance": 405}
"""Said in place of any recipient."""

VERBS = {
    "Sent": "pass_on",
    "Submitted": "pass_on",
    "Buffered": "pass_on",
    "Success": "deliver",
    "Rejected": "fail",
    "Failed": "fail",
    "AbsentSubscriber": "fail",
    "Expired": "fail",
}
"""What a delivery report's status does."""

ENDINGS = {
    "AbsentSubscriber": ("absent", Cure.NONE),
    "Expired": ("expired", Cure.NONE),
    "Rejected": ("rejected", Cure.NONE),
    "Failed": ("undeliverable", Cure.NONE),
}
"""What a final status means where no reason stands beside it."""

REASONS: dict[str, tuple[str, Cure]] = {
    "InsufficientCredit": ("account_unpaid", Cure.OPERATOR),
    "InvalidLinkId": ("rejected", Cure.NONE),
    "UserIsInactive": ("inactive", Cure.NONE),
    "UserInBlackList": ("opted_out", Cure.NONE),
    "UserAccountSuspended": ("inactive", Cure.NONE),
    "NotNetworkSubcriber": ("undeliverable", Cure.NONE),  # their spelling
    "NotNetworkSubscriber": ("undeliverable", Cure.NONE),
    "UserNotSubscribedToProduct": ("rejected", Cure.NONE),
    "UserDoesNotExist": ("invalid_number", Cure.NONE),
    "DeliveryFailure": ("undeliverable", Cure.NONE),
    "DoNotDisturbRejection": ("do_not_disturb", Cure.NONE),
}


def of_code(code: int) -> tuple[str, Cure]:
    """Word and cure of a refusal."""
    return CODES.get(code, (f"africastalking_{code}", Cure.NONE))


def of_report(status: str, reason: str) -> tuple[str, Cure]:
    """Word and cure of a final status that is no success."""
    return REASONS.get(reason) or ENDINGS[status]
