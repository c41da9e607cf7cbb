"""Parts: a customer wants to pay some of it first. The seller agrees by one tap, and the customer gets a button for that sum."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from functools import partial

from hesabu.doors.chat import lists, words
from hesabu.doors.chat.acts import changing, finding
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Discount, Intent, Understood
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import tell_contact
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import INVOICE_SEND
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit import clock
from hesabu.kit.money import Money

TAPPED_MAX = 999_999
"""What a tap can carry, in major units."""


def wanted(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "Jane wants to pay half". Of a draft it is the deposit; of what was sent, a part."""
    if not (said.customer.name or said.reference or said.topic or said.payment):
        visit.say(words.talk.not_understood())
        visit.say(lists.menu(visit, desk))
        return
    draft = _draft_meant(visit, desk, said)
    if draft is not None:
        changing.begin_change(visit, desk, draft, _as_deposit(said))
        return
    meant = finding.meant(visit, desk, said, fits=_is_owed)
    if meant is None:
        return
    if not meant.owed:
        visit.say(words.money.nothing_owed_on(meant))
        return
    part = _part_of(meant, said)
    if part is None or part >= meant.owed:
        visit.say(
            Saying(words.working.any_part(meant, None), about=(desk.business_id.hex, meant.id.hex))
        )
        return
    major = int(part.decimal)
    can_tap = part.decimal == major and major <= TAPPED_MAX
    tap = written("sendpart", desk.business_id, meant.id, major)
    options = (Option(words.working.tell_part_button(), tap),) if can_tap else ()
    visit.say(Saying(words.working.any_part(meant, part if can_tap else None), options))


def _is_owed(view: InvoiceView) -> bool:
    return view.number is not None and bool(view.owed)


def _draft_meant(visit: Visit, desk: Desk, said: Understood) -> InvoiceView | None:
    """The draft that was shown last, where nothing else can be meant."""
    view = finding.last_draft(visit, desk)
    if view is None or view.state is not InvoiceState.DRAFT or said.reference:
        return None
    if finding.quoted_invoice(visit, desk) is not None or _as_deposit(said).deposit is None:
        return None
    name = said.customer.name
    if name and not lists.begins(view.customer_name, name):
        return None
    with desk.open():
        opened = invoices.open_invoices()
    is_other = any(not name or lists.begins(one.customer_name, name) for one in opened)
    return None if is_other else view


def _as_deposit(said: Understood) -> Understood:
    deposit = None
    if said.topic and said.topic.endswith("%"):
        deposit = Discount(percent=Decimal(said.topic[:-1]))
    elif said.payment is not None and said.payment.amount is not None:
        deposit = Discount(amount=said.payment.amount)
    return Understood(
        Intent.CHANGE,
        currency=said.currency,
        deposit=deposit,
        topic="deposit",
        problems=said.problems,
    )


def _part_of(view: InvoiceView, said: Understood) -> Money | None:
    """As the customer's own "pay half": a share in whole units, for so M-PESA carries it."""
    if said.payment is not None and said.payment.amount is not None:
        return Money.parse(str(said.payment.amount), view.currency)
    if said.topic is None or not said.topic.endswith("%"):
        return None
    share = view.owed.share(int(said.topic[:-1]) * 100)
    return Money.parse(str(share.decimal.quantize(Decimal(1), ROUND_UP)), view.currency)


def _send_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = finding.viewed(desk, tapped)
    part = Money.parse(str(tapped.version), view.currency)
    if not view.owed or part >= view.owed or not part:
        visit.say(
            words.money.nothing_owed_on(view)
            if not view.owed
            else words.working.any_part(view, None)
        )
        return
    if view.contact_id is None:
        visit.say(words.sending.not_reached(view))
        return
    desk.may(INVOICE_SEND, partial(_tell, desk, view, part, tapped.version))
    visit.say(words.working.told_part(view, part))


def _tell(desk: Desk, view: InvoiceView, part: Money, major: int) -> None:
    """In the customer's language, once an hour however often it is tapped."""
    assert view.contact_id is not None
    seller = desk.business().name

    def make() -> Saying:
        tap = written("pay", desk.business_id, view.id, major)
        return Saying(
            words.working.pay_part_now(view, part, seller),
            (Option(words.working.pay_part_button(part), tap),),
        )

    with desk.open():
        language = invoices.customer(view.customer_id).language
        cause = f"told:part:{view.id}:{major}:{clock.now():%Y-%m-%dT%H}"
        tell_contact(view.contact_id, make, cause, language)


INTENTS = {Intent.PAY: wanted}
TAPS = {"sendpart": _send_tapped}
