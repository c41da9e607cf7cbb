"""What a business holds on one of its customers: looked up, taken along for them, forgotten on their demand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.doors.web.privacy import parts
from hesabu.identity import actions as people
from hesabu.identity import queries as identity
from hesabu.identity.errors import ExportNotFound
from hesabu.identity.types import ExportOn, ExportView
from hesabu.invoicing import actions, queries
from hesabu.invoicing.permissions import CUSTOMER_ERASE, CUSTOMER_EXPORT
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import tenancy


@at_business(CUSTOMER_EXPORT)
@require_GET
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:200]
    found = queries.customers_found(wanted) if wanted else []
    rows = [{"short": ids.short(one.id), "name": one.name, "phone": one.phone} for one in found]
    return desk.render(request, "web/privacy/customers.html", {"rows": rows, "q": wanted})


@at_business(CUSTOMER_EXPORT)
@require_GET
def customer(request: HttpRequest, desk: Desk, customer: str) -> HttpResponse:
    return _shown(request, desk, id_in(customer))


@at_business(CUSTOMER_EXPORT)
@require_POST
def ask(request: HttpRequest, desk: Desk, customer: str) -> HttpResponse:
    parts.keep_pace(desk.person_id)
    actions.ask_customer_export(id_in(customer))
    return redirect("privacy-customer", business=desk.short, customer=customer)


@at_business(CUSTOMER_EXPORT)
@require_GET
def state(request: HttpRequest, desk: Desk, customer: str, export: str) -> HttpResponse:
    found = _export(desk, id_in(customer), id_in(export))
    where = {"business": desk.short, "customer": customer}
    return parts.piece(request, parts.shown([found], "privacy", **where)[0])


@at_business(CUSTOMER_EXPORT)
@require_GET
def fetch(request: HttpRequest, desk: Desk, customer: str, export: str) -> HttpResponse:
    """The file, to the one person who asked for it."""
    found = _export(desk, id_in(customer), id_in(export))
    content = people.fetch_export(found.id, desk.person_id)
    return parts.handed(content, "customer-data.zip")


@at_business(CUSTOMER_ERASE, opens_own=True)
@require_POST
def erase(request: HttpRequest, desk: Desk, customer: str) -> HttpResponse:
    """Forget them: all of it at once, or nothing."""
    customer_id, actor = id_in(customer), tenancy.Actor("person", desk.person_id)
    done, wrong, status = None, "", 422
    if request.POST.get("understood") != "yes":
        wrong = _("Say first that you have read what goes and what stays.")
    else:
        try:
            done = actions.erase_customer(desk.business_id, customer_id, actor)
        except HesabuError as error:
            wrong, status = refused(error), error.status
    if done is None:
        with tenancy.bound(desk.business_id, actor=actor):
            return _shown(request, desk, customer_id, wrong=wrong, status=status)
    said = _("Forgotten, with %(messages)s messages.") % {"messages": done.message_count}
    messages.success(request, said)
    return redirect("privacy-customer", business=desk.short, customer=customer)


def _export(desk: Desk, customer_id: UUID, export_id: UUID) -> ExportView:
    found = identity.export(export_id)
    if found.subject_id != customer_id or found.asked_by_id != desk.person_id:
        raise ExportNotFound()
    return found


def _shown(
    request: HttpRequest, desk: Desk, customer_id: UUID, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    """In the business's binding."""
    where = {"business": desk.short, "customer": ids.short(customer_id)}
    exports = [
        one
        for one in identity.exports_on(ExportOn.CUSTOMER, customer_id)
        if one.asked_by_id == desk.person_id
    ]
    page = {
        "customer": queries.customer(customer_id),
        "short": ids.short(customer_id),
        "held": queries.held_in_short(customer_id),
        "exports": parts.shown(exports, "privacy", **where),
        "may_erase": desk.may(CUSTOMER_ERASE),
        "wrong": wrong,
    }
    return desk.render(request, "web/privacy/customer.html", page, status=status)
