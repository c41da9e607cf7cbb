"""Fixtures of payments. What they are made of is in `shop`, which needs Django to be set up first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from payments.shop import Shop


@pytest.fixture
def new_shop(new_business: Callable[..., UUID]) -> Callable[[], Shop]:
    """Opens a business of its own that can be paid."""
    from payments.shop import open_shop

    return lambda: open_shop(new_business())


@pytest.fixture
def shop(new_shop: Callable[[], Shop]) -> Shop:
    return new_shop()
