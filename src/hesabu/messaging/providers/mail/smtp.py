"""Any mail server. It takes a mail or refuses it, and never tells more: that it was taken is the most that is known.

The conversation is led step by step, because its steps differ in what a broken line means: before the last dot the server
certainly has nothing, after it nobody knows.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress

import structlog

from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.providers.mail.writing import mail_of
from hesabu.messaging.providers.port import (
    Accepted,
    Contents,
    Errand,
    Fetched,
    Outcome,
    Refused,
    Uncertain,
    Unread,
)
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Letter

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 30
LOCAL_NAME = "localhost"
"""Said in the greeting; the name of this machine is nobody's business."""


class Smtp:
    """One mail server. `security` is starttls, tls or none."""

    returns_marks = False

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        user: str,
        password: str,
        mail_from: str,
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._user, self._password = user, password
        self._mail_from = mail_from
        self._timeout_seconds = timeout_seconds

    def send(self, errand: Errand) -> Outcome:
        if not isinstance(errand.content, Letter):
            return Refused("rejected")
        if not errand.address.email:
            return Refused("no_address")
        domain = self._mail_from.rpartition("@")[2]
        provider_id = f"{errand.mark}@{domain}"
        try:
            mail = mail_of(errand, errand.content, mail_from=self._mail_from)
            mail.extra_headers["Message-ID"] = f"<{provider_id}>"
            written = mail.message().as_bytes()
            errand.address.email.encode("ascii")
        except ValueError as error:  # what cannot be written as a mail at all
            log.warning("smtp.unwritable", error=type(error).__name__)
            return Refused("invalid_address")
        refused = self._spoken(errand.address.email, written)
        return refused or Accepted(provider_id, is_passed_on=True)

    def _spoken(self, to: str, written: bytes) -> Refused | Uncertain | None:
        """The whole conversation; None where the mail was taken."""
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError:
            return Refused("token_invalid", Cure.OPERATOR)
        except smtplib.SMTPNotSupportedError:
            return Refused("not_permitted", Cure.OPERATOR)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("smtp.unreachable", error=type(error).__name__)
            return Refused("unreachable", Cure.WAIT)
        try:
            return self._announced(server, to) or self._handed_over(server, written)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, LOCAL_NAME, timeout=self._timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, LOCAL_NAME, self._timeout_seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if self._security == "starttls":
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _announced(self, server: smtplib.SMTP, to: str) -> Refused | None:
        """Who writes, and to whom. Nothing was handed over yet, whatever happens."""
        try:
            code, _ = server.mail(self._mail_from)
            if code != 250:
                return _refused(code, otherwise=Refused("rejected", Cure.OPERATOR))
            code, _ = server.rcpt(to)
        except (OSError, smtplib.SMTPException) as error:
            log.warning("smtp.broken_off", error=type(error).__name__)
            return Refused("unreachable", Cure.WAIT)
        if code in (250, 251):
            return None
        return _refused(code, otherwise=Refused("bounced" if code in (550, 553) else "rejected"))

    def _handed_over(self, server: smtplib.SMTP, written: bytes) -> Refused | Uncertain | None:
        """The mail itself. A server that says no before it has nothing; one that falls silent after it may have it."""
        try:
            code, _ = server.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            log.warning("smtp.broken_off", error=type(error).__name__)
            return Refused("unreachable", Cure.WAIT)
        if code != 354:
            return _refused(code, otherwise=Refused("rejected"))
        try:
            server.send(_dotted(written))
            code, _ = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("smtp.unknown", error=type(error).__name__)
            return Uncertain("no_answer")
        if code == 250:
            return None
        if not 400 <= code < 600:
            return Uncertain("unreadable_answer")
        return _refused(code, otherwise=Refused("too_large" if code == 552 else "rejected"))

    def mark_read(self, provider_id: str, *, shows_typing: bool) -> bool:
        """Mail has no such courtesies."""
        return False

    def fetch(self, media_id: str, *, sha256: str, bytes_max: int) -> Fetched:
        raise MediaUnavailable

    def read(self, body: bytes, ref: str) -> Contents:
        """Nothing ever comes from a mail server."""
        return Contents(unread=[Unread("letter", "a mail server writes no letters")])


def _refused(code: int, *, otherwise: Refused) -> Refused:
    """A 4xx passes (RFC 5321); 530, 535 and 538 are about us."""
    log.warning("smtp.refused", status=code)
    if 400 <= code < 500:
        return Refused("busy", Cure.WAIT)
    if code in (530, 534, 535, 538):
        return Refused("token_invalid", Cure.OPERATOR)
    return otherwise


def _dotted(written: bytes) -> bytes:
    """As the standard wants it: a line that begins with a dot gets another, and a dot alone ends it."""
    lines = written.replace(b"\r\n", b"\n").split(b"\n")
    doubled = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return doubled.rstrip(b"\r\n") + b"\r\n.\r\n"
