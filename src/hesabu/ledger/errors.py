"""What the ledger refuses."""

from __future__ import annotations

from hesabu.kit.errors import Invalid, NotFound, Refused


class BookNotFound(NotFound):
    code = "ledger.book_not_found"
    title = "This business has no book yet."


class EntryNotFound(NotFound):
    code = "ledger.entry_not_found"
    title = "There is no such entry in this book."


class Unbalanced(Invalid):
    code = "ledger.unbalanced"
    title = "Debits and credits do not add up."
    hint = "Each entry must balance in every currency."


class PeriodLocked(Refused):
    code = "ledger.period_locked"
    title = "That period is closed."
    hint = "Use a day after the lock, or ask whoever keeps the books to open it."


class AlreadyReversed(Refused):
    code = "ledger.already_reversed"
    title = "That entry was reversed before."
