"""Daraja's numbers, in words for people. Pure, and a table.

Each says whose turn it is and whether money moved. `is_retryable` says whether a fresh prompt can
help at once, without anything else being changed first.

Sources: the result codes of "M-PESA Express" in Safaricom's Daraja portal, and what several public
client libraries have met in use.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says. `words` are for the person who pays or the one who waits."""

    words: str
    is_retryable: bool


PAID = "0"
NOTHING = "Nothing was taken."

RESULTS: dict[str, Meaning] = {
    "0": Meaning("M-PESA says it is paid.", False),
    "1": Meaning(f"There is not enough money in the M-PESA account. {NOTHING}", True),
    "2": Meaning(f"The amount is below what M-PESA takes. {NOTHING}", False),
    "3": Meaning(f"The amount is above what M-PESA takes at once. {NOTHING}", False),
    "4": Meaning(f"This would pass the payer's M-PESA limit for today. {NOTHING}", False),
    "8": Meaning(f"The business's M-PESA account is full. {NOTHING}", False),
    "17": Meaning(f"M-PESA had the same request two minutes ago. {NOTHING} Try again soon.", True),
    "26": Meaning(f"M-PESA is busy. {NOTHING} Try again in a minute.", True),
    "1001": Meaning(f"Another M-PESA request is open on that phone. {NOTHING} Try again.", True),
    "1019": Meaning(f"The M-PESA request ran out of time. {NOTHING} Try again.", True),
    "1025": Meaning(f"M-PESA could not reach the phone. {NOTHING} Try again.", True),
    "1032": Meaning(f"The M-PESA request was cancelled on the phone. {NOTHING}", True),
    "1037": Meaning(f"The phone did not answer M-PESA. {NOTHING} Is it on, and in reach?", True),
    "2001": Meaning(f"M-PESA says the PIN was wrong. {NOTHING}", True),
    "2028": Meaning(f"This M-PESA account may not ask for money that way. {NOTHING}", False),
    "8006": Meaning(f"The M-PESA PIN is locked. {NOTHING} Safaricom can unlock it.", False),
    "9999": Meaning(f"M-PESA could not reach the phone. {NOTHING} Try again.", True),
}

ERRORS: dict[str, Meaning] = {
    "400.002.02": Meaning("M-PESA found a mistake in the request. Nothing was sent.", False),
    "400.002.05": Meaning("M-PESA found a mistake in the request. Nothing was sent.", False),
    "400.003.01": Meaning("M-PESA did not accept our key. Nothing was sent.", True),
    "400.008.01": Meaning("M-PESA did not accept our keys. Nothing was sent.", False),
    "400.008.02": Meaning("M-PESA did not accept our keys. Nothing was sent.", False),
    "401.002.01": Meaning("M-PESA did not accept our key. Nothing was sent.", True),
    "404.001.03": Meaning("M-PESA did not accept our key. Nothing was sent.", True),
    "404.001.01": Meaning("M-PESA was asked at a wrong address. Nothing was sent.", False),
    "404.001.04": Meaning("M-PESA could not read the request. Nothing was sent.", False),
    "405.001": Meaning("M-PESA could not read the request. Nothing was sent.", False),
    "500.001.1001": Meaning("M-PESA did not accept the business's keys. Nothing was sent.", False),
    "500.003.02": Meaning("M-PESA is busy. Nothing was sent. Try again in a minute.", True),
    "500.003.03": Meaning("M-PESA takes no more requests just now. Nothing was sent.", True),
}
"""Answers to a request that was certainly not carried out. Not in it: 500.003.1001, an inner
error of M-PESA after which nobody can say what happened; that one is uncertain."""

OURS: dict[str, Meaning] = {
    "not_sent": Meaning("M-PESA could not be reached. Nothing was sent. Try again.", True),
    "never_sent": Meaning("The request could not leave in time. Nothing was sent.", True),
    "switched_off": Meaning("Payments by M-PESA are switched off. Nothing was sent.", True),
    "account_closed": Meaning("This way to pay was closed. Nothing was sent.", False),
    "blocked": Meaning("M-PESA's gateway turned the request away. Nothing was sent.", True),
    "bad_keys": Meaning("M-PESA did not accept the business's keys. Nothing was sent.", False),
}
"""Codes of our own, for requests that never became Daraja's."""

HEARING: dict[str, Meaning] = {
    "wrong_passkey": Meaning("M-PESA says the passkey is not this number's.", False),
    "wrong_number": Meaning("M-PESA says the number does not belong to these keys.", False),
    "address_words": Meaning(
        "The address of this house has a word in it that M-PESA does not take, such as mpesa or safaricom.",
        False,
    ),
    "address_refused": Meaning("M-PESA did not take the address of this house.", False),
    "phone_refused": Meaning("M-PESA wants a Kenyan telephone number for its list.", False),
    "list_closed": Meaning("M-PESA's list is not open to us yet.", True),
    "already": Meaning(
        "Addresses are registered at M-PESA already, perhaps somebody else's: ask its support to delete them.",
        False,
    ),
    "number_shared": Meaning(
        "Another business collects by the same number, so the list cannot say whose money it is.",
        False,
    ),
}
"""Codes of our own, for keys, addresses and the list: what keeps us from hearing of money sent by hand."""

UNKNOWN_RESULT = Meaning("M-PESA did not take the payment, and we do not know why.", True)
UNKNOWN_ERROR = Meaning("M-PESA refused the request, and we do not know why.", False)
"""Codes that nobody knows yet. The code itself is kept beside the words, for whoever looks after the house."""

BUSY_ERRORS = frozenset({"500.003.02", "500.003.03"})
TOKEN_ERRORS = frozenset({"404.001.03", "401.002.01", "400.003.01"})
INTERNAL_ERROR = "500.003.1001"
PENDING_ERROR = "500.001.1001"


def meaning(code: str) -> Meaning:
    """What `code` says; a code that nobody knows yet promises nothing."""
    known = RESULTS.get(code) or OURS.get(code) or HEARING.get(code) or ERRORS.get(code)
    return known or UNKNOWN_RESULT


def error_meaning(code: str, message: str) -> Meaning:
    """What an answer's errorCode says. One code is shared by many troubles: the text decides."""
    if code == PENDING_ERROR and "lock" in message.lower():
        return RESULTS["1001"]
    return ERRORS.get(code) or UNKNOWN_ERROR


def is_pending(code: str, message: str) -> bool:
    """Does this answer to "what became of it?" mean that the payer has not decided yet?"""
    return code == PENDING_ERROR and "process" in message.lower()
