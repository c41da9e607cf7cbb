"""Files of strangers, looked at by ClamAV's daemon before anything else is done with them, where one is set.

    clamd ◀── zINSTREAM, the bytes in pieces, an empty piece ──▶ stream: OK, or stream: <name> FOUND

Not knowing is not being well: where a scanner is set and does not answer, or says anything else, the file is not taken. No
scanner is asked inside of a transaction, which would wait for it.
"""

from __future__ import annotations

import re
import socket
import struct

import structlog

from hesabu.kit.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)
PATIENCE_SECONDS = 10
PIECE_BYTES = 64 * 1024
ANSWER_BYTES_MAX = 4096
_PLACE = re.compile(
    r"unix:/[^\x00]{1,100}|[A-Za-z0-9.\-]{1,253}:\d{1,5}|\[[0-9a-fA-F:.]+\]:\d{1,5}"
)
_NAME = re.compile(r"[^A-Za-z0-9._\-]")
TRIAL = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner is to find, and harms nobody: in two halves here, so that none finds this file."""


class Harmful(Invalid):
    code = "file.harmful"
    title = "That file holds something harmful, so it was not taken."
    hint = "Have the device that it came from looked at, and send another file."


class ScannerAway(Unavailable):
    code = "file.not_looked_at"
    title = "Files cannot be looked at just now, so that one was not taken."
    hint = "Please send it again in a few minutes."


_place = ""


def configure(place: str) -> None:
    """Where the daemon listens: `unix:/path`, `host:port`, or empty for none."""
    global _place
    _place = place


def is_set() -> bool:
    return bool(_place)


def is_place(text: str) -> bool:
    """Whether a setting can be understood."""
    if not _PLACE.fullmatch(text):
        return False
    return text.startswith("unix:/") or 0 < int(text.rpartition(":")[2]) < 65_536


def look(content: bytes) -> None:
    """Raises Harmful for what the scanner knows, ScannerAway where it does not say. Nothing where none is set."""
    if not _place:
        return
    found = found_in(content, _place)
    if found:
        # Its name is the scanner's, and not the sender's: it tells the operator what goes around.
        log.warning("file.harmful", kind=_NAME.sub("_", found)[:80], size_bytes=len(content))
        raise Harmful()


def found_in(content: bytes, place: str) -> str:
    """What the scanner at that place calls it; empty for nothing. Raises ScannerAway."""
    try:
        with _connected(place) as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE_BYTES):
                piece = content[at : at + PIECE_BYTES]
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            said = _answer(line)
    except OSError as error:
        log.error("file.scanner_away", kind=type(error).__name__)
        raise ScannerAway() from error
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND") or "something"
    log.error("file.scanner_away", kind="refused")
    raise ScannerAway()


def _connected(place: str) -> socket.socket:
    if place.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE_SECONDS)
        try:
            line.connect(place.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    host, _, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), PATIENCE_SECONDS)


def _answer(line: socket.socket) -> str:
    """Up to its end; what is longer than any answer is none."""
    heard = b""
    while not heard.endswith(b"\0") and len(heard) <= ANSWER_BYTES_MAX:
        piece = line.recv(1024)
        if not piece:
            break
        heard += piece
    return heard.rstrip(b"\0\n").decode("utf-8", "replace")
