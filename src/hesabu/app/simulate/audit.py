"""The last question, asked of what truly happened and not of the model: does each shilling stand in the books, once?

money that moved, and a letter of Safaricom about it was read   → one payment with its receipt and amount
a payment                                                       → money that moved, or somebody's word, or a request that
                                                                  Safaricom itself called paid
money that moved                                                → never a payment by its receipt and one by its request
a forged receipt                                                → no payment, ever
"""

from __future__ import annotations

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


def _rows(shop: Shop) -> dict[str, int]:
    with tenancy.bound(shop.id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT receipt, amount_minor FROM payments_payment WHERE business_id = %s", (shop.id,)
        )
        return dict(cursor.fetchall())


def _what_moved_is_counted(world: World, shop: Shop, rows: dict[str, int]) -> None:
    safaricom = world.safaricom
    for movement in safaricom.movements.values():
        if movement.shop != shop.index:
            continue
        counted = rows.get(movement.receipt)
        if movement.is_told and counted != movement.amount:
            raise Violation(f"{movement} was told, and is counted as {counted}")
        if counted is not None and f"stk:{movement.checkout}" in rows:
            if not _was_misnamed(safaricom, shop, movement):
                raise Violation(f"{movement} is counted twice")
            world.counts["misnamed by a merchant"] += 1


def _was_misnamed(safaricom: Safaricom, shop: Shop, movement: Movement) -> bool:
    """Whether a merchant gave its code for another bill or amount than it was sent for: their word counts beside it, and
    nothing but a letter, which here got lost, could have told."""
    assert movement.checkout is not None
    fate = safaricom.fates[movement.checkout]
    return not movement.is_told and any(
        word.receipt == movement.receipt and (word.amount, word.bill) != (fate.amount, fate.bill)
        for word in shop.words
    )


def _what_is_counted_moved(safaricom: Safaricom, shop: Shop, rows: dict[str, int]) -> None:
    called_paid = {
        f"stk:{fate.checkout}": fate.amount
        for fate in safaricom.fates.values()
        if fate.shop == shop.index and fate.paid_at is not None
    }
    words = {(word.receipt, word.amount) for word in shop.words}
    named = {word.receipt for word in shop.words}
    asked = set(called_paid.values())
    for receipt, amount in rows.items():
        movement = safaricom.movements.get(receipt)
        is_true = movement is not None and (movement.shop, movement.amount) == (shop.index, amount)
        is_word = (receipt, amount) in words or (receipt in named and amount in asked)
        if not (is_true or called_paid.get(receipt) == amount or is_word):
            raise Violation(f"{receipt} over {amount} is counted, and never was")
