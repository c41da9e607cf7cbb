"""A program with a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from doors.api.programs import Program


@pytest.fixture(autouse=True)
def _no_minute_ends(on_the_hour: None) -> None:
    """Programs are counted by the minute."""


@pytest.fixture
def program(new_business: Callable[..., UUID]) -> Program:
    """One that may do everything at a business of its own."""
    from doors.api.programs import program_at

    return program_at(new_business())
