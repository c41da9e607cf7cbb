"""Hours: pages tell times as they are where the business is; outside of one as its person chose, else as at the business that
was seen last, and before any was seen, where the person's first one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hesabu.identity import queries as identity
from hesabu.store import tenancy

ZONE = "zone"
"""In the session: the time zone of the business whose page was seen last."""


class LocalTime:
    """Outside of a business's own pages: as the person chose, or as on the page of a business that was seen last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


@contextmanager
def at_the_business(request: HttpRequest) -> Iterator[None]:
    """Inside the binding of one business: its time, also for the pages that come after."""
    zone = identity.business(tenancy.only()).timezone
    if request.session.get(ZONE) != zone:
        request.session[ZONE] = zone
    with timezone.override(ZoneInfo(zone)):
        yield


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    if not request.session.session_key or request.user.pk is None:
        return None
    own = str(getattr(request.user, "timezone", ""))
    if own:
        with suppress(ZoneInfoNotFoundError):
            return ZoneInfo(own)
    if ZONE not in request.session:
        request.session[ZONE] = _first_zone(request)
    kept = request.session[ZONE]
    return ZoneInfo(kept) if kept else None


def _first_zone(request: HttpRequest) -> str:
    assert request.user.pk is not None
    for membership in identity.memberships_of(request.user.pk):
        with tenancy.bound(membership.business_id):
            return identity.business(membership.business_id).timezone
    return ""
