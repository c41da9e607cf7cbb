"""What somebody of the platform is told of: each kind at once, in the digest, or not, and how."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from hesabu.doors.web.desk import on_platform, refused
from hesabu.doors.web.platform import telling
from hesabu.identity import actions, queries
from hesabu.identity.platform import NOTICE_READ
from hesabu.identity.types import NoticeChoice, NoticeWay, When
from hesabu.kit.errors import HesabuError
from hesabu.store import tenancy

WHEN = {
    When.AT_ONCE: gettext_noop("At once"),
    When.DIGEST: gettext_noop("Daily digest"),
    When.NEVER: gettext_noop("Not"),
}
WAYS = {
    NoticeWay.EMAIL: gettext_noop("E-mail"),
    NoticeWay.WHATSAPP: gettext_noop("WhatsApp"),
    NoticeWay.SMS: gettext_noop("SMS"),
}


@on_platform(NOTICE_READ)
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    choices = queries.notice_choices(request.user.pk)
    if request.method == "GET":
        return _shown(request, choices)
    timezone = request.POST.get("timezone", "").strip()[:60]
    try:
        with tenancy.attempt():
            actions.set_digest_timezone(timezone)
            for one in choices:
                _choose(request, one)
    except HesabuError as error:
        more = {"wrong_timezone": refused(error), "timezone": timezone}
        return _shown(request, choices, status=error.status, **more)
    messages.success(request, _("Kept."))
    return redirect("platform-notices")


def _choose(request: HttpRequest, one: NoticeChoice) -> None:
    """What is not there, or is no choice, stays as it was."""
    when, way = (request.POST.get(f"{name}:{one.kind}", "") for name in ("when", "way"))
    if when in list(When) and way in list(NoticeWay):
        actions.choose_notice(one.kind, When(when), NoticeWay(way))


def _shown(
    request: HttpRequest, choices: list[NoticeChoice], *, status: int = 200, **more: Any
) -> HttpResponse:
    assert request.user.pk is not None
    page = {
        "rows": [
            {
                "kind": one.kind,
                "id": one.kind.replace(".", "-"),
                "words": _(one.words),
                "is_alert": one.is_alert,
                "when": one.when.value,
                "way": one.way.value,
            }
            for one in choices
        ],
        "whens": [(one.value, _(words)) for one, words in WHEN.items()],
        "ways": [(one.value, _(words)) for one, words in WAYS.items()],
        "timezone": queries.digest_timezone(request.user.pk),
        "timezones": sorted(zoneinfo.available_timezones()),
        "has_phone": telling.has_phone(request.user.pk),
        **more,
    }
    return render(request, "web/platform/notices.html", page, status=status)
