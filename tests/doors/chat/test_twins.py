"""The merchant had said that the money is there, and then the prompt brought it: they are asked whether it is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doors.chat.test_money import ONE_LINE, code, collection_of, local, owed, pays, shop_of

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone
    from payments.shop import Shop


def asked(merchant: Phone, customer: Phone) -> tuple[Shop, Heard]:
    """Counted by word while the callback was late; then it came."""
    shop = shop_of(merchant)
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    customer.taps("Pay with M-PESA")
    collection_id, ref = collection_of(shop)
    customer.says("I have paid")
    merchant.hears()
    merchant.counts_tapped("Yes, it's there")
    assert owed(merchant) == 0
    pays(shop, collection_id, ref, customer, code(), 75_000)
    (question,) = merchant.hears()
    return shop, question


def test_it_is_asked_with_two_buttons_and_counted_nowhere_yet(
    merchant: Phone, customer: Phone
) -> None:
    shop, question = asked(merchant, customer)
    assert question.body.startswith("Jane paid the M-PESA prompt for *INV-0001*: KES 75,000.")
    assert list(question.titles) == ["The same money", "Two payments"]
    (again,) = merchant.says("place")
    assert again.body == question.body
    assert [state for _, _, state in shop.payments()] == ["settled", "unplaced"]


@pytest.mark.parametrize(
    ("title", "said", "states"),
    [
        ("The same money", "It is counted once.", ["reversed", "placed"]),
        ("Two payments", "Both are counted.", ["settled", "placed"]),
    ],
)
def test_one_tap_settles_it_and_a_second_changes_nothing(
    merchant: Phone, customer: Phone, title: str, said: str, states: list[str]
) -> None:
    shop, question = asked(merchant, customer)
    told = merchant.taps(title, question)
    assert told[0].body.startswith(said)
    assert [state for _, _, state in shop.payments()] == states
    assert owed(merchant) == 0
    for again in ("The same money", "Two payments"):
        answered = merchant.taps(again, question)
        assert answered[0].body == "You have answered that already. Nothing changed."
    assert [state for _, _, state in shop.payments()] == states


def test_its_code_said_meanwhile_counts_nothing_and_the_question_is_put_again(
    merchant: Phone, customer: Phone
) -> None:
    shop, question = asked(merchant, customer)
    receipt = shop.payments()[1][0]
    again = merchant.counts(f"paid INV-0001 75,000 mpesa {receipt}")[-1]
    assert again.body == question.body
    assert [state for _, _, state in shop.payments()] == ["settled", "unplaced"]
    merchant.taps("The same money", again)
    assert [state for _, _, state in shop.payments()] == ["reversed", "placed"]
    assert owed(merchant) == 0
