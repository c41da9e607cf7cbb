"""Keys: which there are, and what each may do; made, shown once, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from hesabu.doors.web import scopes
from hesabu.doors.web.desk import Desk, at_business, id_in, refused
from hesabu.identity import actions, permissions
from hesabu.identity.permissions import KEY_MAKE, KEY_READ, KEY_REVOKE
from hesabu.identity.queries import keys as kept_keys
from hesabu.identity.queries import names_of_people
from hesabu.identity.types import KeyView
from hesabu.kit import clock, ids
from hesabu.kit.errors import HesabuError
from hesabu.store import pace, tenancy

LASTS = {
    "30": gettext_noop("30 days"),
    "90": gettext_noop("90 days"),
    "365": gettext_noop("a year"),
    "never": gettext_noop("until it is taken back"),
}
LINES_MAX, LETTERS_MAX = 50, 4000
MADE_PER_HOUR = 30
EXAMPLES = {
    "business:read": "/me",
    "invoice:read": "/invoices",
    "customer:read": "/customers",
    "item:read": "/items",
    "payment:read": "/payments/unplaced",
    "book:read": "/books/balances",
    "approval:read": "/approvals",
}
"""What a key with that scope can ask first."""


@at_business(KEY_READ)
@require_GET
def keys(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = _rows(kept_keys())
    page = {
        "keys": [one for one in found if one["is_open"]],
        "closed": [one for one in found if not one["is_open"]],
        "may_make": desk.may(KEY_MAKE),
        "may_revoke": desk.may(KEY_REVOKE),
        "example": example("hsb_…", ["business:read"]),
    }
    return desk.render(request, "web/keys/keys.html", page)


@at_business(KEY_MAKE)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask what for; make it, and show it this once."""
    if request.method == "GET":
        return _asked(request, desk, {"lasts": "90"}, [])
    given = {
        name: request.POST.get(name, "")[:LETTERS_MAX] for name in ("name", "lasts", "addresses")
    }
    chosen = request.POST.getlist("scope")[:200]
    pace.keep("web.key", str(desk.business_id), times=MADE_PER_HOUR, seconds=3600)
    if given["lasts"] not in LASTS:
        wrong = {"expires_at": _("Choose how long it works.")}
        return _asked(request, desk, given, chosen, wrong, status=422)
    expires_at = None
    if given["lasts"] != "never":
        expires_at = clock.now() + timedelta(days=int(given["lasts"]))
    lines = given["addresses"].splitlines()[:LINES_MAX]
    try:
        with tenancy.attempt():
            key_id, key = actions.make_key(
                given["name"], chosen, expires_at=expires_at, addresses=lines
            )
    except HesabuError as error:
        said = {"scopes": _("Choose at least one thing that it may do.")} if not chosen else {}
        wrong = {error.field or "": refused(error), **said}
        return _asked(request, desk, given, chosen, wrong, status=error.status)
    [made] = _rows([view for view in kept_keys() if view.id == key_id])
    page = {"key": key, "made": made, "example": example(key, chosen)}
    return desk.render(request, "web/keys/made.html", page)


@at_business(KEY_REVOKE)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, desk: Desk, key: str) -> HttpResponse:
    """Ask once more; then take it back for ever."""
    key_id = id_in(key)
    found = [view for view in kept_keys() if view.id == key_id]
    if not found:
        raise Http404
    if request.method == "GET":
        return desk.render(request, "web/keys/revoke.html", {"key": _rows(found)[0]})
    actions.revoke_key(key_id)
    messages.success(request, _("The key opens nothing any more."))
    return redirect("keys", business=desk.short)


def example(key: str, chosen: list[str]) -> str:
    """A command that asks with this key for something that it may see; empty where it may see nothing."""
    path = next((path for scope, path in EXAMPLES.items() if scope in chosen), "")
    base = settings.CONFIG.public_url.rstrip("/")
    return f'curl -H "Authorization: Bearer {key}" {base}/api/v1{path}' if path else ""


def _asked(
    request: HttpRequest,
    desk: Desk,
    given: dict[str, str],
    chosen: list[str],
    wrong: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    mine = permissions.granted(desk.membership.role)
    page = {
        "given": given,
        "chosen": chosen,
        "wrong": wrong or {},
        "wrong_elsewhere": (wrong or {}).get("", ""),
        "groups": scopes.grouped(mine),
        "lasts": [(value, _(words)) for value, words in LASTS.items()],
    }
    return desk.render(request, "web/keys/make.html", page, status=status)


def _rows(views: Sequence[KeyView]) -> list[dict[str, Any]]:
    names = names_of_people(view.made_by_id for view in views)
    return [_row(view, names.get(view.made_by_id, "")) for view in views]


def _row(view: KeyView, made_by: str) -> dict[str, Any]:
    is_over = view.expires_at is not None and view.expires_at <= clock.now()
    return {
        "short": ids.short(view.id),
        "name": view.name,
        "shown": view.shown,
        "scopes": scopes.in_words(view.scopes),
        "addresses": view.addresses,
        "made_by": made_by,
        "created_at": view.created_at,
        "expires_at": view.expires_at,
        "last_used_at": view.last_used_at,
        "last_used_from": view.last_used_from,
        "revoked_at": view.revoked_at,
        "is_open": view.revoked_at is None and not is_over,
    }
