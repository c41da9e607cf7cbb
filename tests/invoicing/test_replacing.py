"""An issued invoice does not change: another one takes its place, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hesabu.kit.money import Money

if TYPE_CHECKING:
    from invoicing.conftest import Shop


def kes(text: str) -> Money:
    return Money.parse(text, "KES")


def is_sound(shop: Shop) -> bool:
    from hesabu.app import verify

    assert verify.verify_one(shop.id).faults == []
    return shop.is_sound()


def replaced(shop: Shop, old_id: UUID, price: str = "80000") -> tuple[UUID, int]:
    customer_id = shop.invoice(old_id).customer_id
    return shop.drafted(customer_id, price, replaces=old_id)


def test_the_old_one_is_credited_and_the_new_one_issued(shop: Shop) -> None:
    old = shop.issued()
    draft_id, version = replaced(shop, old.id)
    assert shop.invoice(old.id).state.value == "issued"
    new = shop.act("issue", draft_id, version)
    assert shop.invoice(old.id).state.value == "credited"
    assert (new.state.value, new.owed, new.replaces_id) == ("issued", kes("80000"), old.id)
    assert [note.total for note in shop.ask("credit_notes_of", old.id)] == [kes("75000")]
    assert shop.facts_of(old.id)[-1] == "InvoiceReplaced"
    assert is_sound(shop)


def test_what_was_paid_on_the_old_one_pays_the_new_one(shop: Shop) -> None:
    old = shop.issued()
    shop.paid(old.id, "30000")
    new = shop.act("issue", *replaced(shop, old.id))
    assert (new.state.value, new.paid, new.owed) == ("part_paid", kes("30000"), kes("50000"))
    assert shop.ask("credit_of", old.customer_id) == kes("0")
    assert is_sound(shop)


def test_what_is_over_stays_the_customers_credit(shop: Shop) -> None:
    old = shop.issued()
    shop.paid(old.id, "75000")
    new = shop.act("issue", *replaced(shop, old.id, "60000"))
    assert new.state.value == "paid"
    assert shop.ask("credit_of", old.customer_id) == kes("15000")
    assert is_sound(shop)


def test_issuing_twice_replaces_once(shop: Shop) -> None:
    old = shop.issued()
    draft = replaced(shop, old.id)
    assert shop.act("issue", *draft).number == shop.act("issue", *draft).number
    assert len(shop.ask("credit_notes_of", old.id)) == 1


def test_a_second_draft_for_the_same_place_is_refused(shop: Shop) -> None:
    from hesabu.invoicing.errors import ReplacesNothing

    old = shop.issued()
    first, second = replaced(shop, old.id), replaced(shop, old.id, "90000")
    shop.act("issue", *first)
    with pytest.raises(ReplacesNothing):
        shop.act("issue", *second)
    assert shop.invoice(second[0]).state.value == "draft"
    assert is_sound(shop)


def test_one_taken_back_meanwhile_is_not_replaced(shop: Shop) -> None:
    from hesabu.invoicing.errors import ReplacesNothing

    old = shop.issued()
    draft = replaced(shop, old.id)
    shop.act("void", old.id, "a slip")
    with pytest.raises(ReplacesNothing):
        shop.act("issue", *draft)


def test_a_draft_takes_no_ones_place(shop: Shop) -> None:
    from hesabu.invoicing.errors import NotIssued

    other, _ = shop.draft()
    with pytest.raises(NotIssued):
        shop.draft(replaces=other)


def test_a_changed_draft_keeps_the_place_it_takes(shop: Shop) -> None:
    old = shop.issued()
    draft_id, version = replaced(shop, old.id)
    given = shop.given(old.customer_id, "90000", replaces=old.id)
    version = shop.act("change_draft", draft_id, version, given)
    shop.act("issue", draft_id, version)
    assert shop.invoice(old.id).state.value == "credited"


def test_killed_anywhere_neither_or_both(shop: Shop) -> None:
    from hesabu.app.simulate.deaths import Killed, broken_off

    old = shop.issued()
    draft = replaced(shop, old.id)
    for step in range(1, 5_000, 7):
        try:
            broken_off(lambda: shop.act("issue", *draft), step, may_be_done=False)
        except Killed:
            assert shop.invoice(old.id).state.value == "issued"
            assert shop.invoice(draft[0]).state.value == "draft"
        else:
            break
    assert shop.invoice(old.id).state.value == "credited"
    assert is_sound(shop)
