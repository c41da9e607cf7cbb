"""Which apps act for whom, and taking that back; and the apps that a business registers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hesabu.doors.web import scopes
from hesabu.doors.web.desk import Desk, at_business, id_in, refused, signed_in
from hesabu.doors.web.grants.consent import issuer
from hesabu.identity import actions, permissions, queries
from hesabu.identity.permissions import APP_REGISTER, KEY_READ, KEY_REVOKE
from hesabu.identity.types import GrantView
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import pace, tenancy

ENDED = {
    "asked": gettext_noop("taken back"),
    "given_back": gettext_noop("given back by the app"),
    "reused": gettext_noop("ended: one of its tokens came twice"),
    "left": gettext_noop("ended: the person left"),
    "role": gettext_noop("ended: the role changed"),
    "factor": gettext_noop("ended: a second factor is asked for"),
    "signed_out": gettext_noop("ended: signed out everywhere"),
    "dropped": gettext_noop("the app was taken off"),
    "over": gettext_noop("its time is over"),
}
REGISTERED_PER_HOUR, LETTERS_MAX, LINES_MAX = 20, 6000, 20


@signed_in
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """All that act for me, wherever."""
    person_id = _person(request)
    names = {one.business_id: one.business_name for one in queries.memberships_of(person_id)}
    found = [
        _row(view) | {"business": names.get(view.business_id, "")}
        for view in queries.apps_of(person_id)
    ]
    return render(request, "web/grants/own.html", _sorted(found))


@signed_in
@require_POST
def end_own(request: HttpRequest, grant: str) -> HttpResponse:
    person_id, grant_id = _person(request), id_in(grant)
    view = next((one for one in queries.apps_of(person_id) if one.id == grant_id), None)
    if view is None:
        raise Http404
    with tenancy.bound(view.business_id, actor=tenancy.Actor("person", person_id)):
        actions.revoke_app(grant_id)
    messages.success(request, _("The app can do nothing for you there any more."))
    return redirect("own-apps")


class _Sessions(ListUserSessionsView):  # type: ignore[misc]
    """The library's page; who ends all other sessions there ends what apps may do for them too, and shows first that it is
    them: whoever found a browser open ends nothing."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        actions.end_apps_of(_person(self.request))
        return answer


sessions = signed_in(
    reauthentication_required(app="allauth.account", allow_get=True)(_Sessions.as_view())
)


@at_business(KEY_READ)
@require_GET
def apps(request: HttpRequest, desk: Desk) -> HttpResponse:
    views = queries.apps()
    names = queries.names_of_people(view.person_id for view in views)
    found = [_row(view) | {"person": names.get(view.person_id, "")} for view in views]
    registered = [
        {
            "short": ids.short(one.id),
            "name": one.name,
            "client_id": one.client_id,
            "redirect_uris": one.redirect_uris,
            "scopes": scopes.in_words(one.scopes),
            "is_confidential": one.is_confidential,
            "is_for_others": one.is_for_others,
        }
        for one in queries.registered_apps()
    ]
    page = {
        **_sorted(found),
        "registered": registered,
        "may_end": desk.may(KEY_REVOKE),
        "may_register": desk.may(APP_REGISTER),
    }
    return desk.render(request, "web/grants/apps.html", page)


@at_business(KEY_REVOKE)
@require_POST
def end(request: HttpRequest, desk: Desk, grant: str) -> HttpResponse:
    actions.revoke_app(id_in(grant))
    messages.success(request, _("The app can do nothing here for them any more."))
    return redirect("apps", business=desk.short)


@at_business(APP_REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Register an app; what it proves itself with is shown this once."""
    if request.method == "GET":
        return _asked(request, desk, {"kind": "public"}, [])
    names = ("name", "redirect_uris", "kind", "is_for_others")
    given = {name: request.POST.get(name, "")[:LETTERS_MAX] for name in names}
    chosen = request.POST.getlist("scope")[:200]
    pace.keep("web.app", str(desk.business_id), times=REGISTERED_PER_HOUR, seconds=3600)
    try:
        with tenancy.attempt():
            app_id, secret = actions.register_app(
                given["name"],
                given["redirect_uris"].splitlines()[:LINES_MAX],
                chosen,
                is_confidential=given["kind"] == "confidential",
                is_for_others=bool(given["is_for_others"]),
            )
    except HesabuError as error:
        said = {"scopes": _("Choose at least one thing that it may do.")} if not chosen else {}
        wrong = {error.field or "": refused(error), **said}
        return _asked(request, desk, given, chosen, wrong, status=error.status)
    page = {
        "name": given["name"],
        "client_id": ids.show("app", app_id),
        "secret": secret,
        "issuer": issuer(),
    }
    return desk.render(request, "web/grants/registered.html", page)


@at_business(APP_REGISTER)
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, desk: Desk, app: str) -> HttpResponse:
    """Ask once more; then it is off, for everybody."""
    app_id = id_in(app)
    view = next((one for one in queries.registered_apps() if one.id == app_id), None)
    if view is None:
        raise Http404
    if request.method == "GET":
        page = {"name": view.name, "short": ids.short(view.id)}
        return desk.render(request, "web/grants/drop.html", page)
    actions.drop_app(app_id)
    messages.success(request, _("The app is off."))
    return redirect("apps", business=desk.short)


def _asked(
    request: HttpRequest,
    desk: Desk,
    given: dict[str, str],
    chosen: list[str],
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    page = {
        "given": given,
        "chosen": chosen,
        "wrong": wrong or {},
        "wrong_elsewhere": (wrong or {}).get("", ""),
        "groups": scopes.grouped(permissions.granted(desk.membership.role)),
    }
    return desk.render(request, "web/grants/register.html", page, status=status)


def _row(view: GrantView) -> dict[str, Any]:
    why = ENDED.get(view.revoked_why, ENDED["asked"])
    return {
        "short": ids.short(view.id),
        "app": view.app_name,
        "scopes": scopes.in_words(view.scopes),
        "created_at": view.created_at,
        "last_used_at": view.last_used_at,
        "ends_at": view.ends_at,
        "is_open": view.is_open,
        "why": _(why),
    }


def _sorted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    closed = [one for one in rows if not one["is_open"]]
    return {"apps": [one for one in rows if one["is_open"]], "closed": closed[:20]}


def _person(request: HttpRequest) -> UUID:
    person_id = request.user.pk
    assert person_id is not None
    return person_id
