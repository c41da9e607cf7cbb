"""What waits for a second person, and changes of where money goes that can still be stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.business.ways import said
from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.identity import actions, queries
from hesabu.identity import approvals as four_eyes
from hesabu.identity.approvals import APPROVAL_READ, APPROVAL_SET
from hesabu.identity.types import ApprovalState, ApprovalView
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import InvoiceView
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.kit.money import Money, say
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_ACCOUNT_STOP
from hesabu.payments.types import WayToPay
from hesabu.store import tenancy


@at_business(APPROVAL_READ)
@require_GET
def approvals(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _shown(request, desk)


@at_business(APPROVAL_READ, is_dangerous=True)
@require_POST
def answer(request: HttpRequest, desk: Desk, approval: str) -> HttpResponse:
    """Approve, refuse or take back."""
    view = queries.approval(id_in(approval))
    what = request.POST.get("answer", "")
    acts = {
        "approve": actions.approve,
        "refuse": actions.refuse,
        "withdraw": actions.withdraw_approval,
    }
    if what not in acts:
        return _shown(request, desk, wrong=_("Approve it or refuse it."), status=422)
    try:
        with tenancy.attempt():
            acts[what](view.id)
    except HesabuError as error:
        return _shown(request, desk, wrong=refused(error), status=error.status)
    messages.success(request, _("Done."))
    return redirect("approvals", business=desk.short)


@at_business(APPROVAL_SET)
@require_POST
def limit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """From above which amount something needs a second person; empty for never."""
    written = request.POST.get("amount", "").strip()[:40]
    currency = desk.business().currency
    try:
        with tenancy.attempt():
            amount = Money.parse(written, currency) if written else None
            actions.set_limit(request.POST.get("kind", ""), amount)
    except HesabuError as error:
        return _shown(request, desk, wrong=refused(error), status=error.status)
    messages.success(request, _("Kept."))
    return redirect("approvals", business=desk.short)


@at_business(PAYMENT_ACCOUNT_STOP)
@require_POST
def stop(request: HttpRequest, desk: Desk, account: str) -> HttpResponse:
    try:
        with tenancy.attempt():
            payments.stop_change(id_in(account))
    except HesabuError as error:
        return _shown(request, desk, wrong=refused(error), status=error.status)
    messages.success(request, _("Stopped. Customers pay where they paid before."))
    came_from = "ways" if request.POST.get("from") == "ways" else "approvals"
    return redirect(came_from, business=desk.short)


def _shown(request: HttpRequest, desk: Desk, *, status: int = 200, **more: Any) -> HttpResponse:
    waiting = [view for view in queries.approvals_waiting() if _is_of(view, desk)]
    answered = [view for view in queries.approvals_answered() if _is_of(view, desk)]
    named = _named([*waiting, *answered])
    may_stop = desk.may(PAYMENT_ACCOUNT_STOP)
    changes = [
        {
            "short": ids.short(change.way.account_id),
            "said": " ".join(filter(None, [change.way.label, change.way.number])),
            "verb": change.verb,
            "until": change.until,
        }
        for change in (collected.changes_frozen() if may_stop else [])
    ]
    limits = [
        {"kind": one.name, "words": _(one.words), "amount": _plain(four_eyes.limit(one))}
        for one in four_eyes.kinds()
        if one.is_by_amount
    ]
    page = {
        "waiting": [_row(view, desk, named) for view in waiting],
        "answered": [_row(view, desk, named) for view in answered],
        "changes": changes,
        "limits": limits if desk.may(APPROVAL_SET) else [],
        "currency": desk.business().currency,
        **more,
    }
    return desk.render(request, "web/approvals/approvals.html", page, status=status)


def _is_of(view: ApprovalView, desk: Desk) -> bool:
    """Theirs to see: they asked, answered, or may answer."""
    is_theirs = desk.person_id in (view.asked_by_id, view.answered_by_id)
    return is_theirs or queries.may_answer(view, desk.person_id)


@dataclass(frozen=True, slots=True)
class Named:
    """What approvals name, by its id: read at once for all of them."""

    people: dict[UUID, str]
    invoices: dict[UUID, InvoiceView]
    ways: dict[UUID, WayToPay]


def _named(views: Sequence[ApprovalView]) -> Named:
    people = {one for view in views for one in (view.asked_by_id, view.answered_by_id)}
    invoice_ids = {UUID(one) for view in views if (one := view.given.get("invoice_id"))}
    account_ids = {UUID(one) for view in views if (one := view.given.get("account_id"))}
    return Named(
        queries.names_of_people(people),
        invoices.invoices_of_ids(invoice_ids) if invoice_ids else {},
        collected.ways(account_ids) if account_ids else {},
    )


def _row(view: ApprovalView, desk: Desk, named: Named) -> dict[str, Any]:
    states = {
        ApprovalState.ASKED: _("lapsed") if view.is_over else _("waits"),
        ApprovalState.DONE: _("approved and done"),
        ApprovalState.REFUSED: _("refused"),
        ApprovalState.WITHDRAWN: _("taken back"),
    }
    answered_by = named.people.get(view.answered_by_id, "") if view.answered_by_id else ""
    return {
        "short": ids.short(view.id),
        "words": _(view.words),
        "about": _about(view, named),
        "asked_by": named.people.get(view.asked_by_id, ""),
        "asked_at": view.asked_at,
        "expires_at": view.expires_at,
        "state": states[view.state],
        "answered_by": answered_by,
        "is_own": view.asked_by_id == desk.person_id,
        "may_answer": queries.may_answer(view, desk.person_id),
    }


def _about(view: ApprovalView, named: Named) -> str:
    """What tells it from others."""
    given = view.given
    if "invoice_id" in given:
        invoice = named.invoices[UUID(given["invoice_id"])]
        amount = say(view.amount or invoice.total)
        return " · ".join([invoice.number or "", invoice.customer_name, amount])
    if "account_id" in given:
        return said(named.ways[UUID(given["account_id"])])
    if "number" in given:
        kind = str(given["kind"]).removeprefix("stk_")
        about = said(
            WayToPay(kind, given["label"] or "", given["number"], given["account"], view.id)
        )
        if given.get("has_new_keys"):
            return _("%(way)s: new M-PESA keys for a way that is there already") % {"way": about}
        return about
    return ""


def _plain(amount: Money | None) -> str:
    return str(amount.decimal) if amount is not None else ""
