"""Nothing can be done that does not say who may: every action, address, operation, word and tap is walked."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
leaves = importlib.import_module("leaves")


def plain() -> None:
    """Something that says nothing of who may."""


def test_every_action_names_the_permission_it_needs() -> None:
    found = list(leaves.actions())
    assert len(found) > 80
    assert leaves.action_faults(found) == []


def test_an_action_without_a_permission_is_caught() -> None:
    assert len(leaves.action_faults([("invoicing.forge", plain)])) == 1


def test_every_address_says_who_may_see_it() -> None:
    found = list(leaves.views())
    assert len(found) > 30
    assert leaves.view_faults(found) == []


def test_an_address_that_says_nothing_is_caught() -> None:
    assert len(leaves.view_faults([("/b/<business>/secrets", plain)])) == 1


def test_every_page_of_a_business_needs_a_permission_there() -> None:
    from hesabu.identity import permissions

    of_businesses = [one for one in leaves.views() if "<business>" in one[0]]
    names = {one.name for one in permissions.declared()}
    assert [address for address, view in of_businesses if view.leave not in names] == []


def test_every_operation_of_the_api_names_the_permission_it_needs() -> None:
    found = list(leaves.operations())
    assert len(found) > 20
    assert leaves.operation_faults(found) == []


def test_an_operation_without_a_permission_is_caught() -> None:
    assert len(leaves.operation_faults([("GET /secrets", plain)])) == 1


def test_every_word_and_tap_of_the_chat_names_what_it_needs() -> None:
    from hesabu.doors.chat import aside, customer, joining, merchant, replies
    from hesabu.doors.chat import leaves as chat
    from hesabu.doors.chat.grammar.types import Intent

    assert leaves.chat_faults(Intent, chat.INTENTS, "intent") == []
    assert leaves.chat_faults(customer.INTENTS, chat.CUSTOMERS_INTENTS, "customer's intent") == []
    assert leaves.chat_faults({**merchant.TAPS, **replies.TAPS}, chat.TAPS, "tap") == []
    assert leaves.chat_faults(customer.TAPS, chat.CUSTOMERS_TAPS, "customer's tap") == []
    either = {**joining.TAPS, **dict.fromkeys([*aside.TAPS, "pick", "speak"])}
    assert leaves.chat_faults(either, chat.EITHER_TAPS, "tap of anybody") == []
    assert leaves.chat_faults(merchant.COMMANDS, chat.COMMANDS, "command") == []
    for table in (chat.CUSTOMERS_INTENTS, chat.CUSTOMERS_TAPS):
        assert leaves.customers_faults(table) == []


def test_a_word_or_a_tap_without_a_leave_is_caught() -> None:
    from hesabu.doors.chat import leaves as chat
    from hesabu.identity.permissions import MEMBER_ADD

    assert len(leaves.chat_faults([*chat.TAPS, "forge"], chat.TAPS, "tap")) == 1
    assert len(leaves.chat_faults([], {"gone": "why"}, "tap")) == 1
    assert len(leaves.chat_faults(["silent"], {"silent": "  "}, "tap")) == 1
    assert len(leaves.customers_faults({"invite": MEMBER_ADD})) == 1


@pytest.mark.parametrize("leave", [None, ""])
def test_at_the_desk_what_was_not_declared_lets_nobody_pass(leave: str | None) -> None:
    from hesabu.doors.chat.desk import Desk
    from hesabu.identity.errors import NotAllowed
    from hesabu.kit import ids

    with pytest.raises(NotAllowed):
        Desk(ids.new_id(), ids.new_id()).require(leave)
