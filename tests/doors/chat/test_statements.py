"""What one message costs the database: statements, without those that open and close the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[Phone, str], int]:
    """How many it takes to answer these words."""
    from django.db import connection

    from doors.chat import town
    from hesabu.doors.chat import answering
    from hesabu.store import sql
    from providers.whatsapp import envelopes

    counted: list[str] = []
    execute = sql._Cursor.execute

    def plainly(self: Any, *args: Any, **more: Any) -> Any:
        counted.append(str(args[0]))
        return execute(self, *args, **more)

    def by_django(run: Any, said: str, params: Any, many: bool, context: Any) -> Any:
        counted.append(said)
        return run(said, params, many, context)

    monkeypatch.setattr(sql._Cursor, "execute", plainly)

    def count(phone: Phone, text: str) -> int:
        phone.writes(envelopes.text(text, **phone._who()))
        town._take("store.read")
        contact_id = phone.contact_id()
        assert contact_id is not None
        counted.clear()
        with connection.execute_wrapper(by_django):
            answering.answer_contact(contact_id)
        number = len(counted)
        assert phone.hears()
        return number

    return count


def test_a_message_costs_few_statements(
    merchant: Phone, customer: Phone, statements: Callable[[Phone, str], int]
) -> None:
    from doors.chat.test_money import ONE_LINE, local

    statements(merchant, "menu")
    bounds: Iterator[tuple[str, int]] = iter(
        [
            ("menu", 18),
            ("who owes me", 20),
            (ONE_LINE.format(phone=local(customer)), 50),
            ("send", 48),
            ("status INV-0001", 30),
        ]
    )
    for text, most in bounds:
        assert statements(merchant, text) <= most, text
