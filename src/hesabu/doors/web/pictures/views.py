"""What customers sent about their invoices. People of the business see it, and nobody else: support, who may look by consent,
sees that something came and not what."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import Desk, at_business, id_in
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.invoicing.types import INVOICE
from hesabu.kit import ids
from hesabu.messaging import queries as messages
from hesabu.messaging.errors import PictureNotFound
from hesabu.messaging.types import PictureView
from hesabu.store import files

SHOWN = 30


@at_business(INVOICE_READ)
@require_GET
def pictures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest first, each with the invoice it is about."""
    found = [one for one in messages.pictures(limit=SHOWN) if one.subject[0] == INVOICE]
    views = invoices.invoices_of_ids({one.subject[1] for one in found})
    rows = []
    for one in found:
        view = views[one.subject[1]]
        rows.append(_row(one, desk) | {"name": view.customer_name, "number": view.number or ""})
    return desk.render(request, "web/pictures/pictures.html", {"rows": rows})


def _row(one: PictureView, desk: Desk) -> dict[str, Any]:
    is_here = one.file_id is not None
    return {
        "short": ids.short(one.id),
        "at": one.at,
        "is_shown": is_here and not desk.is_support,
        "note": ""
        if is_here
        else _("It could not be opened.")
        if one.error_code
        else _("It is on its way."),
    }


@at_business(INVOICE_READ)
@require_GET
def picture(request: HttpRequest, desk: Desk, picture: str) -> HttpResponse:
    """One of them, as it was drawn anew: a PNG whatever was sent, and nothing that could run."""
    try:
        file_id = messages.picture(id_in(picture)).file_id
    except PictureNotFound:
        raise Http404 from None
    if file_id is None or desk.is_support:
        raise Http404
    return HttpResponse(
        files.read(file_id).content,
        content_type="image/png",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
