"""The port: what payments needs of whoever can ask a customer for money.

Words go in, an Outcome or an Answer comes out; no exception of a provider's crosses the port, and
no provider writes a row of payments. `ask` and `query` talk to the network and are called while no
transaction is open; the others are quick and keep to themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hesabu.kit import clock
from hesabu.kit.money import Money


@dataclass(frozen=True, slots=True)
class AccountKeys:
    """An account as its provider needs it. Carries secrets: it is never kept, logged or shown."""

    account_id: UUID
    kind: str
    number: str
    """The paybill or till that the money goes to."""
    account_reference: str | None
    """A fixed account number for this paybill; None where each request brings its own."""
    credentials: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for money, ready to leave."""

    amount: Money
    payer_phone: str = field(repr=False)
    """E.164."""
    reference: str
    """What the payer sees as account."""
    callback_url: str = field(repr=False)
    """Where the answer is to come; its last part is this request's own secret mark."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the request. That is not yet money."""

    provider_ref: str
    merchant_request_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider did not, and will not, carry the request out."""

    code: str
    is_retryable: bool
    words: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may or may not have been taken. `why` is a short code for logs."""

    why: str


Outcome = Accepted | Rejected | Uncertain


@dataclass(frozen=True, slots=True)
class Paid:
    """The provider says the money moved, though not under which receipt."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The payer has not decided yet."""


@dataclass(frozen=True, slots=True)
class NotPaid:
    """The provider says no money moved, and none will on this request."""

    code: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing was learnt. `why` is a short code for logs."""

    why: str


Answer = Paid | Pending | NotPaid | NoAnswer


@dataclass(frozen=True, slots=True)
class Registered:
    """The provider brings tidings of money sent by hand. Where it is not new, it did before, perhaps to another address."""

    is_new: bool


Registration = Registered | Rejected | Uncertain


@dataclass(frozen=True, slots=True)
class Works:
    """The provider knows these keys, and they are this number's."""


Check = Works | Rejected | NoAnswer


@dataclass(frozen=True, slots=True)
class ListedRow:
    """Money as the provider's list tells of it. Without a receipt it could not be read, and a person looks at `original`."""

    original: Mapping[str, Any] = field(repr=False)
    receipt: str | None = None
    amount_minor: int = 0
    at: datetime | None = None
    is_clock_sure: bool = False
    """Whether the row says by which clock `at` is."""
    reference: str = ""
    """What the payer typed as account."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list; the one after the last has no rows."""

    rows: Sequence[ListedRow]


Listing = Listed | Rejected | NoAnswer


@dataclass(frozen=True, slots=True)
class Fetched:
    """An access token as the provider gave it."""

    token: str = field(repr=False)
    lifetime_seconds: int


class NoToken(Exception):
    """No token is to be had, so what it was for has certainly not been sent. `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TokenOf(Protocol):
    """Keeps one access token per app for all processes. Given to a provider, which writes no rows
    itself."""

    def __call__(self, app: str, fetch: Callable[[], Fetched], refused: str | None = None) -> str:
        """A token; `fetch` gets a new one where it is needed. Raises NoToken."""
        ...


class Collector(Protocol):
    """Asks for money on one provider's wires."""

    flag: str
    """The switch that turns this provider off."""

    def check_account(
        self, kind: str, number: str, reference: str | None, credentials: Mapping[str, str]
    ) -> dict[str, str]:
        """Called before an account is added: the credentials as they are kept. Raises Invalid,
        naming the field. Never talks to the network; never says a secret in an error."""
        ...

    def check(self, amount: Money, payer_phone: str) -> None:
        """Called before a request is written down. Raises Invalid for what the provider would
        never take. Never talks to the network, never changes anything."""
        ...

    def endpoint_token(self) -> str:
        """Called when an account is added: an unguessable token that this provider takes in an
        address of ours."""
        ...

    def callback_url(self, endpoint_token: str, collection_id: UUID) -> tuple[str, str]:
        """Called before asking: (address, its last part). The same collection always gives the
        same one, and nobody without our keys can make it."""
        ...

    def ask(self, account: AccountKeys, ask: Ask) -> Outcome:
        """Called once for each request, after it was committed as being asked, with no
        transaction open. Sends at most once what the provider may have received: when in doubt
        it answers Uncertain and never tries again."""
        ...

    def can_look_back(self, account: AccountKeys) -> bool:
        """Whether these keys allow `look_back`."""
        ...

    def look_back(
        self, account: AccountKeys, merchant_request_id: str, result_url: str, at: datetime
    ) -> Outcome:
        """Called with no transaction open where `query` knows nothing any more, or no receipt: ask the provider's books. What
        they say comes as a letter to `result_url`. May be sent again freely."""
        ...

    def check_keys(self, account: AccountKeys, at: datetime) -> Check:
        """Called with no transaction open, before an account is added: whether these keys would be taken, by asking something
        that changes nothing. `Rejected.code` says which of them is wrong."""
        ...

    def look_up(
        self, account: AccountKeys, receipt: str, endpoint_token: str, at: datetime
    ) -> Outcome:
        """Called with no transaction open where money is told of that answers nothing: ask the provider's books for it. What
        they say comes as a letter whose path carries `look_up_ref`. May be sent again freely."""
        ...

    def register(self, account: AccountKeys, endpoint_token: str) -> Registration:
        """Called with no transaction open: tell the provider where tidings of money sent by hand go. May be sent again."""
        ...

    def query(self, account: AccountKeys, provider_ref: str, at: datetime) -> Answer:
        """Called on the schedule while a request is unanswered, with no transaction open. May be
        sent again freely. Never guesses: what it cannot read is NoAnswer."""
        ...


class Lister(Protocol):
    """Shows what came to an account. All but `letter` is called with no transaction open, and may be sent again freely."""

    def open(self, account: AccountKeys, endpoint_token: str, phone: str) -> Registration:
        """Called once before the list is read. `phone` is whom the provider may call about it, E.164."""
        ...

    def read(self, account: AccountKeys, start: datetime, end: datetime, offset: int) -> Listing:
        """The rows between two instants, from the one after `offset` on."""
        ...

    def letter(self, account: AccountKeys, row: ListedRow, at: datetime | None) -> bytes:
        """What a confirmation of that money at that instant would have said, and the row beside it. The same row always gives
        the same."""
        ...


def keys_of(row: Any) -> AccountKeys:
    """The keys in an account's row."""
    return AccountKeys(
        row.id, row.kind, row.number, row.account_reference or None, credentials_now(row)
    )


def credentials_now(row: Any) -> dict[str, str]:
    """Those that count: new ones once they are frozen no more."""
    has_new = row.rekeys_at is not None and row.rekeys_at <= clock.now()
    return dict((row.next_credentials if has_new else row.credentials) or {})
