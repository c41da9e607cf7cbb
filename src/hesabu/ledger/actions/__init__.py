"""The ledger's acts."""

from hesabu.ledger.actions.books import LockedBook, lock_books, lock_period, open_book
from hesabu.ledger.actions.post import post
from hesabu.ledger.actions.reverse import reverse

__all__ = ["LockedBook", "lock_books", "lock_period", "open_book", "post", "reverse"]
