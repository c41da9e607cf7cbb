"""Money from a person's wallet to a shortcode or to another person: receipt, balances, SMS."""

from __future__ import annotations

from hesabu.sandbox.daraja.books import Payment, Shortcode
from hesabu.sandbox.daraja.wire import grouped, moment, spoken
from hesabu.sandbox.people import DAILY_LIMIT_CENTS, Person, Sms, as_local
from hesabu.sandbox.world import World

SAME_AMOUNT_SECONDS = 120
TARIFF = (
    (100_00, 0),
    (500_00, 7_00),
    (1_000_00, 13_00),
    (1_500_00, 23_00),
    (2_500_00, 33_00),
    (3_500_00, 53_00),
    (5_000_00, 57_00),
    (7_500_00, 78_00),
    (10_000_00, 90_00),
    (15_000_00, 100_00),
    (20_000_00, 105_00),
    (250_000_00, 108_00),
)
"""Sending money to a phone costs (up to, cents); paying a business costs the payer nothing here."""


def receipt(world: World) -> str:
    """Ten characters as M-PESA counts them: year, month and day in the first three, then chance."""
    then = moment(world.clock.now())
    days = "123456789ABCDEFGHIJKLMNOPQRSTUV"
    head = chr(ord("A") + (then.year - 2006) % 26) + chr(ord("A") + then.month - 1)
    while True:
        made = head + days[then.day - 1] + world.chance.letters("receipt", 7)
        if made not in world.books.payments:
            return made


def fee_cents(amount_cents: int) -> int:
    return next((fee for top, fee in TARIFF if amount_cents <= top), TARIFF[-1][1])


def refusal(world: World, payer: Person, amount_cents: int, shortcode: Shortcode | None) -> int:
    """The result code that stands in the way of this payment, or 0."""
    fee = 0 if shortcode else fee_cents(amount_cents)
    if amount_cents + fee > payer.balance_cents:
        return 1
    if _spent_today_cents(world, payer) + amount_cents > DAILY_LIMIT_CENTS:
        return 4
    is_limited = world.dials["daraja"].is_on("same_amount_limit")
    if is_limited and _just_paid(world, payer, amount_cents, shortcode):
        return 17
    return 0


def pay_business(
    world: World,
    payer: Person,
    shortcode: Shortcode,
    *,
    amount_cents: int,
    account: str,
    is_prompted: bool = False,
) -> Payment:
    _take(world, payer, amount_cents)
    shortcode.balance_cents += amount_cents
    payment = Payment(
        receipt=receipt(world),
        at=world.clock.now(),
        payer=payer.phone,
        payer_name=payer.name,
        shortcode=shortcode,
        payee=shortcode.number,
        amount_cents=amount_cents,
        account="" if shortcode.kind == "till" else account,
        kind="Buy Goods" if shortcode.kind == "till" else "Pay Bill",
        balance_cents=shortcode.balance_cents,
        conversation_id="AG_"
        + moment(world.clock.now()).strftime("%Y%m%d_")
        + world.chance.hexadecimal("conversation", 20),
        is_prompted=is_prompted,
    )
    world.books.add_payment(payment)
    _text_payer(world, payer, payment, shortcode.name, 0)
    if shortcode.owner:
        _text_owner(world, shortcode, payment)
    return payment


def pay_person(world: World, payer: Person, payee: Person, amount_cents: int) -> Payment:
    fee = fee_cents(amount_cents)
    _take(world, payer, amount_cents, fee)
    payee.balance_cents += amount_cents
    payment = Payment(
        receipt=receipt(world),
        at=world.clock.now(),
        payer=payer.phone,
        payer_name=payer.name,
        shortcode=None,
        payee=payee.phone,
        amount_cents=amount_cents,
        account="",
        kind="Send Money",
        balance_cents=payee.balance_cents,
    )
    world.books.add_payment(payment)
    _text_payer(world, payer, payment, f"{payee.name.upper()} {as_local(payee.phone)}", fee)
    words = (
        f"{payment.receipt} Confirmed. You have received Ksh{grouped(amount_cents)} from "
        f"{payer.name.upper()} {as_local(payer.phone)} on {spoken(payment.at)} New M-PESA "
        f"balance is Ksh{grouped(payee.balance_cents)}."
    )
    text_to(world, payee, words, payment.receipt)
    return payment


def text_to(world: World, person: Person, words: str, its_receipt: str = "") -> None:
    person.sms.append(Sms(world.clock.now(), words, its_receipt))
    world.changed(person.phone)


def _text_payer(world: World, payer: Person, payment: Payment, payee: str, fee: int) -> None:
    verb = "paid to" if payment.kind == "Buy Goods" else "sent to"
    account = f" for account {payment.account}" if payment.account else ""
    left = DAILY_LIMIT_CENTS - _spent_today_cents(world, payer)
    words = (
        f"{payment.receipt} Confirmed. Ksh{grouped(payment.amount_cents)} {verb} {payee}{account} "
        f"on {spoken(payment.at)} New M-PESA balance is Ksh{grouped(payer.balance_cents)}. "
        f"Transaction cost, Ksh{grouped(fee)}. Amount you can transact within the day is "
        f"{grouped(left)}."
    )
    text_to(world, payer, words, payment.receipt)


def _text_owner(world: World, shortcode: Shortcode, payment: Payment) -> None:
    words = (
        f"{payment.receipt} Confirmed. on {spoken(payment.at)} Ksh{grouped(payment.amount_cents)} "
        f"received from {payment.payer} {payment.payer_name.upper()}. New Account balance is "
        f"Ksh{grouped(shortcode.balance_cents)}."
    )
    text_to(world, world.people.reached_at(shortcode.owner), words, payment.receipt)


def _take(world: World, payer: Person, amount_cents: int, fee: int = 0) -> None:
    spent = _spent_today_cents(world, payer)
    payer.spent_on = f"{moment(world.clock.now()):%F}"
    payer.spent_cents = spent + amount_cents
    payer.balance_cents -= amount_cents + fee


def _spent_today_cents(world: World, payer: Person) -> int:
    return payer.spent_cents if payer.spent_on == f"{moment(world.clock.now()):%F}" else 0


def _just_paid(world: World, payer: Person, amount_cents: int, shortcode: Shortcode | None) -> bool:
    since = world.clock.now() - SAME_AMOUNT_SECONDS
    return any(
        payment.payer == payer.phone
        and payment.amount_cents == amount_cents
        and payment.shortcode is shortcode
        and payment.at > since
        for payment in world.books.recent
    )
