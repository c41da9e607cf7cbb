"""Who belongs to a business: the list, invitations, roles, ownership; and joining one."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hesabu.doors.web.desk import Desk, at_business, id_in, refused, signed_in
from hesabu.doors.web.people import letters
from hesabu.identity import actions, queries
from hesabu.identity.permissions import MEMBER_ADD, MEMBER_CHANGE, MEMBER_READ
from hesabu.identity.types import InvitationWay, Role
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError, Invalid
from hesabu.store import pace, tenancy

ROLES = {
    Role.OWNER: gettext_noop("Owner"),
    Role.MANAGER: gettext_noop("Manager"),
    Role.SELLER: gettext_noop("Seller"),
    Role.BOOKKEEPER: gettext_noop("Bookkeeper"),
    Role.PARTNER: gettext_noop("Partner accountant"),
    Role.VIEWER: gettext_noop("Viewer"),
}
JOINS_PER_HOUR = 20


@at_business(MEMBER_READ)
@require_GET
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _shown(request, desk)


@at_business(MEMBER_ADD)
@require_POST
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make an invitation; a code is shown this once, the others are sent."""
    given = {name: request.POST.get(name, "")[:300] for name in ("role", "way", "address")}
    pace.keep("web.invite", str(desk.business_id), times=50, seconds=3600)
    try:
        role, way = Role(given["role"]), InvitationWay(given["way"])
    except ValueError:
        return _shown(request, desk, wrong=_("Choose a role and a way."), given=given, status=422)
    try:
        with tenancy.attempt():
            made = actions.invite(role, way, given["address"])
    except Invalid as error:
        return _shown(request, desk, wrong=refused(error), given=given, status=error.status)
    address = request.build_absolute_uri(reverse("join-by", args=[made.secret]))
    if way is InvitationWay.EMAIL:
        letters.invited(made, desk.business().name, address)
    if way is InvitationWay.CODE:
        return _shown(request, desk, code=made.secret, join=address)
    messages.success(request, _("The invitation is on its way."))
    return _back(desk)


@at_business(MEMBER_ADD)
@require_POST
def revoke(request: HttpRequest, desk: Desk, invitation: str) -> HttpResponse:
    actions.revoke_invitation(id_in(invitation))
    messages.success(request, _("The invitation opens nothing any more."))
    return _back(desk)


@at_business(MEMBER_CHANGE)
@require_POST
def change_role(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError:
        return _shown(request, desk, wrong=_("There is no such role."), status=422)
    return _tried(request, desk, lambda: actions.change_role(id_in(person), role))


@at_business(MEMBER_CHANGE)
@require_POST
def remove(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    return _tried(request, desk, lambda: actions.remove_member(id_in(person)))


@at_business(MEMBER_CHANGE)
@require_POST
def offer(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    """Offer the ownership; the member takes it on their page of approvals, or in the chat."""
    done = _tried(request, desk, lambda: actions.offer_ownership(id_in(person)))
    if isinstance(done, HttpResponseRedirect):
        messages.info(request, _("They have to take it: it waits among their approvals."))
    return done


@at_business(MEMBER_READ)
@require_POST
def leave(request: HttpRequest, desk: Desk) -> HttpResponse:
    done = _tried(request, desk, actions.leave)
    return redirect("home") if isinstance(done, HttpResponseRedirect) else done


@signed_in
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Join by a link, or by a code that is typed. A link is looked at first and joins by a press."""
    if request.method == "GET":
        return render(request, "web/people/join.html", {"secret": secret})
    person_id = request.user.pk
    assert person_id is not None
    pace.keep("web.join", str(person_id), times=JOINS_PER_HOUR, seconds=3600)
    held = request.POST.get("secret", "")[:200]
    proved = EmailAddress.objects.filter(user_id=person_id, verified=True)
    emails = list(proved.values_list("email", flat=True))
    try:
        business_id = actions.accept_invitation(held, person_id, emails=emails)
    except HesabuError as error:
        page = {"secret": held, "wrong": refused(error)}
        return render(request, "web/people/join.html", page, status=error.status)
    messages.success(request, _("You belong to it now."))
    if business_id == tenancy.HOUSE:
        return redirect("home")
    return redirect("business", business=ids.short(business_id))


def _tried(request: HttpRequest, desk: Desk, act: Any) -> HttpResponse:
    """Done, and back to the list; a refusal is shown there and leaves nothing behind."""
    try:
        with tenancy.attempt():
            act()
    except HesabuError as error:
        return _shown(request, desk, wrong=refused(error), status=error.status)
    return _back(desk)


def _back(desk: Desk) -> HttpResponse:
    return redirect("people", business=desk.short)


def _shown(request: HttpRequest, desk: Desk, *, status: int = 200, **more: Any) -> HttpResponse:
    roles = [(role.value, _(words)) for role, words in ROLES.items()]
    named = dict(roles)
    found = queries.members(desk.business_id)
    names = queries.names_of_people(member.person_id for member in found)
    members = [
        {
            "short": ids.short(member.person_id),
            "name": names.get(member.person_id, ""),
            "role": member.role.value,
            "role_words": named[member.role.value],
            "is_self": member.person_id == desk.person_id,
        }
        for member in found
    ]
    invitations = [
        {
            "short": ids.short(one.id),
            "role_words": named[one.role.value],
            "way": one.way.value,
            "address": one.address,
            "expires_at": one.expires_at,
        }
        for one in queries.invitations()
    ]
    page = {
        "members": members,
        "invitations": invitations,
        "roles": roles,
        "invited_roles": [one for one in roles if one[0] != Role.OWNER.value],
        "may_add": desk.may(MEMBER_ADD),
        "may_change": desk.may(MEMBER_CHANGE),
        **more,
    }
    return desk.render(request, "web/people/people.html", page, status=status)
