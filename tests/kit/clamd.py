"""A listener that speaks as clamd does: INSTREAM, and the one file that every scanner sees."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hesabu.kit import scanning

LIMIT_BYTES = 300_000


class Clamd(threading.Thread):
    """INSTREAM: pieces behind their length in four bytes, big end first, until one of length nought; then one line."""

    def __init__(
        self,
        listening: socket.socket,
        answer: bytes | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(daemon=True)
        self.listening, self.answer, self.meanwhile = listening, answer, meanwhile
        self.heard: list[bytes] = []

    def run(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line, line.makefile("rb") as reads:
                self.serve(line, reads)  # type: ignore[arg-type]

    def serve(self, line: socket.socket, reads: socket.SocketIO) -> None:
        if reads.read(10) != b"zINSTREAM\0":
            return line.sendall(b"UNKNOWN COMMAND\0")
        whole = b""
        while size := struct.unpack("!I", reads.read(4) or bytes(4))[0]:
            whole += reads.read(size) or b""
            if len(whole) > LIMIT_BYTES:
                return line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        self.heard.append(whole)
        self.meanwhile()
        if self.answer is not None:
            return line.sendall(self.answer)
        is_seen = scanning.TRIAL.encode() in whole
        return line.sendall(b"stream: Eicar-Signature FOUND\0" if is_seen else b"stream: OK\0")


@contextmanager
def listening(
    answer: bytes | None = None,
    *,
    by_path: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Clamd, str]]:
    if by_path:
        with tempfile.TemporaryDirectory(dir="/tmp") as place:
            path = Path(place) / "clamd.ctl"
            held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            held.bind(str(path))
            held.listen()
            yield _begun(held, answer, meanwhile), f"unix:{path}"
            _end(held)
    else:
        held = socket.create_server(("127.0.0.1", 0))
        yield _begun(held, answer, meanwhile), f"127.0.0.1:{held.getsockname()[1]}"
        _end(held)


def _begun(held: socket.socket, answer: bytes | None, meanwhile: Callable[[], None]) -> Clamd:
    found = Clamd(held, answer, meanwhile)
    found.start()
    return found


def _end(held: socket.socket) -> None:
    held.shutdown(socket.SHUT_RDWR)
    held.close()
