"""Any words at the door, of a merchant, of a customer and of a stranger: nothing breaks, nothing is sent without a tap, and
nobody is answered with silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from doors.chat.town import Phone

VOCABULARY = """invoice Jane Wanjiku 0712345678 75,000 500 5k elfu tano for logo design due Friday kesho tomorrow plus VAT less 10%
    who owes me nani ananidai paid nimelipa cash mpesa SKL4T7QX2P INV-0001 INV-1 #1 void cancel acha change amount to 80k
    remind everyone resend by sms undo repeat same again settings menu menyu help msaada language kiswahili english stop
    start till 123456 paybill 400200 account pin 7391 place switch products summary today deposit 50% I'll pay Friday
    call me wrong amount more zaidi back no hapana 1 2 3 7 0 -1 10000000000000 ? ! 🙂 👍 \u202e \x00 فاتورة “ ” * _ @ :"""
WORDS = st.sampled_from(VOCABULARY.split())
SAID = st.one_of(
    st.lists(WORDS, min_size=1, max_size=9).map(" ".join),
    st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=2, max_size=4).map(
        "\n".join
    ),
    st.text(min_size=1, max_size=40),
)
PERHAPS_YES = frozenset({"👍", "✅", "👌"})


def is_a_yes(text: str) -> bool:
    """Words that stand for a tap: they are one, and so no fault."""
    from datetime import date

    from hesabu.doors.chat.grammar.parser import parse
    from hesabu.doors.chat.grammar.types import Intent

    said = parse(text, today=date(2026, 11, 21))
    return said.intent in (Intent.YES, Intent.NUMBER, Intent.DONE) or text in PERHAPS_YES


def any_words(phone: Phone, holds: Callable[[str], None], examples: int = 30) -> None:
    """Say things, one after another, whatever was said before; each time it must hold."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(SAID)
    def say(text: str) -> None:
        if is_a_yes(text):
            return
        heard = phone.says(text)
        assert heard, f"silence after {text!r}"
        assert not any("Something went wrong on my side" in one.body for one in heard), repr(text)
        holds(text)

    say()


def issued_in(business_id: Any) -> int:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return sum(view.number is not None for view in invoices.invoices(most=200).invoices)


def test_no_words_of_a_merchant_break_send_or_silence(merchant: Phone) -> None:
    from doors.chat.test_money import business_of

    business_id = business_of(merchant)

    def holds(text: str) -> None:
        assert issued_in(business_id) == 0, f"{text!r} sent an invoice without a tap"

    any_words(merchant, holds)


def test_no_words_of_a_customer_break_pay_or_silence(merchant: Phone, customer: Phone) -> None:
    from doors.chat.test_money import ONE_LINE, business_of, local, owed

    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    business_id = business_of(merchant)

    def holds(text: str) -> None:
        assert owed(merchant) == 75_000, f"{text!r} moved money"
        assert issued_in(business_id) == 1

    any_words(customer, holds)


@pytest.mark.parametrize("is_hidden", [False, True])
def test_no_words_of_a_stranger_break_or_silence(
    new_phone: Callable[..., Phone], is_hidden: bool
) -> None:
    any_words(new_phone(is_hidden=is_hidden), lambda text: None, 15)
