"""The last question, asked of what truly happened and not of the model: does each shilling stand in the books, once?

money that moved, and a letter of Safaricom about it was read   → one payment with its receipt and amount
a payment                                                       → money that moved, or somebody's word, or a request that
                                                                  Safaricom itself called paid
money that moved                                                → never a payment by its receipt and one by its request
a forged receipt                                                → no payment, ever
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from hesabu.app.simulate.outside import Movement, Safaricom
from hesabu.app.simulate.world import Shop, Violation, World
from hesabu.store import tenancy


def books(world: World) -> None:
    for shop in world.shops:
        rows = _rows(shop)
        _what_moved_is_counted(world, shop, rows)
        _what_is_counted_moved(world.safaricom, shop, rows)
        forged = world.safaricom.lies & rows.keys()
        if forged:
            raise Violation(f"a forged receipt is counted: {sorted(forged)[0]}")


@dataclass(frozen=True, slots=True)
class Row:
    """A payment in the books: its amount, and the request that it answers by Safaricom's id."""

    amount: int
    checkout: str | None


def _rows(shop: Shop) -> dict[str, Row]:
    with tenancy.bound(shop.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.receipt, p.amount_minor, c.provider_ref FROM payments_payment p"
            " LEFT JOIN payments_collection c ON c.business_id = p.business_id AND c.id = p.collection_id"
            " WHERE p.business_id = %s",
            (shop.id,),
        )
        return {receipt: Row(amount, checkout) for receipt, amount, checkout in cursor.fetchall()}


def _what_moved_is_counted(world: World, shop: Shop, rows: dict[str, Row]) -> None:
    for movement in world.safaricom.movements.values():
        if movement.shop != shop.index:
            continue
        row = rows.get(movement.receipt)
        if movement.is_told and (row is None or row.amount != movement.amount):
            raise Violation(f"{movement} was told, and is counted as {row}")
        if row is not None and f"stk:{movement.checkout}" in rows:
            if _stands_for_another(world.safaricom, movement, row, rows):
                continue
            if not _was_misnamed(world.safaricom, shop, movement):
                raise Violation(f"{movement} is counted twice")
            world.counts["misnamed by a merchant"] += 1


def _stands_for_another(
    safaricom: Safaricom, movement: Movement, row: Row, rows: dict[str, Row]
) -> bool:
    """Whether a customer gave this code for another prompt that they truly paid as well, and that has no other payment."""
    if row.checkout is None or row.checkout == movement.checkout:
        return False
    other = safaricom.fates[row.checkout]
    return other.paid_at is not None and not rows.keys() & {other.receipt, f"stk:{row.checkout}"}


def _was_misnamed(safaricom: Safaricom, shop: Shop, movement: Movement) -> bool:
    """Whether a merchant gave its code for another bill or amount than it was sent for: their word counts beside it, and
    nothing but the prompt's own callback could have told. Where that came, a person has it before them."""
    assert movement.checkout is not None
    fate = safaricom.fates[movement.checkout]
    return (movement.is_aside or not movement.is_called_back) and any(
        word.receipt == movement.receipt and (word.amount, word.bill) != (fate.amount, fate.bill)
        for word in shop.words
    )


def _what_is_counted_moved(safaricom: Safaricom, shop: Shop, rows: dict[str, Row]) -> None:
    called_paid = {
        f"stk:{fate.checkout}": fate.amount
        for fate in safaricom.fates.values()
        if fate.shop == shop.index and fate.paid_at is not None
    }
    words = {(word.receipt, word.amount) for word in shop.words}
    named = {word.receipt for word in shop.words}
    asked = set(called_paid.values())
    for receipt, amount in ((receipt, row.amount) for receipt, row in rows.items()):
        movement = safaricom.movements.get(receipt)
        is_true = movement is not None and (movement.shop, movement.amount) == (shop.index, amount)
        is_word = (receipt, amount) in words or (receipt in named and amount in asked)
        if not (is_true or called_paid.get(receipt) == amount or is_word):
            raise Violation(f"{receipt} over {amount} is counted, and never was")
