"""The panel: the part of the pay page that changes by itself.

    ask     a number to send the prompt to, perhaps after a failure or a part payment
    wait    a prompt is on its way or on the phone
    doubt   nobody knows yet whether the prompt went out; asking twice would be worse than waiting
    paid    nothing is owed any more
    closed  nothing is asked any more: voided or credited

`mark` is a short sign of all that could change. The page asks "is it still that?" and hears nothing while it is, so that
what somebody is reading or about to press never moves, and a screen reader hears a change once.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from hesabu.doors.web.pay.bill import counted, receipt
from hesabu.doors.web.pay.figures import with_currency
from hesabu.doors.web.pay.types import Known, Notice, Panel, PanelKind
from hesabu.kit import crypto, phones
from hesabu.kit.money import Money, exponent
from hesabu.payments.types import CollectionState, CollectionView

FRESH = timedelta(hours=1)
"""How long a failure is still worth telling on the page."""

IN_FLIGHT = (CollectionState.PREPARED, CollectionState.ASKED, CollectionState.UNCERTAIN)
"""A request whose end is not known yet."""

PROMPT_MAX_MAJOR = 250_000
"""What M-PESA takes in one prompt, in shillings."""


def panel_of(known: Known) -> Panel:
    """The latest request decides, unless nothing is owed any more."""
    latest = max(known.collections, key=lambda each: each.created_at, default=None)
    mark = _mark(known, latest)
    if known.state == "paid":
        return _panel_paid(known, mark)
    if not known.is_open:
        return _panel_closed(known, mark)
    return _panel_wait(mark, latest) or _panel_ask(known, mark, latest)


def _panel_wait(mark: str, latest: CollectionView | None) -> Panel | None:
    """While a request may still be answered; None where the next one may be asked for."""
    if latest is None or latest.is_retryable or latest.state not in IN_FLIGHT:
        return None
    if latest.result_code:  # M-PESA calls it paid, and its receipt is on the way
        words = _(latest.words)
        return Panel(
            kind=PanelKind.WAIT, mark=mark, title=_("Nearly there."), words=words, says=words
        )
    if latest.state is CollectionState.UNCERTAIN:
        return Panel(
            kind=PanelKind.DOUBT,
            mark=mark,
            title=_("One moment, please."),
            words=_(
                "We do not know yet whether M-PESA got the request, and we are asking. If your phone asks for the PIN,"
                " go on. Please do not pay a second time."
            ),
            says=_("We are asking M-PESA. Please do not pay a second time."),
        )
    return Panel(
        kind=PanelKind.WAIT,
        mark=mark,
        title=_("Check your phone."),
        words=_("M-PESA asks for your PIN. This page says so when the money has arrived."),
        says=_("Check your phone. M-PESA asks for your PIN."),
    )


def _panel_ask(known: Known, mark: str, latest: CollectionView | None) -> Panel:
    can_prompt = any(way.kind.startswith("stk") for way in known.ways)
    prompt, prompt_note = prompt_of(known.to_pay, known.language) if can_prompt else (None, "")
    notice = _notice(known, latest) or _no_way(known)
    says = f"{notice.title} {notice.words}".strip() if notice else ""
    title = _("Pay with M-PESA") if prompt else _("How to pay")
    if known.is_claimed:
        title = _("Waiting for %(seller)s") % {"seller": known.seller}
    return Panel(
        kind=PanelKind.ASK,
        mark=mark,
        title=title,
        words="",
        says=says or title,
        notice=notice,
        prompt=prompt,
        prompt_figures=with_currency(prompt, known.language) if prompt else "",
        prompt_note=prompt_note,
        masked_phone=phones.masked(known.customer_phone) if known.customer_phone else "",
    )


def _panel_paid(known: Known, mark: str) -> Panel:
    last = max(counted(known), key=lambda each: each.received_at, default=None)
    words = _("Thank you. %(seller)s has the money.") % {"seller": known.seller}
    if last is not None:
        words += " " + receipt(last, known).how + ", " + receipt(last, known).when + "."
    return Panel(
        kind=PanelKind.PAID, mark=mark, title=_("Paid."), words=words, says=_("Paid. Thank you.")
    )


def _panel_closed(known: Known, mark: str) -> Panel:
    seller = known.seller
    if known.state == "void":
        title = _("This invoice was cancelled.")
    else:
        title = _("This invoice was taken back by a credit note.")
    words = _("There is nothing to pay. If you have questions, ask %(seller)s.") % {
        "seller": seller
    }
    return Panel(
        kind=PanelKind.CLOSED, mark=mark, title=title, words=words, says=f"{title} {words}"
    )


def _notice(known: Known, latest: CollectionView | None) -> Notice | None:
    """What happened to the last request, while that is news."""
    if latest is None or known.now - latest.created_at > FRESH:
        return None
    if latest.state is CollectionState.SETTLED and known.paid:
        words = _("%(owed)s is left to pay.") % {"owed": with_currency(known.owed, known.language)}
        return Notice(
            "good",
            _("%(amount)s arrived. Thank you.")
            % {"amount": with_currency(latest.amount, known.language)},
            words,
        )
    if latest.state is CollectionState.FAILED:
        return Notice("bad", _(latest.words) if latest.words else "", "")
    if latest.state in (*IN_FLIGHT, CollectionState.EXPIRED):
        return Notice(
            "wait",
            _("No answer from M-PESA yet."),
            _("If you gave your PIN, wait for the message from M-PESA before you try again."),
        )
    return None


def _no_way(known: Known) -> Notice | None:
    """The seller has not said how to be paid: the payer can only ask them."""
    if not is_without_way(known):
        return None
    return Notice(
        "wait",
        _("%(seller)s has not said yet how to pay.") % {"seller": known.seller},
        _("Please ask %(seller)s how they are paid. We tell them, too, that you want to pay.")
        % {"seller": known.seller},
    )


def is_without_way(known: Known) -> bool:
    """Whether something is owed and there is no way to pay it."""
    return known.is_open and bool(known.owed) and not known.is_claimed and not known.ways


def prompt_of(owed: Money, language: str) -> tuple[Money, str]:
    """What one prompt asks for. M-PESA takes whole shillings, and not more than so many at once."""
    one = 10 ** exponent(owed.currency)
    largest = PROMPT_MAX_MAJOR * one
    if owed.minor > largest:
        amount = Money(largest, owed.currency)
        return amount, _("M-PESA takes up to %(amount)s at once. The rest stays owed.") % {
            "amount": with_currency(amount, language)
        }
    whole = Money(-(-owed.minor // one) * one, owed.currency)
    if whole == owed:
        return whole, ""
    return whole, _(
        "M-PESA takes whole shillings. %(rest)s more than is owed stays as your credit."
    ) % {"rest": with_currency(whole - owed, language)}


def _mark(known: Known, latest: CollectionView | None) -> str:
    parts = [known.state, str(known.owed.minor), str(known.to_pay.minor), str(known.paid.minor)]
    if latest is not None:
        parts += [latest.id.hex, latest.state, str(latest.is_retryable), latest.words]
    parts += sorted(f"{claim.id.hex}{claim.state}" for claim in known.claims)
    return crypto.digest("\x1f".join(parts)).hex()[:12]
