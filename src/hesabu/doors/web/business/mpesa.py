"""A paybill or till with its M-PESA keys: they are tried before they are kept, M-PESA is told where to write and opens its list,
and a prompt of one shilling shows that it works. Keys are never shown again; the same number with others gets those.

    the form ─▶ [M-PESA: are the keys right?] ─▶ kept (frozen or approved first, as every way is) ─▶ [M-PESA: write here] ─▶ how it stands
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.identity import actions as identity
from hesabu.identity.errors import ApprovalNeeded
from hesabu.kit import ids, phones
from hesabu.kit.countries import country as country_of
from hesabu.kit.errors import HesabuError
from hesabu.kit.money import Money
from hesabu.payments import actions, queries
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE, PAYMENT_COLLECT
from hesabu.payments.types import TRIAL, Charge, KeyCheck, Purpose
from hesabu.store import pace, tenancy

KINDS = {"paybill": gettext_noop("M-PESA paybill"), "till": gettext_noop("M-PESA till")}
SECRETS = ("consumer_key", "consumer_secret", "passkey", "initiator", "security_credential")
SHOWN = ("kind", "number", "account", "shortcode", "phone")
LETTERS_MAX = 1_000
FIELD_OF = {
    "bad_keys": "consumer_key",
    "wrong_passkey": "passkey",
    "wrong_number": "number",
}
"""Which field M-PESA's no is about."""


@at_business(PAYMENT_ACCOUNT_CHANGE)
@require_GET
def form(request: HttpRequest, desk: Desk) -> HttpResponse:
    _require_kenya(desk)
    given = {name: request.GET.get(name, "")[:40] for name in ("kind", "number")}
    return _shown(request, desk, given)


@at_business(PAYMENT_ACCOUNT_CHANGE, opens_own=True)
@require_POST
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Nothing is kept that M-PESA does not take; and nothing is open while it is asked."""
    pace.keep("web.ways", str(desk.business_id), times=30, seconds=3600)
    given = {name: request.POST.get(name, "").strip()[:40] for name in SHOWN}
    keys = {name: request.POST.get(name, "").strip()[:LETTERS_MAX] for name in SECRETS}
    keys["shortcode"] = given["shortcode"]
    with _bound(desk):
        _require_kenya(desk)
    if given["kind"] not in KINDS:
        return _wrong(request, desk, given, {"kind": _("Choose one of these.")})
    kind, account = f"stk_{given['kind']}", given["account"] or None
    try:
        said = actions.try_keys(
            desk.business_id, _actor(desk), kind, given["number"], account, keys
        )
    except HesabuError as error:
        return _wrong(request, desk, given, {str(error.field or "number"): refused(error)})
    if not said.is_right:
        field = FIELD_OF.get(said.code, "number")
        return _wrong(request, desk, given, {field: _words(said)})
    try:
        account_id = _kept(request, desk, kind, given["number"], account, keys)
    except HesabuError as error:
        return _wrong(request, desk, given, {str(error.field or "number"): refused(error)})
    if account_id is None:
        return redirect("ways", business=desk.short)
    _listen(desk, account_id, given["phone"])
    return redirect("ways-mpesa-one", business=desk.short, account=ids.short(account_id))


def _words(said: KeyCheck) -> str:
    if said.words:
        return _(said.words) + " " + _("Nothing was kept.")
    return _("M-PESA did not answer, so nothing was kept. Try again in a minute.")


def _kept(
    request: HttpRequest,
    desk: Desk,
    kind: str,
    number: str,
    account: str | None,
    keys: dict[str, str],
) -> UUID | None:
    """The account; None where a second person has to approve it first."""
    with _bound(desk):
        try:
            with tenancy.attempt():
                return actions.add_account(kind, number, account, None, keys)
        except ApprovalNeeded as needed:
            identity.ask_approval(needed)
    messages.success(request, _("A second person has to approve that. They have been asked."))
    return None


def _listen(desk: Desk, account_id: UUID, phone: str) -> None:
    """Tell M-PESA where to write, and have it open its list. What came of it stands on the page."""
    with _bound(desk):
        country = desk.business().country
    try:
        its_phone = phones.parse_phone(phone, country) if phone else ""
    except HesabuError:
        its_phone = ""
    actions.listen(desk.business_id, _actor(desk), account_id, its_phone)


@at_business(PAYMENT_ACCOUNT_CHANGE)
@require_GET
def one(request: HttpRequest, desk: Desk, account: str) -> HttpResponse:
    """How it stands: the addresses, the list, and the prompt that was tried."""
    account_id = id_in(account)
    way = queries.way(account_id)
    if account_id not in queries.prompting_ids():
        raise Http404
    hearing = queries.hearing(account_id)
    tried = queries.collections_for(Purpose(TRIAL, account_id))
    offered = {one.account_id for one in queries.ways_to_pay()}
    page = {
        "short": account,
        "way": way,
        "hearing": hearing,
        "refused": _(hearing.refused_words) if hearing.refused_words else "",
        "list_refused": _(hearing.list_refused_words) if hearing.list_refused_words else "",
        "tried": _(tried[-1].words) if tried else "",
        "is_tried_open": bool(tried) and tried[-1].state in ("prepared", "asked", "uncertain"),
        "is_offered": account_id in offered,
        "phone": desk.business().phone or "",
    }
    return desk.render(request, "web/business/mpesa_one.html", page)


@at_business(PAYMENT_ACCOUNT_CHANGE, opens_own=True)
@require_POST
def listen(request: HttpRequest, desk: Desk, account: str) -> HttpResponse:
    """Once more, after Safaricom's support has deleted what stood there, or the house has another address."""
    pace.keep("web.ways", str(desk.business_id), times=30, seconds=3600)
    try:
        _listen(desk, id_in(account), request.POST.get("phone", "").strip()[:40])
    except HesabuError as error:
        messages.error(request, refused(error))
    return redirect("ways-mpesa-one", business=desk.short, account=account)


@at_business(PAYMENT_COLLECT, is_dangerous=True)
@require_POST
def trial(request: HttpRequest, desk: Desk, account: str) -> HttpResponse:
    """A prompt of one shilling to a telephone of theirs."""
    pace.keep("web.trial", str(desk.business_id), times=10, seconds=3600)
    account_id = id_in(account)
    charge = Charge(Purpose(TRIAL, account_id), Money.parse("1", "KES"), "TRIAL")
    try:
        with tenancy.attempt():
            phone = phones.parse_phone(
                request.POST.get("phone", "").strip()[:40], desk.business().country
            )
            actions.collect(charge, phone, f"trial:{ids.new_id()}", account_id)
    except HesabuError as error:
        messages.error(request, refused(error))
    else:
        messages.success(request, _("A prompt of one shilling is on its way to that telephone."))
    return redirect("ways-mpesa-one", business=desk.short, account=account)


# --- the page ---------------------------------------------------------------------------------------------------------


def _actor(desk: Desk) -> tenancy.Actor:
    return tenancy.Actor("person", desk.person_id)


def _bound(desk: Desk) -> Any:
    return tenancy.bound(desk.business_id, actor=_actor(desk))


def _require_kenya(desk: Desk) -> None:
    """Where nobody can be paid so, there is no such page."""
    if not country_of(desk.business().country).takes("stk_paybill"):
        raise Http404


def _wrong(
    request: HttpRequest, desk: Desk, given: dict[str, str], wrong: dict[str, str]
) -> HttpResponse:
    with _bound(desk):
        return _shown(request, desk, given, wrong=wrong, status=422)


def _shown(
    request: HttpRequest,
    desk: Desk,
    given: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "kinds": [(kind, _(words)) for kind, words in KINDS.items()],
        "given": {"phone": desk.business().phone or ""} | given,
        "wrong": wrong or {},
    }
    return desk.render(request, "web/business/mpesa.html", page, status=status)
