"""One person on two numbers, and two contacts that prove to be one: what stands on a screen is meant on that screen, and
what somebody was sent stays known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from doors.chat.test_two_people import business_of, person_of
from hesabu.kit import ids

if TYPE_CHECKING:
    from doors.chat.town import Phone

ONE_LINE = "Invoice Jane Wanjiku {phone} 75,000 for logo design due Friday"


@pytest.fixture
def second(merchant: Phone, new_phone: Callable[..., Phone]) -> Phone:
    """Wanjiku's other telephone, known to be hers."""
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    phone = new_phone()
    with tenancy.house():
        messaging.introduce(messaging.meet(phone=f"+{phone.number}"), person_of(merchant))
    phone.says("menu")
    return phone


def issued(merchant: Phone) -> int:
    from hesabu.invoicing import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_of(merchant)):
        return len(queries.open_invoices())


def test_what_is_shown_on_one_telephone_is_not_answered_on_the_other(
    merchant: Phone, second: Phone
) -> None:
    merchant.says(ONE_LINE.format(phone="0733111678"))
    for words in ("send", "yes", "1"):
        second.says(words)
    assert issued(merchant) == 0
    merchant.says("send")
    assert issued(merchant) == 1


def test_what_was_done_on_one_telephone_is_not_undone_from_the_other(
    merchant: Phone, second: Phone
) -> None:
    merchant.says(ONE_LINE.format(phone="0733111678"))
    merchant.taps("Send")
    second.says("undo")
    assert issued(merchant) == 1


def test_a_question_of_one_telephone_is_not_answered_by_words_on_the_other(
    merchant: Phone, second: Phone
) -> None:
    (asked,) = merchant.says("invoice")
    assert "Who is it for" in asked.body
    second.says("Otieno Traders")
    assert not any("Otieno" in message.body for message in merchant.inbox())


def test_the_business_is_known_on_both_telephones(merchant: Phone, second: Phone) -> None:
    merchant.says(ONE_LINE.format(phone="0733111678"))
    merchant.taps("Send")
    assert "INV-0001" in str(second.says("list")[-1])


def test_bills_stay_known_when_who_wrote_without_a_number_proves_to_have_one(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    whole = new_phone("Jane Wanjiku")
    hidden = replace(whole, number=None, seen=set(), since=ids.new_id())
    hidden.says("hello")
    hidden.says("cancel")
    merchant.says(ONE_LINE.format(phone=f"0{str(whole.number)[3:]}"))
    merchant.taps("Send")
    assert "INV-0001" in whole.says("what do I owe")[-1].body
    assert "75,000 to Kamau Designs" in hidden.says("pay")[-1].body
