"""What stands on a business's papers, and how it goes about: the form, the logo, what changed last, and taking that back."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from babel import Locale
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hesabu.doors.web.business import till
from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.doors.web.hours import at_the_business
from hesabu.identity import actions, queries
from hesabu.identity.permissions import BUSINESS_READ, BUSINESS_UPDATE
from hesabu.identity.types import LOGO_BYTES_MAX, Business, BusinessChangeView
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import HabitName
from hesabu.kit import clock, ids, scanning
from hesabu.kit.countries import country as country_of
from hesabu.kit.errors import HesabuError
from hesabu.store import files, pace, tenancy

LETTERS_MAX = 400
PAPERS = ("en", "sw", "mk", "sq", "fr")
"""What papers are written in."""
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WORDS = {
    "name": gettext_noop("Name"),
    "legal_name": gettext_noop("Registered as"),
    "address": gettext_noop("Address"),
    "phone": gettext_noop("Telephone"),
    "email": gettext_noop("E-mail address"),
    "tax_id": gettext_noop("Tax number"),
    "is_vat_registered": gettext_noop("Charges tax"),
    "vat_number": gettext_noop("Number of the tax registration"),
    "registration_number": gettext_noop("Number in the register of companies"),
    "signatory": gettext_noop("Who signs invoices"),
    "language": gettext_noop("Language of papers"),
    "timezone": gettext_noop("Time zone"),
    "logo_id": gettext_noop("Logo"),
    "pin_for_payments": gettext_noop("PIN before payments are recorded in a chat"),
}
TEXTS = ("name", "legal_name", "address", "phone", "email", "tax_id", "signatory")


@at_business(BUSINESS_UPDATE)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form; what is wrong stands at its field, and then nothing is kept."""
    business = desk.business()
    if request.method == "GET":
        return _shown(request, desk, _as_it_is(business))
    given = {name: request.POST.get(name, "").strip()[:LETTERS_MAX] for name in _asked(business)}
    is_registered = request.POST.get("is_vat_registered") == "yes"
    changes: dict[str, Any] = {**given, "is_vat_registered": is_registered}
    wrong = {
        field: refused(error)
        for field, error in queries.detail_faults(changes, business.country).items()
    }
    if given["language"] not in PAPERS:
        wrong["language"] = _("Choose one of these languages.")
    hours, is_quiet = _hours(request, wrong)
    asking = till.as_given(request, business)
    changes["pin_for_payments"] = till.read(asking, business, wrong)
    if wrong:
        page = {**changes, **_hours_as_given(request), "is_quiet": is_quiet, **asking}
        return _shown(request, desk, page, wrong=wrong, status=422)
    with tenancy.attempt():
        actions.update_business(business.id, **changes)
        invoicing.keep_habit(HabitName.QUIET_HOURS, hours if is_quiet else False)
    messages.success(request, _("Kept."))
    return redirect("settings", business=desk.short)


@at_business(BUSINESS_UPDATE, opens_own=True)
@require_POST
def logo(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show another picture on papers, or none. A scanner that looks at it is asked with no transaction open."""
    pace.keep("web.logo", str(desk.business_id), times=30, seconds=3600)
    sent, harm = request.FILES.get("logo"), None
    # One byte more than is taken is enough to refuse it.
    content = sent.read(LOGO_BYTES_MAX + 1) if sent is not None else b""
    try:
        scanning.look(content)
    except HesabuError as error:
        harm = error
    actor = tenancy.Actor("person", desk.person_id)
    with tenancy.bound(desk.business_id, actor=actor), at_the_business(request):
        return _logo(request, desk, content if sent is not None else None, harm)


def _logo(
    request: HttpRequest, desk: Desk, content: bytes | None, harm: HesabuError | None
) -> HttpResponse:
    if "drop" in request.POST:
        actions.drop_logo(desk.business_id)
        messages.success(request, _("Papers show no logo from now on."))
        return redirect("settings", business=desk.short)
    as_it_is = _as_it_is(desk.business())
    if content is None:
        wrong = {"logo": _("Choose a picture first.")}
        return _shown(request, desk, as_it_is, wrong=wrong, status=422)
    try:
        if harm is not None:
            raise harm
        with tenancy.attempt():
            actions.set_logo(desk.business_id, content)
    except HesabuError as error:
        wrong = {"logo": refused(error)}
        return _shown(request, desk, as_it_is, wrong=wrong, status=error.status)
    messages.success(request, _("Papers show the new logo from now on."))
    return redirect("settings", business=desk.short)


@at_business(BUSINESS_READ)
@require_GET
def picture(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The logo as it was drawn anew: a PNG, whatever was sent."""
    logo_id = desk.business().logo_id
    if logo_id is None:
        raise Http404
    return HttpResponse(
        files.read(logo_id).content,
        content_type="image/png",
        headers={"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"},
    )


@at_business(BUSINESS_UPDATE)
@require_POST
def undo(request: HttpRequest, desk: Desk, change: str) -> HttpResponse:
    try:
        with tenancy.attempt():
            actions.undo_change(id_in(change))
    except HesabuError as error:
        messages.error(request, refused(error))
    else:
        messages.success(request, _("It is as it was."))
    return redirect("settings", business=desk.short)


# --- the page ---------------------------------------------------------------------------------------------------------


def _asked(business: Business) -> list[str]:
    """Fields that the country has."""
    place = country_of(business.country)
    more = [
        "vat_number" if place.vat_number_name else "",
        "registration_number" if place.registration_name else "",
    ]
    return [*TEXTS, *filter(None, more), "language", "timezone"]


def _as_it_is(business: Business) -> dict[str, Any]:
    page = {name: getattr(business, name) or "" for name in _asked(business)}
    if business.legal_name == business.name:
        page["legal_name"] = ""
    habit = invoices.habit(HabitName.QUIET_HOURS)
    quiet_from, _dash, quiet_until = str(habit.value).partition("-")
    return page | {
        "is_vat_registered": business.is_vat_registered,
        "is_quiet": habit.is_on,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        **till.as_it_is(business),
    }


def _hours(request: HttpRequest, wrong: dict[str, str]) -> tuple[str, bool]:
    """The quiet hours, as the habit keeps them, and whether they are kept at all."""
    is_quiet = request.POST.get("is_quiet") == "yes"
    given = _hours_as_given(request)
    if is_quiet:
        for field, hour in given.items():
            if not HOURS.fullmatch(hour):
                wrong[field] = _("Write it as 20:00.")
        if len(set(given.values())) == 1 and not wrong.keys() & given.keys():
            wrong["quiet_until"] = _("Choose another hour than the first.")
    return f"{given['quiet_from']}-{given['quiet_until']}", is_quiet


def _hours_as_given(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip()[:10] for name in ("quiet_from", "quiet_until")}


def _shown(
    request: HttpRequest,
    desk: Desk,
    given: Mapping[str, Any],
    *,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    business = desk.business()
    place = country_of(business.country)
    changes = queries.business_changes(5)
    names = queries.names_of_people(change.person_id for change in changes)
    page = {
        "given": given,
        "wrong": wrong or {},
        "names": {
            "tax": place.tax_name,
            "tax_id": place.tax_id_name,
            "vat_number": place.vat_number_name,
            "registration": place.registration_name,
        },
        "languages": [(code, _language_name(code)) for code in PAPERS],
        "timezones": sorted(zoneinfo.available_timezones()),
        "pin_levels": [(level, _(words)) for level, words in till.LEVELS.items()],
        "has_logo": business.logo_id is not None,
        "changes": [_row(change, names) for change in changes],
    }
    return desk.render(request, "web/business/settings.html", page, status=status)


def _language_name(code: str) -> str:
    named = Locale.parse(code).get_display_name((get_language() or "en").replace("-", "_"))
    return str(named or code).capitalize()


def _row(change: BusinessChangeView, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "short": ids.short(change.id),
        "at": change.at,
        "by": names.get(change.person_id, "") if change.person_id else "",
        "lines": [
            {
                "words": _(words),
                "before": said_of(field, change.before.get(field)),
                "after": said_of(field, change.after.get(field)),
            }
            for field, words in ((field, WORDS[field]) for field in change.after)
        ],
        "is_undone": change.is_undone,
        "may_be_undone": not change.is_undone and clock.now() <= change.may_be_undone_until,
    }


def said_of(field: str, value: Any) -> str:
    """A detail of the business, as it is shown."""
    if field == "logo_id":
        return _("a picture") if value else "–"
    if field == "pin_for_payments" and value:
        return till.said_of(str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value or "–")
