"""The mail server, spoken to by the standard library's own mail program."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from hesabu.sandbox.smtp.listener import Listener
from sandbox.box import JANE, Box, in_box
from steady import PATIENCE_SECONDS

PDF = b"%PDF-1.7 an invoice\r\n.\r\nwith a lonely dot"


HASTE_SECONDS = 1


def letter(to: str = "jane@example.test") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Kamau Designs <bills@kamau.test>"
    message["To"] = to
    message["Subject"] = "Invoice INV-0001, with ä"
    message["Message-ID"] = "<1@kamau.test>"
    message.set_content("KES 75,000 is due.\n.hidden dot\n")
    message.add_alternative("<p>KES <b>75,000</b></p>", subtype="html")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="INV.pdf")
    return message


def with_server(story: Callable[[Box, int], Any], **config: Any) -> None:
    async def run(box: Box) -> None:
        listener = Listener(box.world)
        port = await listener.open(0)
        try:
            await story(box, port)
        finally:
            await listener.close()

    in_box(run, **config)


def sent(port: int, message: EmailMessage, login: tuple[str, str] | None = None) -> Any:
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_SECONDS) as server:
        if login:
            server.login(*login)
        return server.send_message(message)


def test_a_mail_with_a_file_arrives_in_its_box() -> None:
    async def story(box: Box, port: int) -> None:
        assert await asyncio.to_thread(sent, port, letter()) == {}
        [mail] = (await box.phone(JANE))["mail"]
        assert mail["subject"] == "Invoice INV-0001, with ä"
        assert mail["text"].replace("\r", "") == "KES 75,000 is due.\n.hidden dot\n"
        assert "<b>75,000</b>" in mail["html"]
        assert (mail["via"], mail["message_id"]) == ("smtp", "1@kamau.test")
        [file] = mail["attachments"]
        assert (await box.http.get(file["url"])).content == PDF
        entries = (await box.desk("log"))["entries"]
        assert [(e["provider"], e["summary"]) for e in entries] == [
            ("smtp", "mail to jane@example.test")
        ]

    with_server(story)


def test_who_must_log_in_is_turned_away_without() -> None:
    async def story(box: Box, port: int) -> None:
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            await asyncio.to_thread(sent, port, letter())
        assert refused.value.smtp_code == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(sent, port, letter(), ("hesabu", "wrong"))
        await asyncio.to_thread(sent, port, letter(), ("hesabu", "right"))
        assert len((await box.phone(JANE))["mail"]) == 1

    with_server(story, smtp_user="hesabu", smtp_password="right")


def test_both_ways_of_logging_in_are_understood() -> None:
    def by_login(port: int) -> int:
        with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_SECONDS) as server:
            server.ehlo()
            server.user, server.password = "hesabu", "right"
            return server.auth("LOGIN", server.auth_login)[0]

    async def story(_: Box, port: int) -> None:
        assert await asyncio.to_thread(by_login, port) == 235

    with_server(story, smtp_user="hesabu", smtp_password="right")


@pytest.mark.parametrize(
    ("address", "code"), [("a@bounce.test", 550), ("a@full.test", 452), ("a@busy.test", 451)]
)
def test_some_domains_refuse_their_mail(address: str, code: int) -> None:
    async def story(box: Box, port: int) -> None:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            await asyncio.to_thread(sent, port, letter(address))
        assert refused.value.recipients[address][0] == code
        if code == 451:  # greylisted: the second time it is taken
            await asyncio.to_thread(sent, port, letter(address))
            assert len((await box.desk("mail"))["boxes"]) == 1

    with_server(story)


@pytest.mark.parametrize(
    ("dial", "fault", "arrives"),
    [
        ("request_limit", smtplib.SMTPConnectError, False),
        ("request_garbage", smtplib.SMTPServerDisconnected, False),
        ("request_error_before", smtplib.SMTPDataError, False),
        ("request_error_after", smtplib.SMTPDataError, True),
        ("mail_bounced", smtplib.SMTPRecipientsRefused, False),
    ],
)
def test_the_dials_work_here_too(dial: str, fault: type[Exception], arrives: bool) -> None:
    async def story(box: Box, port: int) -> None:
        await box.turn("smtp", **{dial: 1.0})
        with pytest.raises((fault, smtplib.SMTPConnectError)):
            await asyncio.to_thread(sent, port, letter())
        assert bool((await box.phone(JANE))["mail"]) is arrives
        if dial.startswith("request"):
            assert dial in [e["fault"] for e in (await box.desk("log"))["entries"]]

    with_server(story)


def test_an_answer_may_come_too_late_for_the_one_who_asked() -> None:
    async def story(box: Box, port: int) -> None:
        await box.turn("smtp", request_timeout=1.0, request_timeout_seconds=30)

        def handed_over() -> smtplib.SMTP:
            server = smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            written = letter()
            server.ehlo()
            server.mail(str(written["From"]))
            server.rcpt(str(written["To"]))
            server.docmd("DATA")
            server.send(written.as_bytes(policy=SMTP) + b"\r\n.\r\n")
            return server

        hasty = await asyncio.to_thread(handed_over)
        hasty.sock.settimeout(HASTE_SECONDS)  # type: ignore[union-attr]
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            await asyncio.to_thread(hasty.getreply)
        while not (shown := (await box.phone(JANE))["mail"]):
            await asyncio.sleep(0.01)
        assert len(shown) == 1

    with_server(story)


def test_commands_out_of_order_are_refused_and_the_server_lives_on() -> None:
    def talk(port: int) -> list[int]:
        with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE_SECONDS) as server:
            codes = [server.docmd("MAIL", "FROM:<a@x.test>")[0]]
            server.ehlo()
            for line in (
                "RCPT TO:<b@x.test>",
                "DATA",
                "MAIL FROM:<not an address>",
                "MAIL FROM:<a@x.test> SIZE=99999999999",
                "MAIL FROM:<a@x.test>",
                "RCPT TO:<nobody>",
                "RCPT TO:<b@x.test>",
                "RSET",
                "STARTTLS",
                "EAT",
            ):
                codes.append(server.docmd(line)[0])
            return codes

    async def story(_: Box, port: int) -> None:
        assert await asyncio.to_thread(talk, port) == [
            503,
            503,
            503,
            501,
            552,
            250,
            501,
            250,
            250,
            502,
            500,
        ]

    with_server(story)
