"""Free words reach a WhatsApp contact only for a day after their last word to us."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
SILENCE = timedelta(days=180)
"""After so long without a word a number may have been given to somebody else."""
WINDOW_MARGIN = timedelta(seconds=30)
"""A message that starts this close to the end may arrive after it."""


def window_after(closes_at: datetime | None, sent_at: datetime, now: datetime) -> datetime:
    """When the window closes after a word sent at `sent_at`. A clock that runs ahead gains nothing; it never shrinks."""
    fresh = min(sent_at, now) + WINDOW
    return max(closes_at, fresh) if closes_at else fresh


def is_window_open(closes_at: datetime | None, now: datetime) -> bool:
    return closes_at is not None and now < closes_at - WINDOW_MARGIN
