"""A mail server on a socket that answers each command as a test tells it to, and keeps what it was handed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

HANGS_UP = "hangs up"
CALM = {
    "greeting": "220 mx ESMTP",
    "EHLO": "250-mx\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 2.7.0 Welcome",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End with a dot",
    ".": "250 2.0.0 Queued as 4711",
    "QUIT": "221 Bye",
}


@dataclass
class Postoffice:
    """`answers` are given by command, `.` for the end of a mail."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=lambda: dict(CALM))
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def will(self, **answers: str) -> None:
        self.answers = CALM | answers

    def end_with(self, answer: str) -> None:
        self.answers = CALM | {".": answer}

    def texts(self) -> list[str]:
        """Each mail as a reader sees it."""
        return [_read(mail) for mail in self.mails]

    def parsed(self) -> list[EmailMessage]:
        return [_parsed(mail) for mail in self.mails]


def _parsed(mail: bytes) -> EmailMessage:
    found = message_from_bytes(mail, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def _read(mail: bytes) -> str:
    parsed = _parsed(mail)
    body = parsed.get_body(("plain",))
    assert body is not None
    headers = "\n".join(f"{name}: {value}" for name, value in parsed.items())
    return f"{headers}\n\n{body.get_content()}"


@contextmanager
def postoffice() -> Iterator[Postoffice]:
    """On a free port of this machine."""
    told = Postoffice()
    with socket.create_server(("127.0.0.1", 0)) as server:
        told.port = server.getsockname()[1]
        threading.Thread(target=_serve, args=(server, told), daemon=True).start()
        yield told
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, told: Postoffice) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(line, told), daemon=True).start()


def _converse(line: socket.socket, told: Postoffice) -> None:
    with line, line.makefile("rb") as heard, suppress(OSError):
        if not _say(line, told, "greeting"):
            return
        while command := heard.readline():
            verb = command.decode().split()[0].upper()
            told.commands.append(command.decode().strip())
            if not _say(line, told, verb):
                return
            if verb == "DATA" and told.answers["DATA"].startswith("354"):
                told.mails.append(_mail(heard))
                if not _say(line, told, "."):
                    return


def _mail(heard: object) -> bytes:
    lines = []
    for each in iter(heard.readline, b""):  # type: ignore[attr-defined]
        if each == b".\r\n":
            break
        lines.append(each[1:] if each.startswith(b"..") else each)
    return b"".join(lines)


def _say(line: socket.socket, told: Postoffice, verb: str) -> bool:
    answer = told.answers.get(verb, "502 5.5.1 What?")
    if answer == HANGS_UP:
        return False
    line.sendall(answer.encode() + b"\r\n")
    return verb != "QUIT"
