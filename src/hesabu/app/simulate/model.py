"""What the books of one business must come to, in plain dicts and lists. No SQL, and none of the rooms' code.

    bill       draft → issued → (part) paid → paid; void; credited; what it owes follows from three sums
    kept       money that came: known by its receipt, and on a bill, or with its customer, or without an owner
    prompt     one request for money, open, failed or settled; settled means that one `kept` answers it
    claim      somebody's word

An act that must be refused raises `Refusal` with the code that the rooms must give, and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


class Refusal(Exception):
    """This act must be refused, with this code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class Bill:
    """An invoice: three sums and two marks say all about it."""

    id: UUID
    customer: UUID
    total: int
    version: int = 1
    number: str | None = None
    is_void: bool = False
    paid: int = 0
    credited: int = 0
    lowered: int = 0
    """What credit notes took off what was owed; the rest of them became the customer's credit."""

    @property
    def is_open(self) -> bool:
        return self.number is not None and not self.is_void and self.credited < self.total

    @property
    def owed(self) -> int:
        return max(0, self.total - self.paid - self.credited) if self.is_open else 0

    @property
    def state(self) -> str:
        if self.is_void:
            return "void"
        if self.number is None:
            return "draft"
        if self.credited == self.total:
            return "credited"
        if not self.owed and self.paid:
            return "paid"
        return "part_paid" if self.paid else "issued"


@dataclass(slots=True)
class Prompt:
    """One request for money."""

    id: UUID
    bill: UUID
    amount: int
    phone: str
    reference: str
    created_at: datetime
    asked_at: datetime | None = None
    path: str = ""
    ref: str | None = None
    state: str = "open"
    """open, failed or settled."""
    is_expired: bool = False
    """Of an open one: asked in vain for days. Seen in the rows, since it moves no money."""
    is_called_paid: bool = False
    """Whether Safaricom, asked, has called it paid once."""
    is_asked_about: bool = True
    """Whether it will be asked about (again)."""

    @property
    def began_at(self) -> datetime:
        return self.asked_at or self.created_at


@dataclass(slots=True)
class Kept:
    """Money that came, once."""

    receipt: str
    amount: int
    role: str
    state: str
    heard_at: datetime
    bill: UUID | None = None
    prompt: UUID | None = None
    phone: str | None = None
    typed: str = ""
    is_mpesa: bool = True

    @property
    def is_awaited(self) -> bool:
        """Booked by its request alone, its receipt still to come."""
        return self.receipt.startswith("stk:")

    @property
    def is_ours(self) -> bool:
        return ":" in self.receipt


@dataclass(slots=True)
class Claimed:
    """Somebody's word that they paid."""

    id: UUID
    bill: UUID
    code: str | None
    amount: int | None
    made_at: datetime
    state: str = "made"
    kept: Kept | None = None


@dataclass
class Books:
    """One business."""

    bills: dict[UUID, Bill] = field(default_factory=dict)
    prompts: dict[UUID, Prompt] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    claims: dict[UUID, Claimed] = field(default_factory=dict)
    credit: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    issued_count: int = 0
    note_count: int = 0
    doubts: int = 0
    """Money known by word and by request, taken to be the same, and told to a person."""

    # --- bills

    def draft(self, bill: Bill) -> None:
        self.bills[bill.id] = bill

    def change(self, bill: Bill, version: int, total: int) -> None:
        self._require_draft(bill, version)
        bill.total, bill.version = total, bill.version + 1

    def discard(self, bill: Bill) -> None:
        if bill.is_void and bill.number is None:
            return
        if bill.number is not None:
            raise Refusal("invoice.not_a_draft")
        bill.is_void = True

    def issue(self, bill: Bill, version: int) -> None:
        if bill.number is not None:
            if version != bill.version:
                raise Refusal("invoice.draft_changed")
            return
        self._require_draft(bill, version)
        self.issued_count += 1
        bill.number = f"INV-{self.issued_count:04d}"

    def _require_draft(self, bill: Bill, version: int) -> None:
        if bill.state != "draft":
            raise Refusal("invoice.not_a_draft")
        if version != bill.version:
            raise Refusal("invoice.draft_changed")

    def void(self, bill: Bill) -> None:
        if bill.is_void:
            return
        if bill.paid or bill.credited:
            raise Refusal("invoice.void_refused")
        if bill.number is None:
            raise Refusal("move.refused")
        bill.is_void = True

    def take_back(self, bill: Bill, amount: int | None) -> None:
        """A credit note: first off what is owed, the rest to the customer."""
        left = bill.total - bill.credited
        if bill.credited == bill.total and amount is None and bill.number:
            return
        wanted = left if amount is None else amount
        if not 0 < wanted <= left:
            raise Refusal("invoice.credit_refused")
        if bill.is_void or bill.number is None:
            raise Refusal("move.refused")
        off = min(wanted, bill.owed)
        bill.credited += wanted
        bill.lowered += off
        self.credit[bill.customer] += wanted - off
        self.note_count += 1

    def use_credit(self, bill: Bill, amount: int | None) -> None:
        if not bill.owed:
            raise Refusal("invoice.nothing_owed")
        there = self.credit[bill.customer]
        used = min(there, bill.owed, bill.owed if amount is None else amount)
        if used <= 0:
            raise Refusal("customer.no_credit")
        self.credit[bill.customer] -= used
        bill.paid += used

    def put(self, amount: int, bill: Bill) -> None:
        """Money for a bill: to what it owes, the rest to its customer."""
        applied = min(amount, bill.owed)
        bill.paid += applied
        self.credit[bill.customer] += amount - applied

    # --- money

    def known(self, receipt: str) -> Kept | None:
        return next((kept for kept in self.kept if kept.receipt == receipt), None)

    def arrive(self, kept: Kept) -> Kept:
        self.kept.append(kept)
        if kept.bill is not None:
            self.put(kept.amount, self.bills[kept.bill])
        return kept

    def own(self, kept: Kept, bill: UUID) -> None:
        """Money in suspense gets an owner."""
        assert kept.state == "unplaced"
        kept.state, kept.bill = "placed", bill
        self.put(kept.amount, self.bills[bill])

    # --- what follows

    def balances(self) -> dict[str, int]:
        """What each account that rooms post to must hold, debits positive."""
        issued = [b for b in self.bills.values() if b.number is not None and not b.is_void]
        held: dict[str, int] = {
            "receivables": sum(b.total - b.paid - b.lowered for b in issued),
            "customer_credit": -sum(self.credit.values()),
            "suspense": -sum(k.amount for k in self.kept if k.state == "unplaced"),
            "sales and tax": -sum(b.total - b.credited for b in issued),
        }
        for kept in self.kept:
            held[kept.role] = held.get(kept.role, 0) + kept.amount
        return {role: minor for role, minor in held.items() if minor}
