"""What the ledger does when other rooms tell of something."""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.identity.facts import BusinessRegistered
from hesabu.ledger import actions


def open_book(facts: Sequence[BusinessRegistered]) -> None:
    """*Now*: a business has a book from its first moment."""
    for fact in facts:
        actions.open_book(fact.business_id, fact.country, fact.currency)
