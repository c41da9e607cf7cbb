"""Who is of the platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.desk import id_in, on_platform, refused
from hesabu.doors.web.platform import telling
from hesabu.identity import actions, platform, queries
from hesabu.identity.platform import MEMBER_KEEP, PLATFORM_READ
from hesabu.identity.types import PlatformRole
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import pace, tenancy

ROLES = {
    PlatformRole.ADMIN: gettext_noop("Admin"),
    PlatformRole.SUPPORT: gettext_noop("Support"),
    PlatformRole.AGENT: gettext_noop("Agent"),
    PlatformRole.PARTNER: gettext_noop("Partner accountant"),
}


@on_platform(PLATFORM_READ)
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@on_platform(MEMBER_KEEP)
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    given = {name: request.POST.get(name, "").strip()[:300] for name in ("role", "email")}
    role = _role(given["role"])
    if role is None:
        return _shown(request, wrong_role=_("Choose a role."), given=given, status=422)
    pace.keep("web.platform_invite", str(request.user.pk), times=30, seconds=3600)
    try:
        with tenancy.attempt():
            made = actions.invite_platform(role, given["email"])
    except HesabuError as error:
        return _shown(request, wrong=refused(error), given=given, status=error.status)
    telling.invite(made, request.build_absolute_uri(reverse("join-by", args=[made.secret])))
    messages.success(request, _("The invitation is on its way."))
    return redirect("platform-members")


@on_platform(MEMBER_KEEP)
@require_POST
def revoke(request: HttpRequest, invitation: str) -> HttpResponse:
    return _tried(request, lambda: actions.revoke_platform_invitation(id_in(invitation)))


@on_platform(MEMBER_KEEP)
@require_POST
def change(request: HttpRequest, person: str, role: str) -> HttpResponse:
    held, to = _role(role), _role(request.POST.get("role", ""))
    if held is None or to is None:
        return _shown(request, refusal=_("There is no such role."), status=422)
    return _tried(request, lambda: actions.change_platform(id_in(person), held, to))


@on_platform(MEMBER_KEEP)
@require_POST
def let_go(request: HttpRequest, person: str, role: str) -> HttpResponse:
    held = _role(role)
    if held is None:
        return _shown(request, refusal=_("There is no such role."), status=422)
    return _tried(request, lambda: actions.let_platform_go(id_in(person), held))


@on_platform(MEMBER_KEEP)
@require_POST
def stop_taking(request: HttpRequest, taking: str) -> HttpResponse:
    """No, an operator shall not take that admin's role."""
    return _tried(request, lambda: actions.stop_taking(id_in(taking)))


def _role(text: str) -> PlatformRole | None:
    return next((role for role in PlatformRole if role.value == text), None)


def _tried(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    """Done, and back to the list; a refusal is shown there and leaves nothing behind."""
    try:
        with tenancy.attempt():
            act()
    except HesabuError as error:
        return _shown(request, refusal=refused(error), status=error.status)
    return redirect("platform-members")


def _shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    assert request.user.pk is not None
    roles = [(role.value, _(words)) for role, words in ROLES.items()]
    named = dict(roles)
    places = queries.platform_places()
    page = {
        "takings": [
            {"short": ids.short(one.taking_id), "name": one.name, "due_at": one.taken_at}
            for one in places
            if one.taking_id is not None
        ],
        "members": [
            {
                "short": ids.short(one.person_id),
                "name": one.name,
                "role": one.role.value,
                "role_words": named[one.role.value],
                "since": one.granted_at,
                "is_self": one.person_id == request.user.pk,
            }
            for one in places
        ],
        "invitations": [
            {
                "short": ids.short(one.id),
                "address": one.address,
                "role_words": named[one.role.value],
                "expires_at": one.expires_at,
            }
            for one in queries.platform_invitations()
        ],
        "roles": roles,
        "may_keep": platform.may(request.user.pk, MEMBER_KEEP),
        **more,
    }
    return render(request, "web/platform/members.html", page, status=status)
