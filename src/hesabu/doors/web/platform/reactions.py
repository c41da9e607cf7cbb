"""What happens, noted for the platform's people. Bound and *later*: each fact once."""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.identity import actions
from hesabu.store import jobs
from hesabu.store.facts import Fact


def note(facts: Sequence[Fact]) -> None:
    """*Later*: note it, and tell it in a transaction of the house."""
    for fact in facts:
        for notice_id in actions.keep_notice(fact):
            jobs.defer("platform.tell", notice_id=notice_id)
