"""What Africa's Talking says of an SMS, and the numbers that always get a certain answer."""

from __future__ import annotations

ACCEPTED = {"Processed": 100, "Sent": 101, "Queued": 102}

REFUSALS = {
    "RiskHold": 401,
    "InvalidSenderId": 402,
    "InvalidPhoneNumber": 403,
    "UnsupportedNumberType": 404,
    "InsufficientBalance": 405,
    "UserInBlacklist": 406,
    "CouldNotRoute": 407,
    "DoNotDisturbRejection": 409,
    "InternalServerError": 500,
    "GatewayError": 501,
    "RejectedByGateway": 502,
}

FINAL_FAILURES = ("Failed", "Rejected", "AbsentSubscriber", "Expired")

FAILURE_REASONS = (
    "DeliveryFailure",
    "InsufficientCredit",
    "InvalidLinkId",
    "UserIsInactive",
    "UserInBlackList",
    "UserAccountSuspended",
    "NotNetworkSubcriber",
    "UserNotSubscribedToProduct",
    "UserDoesNotExist",
    "DoNotDisturbRejection",
)
"""With `Failed` and `Rejected`. The spelling is theirs."""

CODE_OF_NUMBER = {
    f"254799000{code}": (name, code) for name, code in {**ACCEPTED, **REFUSALS}.items()
}
"""+254 799 000 406 is always in the blacklist, and so on: the number ends with the code."""

FATE_OF_NUMBER: dict[str, tuple[tuple[str, str], ...]] = {
    **{
        f"2547991000{ordinal:02d}": (("Sent", ""), ("Failed", reason))
        for ordinal, reason in enumerate(FAILURE_REASONS, 1)
    },
    "254799100021": (("Rejected", "DeliveryFailure"),),
    "254799100022": (("Sent", ""), ("AbsentSubscriber", "")),
    "254799100023": (("Sent", ""), ("Buffered", ""), ("Expired", "")),
    "254799100024": (("Sent", ""), ("Submitted", ""), ("Buffered", ""), ("Success", "")),
    "254799100025": (("Sent", ""),),
    "254799100026": (),
}
"""Reports a number gets, in order: …01 to …10 fail for each reason, …21 to …24 meet the other
endings, …25 is never heard of again after `Sent`, and …26 not at all."""

SAFARICOM, AIRTEL_KENYA, MTN_NIGERIA, ATHENA = "63902", "63903", "62130", "99999"
NETWORKS = (
    ("25473", AIRTEL_KENYA),
    ("25475", AIRTEL_KENYA),
    ("25478", AIRTEL_KENYA),
    ("25410", AIRTEL_KENYA),
    ("2547", SAFARICOM),
    ("2541", SAFARICOM),
    ("234", MTN_NIGERIA),
)


def network_of(phone: str) -> str:
    return next((code for start, code in NETWORKS if phone.startswith(start)), ATHENA)


def is_mobile(phone: str) -> bool:
    """Kenya's landlines take no SMS; of other countries the box does not know."""
    return not phone.startswith("254") or phone[3:4] in ("7", "1")
