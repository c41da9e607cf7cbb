"""The pay page's five addresses. Each follows the link, binds its business as the contact, and asks the rooms.

No cookie is set and none is read: the link is the authority, so there is nothing a foreign page could borrow, and the
check against forged requests would only shut out browsers without cookies.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from hesabu.doors.web import pace
from hesabu.doors.web.desk import open_to_all
from hesabu.doors.web.pay import pages
from hesabu.doors.web.pay.forms import amount_in, read_prompt, read_said
from hesabu.doors.web.pay.panel import is_without_way, panel_of
from hesabu.doors.web.pay.types import Known, Panel, PanelKind
from hesabu.doors.web.qr import qr_svg
from hesabu.identity import queries as identity
from hesabu.identity.types import Business
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as issued
from hesabu.invoicing.types import INVOICE
from hesabu.kit import clock, crypto
from hesabu.kit.errors import HesabuError, Invalid, Refused, Unavailable
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.errors import AlreadyAsked, KeyReused
from hesabu.payments.types import Charge, Purpose
from hesabu.store import files, links, tenancy
from hesabu.store.tenancy import Actor

View = Callable[..., HttpResponse]
LANGUAGES = ("en", "sw")
"""In which languages the pages are written. Papers know more of them."""
_WAITING = ((15, 2), (30, 4), (90, 10))
_RESTING = ((10, 8), (60, 30))
"""(turn, seconds): until that turn, ask every so many seconds; after the last one the page rests."""


def private(view: View) -> View:
    """A link is a secret: not stored on the way, not told to other sites, not listed by search engines."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answered


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was followed: whose it is, what it is for, and what is known of that."""

    business: Business
    purpose: Purpose
    known: Known


@open_to_all("the link is the authority")
@private
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice, and how to pay it."""
    pace.keep("pay.look", token + pace.address_of(request), times=60, seconds=60)
    return _rendered(request, _opened(token).known)


@open_to_all("the link is the authority")
@private
@require_safe
def state(request: HttpRequest, token: str) -> HttpResponse:
    """What changed since `was`; only the next question while nothing did."""
    pace.keep("pay.state", token + pace.address_of(request), times=120, seconds=60)
    opened = _opened(token)
    known = opened.known
    if is_without_way(
        known
    ):  # asked for by a browser that stayed, and not by whatever previews links
        with _bound(opened.business.id):
            invoicing.ask_way(opened.purpose.id)
    with translation.override(known.language):
        mark = panel_of(known).mark
        has_changed = request.GET.get("was") != mark
        turn = 0 if has_changed else _turn(request.GET.get("turn", "")) + 1
        context = _context(request, known, turn) | {"has_changed": has_changed}
        return render(request, "web/pay/state.html", context)


@open_to_all("the link is the authority")
@csrf_exempt
@private
@require_POST
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Send the prompt. The same form sent twice is one prompt."""
    pace.keep("pay.ask", token, times=6, seconds=60)
    pace.keep("pay.ask.hour", token, times=30, seconds=3600)
    opened = _opened(token)
    known = opened.known
    with translation.override(known.language):
        form, payer_phone = read_prompt(request.POST, known.customer_phone, opened.business.country)
        if form.wrong:
            return _rendered(request, known, status=422, prompt_form=form)
        panel = panel_of(known)
        if panel.kind is PanelKind.ASK and panel.prompt is not None:
            charge = Charge(opened.purpose, panel.prompt, _reference(known))
            try:
                _collect(opened, charge, payer_phone, form.key)
            except AlreadyAsked:
                return _back(token)  # another tap was quicker: the page shows where that one stands
            except (Refused, Invalid, Unavailable) as refusal:
                form = replace(form, wrong=_in_words(refusal))
                return _rendered(request, known, status=refusal.status, prompt_form=form)
    return _back(token)


@open_to_all("the link is the authority")
@csrf_exempt
@private
@require_POST
def say_paid(request: HttpRequest, token: str) -> HttpResponse:
    """The payer says that they have paid; the merchant is asked whether that is so."""
    pace.keep("pay.paid", token, times=10, seconds=60)
    pace.keep("pay.paid.hour", token, times=20, seconds=3600)
    opened = _opened(token)
    known = opened.known
    with translation.override(known.language):
        form = read_said(request.POST)
        if form.wrong:
            return _rendered(request, known, status=422, paid_form=form)
        if not known.is_open:
            return _back(token)
        try:
            with _bound(opened.business.id):
                amount = amount_in(form.said, known.owed.currency) or known.to_pay
                payments.claim(opened.purpose, said=form.said, amount=amount)
        except (Refused, Invalid) as refusal:
            form = replace(form, wrong=_in_words(refusal))
            return _rendered(request, known, status=refusal.status, paid_form=form)
    return _back(token)


@open_to_all("the link is the authority")
@private
@require_safe
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF as it was issued: made once, kept, and the same for everybody."""
    pace.keep("pay.paper", token + pace.address_of(request), times=20, seconds=60)
    business_id, invoice_id = links.follow("pay", token)
    with _bound(business_id):
        file = files.read(invoicing.keep_pdf(invoice_id))
    response = HttpResponse(file.content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, file.filename) or "inline"
    return response


# Following the link and asking the rooms.


def _bound(business_id: UUID) -> AbstractContextManager[tenancy.Binding]:
    return tenancy.bound(business_id, actor=Actor("contact"))


def _collect(opened: Opened, charge: Charge, payer_phone: str, key: str) -> None:
    """One prompt per form. A form that came back by the back button with another number is another form."""
    with _bound(opened.business.id):
        try:
            payments.collect(charge, payer_phone, key)
        except KeyReused:
            payments.collect(charge, payer_phone, crypto.token())


def _opened(token: str) -> Opened:
    """Raises LinkNotFound."""
    business_id, invoice_id = links.follow("pay", token)
    purpose = Purpose(INVOICE, invoice_id)
    with _bound(business_id):
        business = identity.business(business_id)
        behind = issued.page_of(invoice_id)
        known = Known(
            token=token,
            timezone=business.timezone,
            today=clock.today(business.timezone),
            now=clock.now(),
            state=str(behind.state),
            is_overdue=behind.is_overdue,
            total=behind.total,
            paid=behind.paid,
            credited=behind.credited,
            owed=behind.owed,
            asked=behind.asked,
            due_on=behind.due_on,
            language=_language(behind.language),
            snapshot=behind.snapshot,
            customer_phone=issued.invoice(invoice_id).customer_phone,
            collections=collected.collections_for(purpose),
            payments=collected.payments_for(purpose),
            claims=collected.claims_for(purpose),
            ways=tuple(collected.ways_to_pay(business)),
        )
    return Opened(business, purpose, known)


def _language(code: str) -> str:
    """The language of the paper where the pages have it, else English: figures and words in one language."""
    base = code.split("-")[0]
    return base if base in LANGUAGES else "en"


def _reference(known: Known) -> str:
    """What the payer sees beside the amount: the invoice's number, in the letters that M-PESA shows."""
    letters = "".join(
        each for each in known.snapshot["number"] if each.isascii() and each.isalnum()
    )
    return letters[-12:] or "INVOICE"


def _in_words(refusal: HesabuError) -> str:
    return f"{_(refusal.title)} {_(refusal.hint)}"


# Showing.


def _rendered(
    request: HttpRequest, known: Known, *, status: int = 200, **forms: Any
) -> HttpResponse:
    with translation.override(known.language):
        return render(
            request, "web/pay/page.html", _context(request, known, 0, **forms), status=status
        )


def _context(request: HttpRequest, known: Known, turn: int, **forms: Any) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("pay", args=[known.token]))
    shown = pages.shown(known, qr_svg=qr_svg(address), **forms)
    return {"page": shown, "turn": turn, "wait_seconds": wait_seconds(shown.panel, turn)}


def wait_seconds(panel: Panel, turn: int) -> int | None:
    """How long until the page asks again; None at an end state and after the last turn."""
    if panel.is_final:
        return None
    steps = _WAITING if panel.kind in (PanelKind.WAIT, PanelKind.DOUBT) else _RESTING
    return next((seconds for turns, seconds in steps if turn < turns), None)


def _turn(text: str) -> int:
    return min(int(text), 1000) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def _back(token: str) -> HttpResponse:
    """To the page, by GET, so that reloading sends nothing again."""
    response = HttpResponseRedirect(reverse("pay", args=[token]))
    response.status_code = 303
    return response
