"""A load of prepared HTTP requests on loopback, bounded by their number: `python -m hesabu.app.bench.load PORT FILE CONNECTIONS`.

FILE has the raw requests, each behind its length. Prints how many seconds all took and how many were not answered by 200.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path


def pack(requests: Sequence[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(one)) + one for one in requests)


def unpack(packed: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(packed):
        (length,) = struct.unpack_from(">I", packed, at)
        found.append(packed[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def post(path: str, body: bytes) -> bytes:
    """A raw POST on a connection that is kept."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def main() -> None:
    port, file, count = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    requests = unpack(file.read_bytes())
    failures = [0] * count
    threads = [
        threading.Thread(target=_send, args=(port, requests[i::count], failures, i))
        for i in range(count)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{time.monotonic() - started} {sum(failures)}", flush=True)


def _send(port: int, requests: Sequence[bytes], failures: list[int], slot: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in requests:
            connection.sendall(one)
            if not _answer(connection).startswith(b"HTTP/1.1 200"):
                failures[slot] += 1


def _answer(connection: socket.socket) -> bytes:
    got = connection.recv(4096)
    while b"\r\n\r\n" not in got:
        got += connection.recv(4096)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return head


if __name__ == "__main__":
    main()
