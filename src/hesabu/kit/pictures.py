"""Pictures from outside: known by their bytes, drawn anew, and nothing else of the file kept.

Whatever its name and its sender say, a file is a picture if it begins as one and a decoder of that one format reads it. What
is kept is drawn from its points: what stood before, between or behind them (places, names, scripts, a second file) is gone.
Drawings in SVG are programs and are refused, and so is a picture of more points than a telephone makes: a few thousand
bytes can ask for gigabytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from hesabu.kit.errors import Invalid

POINTS_MAX = 40_000_000
"""Width times height that is decoded at most; a good telephone makes half as many."""
SIDE_MAX = 20_000
_BEGINNINGS = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "WEBP": (b"RIFF",),
}
"""The formats that are taken, each by how its files begin."""


class BadPicture(Invalid):
    code = "picture.bad"
    title = "That is no picture that can be shown."
    hint = "Send a PNG, JPEG or WebP picture of at most 2 MB."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was drawn anew: a PNG."""

    content: bytes
    width: int
    height: int


def format_of(content: bytes) -> str | None:
    """Which of the formats that are taken the bytes begin as."""
    for name, beginnings in _BEGINNINGS.items():
        if content.startswith(beginnings) and (name != "WEBP" or content[8:12] == b"WEBP"):
            return name
    return None


def drawn_anew(content: bytes, sides: tuple[int, int]) -> Picture:
    """The first picture of the file, upright, at most that wide and high, as a PNG without a word about where it is from.
    Raises BadPicture."""
    found = format_of(content)
    if found is None:
        raise BadPicture("no picture of a known kind")
    try:
        with Image.open(io.BytesIO(content), formats=[found]) as opened:
            _check_size(*opened.size)  # from its head: nothing was decoded yet
            opened.draft("RGB", sides)
            upright = ImageOps.exif_transpose(opened)
            drawn = upright.convert("RGBA" if _may_be_seen_through(upright) else "RGB")
    except BadPicture:
        raise
    except Exception as error:  # whatever a decoder falls over: the file is to blame
        raise BadPicture("it cannot be read") from error
    drawn.thumbnail(sides)
    bare = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    kept = io.BytesIO()
    bare.save(kept, format="PNG", optimize=True)
    return Picture(kept.getvalue(), *bare.size)


def _check_size(width: int, height: int) -> None:
    if width * height > POINTS_MAX or max(width, height) > SIDE_MAX:
        raise BadPicture("too many points")


def _may_be_seen_through(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info
