"""One conversation with a mail program, line by line (RFC 5321)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import re
from dataclasses import dataclass, field

from hesabu.sandbox.mail.arriving import arrive, mail_id
from hesabu.sandbox.mail.boxes import Mail, bare, read_mime
from hesabu.sandbox.mail.fates import TAKEN, UNKNOWN, Fate, fate_of
from hesabu.sandbox.world import World

SIZE_MAX = 25 * 1024 * 1024
RECIPIENTS_MAX = 100
IDLE_SECONDS = 60.0
NAME = "sandbox"


class Over(Exception):
    """The conversation ends."""


@dataclass
class Session:
    world: World
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_greeted: bool = False
    is_known: bool = False
    """Logged in, or nobody has to."""
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    is_begun: bool = False
    """MAIL was accepted: recipients may follow."""

    async def talk(self) -> None:
        config = self.world.config
        self.is_known = not config.smtp_user
        try:
            await self._greet()
            while True:
                await self._answer(await self._line())
        except (Over, TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            return
        except ValueError:  # a line longer than the reader's limit
            await self._say("500 5.5.2 Line too long")
        finally:
            self.writer.close()
            with contextlib.suppress(ConnectionError):
                await self.writer.wait_closed()

    async def _greet(self) -> None:
        if self._falls("request_limit"):
            self._note("421 too many connections", "request_limit")
            await self._say(f"421 4.7.0 {NAME} Too many connections, try again later")
            raise Over
        if self._falls("request_garbage"):
            self._note("something else answers", "request_garbage")
            await self._say("HTTP/1.1 400 Bad Request")
            raise Over
        await self._say(f"220 {NAME} ESMTP")

    async def _answer(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO":
                self.is_greeted = True
                await self._say(
                    f"250-{NAME}",
                    f"250-SIZE {SIZE_MAX}",
                    "250-8BITMIME",
                    "250-SMTPUTF8",
                    "250-ENHANCEDSTATUSCODES",
                    "250 AUTH PLAIN LOGIN",
                )
            case "HELO":
                self.is_greeted = True
                await self._say(f"250 {NAME}")
            case "AUTH":
                await self._log_in(rest)
            case "MAIL":
                await self._begin(rest)
            case "RCPT":
                await self._add(rest)
            case "DATA":
                await self._take()
            case "RSET":
                self._forget()
                await self._say("250 2.0.0 OK")
            case "NOOP":
                await self._say("250 2.0.0 OK")
            case "QUIT":
                await self._say("221 2.0.0 Bye")
                raise Over
            case "STARTTLS" | "VRFY" | "HELP":
                await self._say("502 5.5.1 Not implemented")
            case _:
                await self._say("500 5.5.2 Unknown command")

    async def _log_in(self, rest: str) -> None:
        mechanism, _, first = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            given = first or await self._ask("")
            words = _decoded(given).split("\0")
            user, password = (words[-2], words[-1]) if len(words) >= 2 else ("", "")
        elif mechanism.upper() == "LOGIN":
            user = _decoded(first or await self._ask("VXNlcm5hbWU6"))
            password = _decoded(await self._ask("UGFzc3dvcmQ6"))
        else:
            await self._say("504 5.5.4 Unrecognized authentication type")
            return
        config = self.world.config
        if config.smtp_user and (user, password) != (config.smtp_user, config.smtp_password):
            self._note("535 the user or the password is wrong")
            await self._say("535 5.7.8 Authentication credentials invalid")
            return
        self.is_known = True
        await self._say("235 2.7.0 Authentication successful")

    async def _ask(self, challenge: str) -> str:
        await self._say(f"334 {challenge}")
        return await self._line()

    async def _begin(self, rest: str) -> None:
        found = re.match(r"(?i)FROM:\s*<([^>]*)>(.*)", rest)
        size = re.search(r"(?i)\bSIZE=(\d+)", rest)
        if not self.is_greeted:
            await self._say("503 5.5.1 EHLO first")
        elif not self.is_known:
            await self._say("530 5.7.0 Authentication required")
        elif found is None or (found[1] and not bare(found[1])):
            await self._say("501 5.1.7 Bad sender address")
        elif size is not None and int(size[1]) > SIZE_MAX:
            await self._say("552 5.3.4 Message too big")
        else:
            self._forget()
            self.sender, self.is_begun = found[1], True
            await self._say("250 2.1.0 OK")

    async def _add(self, rest: str) -> None:
        found = re.match(r"(?i)TO:\s*<([^>]*)>", rest)
        address = bare(found[1]) if found else ""
        if not self.is_begun:
            await self._say("503 5.5.1 MAIL first")
        elif not address:
            await self._say("501 5.1.3 Bad recipient address")
        elif len(self.recipients) >= RECIPIENTS_MAX:
            await self._say("452 4.5.3 Too many recipients")
        else:
            fate = self._fate(address)
            if fate.code == 250:
                self.recipients.append(address)
                await self._say("250 2.1.5 OK")
            else:
                self._note(f"RCPT {address}: {fate.code} {fate.words}")
                await self._say(f"{fate.code} {fate.enhanced} {fate.words}")

    def _fate(self, address: str) -> Fate:
        fate = fate_of(address)
        if fate.tries_max and self.world.count(f"smtp {address}") >= fate.tries_max:
            return TAKEN
        luck = self.world.dials["smtp"].number("mail_bounced")
        key = ("smtp bounced", address, self.world.count("smtp recipient"))
        return UNKNOWN if self.world.chance.happens(luck, *key) else fate

    async def _take(self) -> None:
        if not self.recipients:
            await self._say("503 5.5.1 RCPT first")
            return
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        content = await self._content()
        if content is None:
            await self._say("552 5.3.4 Message too big")
        elif self._falls("request_error_before"):
            self._note("451 nothing was kept", "request_error_before")
            await self._say("451 4.3.0 Temporary server error, please try again")
        else:
            await self._keep(content)
        self._forget()

    async def _keep(self, content: bytes) -> None:
        read = read_mime(content)
        for address in self.recipients:
            mail = Mail(mail_id(self.world), self.world.clock.now(), "smtp", to=address, **read)
            arrive(self.world, mail)
        to = ", ".join(self.recipients)
        fault = next(
            (dial for dial in ("request_error_after", "request_timeout") if self._falls(dial)), ""
        )
        self._note(f"mail to {to}", fault, content.decode("utf-8", "replace"))
        if fault == "request_error_after":
            await self._say("451 4.3.0 Temporary server error, please try again")
            return
        if fault == "request_timeout":
            seconds = self.world.dials["smtp"].number("request_timeout_seconds")
            await self.world.timetable.sleep(seconds)
        await self._say(f"250 2.0.0 OK queued as {self.world.chance.hexadecimal('smtp', 12)}")

    async def _content(self) -> bytes | None:
        """Everything up to the lonely dot; None when it was too much."""
        lines, size = [], 0
        while (line := await self._raw()) != b".\r\n":
            if line == b".\n":
                break
            size += len(line)
            if size <= SIZE_MAX:
                lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines) if size <= SIZE_MAX else None

    def _forget(self) -> None:
        self.sender, self.recipients, self.is_begun = "", [], False

    def _falls(self, dial: str) -> bool:
        luck = self.world.dials["smtp"].number(dial)
        return self.world.chance.happens(luck, dial, "smtp", self.world.count(f"smtp {dial}"))

    def _note(self, summary: str, fault: str = "", request: str = "") -> None:
        self.world.journal.record("request", "smtp", summary, fault=fault, request=request)

    async def _raw(self) -> bytes:
        async with asyncio.timeout(IDLE_SECONDS):
            line = await self.reader.readline()
        if not line:
            raise Over
        return line

    async def _line(self) -> str:
        return (await self._raw()).decode("utf-8", "replace").strip()

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()


def _decoded(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return ""
