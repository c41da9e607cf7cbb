"""Your data: everything held on oneself, to take along; and deleting one's account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hesabu.doors.web.account.factors import require_fresh
from hesabu.doors.web.desk import id_in, signed_in
from hesabu.doors.web.privacy import letters, parts
from hesabu.identity import actions, queries
from hesabu.identity.errors import ClosingNotFound, ExportNotFound, LastOwnerOf
from hesabu.identity.types import ExportOn
from hesabu.store import tenancy


@signed_in
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy/mine.html", _page(_person(request)))


@signed_in
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have it made. Asked for again while it is made: it is that one."""
    person_id = _person(request)
    led = require_fresh(request)
    if led is not None:
        return led
    parts.keep_pace(person_id)
    actions.ask_own_export(person_id)
    return redirect("data")


@signed_in
@require_GET
def state(request: HttpRequest, export: str) -> HttpResponse:
    """How far it is, for the page that waits."""
    person_id, export_id = _person(request), id_in(export)
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        found = queries.export(export_id)
    if found.asked_by_id != person_id or found.on is not ExportOn.PERSON:
        raise ExportNotFound()
    return parts.piece(request, parts.shown([found], "data")[0])


@signed_in
@require_GET
def fetch(request: HttpRequest, export: str) -> HttpResponse:
    """The file, to who asked for it, who shows once more that it is them."""
    person_id, export_id = _person(request), id_in(export)
    led = require_fresh(request)
    if led is not None:
        return led
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        content = actions.fetch_export(export_id, person_id)
    return parts.handed(content, "your-data.zip")


@signed_in
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What goes and what stays is said first; then it is asked once more whether it is them."""
    person_id = _person(request)
    led = require_fresh(request)
    if led is not None:
        return led
    page = {"alone": queries.owned_alone(person_id), "days": settings.CONFIG.closing_days}
    if request.method == "GET":
        return render(request, "web/privacy/delete.html", page)
    if request.POST.get("understood") != "yes":
        page["wrong"] = _("Say first that you have read what goes and what stays.")
        return render(request, "web/privacy/delete.html", page, status=422)
    try:
        with tenancy.house(actor=tenancy.Actor("person", person_id)):
            due_at = actions.ask_closing(person_id, wait_days=settings.CONFIG.closing_days)
            letters.closing(person_id, due_at)
    except LastOwnerOf:
        page["alone"] = queries.owned_alone(person_id)
        return render(request, "web/privacy/delete.html", page, status=LastOwnerOf.status)
    logout(request)
    messages.info(
        request,
        _("Your account will be gone in some days. Sign in before then if you want to keep it."),
    )
    return redirect("account_login")


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """They changed their mind."""
    try:
        actions.cancel_closing(_person(request))
    except ClosingNotFound:
        return redirect("data")
    messages.success(
        request, _("Your account stays. Keys and apps that ended have to be made anew.")
    )
    return redirect("data")


def _person(request: HttpRequest) -> UUID:
    assert request.user.pk is not None
    return request.user.pk


def _page(person_id: UUID) -> dict[str, Any]:
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        exports = queries.exports_on(ExportOn.PERSON, person_id)
    return {
        "exports": parts.shown(exports, "data"),
        "closing": queries.closing_of(person_id),
        "days": settings.CONFIG.keep_exports_days,
    }
