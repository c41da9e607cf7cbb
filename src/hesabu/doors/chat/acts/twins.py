"""The same money? A prompt brought as much as the merchant had counted by their word: one tap says."""

from __future__ import annotations

from hesabu.doors.chat import news, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_RECORD


def _same(visit: Visit, desk: Desk, tapped: Tap) -> None:
    _decide(visit, desk, tapped, is_same=True)


def _apart(visit: Visit, desk: Desk, tapped: Tap) -> None:
    _decide(visit, desk, tapped, is_same=False)


def _decide(visit: Visit, desk: Desk, tapped: Tap, *, is_same: bool) -> None:
    with desk.open():
        twin = collected.twin_of(tapped.subject_id)
    if twin is None:
        visit.say(words.money.claim_answered())
        return
    with desk.open():
        view = invoices.invoice(twin.purpose.id)
    desk.may(
        PAYMENT_RECORD,
        lambda: payments.decide_twin(twin.payment_id, is_same=is_same),
        settles=Money.zero(view.currency),  # what was counted stays counted, once or twice
    )
    visit.say(words.money.joined() if is_same else words.money.parted())
    with desk.open():
        told = news.of_payment(view.id, twin.payment_id)
    for saying in told:
        visit.say(saying)


TAPS = {"same": _same, "apart": _apart}
