"""The pay page as a value: all that it shows, made by pure functions from what the rooms answered.

The panel is the part that changes by itself:

    ask     a number to send the prompt to, perhaps after a failure or a part payment
    wait    a prompt is on its way or on the phone
    doubt   nobody knows yet whether the prompt went out; asking twice would be worse than waiting
    paid    nothing is owed any more
    closed  nothing is asked any more: voided or credited

`mark` is a short sign of all that could change. The page asks "is it still that?" and hears nothing while it is, so that
what somebody is reading or about to press never moves, and a screen reader hears a change once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.kit import crypto, phones
from hesabu.kit.money import Money, exponent, say
from hesabu.payments.types import (
    ClaimState,
    ClaimView,
    CollectionState,
    CollectionView,
    PaymentState,
    PaymentView,
    WayToPay,
)

FRESH = timedelta(hours=1)
"""How long a failure is still worth telling on the page."""

IN_FLIGHT = (CollectionState.PREPARED, CollectionState.ASKED, CollectionState.UNCERTAIN)
"""A request whose end is not known yet."""

PROMPT_MAX_MAJOR = 250_000
"""What M-PESA takes in one prompt, in shillings."""


class PanelKind(StrEnum):
    """What the panel is about; the templates are named after it."""

    ASK = "ask"
    WAIT = "wait"
    DOUBT = "doubt"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in words, with a sign that repeats it for the eye."""

    kind: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before going on."""

    kind: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the invoice. `detail` says how many at what price, where that is more than one."""

    description: str
    detail: str
    figures: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A label and a figure below the lines."""

    label: str
    figures: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How to pay without the prompt: what to open, and the numbers to type there."""

    label: str
    number: str
    account: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came."""

    figures: str
    how: str
    when: str


@dataclass(frozen=True, slots=True)
class PromptForm:
    """What the payer typed, and what is wrong with it. `key` makes two taps one prompt."""

    key: str
    to: str = "known"
    phone: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PaidForm:
    """What the payer said about a payment made elsewhere, and what is wrong with it."""

    said: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The part that changes by itself. `says` is what a screen reader hears when it does."""

    kind: PanelKind
    title: str
    words: str
    says: str
    mark: str
    notice: Notice | None = None
    prompt: Money | None = None
    prompt_figures: str = ""
    prompt_note: str = ""
    masked_phone: str = ""

    @property
    def is_final(self) -> bool:
        return self.kind in (PanelKind.PAID, PanelKind.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayShown:
    """The whole page."""

    token: str
    seller: str
    buyer: str
    number: str
    title: str
    language: str
    currency: str
    hero_kind: str
    hero_label: str
    hero_figures: str
    chip: Chip | None
    due: str
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    note: str
    panel: Panel
    ways: tuple[Way, ...]
    receipts: tuple[Receipt, ...]
    is_claimed: bool
    qr_svg: str = ""
    prompt_form: PromptForm = field(default_factory=lambda: PromptForm(key=crypto.token()))
    paid_form: PaidForm = field(default_factory=PaidForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rooms answered, gathered by the view inside the binding."""

    token: str
    timezone: str
    today: date
    now: datetime
    state: str
    is_overdue: bool
    total: Money
    paid: Money
    credited: Money
    owed: Money
    due_on: date
    language: str
    snapshot: dict[str, Any]
    customer_phone: str | None
    collections: Sequence[CollectionView] = ()
    payments: Sequence[PaymentView] = ()
    claims: Sequence[ClaimView] = ()
    ways: Sequence[WayToPay] = ()


def shown(known: Known, **forms: Any) -> PayShown:
    """The page for what is known. Called with the reader's language active."""
    snapshot = known.snapshot
    hero_kind, hero_label, hero = _hero(known)
    return PayShown(
        token=known.token,
        seller=snapshot["seller"]["name"],
        buyer=snapshot["buyer"]["name"],
        number=snapshot["number"],
        title=_("Invoice %(number)s") % {"number": snapshot["number"]},
        language=known.language,
        currency=known.total.currency,
        hero_kind=hero_kind,
        hero_label=hero_label,
        hero_figures=_figures(hero, known.language),
        chip=_chip(known),
        due=_day(known.due_on, known.language) if known.owed and is_open(known) else "",
        lines=_lines(known),
        sums=_sums(known),
        note=snapshot.get("note") or "",
        panel=panel_of(known),
        ways=_ways(known) if known.owed and is_open(known) else (),
        receipts=_receipts(known),
        is_claimed=is_claimed(known),
        **forms,
    )


# The panel.


def panel_of(known: Known) -> Panel:
    """The latest request decides, unless nothing is owed any more."""
    latest = max(known.collections, key=lambda each: each.created_at, default=None)
    mark = _mark(known, latest)
    if known.state == "paid":
        return _panel_paid(known, mark)
    if not is_open(known):
        return _panel_closed(known, mark)
    if latest is not None and not latest.is_retryable:
        if latest.state in IN_FLIGHT and latest.result_code:
            title = _("Nearly there.")
            return Panel(
                kind=PanelKind.WAIT,
                mark=mark,
                title=title,
                words=_(latest.words),
                says=_(latest.words),
            )
        if latest.state in (CollectionState.PREPARED, CollectionState.ASKED):
            return Panel(
                kind=PanelKind.WAIT,
                mark=mark,
                title=_("Check your phone."),
                words=_("M-PESA asks for your PIN. This page says so when the money has arrived."),
                says=_("Check your phone. M-PESA asks for your PIN."),
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
    return _panel_ask(known, mark, latest)


def _panel_ask(known: Known, mark: str, latest: CollectionView | None) -> Panel:
    can_prompt = any(way.kind.startswith("stk") for way in known.ways)
    prompt, prompt_note = prompt_of(known.owed, known.language) if can_prompt else (None, "")
    notice = _notice(known, latest)
    says = f"{notice.title} {notice.words}".strip() if notice else ""
    title = _("Pay with M-PESA") if prompt else _("How to pay")
    if is_claimed(known):
        title = _("Waiting for %(seller)s") % {"seller": known.snapshot["seller"]["name"]}
    return Panel(
        kind=PanelKind.ASK,
        mark=mark,
        title=title,
        words="",
        says=says or title,
        notice=notice,
        prompt=prompt,
        prompt_figures=_with_currency(prompt, known.language) if prompt else "",
        prompt_note=prompt_note,
        masked_phone=phones.masked(known.customer_phone) if known.customer_phone else "",
    )


def _panel_paid(known: Known, mark: str) -> Panel:
    last = max(_counted(known), key=lambda each: each.received_at, default=None)
    words = _("Thank you. %(seller)s has the money.") % {"seller": known.snapshot["seller"]["name"]}
    if last is not None:
        words += " " + _receipt(last, known).how + ", " + _receipt(last, known).when + "."
    return Panel(
        kind=PanelKind.PAID, mark=mark, title=_("Paid."), words=words, says=_("Paid. Thank you.")
    )


def _panel_closed(known: Known, mark: str) -> Panel:
    seller = known.snapshot["seller"]["name"]
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
        words = _("%(owed)s is left to pay.") % {"owed": _with_currency(known.owed, known.language)}
        return Notice(
            "good",
            _("%(amount)s arrived. Thank you.")
            % {"amount": _with_currency(latest.amount, known.language)},
            words,
        )
    if latest.state is CollectionState.FAILED:
        return Notice("bad", latest.words, "")
    if latest.state in (*IN_FLIGHT, CollectionState.EXPIRED):
        return Notice(
            "wait",
            _("No answer from M-PESA yet."),
            _("If you gave your PIN, wait for the message from M-PESA before you try again."),
        )
    return None


def prompt_of(owed: Money, language: str) -> tuple[Money, str]:
    """What one prompt asks for. M-PESA takes whole shillings, and not more than so many at once."""
    one = 10 ** exponent(owed.currency)
    largest = PROMPT_MAX_MAJOR * one
    if owed.minor > largest:
        amount = Money(largest, owed.currency)
        return amount, _("M-PESA takes up to %(amount)s at once. The rest stays owed.") % {
            "amount": _with_currency(amount, language)
        }
    whole = Money(-(-owed.minor // one) * one, owed.currency)
    if whole == owed:
        return whole, ""
    return whole, _(
        "M-PESA takes whole shillings. %(rest)s more than is owed stays as your credit."
    ) % {"rest": _with_currency(whole - owed, language)}


def _mark(known: Known, latest: CollectionView | None) -> str:
    parts = [known.state, str(known.owed.minor), str(known.paid.minor)]
    if latest is not None:
        parts += [latest.id.hex, latest.state, str(latest.is_retryable), latest.words]
    parts += sorted(f"{claim.id.hex}{claim.state}" for claim in known.claims)
    return crypto.digest("\x1f".join(parts)).hex()[:12]


def is_open(known: Known) -> bool:
    """Whether anything may still be owed."""
    return known.state in ("issued", "part_paid")


def is_claimed(known: Known) -> bool:
    """Whether the merchant still has to answer an "I have paid"."""
    return any(claim.state is ClaimState.MADE for claim in known.claims)


# The bill.


def _hero(known: Known) -> tuple[str, str, Money]:
    if known.state == "paid":
        return "", _("Paid"), known.total
    if not is_open(known):
        return "shut", _("Nothing to pay"), Money.zero(known.total.currency)
    if known.is_overdue:
        return "over", _("Left to pay") if known.paid else _("To pay"), known.owed
    return "", _("Left to pay") if known.paid else _("To pay"), known.owed


def _chip(known: Known) -> Chip | None:
    if known.state == "paid":
        return Chip("paid", "✓", _("Paid"))
    if known.state == "void":
        return Chip("", "", _("Cancelled"))
    if known.state == "credited":
        return Chip("", "", _("Credited"))
    if known.is_overdue:
        days = max(1, (known.today - known.due_on).days)
        return Chip(
            "overdue",
            "●",
            ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days},
        )
    if known.paid:
        words = _("%(paid)s of %(total)s paid") % {
            "paid": _figures(known.paid, known.language),
            "total": _figures(known.total, known.language),
        }
        return Chip("waiting", "◐", words)
    return None


def _lines(known: Known) -> tuple[Line, ...]:
    currency = known.total.currency
    lines = []
    for line in known.snapshot["lines"]:
        quantity = Decimal(line["quantity"])
        detail = ""
        if quantity != 1:
            price = _figures(Money(line["unit_price_minor"], currency), known.language)
            detail = f"{format_decimal(quantity, format='#,##0.######', locale=known.language)} × {price}"
        amount = _figures(Money(line["amount_minor"], currency), known.language)
        lines.append(Line(line["description"], detail, amount))
    return tuple(lines)


def _sums(known: Known) -> tuple[Sum, ...]:
    snapshot, currency = known.snapshot, known.total.currency

    def figures(minor: int) -> str:
        return _figures(Money(minor, currency), known.language)

    sums = []
    is_inclusive = snapshot.get("tax_mode") == "inclusive"
    if snapshot.get("discount_minor"):
        sums.append(Sum(_("Discount"), figures(-snapshot["discount_minor"])))
    if snapshot["taxes"] and not is_inclusive:
        sums.append(Sum(_("Before tax"), figures(snapshot["net_minor"])))
        sums += [Sum(tax["label"], figures(tax["tax_minor"])) for tax in snapshot["taxes"]]
    sums.append(
        Sum(
            _("Total, %(currency)s") % {"currency": currency},
            figures(snapshot["total_minor"]),
            is_total=True,
        )
    )
    if is_inclusive:
        sums += [
            Sum(_("of which %(tax)s") % {"tax": tax["label"]}, figures(tax["tax_minor"]))
            for tax in snapshot["taxes"]
        ]
    if known.credited:
        sums.append(Sum(_("Credited"), figures(-known.credited.minor)))
    if known.paid:
        sums.append(Sum(_("Paid"), figures(-known.paid.minor)))
        if is_open(known):
            sums.append(Sum(_("Left to pay"), figures(known.owed.minor), is_total=True))
    return tuple(sums)


def _ways(known: Known) -> tuple[Way, ...]:
    """What a payer can do with the phone in the hand. A till for the prompt is also a till to pay to by hand."""
    labels = {
        "till": _("Lipa na M-PESA › Buy Goods › Till number"),
        "paybill": _("Lipa na M-PESA › Paybill › Business number"),
        "phone": _("M-PESA › Send money › Phone number"),
        "cash": _("Cash"),
    }
    ways = []
    for way in known.ways:
        kind = way.kind.removeprefix("stk_")
        if not way.number or kind == "stk":
            continue
        account = way.account or (known.snapshot["number"] if kind == "paybill" else "")
        number = phones.local(way.number) if kind == "phone" else way.number
        shown_way = Way(labels.get(kind) or way.label or _("Bank account"), number, account)
        if shown_way not in ways:
            ways.append(shown_way)
    return tuple(ways)


def _counted(known: Known) -> list[PaymentView]:
    return [payment for payment in known.payments if payment.state is not PaymentState.REVERSED]


def _receipts(known: Known) -> tuple[Receipt, ...]:
    ordered = sorted(_counted(known), key=lambda each: each.received_at)
    return tuple(_receipt(payment, known) for payment in ordered)


def _receipt(payment: PaymentView, known: Known) -> Receipt:
    hows = {"cash": _("Cash"), "bank": _("Bank"), "other": _("Received")}
    how = hows.get(payment.method, "M-PESA")
    if payment.receipt:
        how = f"{how} {payment.receipt}"
    at = payment.received_at.astimezone(ZoneInfo(known.timezone))
    if at.date() == payment.booked_on:
        when = (
            f"{_day(at.date(), known.language)}, {format_time(at, 'HH:mm', locale=known.language)}"
        )
    else:
        when = _day(payment.booked_on, known.language)
    return Receipt(_with_currency(payment.amount, known.language), how, when)


def _figures(amount: Money, language: str) -> str:
    return say(amount, language, code=False).replace("-", "\u2212")


def _with_currency(amount: Money, language: str) -> str:
    return say(amount, language)


def _day(day: date, language: str) -> str:
    return str(format_date(day, format="EEEE d MMMM y", locale=language))
