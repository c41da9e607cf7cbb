"""An address as a QR code on a page: one SVG path, sized by the style sheet."""

from __future__ import annotations

import io

import segno


def qr_svg(url: str) -> str:
    """Dark on light in both themes, because that is what cameras expect. The page around it gives the quiet zone."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=1,
        xmldecl=False,
        svgns=False,
        nl=False,
        dark="#17221c",
        omitsize=True,
    )
    return drawn.getvalue().decode()
