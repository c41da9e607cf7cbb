"""Where customers are told to pay: the list, one more, one less. What changes waits for a second person where there is one, is
frozen for two days, told to all owners, and can be stopped here meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.identity import actions as identity
from hesabu.identity.errors import ApprovalNeeded
from hesabu.kit import clock, ids
from hesabu.kit.countries import country as country_of
from hesabu.kit.errors import HesabuError
from hesabu.payments import actions, queries
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE, PAYMENT_ACCOUNT_STOP
from hesabu.payments.types import WayToPay
from hesabu.store import pace, tenancy

KINDS = {
    "till": gettext_noop("M-PESA till"),
    "paybill": gettext_noop("M-PESA paybill"),
    "phone": gettext_noop("Money sent to a telephone"),
    "bank": gettext_noop("Bank account"),
}
FIELDS = ("kind", "number", "account", "label")
LETTERS_MAX = 60


@at_business(PAYMENT_ACCOUNT_STOP)
@require_GET
def ways(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _shown(request, desk)


@at_business(PAYMENT_ACCOUNT_CHANGE)
@require_POST
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    pace.keep("web.ways", str(desk.business_id), times=30, seconds=3600)
    given = {name: request.POST.get(name, "").strip()[:LETTERS_MAX] for name in FIELDS}
    if given["kind"] not in _kinds(desk):
        wrong = {"kind": _("Choose one of these.")}
        return _shown(request, desk, given=given, wrong=wrong, status=422)
    act = partial(
        actions.add_account,
        given["kind"],
        given["number"],
        given["account"] or None,
        given["label"] or None,
    )
    try:
        return _done(request, desk, act)
    except HesabuError as error:
        field = error.field if error.field in FIELDS else "number"
        wrong = {str(field): refused(error)}
        return _shown(request, desk, given=given, wrong=wrong, status=error.status)


@at_business(PAYMENT_ACCOUNT_CHANGE)
@require_POST
def close(request: HttpRequest, desk: Desk, account: str) -> HttpResponse:
    try:
        return _done(request, desk, partial(actions.close_account, id_in(account)))
    except HesabuError as error:
        messages.error(request, refused(error))
        return redirect("ways", business=desk.short)


def _done(request: HttpRequest, desk: Desk, act: Any) -> HttpResponse:
    """It is done, frozen, or put before a second person; which of these is said."""
    before = {change.way.account_id for change in queries.changes_frozen()}
    try:
        with tenancy.attempt():
            act()
    except ApprovalNeeded as needed:
        identity.ask_approval(needed)
        messages.success(request, _("A second person has to approve that. They have been asked."))
        return redirect("ways", business=desk.short)
    is_frozen = {change.way.account_id for change in queries.changes_frozen()} - before
    if is_frozen:
        said = _("It takes effect in two days. Until then any owner or manager can stop it.")
    else:
        said = _("Done.")
    messages.success(request, said)
    return redirect("ways", business=desk.short)


# --- the page ---------------------------------------------------------------------------------------------------------


def _kinds(desk: Desk) -> list[str]:
    place = country_of(desk.business().country)
    return [kind for kind in KINDS if place.takes(kind)]


def _shown(
    request: HttpRequest,
    desk: Desk,
    *,
    given: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    changes = queries.changes_frozen()
    closing = {change.way.account_id for change in changes if change.verb == "closed"}
    page = {
        "ways": [
            _row(way)
            | {
                "is_closing": way.account_id in closing,
                "is_prompting": way.is_prompting,
            }
            for way in queries.ways_to_pay()
            if way.number
        ],
        "changes": [
            _row(change.way)
            | {
                "verb": change.verb,
                "until": change.until,
                "left": _left(change.until - clock.now()),
            }
            for change in changes
        ],
        "may_change": desk.may(PAYMENT_ACCOUNT_CHANGE) and not desk.is_support,
        "may_stop": desk.may(PAYMENT_ACCOUNT_STOP) and not desk.is_support,
        "kinds": [(kind, _(KINDS[kind])) for kind in _kinds(desk)],
        "takes_prompts": country_of(desk.business().country).takes("stk_paybill"),
        "given": given or {},
        "wrong": wrong or {},
    }
    return desk.render(request, "web/business/ways.html", page, status=status)


def said(way: WayToPay) -> str:
    """What tells it from others: its kind, its number, the account, and what people call it."""
    kind = _(KINDS[way.kind]) if way.kind in KINDS else ""
    return " · ".join(filter(None, [kind, way.number, way.account, way.label]))


def _row(way: WayToPay) -> dict[str, Any]:
    return {
        "short": ids.short(way.account_id),
        "said": " ".join(filter(None, [way.label, way.number])),
        "account": way.account or "",
    }


def _left(span: timedelta) -> str:
    """How long until it takes effect, to the hour; the last hour to the minute."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
