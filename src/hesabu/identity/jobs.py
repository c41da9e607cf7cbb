"""Work of identity that runs by itself."""

from __future__ import annotations

from hesabu.identity import actions
from hesabu.store import jobs


@jobs.task("identity.tell_refusals", retries=1)
def tell_refusals() -> None:
    """Facts of what was refused in the minutes that are over."""
    actions.tell_refusals()


jobs.every("identity.tell_refusals", cron="* * * * *")
