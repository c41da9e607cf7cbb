"""What one message costs the database: every statement, also those that say whose rows are seen, without those that open
and close the transaction. And that it costs no more where there is more of everything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

    Statements = Callable[[Phone, "str | Heard"], int]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """How many it takes to answer these words, or a tap on the first button of a message."""
    import psycopg

    from doors.chat import town
    from hesabu.doors.chat import answering
    from providers.whatsapp import envelopes

    counted: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(self: Any, said: Any, *args: Any, **more: Any) -> Any:
        counted.append(str(said))
        return execute(self, said, *args, **more)

    def count(phone: Phone, said: str | Heard) -> int:
        phone.hears()
        if isinstance(said, str):
            phone.writes(envelopes.text(said, **phone._who()))
        else:
            title, button_id = next(iter(said.titles.items()))
            reply = {"type": "button_reply", "button_reply": {"id": button_id, "title": title}}
            quoted = {"context": {"id": town.provider_id(said)}}
            phone.writes(envelopes.message("interactive", reply, **phone._who(), **quoted))
        town._take("store.read")
        contact_id = phone.contact_id()
        assert contact_id is not None
        counted.clear()
        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", noted)
            answering.answer_contact(contact_id)
        number = len(counted)
        assert phone.hears()
        return number

    return count


def test_a_message_costs_few_statements(
    merchant: Phone, customer: Phone, statements: Statements
) -> None:
    from doors.chat.test_money import ONE_LINE, local

    statements(merchant, "menu")
    bounds = {
        "menu": 20,
        "help": 20,
        "list": 22,
        "who owes me": 22,
        "products": 21,
        "how did I do today": 23,
        ONE_LINE.format(phone=local(customer)): 46,
    }
    cost = {text: statements(merchant, text) for text in bounds}
    preview = merchant.inbox()[-1]
    cost["Send"], bounds["Send"] = statements(merchant, preview), 47
    cost["known"] = statements(merchant, "Invoice Jane 5000 for hair due Friday")
    bounds["known"] = 39
    cost["status"], bounds["status"] = statements(merchant, "status INV-0001"), 26
    assert "INV-0001" in merchant.inbox()[-1].body
    assert {text: n for text, n in cost.items() if n > bounds[text]} == {}


def _sends_invoices(merchant: Phone, customer: Phone, count: int) -> None:
    from doors.chat.test_money import local

    for place in range(count):
        amount = 1000 + 10 * len(merchant.seen) + place
        merchant.says(f"Invoice Jane Wanjiku {local(customer)} {amount} for logo design due Friday")
        merchant.taps("Send")


def test_a_reply_costs_no_more_where_there_is_more_to_tell_of(
    merchant: Phone, customer: Phone, statements: Statements
) -> None:
    said = ("list", "who owes me", "how did I do today", "status INV-0001")
    _sends_invoices(merchant, customer, 2)
    few = {text: statements(merchant, text) for text in said}
    _sends_invoices(merchant, customer, 5)
    assert {text: statements(merchant, text) for text in said} == few


def test_a_customer_with_many_bills_costs_no_more_than_one_with_two(
    merchant: Phone, customer: Phone, statements: Statements
) -> None:
    said = ("what do I owe", "pay", "pay INV-0002", "is this right?")
    _sends_invoices(merchant, customer, 2)
    customer.hears()
    few = {text: statements(customer, text) for text in said}
    assert max(few.values()) <= 40, few
    _sends_invoices(merchant, customer, 6)
    customer.hears()
    assert {text: statements(customer, text) for text in said} == few
