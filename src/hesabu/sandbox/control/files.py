"""A file as a phone opens it."""

from __future__ import annotations

from starlette.responses import Response

SHOWN = ("application/pdf", "text/plain", "image/jpeg", "image/png", "image/webp", "image/gif")
SHOWN_KINDS = ("audio/", "video/")


def file_answer(content: bytes, filename: str, mime_type: str) -> Response:
    """What a phone can show opens in its viewer; all else is saved. Nothing runs."""
    name = "".join(c if c.isalnum() or c in "-_. " else "_" for c in filename) or "file"
    is_shown = mime_type in SHOWN or mime_type.startswith(SHOWN_KINDS)
    disposition = "inline" if is_shown else "attachment"
    written = name.encode("ascii", "replace").decode().replace("?", "_")
    return Response(
        content,
        media_type=mime_type,
        headers={
            "Content-Disposition": f'{disposition}; filename="{written}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
