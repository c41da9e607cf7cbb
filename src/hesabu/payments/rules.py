"""The pure part of payments: how a request, a payment and a claim may move, and when to ask again.

No Django and no I/O in here, so that every rule can be read and tried by itself.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from hesabu.kit.moves import Moves
from hesabu.payments.types import (
    AccountKind,
    ClaimState,
    CollectionState,
    Method,
    PaymentState,
    TwinState,
)

PREPARED = CollectionState.PREPARED
ASKED = CollectionState.ASKED
UNCERTAIN = CollectionState.UNCERTAIN
FAILED = CollectionState.FAILED
EXPIRED = CollectionState.EXPIRED
SETTLED = CollectionState.SETTLED

COLLECTION_MOVES = Moves(
    {
        (PREPARED, "ask"): ASKED,
        (PREPARED, "doubt"): UNCERTAIN,
        (PREPARED, "fail"): FAILED,
        (UNCERTAIN, "ask"): ASKED,
        (UNCERTAIN, "fail"): FAILED,
        (UNCERTAIN, "expire"): EXPIRED,
        (ASKED, "fail"): FAILED,
        (ASKED, "expire"): EXPIRED,
        (EXPIRED, "fail"): FAILED,
        # Money that came wins, whatever was believed before: the callback may overtake the
        # answer to the request itself, and "cancelled" may be followed by a receipt.
        (PREPARED, "settle"): SETTLED,
        (ASKED, "settle"): SETTLED,
        (UNCERTAIN, "settle"): SETTLED,
        (FAILED, "settle"): SETTLED,
        (EXPIRED, "settle"): SETTLED,
    }
)

PAYMENT_MOVES = Moves(
    {
        (PaymentState.UNPLACED, "place"): PaymentState.PLACED,
        (PaymentState.SETTLED, "unplace"): PaymentState.UNPLACED,
        (PaymentState.SETTLED, "reverse"): PaymentState.REVERSED,
        (PaymentState.UNPLACED, "reverse"): PaymentState.REVERSED,
        (PaymentState.PLACED, "reverse"): PaymentState.REVERSED,
    }
)

CLAIM_MOVES = Moves(
    {
        (ClaimState.MADE, "confirm"): ClaimState.CONFIRMED,
        (ClaimState.MADE, "reject"): ClaimState.REJECTED,
        (ClaimState.CONFIRMED, "withdraw"): ClaimState.REJECTED,
    }
)

TWIN_MOVES = Moves(
    {
        (TwinState.ASKED, "join"): TwinState.SAME,
        (TwinState.ASKED, "part"): TwinState.OTHER,
    }
)

IN_FLIGHT = frozenset({PREPARED, ASKED, UNCERTAIN})

QUIET_SECONDS = 120
"""M-PESA itself refuses the same amount to the same phone within two minutes (code 17)."""

SENDING_SECONDS = 30
"""Longer than this between "about to ask" and an answer: the asker died, nobody knows."""

NEVER_SENT_SECONDS = 300
"""A prompt that could not leave for this long would only startle the payer: it fails instead."""

UNKNOWN_REQUEST_SECONDS = 3_600
"""A request whose id was never learnt cannot be asked about: after this long it is given up. Its
callback, should it come, still counts: the address it was told to use is ours alone."""

PAID = "0"
"""The provider's word for paid, as it is kept in `result_code`."""

NOT_THE_LAST_WORD = frozenset({"1019", "1032", "1037", "26"})
"""Callbacks that M-PESA also sends when it has only lost patience: it ran out, was cancelled, did
not answer, was busy. The payer may have said yes all the same, and the callback that says so may
be lost, so M-PESA is asked once more, after the prompt is certainly gone."""

CHECK_SECONDS = 120

RECEIPT_WAIT_SECONDS = 60
"""How long after asking money that M-PESA calls paid waits for the receipt's own callback."""

LOOK_BACK_SECONDS = 900
"""From then on M-PESA may have forgotten the request: where it says nothing, its books are asked."""

ASK_AGAIN_SECONDS: Sequence[int] = (
    20,
    40,
    60,
    120,
    300,
    900,
    3_600,
    86_400,
    172_800,
    259_200,
)
"""When the provider is asked what became of a request, counted from the asking."""


def next_ask_at(asked_at: datetime, now: datetime) -> datetime | None:
    """The first moment of the schedule that is still ahead; None when the schedule is used up."""
    for seconds in ASK_AGAIN_SECONDS:
        moment = asked_at + timedelta(seconds=seconds)
        if moment > now:
            return moment
    return None


def is_quiet_over(asked_at: datetime, now: datetime) -> bool:
    """May another prompt follow one that is still unanswered?"""
    return now - asked_at >= timedelta(seconds=QUIET_SECONDS)


def is_in_the_books(asked_at: datetime, now: datetime) -> bool:
    """May the provider know of it only by its books?"""
    return now - asked_at >= timedelta(seconds=LOOK_BACK_SECONDS)


def is_receipt_overdue(asked_at: datetime, now: datetime) -> bool:
    """Has the true receipt had its time, so that the money is booked without it?"""
    return now - asked_at >= timedelta(seconds=RECEIPT_WAIT_SECONDS)


PROMPT_LIFE_SECONDS = 600
"""Well after this, money is not what a prompt asked for."""


def paid_between(asked_at: datetime) -> tuple[datetime, datetime]:
    """When money that answers a request was sent, allowing for clocks that disagree."""
    return (
        asked_at - timedelta(seconds=QUIET_SECONDS),
        asked_at + timedelta(seconds=PROMPT_LIFE_SECONDS),
    )


def is_same_payer(told: bytes | memoryview | None, asked: bytes | memoryview) -> bool:
    """Blind indexes; a payer whom the provider hides may be anybody."""
    return told is None or bytes(told) == bytes(asked)


def is_surely_one(typed: str | None, payer: bytes | memoryview | None) -> bool:
    """Whether money by hand that agrees with a prompt in all that is known was told by more than its amount and its minute."""
    return bool(typed) or payer is not None


def is_same_reference(typed: str | None, asked: str) -> bool:
    """What a payer typed as account, and what the prompt showed; a till is paid without one."""
    if not typed:
        return True
    return _plain_account(typed) == _plain_account(asked)


def _plain_account(text: str) -> str:
    """M-PESA writes it in capitals; how it is spaced is nobody's matter."""
    return re.sub(r"[^A-Z0-9]+", "", text.upper())


TWIN_HOURS = 24
"""Within this, as much money for the same purpose may be the same money, told by the merchant first."""


# The provider's list of what came.

LIST_HOURS = 48
"""As far as the list reaches back."""
LIST_EARLY_SECONDS = 600
"""So much less is asked for, so that nothing falls off its end, and shifts the pages, while it is read."""
LIST_LATE_SECONDS = 300
"""What came within this is left to its own tidings."""
LIST_EVERY_SECONDS = 3_600
LIST_AGAIN_SECONDS = 300
"""How soon it is asked again where it gave no answer."""
LIST_READING_SECONDS = 60
"""How long one page may take before another worker may ask for it, too."""
LIST_STALE_SECONDS = 1_800
"""A reading that rested longer than this begins anew: what is filed stays filed."""
LIST_ROWS_MAX = 50_000
"""More than this in two days is read by nobody: an error in the provider's paging, most likely."""


def list_window(
    now: datetime, opened_at: datetime, since: datetime | None = None
) -> tuple[datetime, datetime]:
    """Between which instants the list is read. What came before it was opened to us was never ours to hear of, unless
    somebody says so by `since`."""
    reach = now - timedelta(hours=LIST_HOURS) + timedelta(seconds=LIST_EARLY_SECONDS)
    end = now if since is not None else now - timedelta(seconds=LIST_LATE_SECONDS)
    return min(max(reach, since or opened_at), end), end


def missed(
    listed_until: datetime | None, start: datetime, opened_at: datetime
) -> tuple[datetime, datetime] | None:
    """Between which instants nobody could read, where the last reading lies further back than the list reaches."""
    after = max(listed_until or opened_at, opened_at)
    return (after, start) if after < start else None


# Receipts. Money is unique on (account, receipt), so money without a receipt gets one of ours.
# The colon keeps ours apart from every true one, which has letters and digits only.

AWAITED = "stk:"
OWN = "own:"
_RECEIPT = re.compile(r"[A-Z0-9]{8,20}")
_CODE = re.compile(r"(?=[A-Z0-9]{0,9}[0-9])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}")

_CODE_IN_WORDS = re.compile(rf"(?<![A-Z0-9])(?!INV){_CODE.pattern}(?![A-Z0-9])")
_CODE_CONFIRMED = re.compile(rf"(?<![A-Z0-9])({_CODE.pattern})\s+(?:CONFIRMED|IMETHIBITISHWA)")


def receipt_for_request(provider_ref: str) -> str:
    """The receipt of money that M-PESA calls paid, until the true one comes."""
    return AWAITED + provider_ref


def receipt_for_word(key: str) -> str:
    """The receipt of money known by the merchant's word alone (cash, for one)."""
    return OWN + key


def receipt_withdrawn(receipt: str, payment_id: UUID) -> str:
    """What takes a true receipt's place when the payment is taken back, so that it may be given again. Ours stay: a key
    that was used stays used."""
    return receipt if is_receipt_ours(receipt) else f"{OWN}{payment_id}:{receipt}"


def is_word_alone(receipt: str, letter_id: UUID | None, collection_id: UUID | None) -> bool:
    """Whether nothing but the merchant's word says that the money came."""
    return letter_id is None and collection_id is None and not is_receipt_awaited(receipt)


def is_receipt_ours(receipt: str) -> bool:
    return ":" in receipt


def is_receipt_awaited(receipt: str) -> bool:
    """Is this payment booked by its request, its true receipt still to come?"""
    return receipt.startswith(AWAITED)


def shown_receipt(receipt: str) -> str | None:
    """What a person may see: a true receipt, or nothing."""
    return None if is_receipt_ours(receipt) else receipt


def code(said: str) -> str | None:
    """An M-PESA code as typed by hand, made plain; None when it cannot be one.

    Blanks and dots that phones insert are dropped. Letters that look like digits are left as
    they are: guessing here would turn one code into another.
    """
    plain = re.sub(r"[\s.\-]+", "", said).upper()
    return plain if _CODE.fullmatch(plain) else None


def code_in(said: str) -> str | None:
    """The M-PESA code in somebody's words ("SKL4T7QX2P Confirmed. Ksh1,500.00 sent to …"); None
    where there is none, or more than one. The word after it that M-PESA writes settles it."""
    loud = said.upper()
    found = set(_CODE_CONFIRMED.findall(loud)) or set(_CODE_IN_WORDS.findall(loud))
    return found.pop() if len(found) == 1 else None


def is_receipt(text: str) -> bool:
    return _RECEIPT.fullmatch(text) is not None


REFERENCE_MAX = 12


def reference(text: str) -> str | None:
    """What the payer sees as account: up to 12 letters and digits; None when nothing is left."""
    plain = re.sub(r"[^A-Za-z0-9]+", "", text).upper()
    return plain if plain and plain.isascii() and len(plain) <= REFERENCE_MAX else None


def role_of(kind: str) -> str:
    """The ledger's name for where money of this kind of account lies."""
    if kind == AccountKind.CASH:
        return "cash"
    return "bank" if kind == AccountKind.BANK else "mpesa"


LIKELY_KINDS: Sequence[str] = (
    AccountKind.TILL,
    AccountKind.PAYBILL,
    AccountKind.STK_TILL,
    AccountKind.STK_PAYBILL,
    AccountKind.PHONE,
)
"""Where a customer who says "I have paid" most likely paid to, the likeliest first."""


def kinds_of(method: str) -> Sequence[str]:
    """The kinds of account that money of this method lands on, the likeliest first."""
    return {
        Method.MPESA_STK: (AccountKind.STK_PAYBILL, AccountKind.STK_TILL),
        Method.MPESA_TILL: (AccountKind.TILL, AccountKind.STK_TILL),
        Method.MPESA_PAYBILL: (AccountKind.PAYBILL, AccountKind.STK_PAYBILL),
        Method.MPESA_PHONE: (AccountKind.PHONE,),
        Method.BANK: (AccountKind.BANK,),
        Method.CASH: (AccountKind.CASH,),
    }.get(Method(method), (AccountKind.CASH,))


def method_of(kind: str) -> Method:
    """How money came that a customer paid, unasked, to an account of this kind."""
    return {
        AccountKind.STK_PAYBILL: Method.MPESA_PAYBILL,
        AccountKind.STK_TILL: Method.MPESA_TILL,
        AccountKind.TILL: Method.MPESA_TILL,
        AccountKind.PAYBILL: Method.MPESA_PAYBILL,
        AccountKind.PHONE: Method.MPESA_PHONE,
        AccountKind.BANK: Method.BANK,
        AccountKind.CASH: Method.CASH,
    }[AccountKind(kind)]


def booked_on(paid_at: datetime | None, received_at: datetime, utc_offset: timedelta) -> date:
    """The value date: the day the provider says, unless it is absurd, then the day we heard.

    A day is absurd when it lies ahead of the letter that told it, or months behind: a callback
    with a broken date must not book into a year that is long closed.
    """
    moment = received_at
    if paid_at is not None and -timedelta(hours=12) < received_at - paid_at < timedelta(days=60):
        moment = paid_at
    return moment.astimezone(timezone(utc_offset)).date()
