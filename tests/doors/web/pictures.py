"""Pictures, and files that only say they are."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

SCRIPT = b"<script>fetch('/steal')</script>"


def drawn(kind: str = "PNG", size: tuple[int, int] = (600, 300), **more: object) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, (0, 99, 63)).save(kept, format=kind, **more)
    return kept.getvalue()


def with_a_place_in_it() -> bytes:
    """A photo whose head tells where it was taken, by which telephone."""
    told = Image.Exif()
    told[0x010F] = "Secret Phone Maker"
    told[0x0112] = 6  # it lies on its side
    return drawn("JPEG", exif=told.tobytes())


def polyglot() -> bytes:
    """A PNG that is a page, too: words in a chunk of its own, and more behind its end."""
    whole = drawn()
    said = b"Comment\x00" + SCRIPT
    chunk = struct.pack(">I", len(said)) + b"tEXt" + said
    chunk += struct.pack(">I", zlib.crc32(b"tEXt" + said))
    return whole[:33] + chunk + whole[33:] + SCRIPT + b"PK\x03\x04"


def bomb(side: int = 60_000) -> bytes:
    """A few hundred bytes that ask for gigabytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body
        chunks += struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!doctype html><html>" + SCRIPT + b"</html>"
NO_PICTURES = {
    "a drawing that is a program": SVG,
    "a page called a picture": PAGE,
    "a bomb": bomb(),
    "a long thin one": bomb(30_000),
    "a beginning alone": b"\x89PNG\r\n\x1a\n",
    "half of one": drawn()[:200],
    "a film": b"GIF89a" + b"\0" * 50,
    "a page behind a beginning": b"\xff\xd8\xff" + PAGE,
    "RIFF that is sound": b"RIFF\0\0\0\0WAVEfmt ",
    "nothing": b"",
}
