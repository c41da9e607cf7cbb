"""Daraja's errors, and the results an M-PESA transaction may end with."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The request is turned away: a code, a message, an HTTP status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message

    def shape(self, request_id: str) -> dict[str, Any]:
        return {"requestId": request_id, "errorCode": self.code, "errorMessage": self.message}


def bad(what: str) -> Refused:
    return Refused(400, "400.002.02", f"Bad Request - Invalid {what}")


def invalid_token() -> Refused:
    return Refused(404, "404.001.03", "Invalid Access Token")


def internal(message: str) -> Refused:
    return Refused(500, "500.001.1001", message)


RESULTS: dict[int, str] = {
    0: "The service request is processed successfully.",
    1: "The balance is insufficient for the transaction.",
    2: "Declined due to limit rule: less than the minimum transaction amount.",
    3: "Declined due to limit rule: greater than the maximum transaction amount.",
    4: "Declined due to limit rule: would exceed daily transfer limit.",
    8: "Declined due to limit rule: would exceed the maximum balance.",
    17: "Rule limited.",
    26: "The system is busy. Please try again in a short while.",
    1001: "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    1019: "Transaction has expired",
    1025: "An error occurred while sending a push request",
    1032: "Request cancelled by user",
    1037: "DS timeout user cannot be reached",
    2001: "The initiator information is invalid.",
    2028: "The request is not permitted according to product assignment.",
    8006: "The security credential is locked.",
    9999: "An error occurred while sending a push request",
}
