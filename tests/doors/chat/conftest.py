"""Phones for the people of a test, and a merchant who has signed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from steady import fresh_digits

if TYPE_CHECKING:
    from doors.chat.town import Phone


@pytest.fixture
def new_phone(database: str) -> Callable[..., Phone]:
    """A phone nobody else in this run has; `is_hidden` for somebody whose number WhatsApp does not tell, `begins` with the
    digits of another country."""

    def made(
        name: str = "Wanjiku Kamau", *, is_hidden: bool = False, begins: str = "2547", more: int = 8
    ) -> Phone:
        from django.conf import settings

        from doors.chat.town import Phone

        number = None if is_hidden else f"{begins}{fresh_digits(more)}"
        user_id = f"KE.{fresh_digits(15)}"
        return Phone(number, user_id, settings.CONFIG.whatsapp_phone_number_id, name)

    return made


@pytest.fixture
def merchant(new_phone: Callable[..., Phone]) -> Phone:
    """Wanjiku, who has signed Kamau Designs up, paid to till 123456."""
    phone = new_phone()
    phone.says("Hi")
    phone.says("Kamau Designs")
    phone.says("till 123456")
    return phone


@pytest.fixture
def customer(new_phone: Callable[..., Phone]) -> Phone:
    return new_phone("Jane Wanjiku")


@pytest.fixture(autouse=True)
def _town_of_today(request: pytest.FixtureRequest) -> None:
    """What other tests left to be done is nothing to the people of this one."""
    if "grammar" in request.node.path.parts:  # words alone, without a town
        return
    from doors.chat import town

    request.getfixturevalue("database")
    request.getfixturevalue("on_the_hour")
    town.begin()
