"""Whoever a story needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from stories.kamau import Kamau


@pytest.fixture
def kamau(new_business: Callable[..., UUID]) -> Kamau:
    from stories.kamau import open_shop

    return open_shop(new_business("Kamau Designs"))


@pytest.fixture
def wanjiru(new_business: Callable[..., UUID]) -> Kamau:
    """Another business, which knows nothing of the first."""
    from stories.kamau import open_shop

    return open_shop(new_business("Wanjiru Prints"))
