"""An issued document on paper: the frozen snapshot as an archival, tagged PDF (PDF/A-3a).

The snapshot is all that is known here: no row is read, so the paper says today what it said when it was issued, and the
same snapshot gives the same bytes (the date inside is the day of issue, the fonts travel with the product). Text goes to
the typesetter as JSON strings, which are text and never markup. How it is done stands in `printing`.

What the law of the seller's country asks to be said is in `rules/legal.py`.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import segno
from django.utils import translation

from hesabu.invoicing.printing.figures import language_of
from hesabu.invoicing.printing.page import page_of
from hesabu.invoicing.printing.typesetting import compile_pdf, drawable
from hesabu.invoicing.printing.typesetting import typeset as typeset

LANGUAGES = ("en", "sw", "mk", "sq", "fr")
"""What papers are written in; anything else is written in English."""


def render_pdf(snapshot: dict[str, Any], logo: bytes = b"") -> bytes:
    """The PDF of an issued invoice or credit note, from its snapshot (version 1 to 4). `logo` is the picture that the
    snapshot names, as it is kept: a PNG."""
    inputs, stamp = inputs_of(snapshot)
    # The typesetter takes texts alone; a picture travels as the numbers of its bytes.
    return compile_pdf(inputs | {"logo": json.dumps(list(logo), separators=(",", ":"))}, stamp)


def inputs_of(snapshot: dict[str, Any]) -> tuple[dict[str, str], int]:
    """What the typesetter is given: the page's words and the QR code, and the instant that the file says it was made."""
    if snapshot["version"] not in (1, 2, 3, 4):
        raise ValueError(f"a snapshot of version {snapshot['version']!r} is not known here")
    issued_on = date.fromisoformat(snapshot["issued_on"])
    with translation.override(language_of(snapshot)):
        page = page_of(snapshot)
    inputs = {
        "page": json.dumps(drawable(page), ensure_ascii=False),
        "qr": qr_svg(snapshot["pay_url"]) if snapshot.get("pay_url") else "",
    }
    stamp = int(datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC).timestamp())
    return inputs, stamp


def qr_svg(url: str) -> str:
    """The address as a QR code, drawn as one SVG path, without the quiet zone (the page around it gives that)."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=0,
        xmldecl=False,
        nl=False,
        dark="#17221c",
        omitsize=True,
    )
    return drawn.getvalue().decode()
