"""Mail as it is written, what a mail server may answer, what Mailgun tells, and whom it is believed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hesabu.kit import clock, ids
from hesabu.messaging.providers.mail import events as reading
from hesabu.messaging.providers.mail.intake import MailgunIntake, signature_of
from hesabu.messaging.providers.mail.mailgun import Mailgun
from hesabu.messaging.providers.port import Accepted, Attachment, Refused, Uncertain
from hesabu.messaging.rules import REASONS, Cure
from hesabu.messaging.types import Letter
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint
from providers.mail.events import KEY, MESSAGE_ID, event, signed
from providers.mail.postoffice import HANGS_UP, Postoffice, postoffice
from providers.mail.test_promises import PATH, TAKEN, smtp_at
from providers.ways import EMAIL, MARK, as_text, errand
from providers.wire import Says, wire

LETTER = Letter(
    "Invoice INV-1 from Kamau", "Hello Jane\n.\nfrom *Kamau*", "https://pay.example.com/i/t"
)
PDF = b"%PDF-1.7\r\n\x00\x01\xff\r\n.\r\nend"


@pytest.fixture
def office() -> Iterator[Postoffice]:
    with postoffice() as found:
        yield found


def test_a_mail_arrives_whole_with_its_file_its_link_and_in_the_business_name(
    office: Postoffice,
) -> None:
    file_id = ids.new_id()
    files = {file_id: Attachment(PDF, "application/pdf", "INV-1 ñ.pdf")}
    outcome = smtp_at(office.port).send(errand(LETTER, files, name='Kamau "K" Designs, Ñairobi'))
    assert outcome == Accepted(f"{MARK}@example.com", is_passed_on=True)
    (mail,) = office.parsed()
    assert mail["To"] == EMAIL
    assert mail["Message-ID"] == f"<{MARK}@example.com>"
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (
        'Kamau "K" Designs, Ñairobi',
        "billing@example.com",
    )
    assert mail["Subject"] == LETTER.subject
    body = mail.get_body(("plain",))
    assert body is not None
    lines = f"{LETTER.body}\n\n{LETTER.link}\n".splitlines()
    assert body.get_content().splitlines() == lines
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == PDF
    assert attached.get_filename() == "INV-1 ñ.pdf"


def test_a_link_that_stands_in_the_words_is_not_repeated(office: Postoffice) -> None:
    letter = Letter("Hi", f"Pay here: {LETTER.link} today", LETTER.link)
    smtp_at(office.port).send(errand(letter))
    assert office.texts()[0].count(LETTER.link) == 1


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"greeting": "421 Too many"}, Refused("unreachable", Cure.WAIT)),
        ({"greeting": "HTTP/1.1 400 Bad Request"}, Refused("unreachable", Cure.WAIT)),
        ({"greeting": HANGS_UP}, Refused("unreachable", Cure.WAIT)),
        ({"MAIL": HANGS_UP}, Refused("unreachable", Cure.WAIT)),
        ({"MAIL": "530 5.7.0 Log in"}, Refused("token_invalid", Cure.OPERATOR)),
        ({"MAIL": "553 5.7.1 Not your address"}, Refused("rejected", Cure.OPERATOR)),
        ({"RCPT": "550 5.1.1 No such user"}, Refused("bounced")),
        ({"RCPT": "554 5.7.1 Not wanted"}, Refused("rejected")),
        ({"RCPT": "452 4.2.2 Full"}, Refused("busy", Cure.WAIT)),
        ({"RCPT": HANGS_UP}, Refused("unreachable", Cure.WAIT)),
        ({"DATA": "451 4.3.0 Later"}, Refused("busy", Cure.WAIT)),
        ({"DATA": HANGS_UP}, Refused("unreachable", Cure.WAIT)),
        ({".": "452 4.3.1 Full"}, Refused("busy", Cure.WAIT)),
        ({".": "552 5.3.4 Too big"}, Refused("too_large")),
        ({".": "554 5.7.1 Spam"}, Refused("rejected")),
        ({".": HANGS_UP}, Uncertain("no_answer")),
        ({"QUIT": HANGS_UP}, Accepted(f"{MARK}@example.com", is_passed_on=True)),
    ],
)
def test_every_answer_of_a_mail_server_is_taken_for_what_it_is(
    office: Postoffice, answers: dict[str, str], expected: Any
) -> None:
    office.will(**answers)
    assert smtp_at(office.port).send(errand(LETTER)) == expected


def test_starttls_is_not_done_without_where_it_was_asked_for(office: Postoffice) -> None:
    outcome = smtp_at(office.port, security="starttls").send(errand(LETTER))
    assert outcome == Refused("not_permitted", Cure.OPERATOR)
    assert office.mails == []
    assert not any(command.startswith("AUTH") for command in office.commands)


def test_without_a_user_nobody_logs_in(office: Postoffice) -> None:
    smtp_at(office.port, user="").send(errand(LETTER))
    assert not any(command.startswith("AUTH") for command in office.commands)
    assert len(office.mails) == 1


@pytest.mark.parametrize("address", ["jane@exämple.com", "jäne@example.com"])
def test_an_address_that_cannot_be_written_is_refused_and_harms_nothing(
    office: Postoffice, address: str
) -> None:
    from dataclasses import replace

    asked = errand(LETTER)
    asked = replace(asked, address=replace(asked.address, email=address))
    assert smtp_at(office.port).send(asked) == Refused("invalid_address")
    assert office.mails == []


# Mailgun


def test_a_mail_with_a_file_goes_to_mailgun_with_our_mark() -> None:
    with wire() as told:
        told.says(PATH, Says(200, TAKEN))
        provider = Mailgun(
            base_url=f"{told.url}/v3/",
            domain="mg.example.com",
            api_key="k",
            mail_from="billing@mg.example.com",
        )
        files = {ids.new_id(): Attachment(b"%PDF", "application/pdf", "Faktur ñ.pdf")}
        outcome = provider.send(errand(LETTER, files, name="Kamau Designs"))
        assert outcome == Accepted(TAKEN["id"].strip("<>"))
        (asked,) = told.asked_at(PATH)
        assert asked.headers["authorization"].startswith("Basic ")
        said = as_text(asked)
        for part in ("v:hesabu-mark", MARK, "%PDF", "Kamau Designs", EMAIL, "Faktur", LETTER.link):
            assert part in said


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Says(400, {"message": "from parameter is missing"}), Refused("rejected")),
        (
            Says(400, {"message": "'to' parameter is not a valid address"}),
            Refused("invalid_address"),
        ),
        (Says(402, {"message": "pay"}), Refused("not_permitted", Cure.OPERATOR)),
        (Says(403, b"Forbidden"), Refused("not_permitted", Cure.OPERATOR)),
        (Says(404, {"message": "Domain not found"}), Refused("not_permitted", Cure.OPERATOR)),
        (Says(413), Refused("too_large")),
        (Says(503), Refused("busy", Cure.WAIT)),
        (Says(418), Refused("http_418")),
        (Says(200, b"Mailgun Magnificent API"), Uncertain("http_200")),
    ],
)
def test_every_answer_of_mailgun_is_taken_for_what_it_is(answer: Says, expected: Any) -> None:
    with wire() as told:
        told.says(PATH, answer)
        provider = Mailgun(
            base_url=f"{told.url}/v3",
            domain="mg.example.com",
            api_key="k",
            mail_from="b@example.com",
        )
        assert provider.send(errand(LETTER)) == expected


def told_by(word: str, **more: Any) -> Any:
    return reading.letter(json.dumps(event(word, **more)).encode()).told


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": "bounce"}, "bounced"),
        ({"reason": "generic", "delivery-status": {"code": 550}}, "bounced"),
        ({"reason": "generic", "delivery-status": {"code": 552}}, "undeliverable"),
        ({"reason": "old"}, "expired"),
        ({"reason": "suppress-bounce"}, "bounced"),
        ({"reason": "suppress-complaint"}, "complained"),
        ({"reason": "suppress-unsubscribe"}, "opted_out"),
        ({}, "undeliverable"),
    ],
)
def test_a_failure_says_whether_the_address_is_no_good(more: dict[str, Any], code: str) -> None:
    (told,) = told_by("failed", severity="permanent", **more)
    assert (told.verb, told.code, told.cure) == ("fail", code, Cure.NONE)
    assert told.code in REASONS


def test_a_failure_that_mailgun_tries_again_says_nothing_yet() -> None:
    assert told_by("failed", severity="temporary", reason="generic") == []


def test_who_complains_or_unsubscribes_got_the_mail_and_wants_no_more() -> None:
    for word, code in (("complained", "complained"), ("unsubscribed", "opted_out")):
        (told,) = told_by(word)
        assert (told.verb, told.code, told.provider_id, told.mark) == (
            "deliver",
            code,
            MESSAGE_ID,
            MARK,
        )


def test_a_machine_that_opens_mail_is_no_reader() -> None:
    assert told_by("opened", **{"client-info": {"bot": "apple"}}) == []
    assert len(told_by("opened", **{"client-info": {"bot": ""}})) == 1


def test_an_event_without_a_mark_is_found_by_its_message() -> None:
    (told,) = told_by("delivered", mark="")
    assert (told.mark, told.provider_id) == (None, MESSAGE_ID)


def test_an_event_nobody_knows_is_passed_over() -> None:
    assert told_by("stored") == []


ENDPOINT = OpenEndpoint(ids.new_id(), "mailgun", None, None, None, None)


def verify(body: bytes, key: str = KEY) -> Any:
    return MailgunIntake(key).verify(ENDPOINT, HookRequest("POST", {}, "", body, "203.0.113.9", ""))


def test_the_signature_is_the_one_that_mailgun_computes() -> None:
    token = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    expected = "4d1f34b05f61b73974e66d84bcb7a702704139fe17a24d81e9a1d467b7330387"
    assert signature_of("test_signing_key", "1529006854", token) == expected


def test_a_signed_event_is_vouched_for_and_its_token_is_good_once() -> None:
    token = secrets.token_hex(25)
    first = verify(signed(event("delivered"), token=token))
    other = verify(signed(event("failed", severity="permanent"), token=token))
    assert first.is_vouched
    assert first.external_key == other.external_key != None  # noqa: E711
    again = verify(signed(event("delivered"), token=secrets.token_hex(25)))
    assert again.external_key != first.external_key


@pytest.mark.parametrize("seconds_ago", [13 * 3600, -3600])
def test_an_old_signature_and_one_from_the_future_prove_nothing(seconds_ago: int) -> None:
    at = int(clock.now().timestamp()) - seconds_ago
    with pytest.raises(NotGenuine):
        verify(signed(event("delivered"), token=secrets.token_hex(25), at=at))


def test_what_mailgun_brings_again_for_hours_is_still_taken() -> None:
    at = int(clock.now().timestamp()) - 8 * 3600
    assert verify(signed(event("delivered"), token=secrets.token_hex(25), at=at)).is_vouched


def forgeries() -> Iterator[bytes]:
    good = json.loads(signed(event("delivered"), token=secrets.token_hex(25)))
    yield from (b"", b"[]", b"{}", b"null", b"x", b"\xff", b'{"signature":[]}')
    for field, value in (
        ("signature", "0" * 64),
        ("signature", None),
        ("signature", "é" * 64),
        ("token", "short"),
        ("token", 7),
        ("timestamp", 1763715600),
        ("timestamp", "9" * 40),
        ("timestamp", "１２３"),
    ):
        yield json.dumps(good | {"signature": good["signature"] | {field: value}}).encode()


@pytest.mark.parametrize("body", list(forgeries()))
def test_a_forged_event_is_not_taken(body: bytes) -> None:
    with pytest.raises(NotGenuine):
        verify(body)


def test_without_a_key_nothing_is_taken() -> None:
    with pytest.raises(NotGenuine):
        verify(signed(event("delivered"), token=secrets.token_hex(25), key=""), key="")


SMUGGLED = "\r\nBcc: thief@evil.example\r\nX-Evil: yes\r\n\r\nAnother body"


@pytest.mark.parametrize(
    "breaks", ["\r\n", "\n", "\r", "\r\n ", "\n\t", "\x0b", "\x85", "\u2028", "\x00"]
)
def test_nothing_in_a_subject_or_a_name_becomes_a_header(office: Postoffice, breaks: str) -> None:
    spite = SMUGGLED.replace("\r\n", breaks)
    letter = Letter(f"Invoice{spite}", f"Hello{spite}", "")
    outcome = smtp_at(office.port).send(errand(letter, name=f"Kamau{spite}"))
    if isinstance(outcome, Refused):
        assert office.mails == []
        return
    (mail,) = office.parsed()
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == [EMAIL]
    assert len(mail["From"].addresses) == 1
    told = [one for one in office.commands if one.upper().startswith("RCPT")]
    assert [one.upper() for one in told] == [f"RCPT TO:<{EMAIL}>".upper()]


@pytest.mark.parametrize(
    "address",
    [
        "jane@example.com\r\nRCPT TO:<thief@evil.example>",
        "jane@example.com\nBcc: thief@evil.example",
        "jane@example.com, thief@evil.example",
        "jane@example.com>\r\nDATA",
        "<jane@example.com> thief@evil.example",
        "jane@example.com;thief@evil.example",
        "thief@evil.example,jane@example.com",
        "jane@exam\x00ple.com",
        "jane@example.com NOTIFY=SUCCESS",
    ],
)
def test_an_address_is_one_address_or_nothing_is_sent(office: Postoffice, address: str) -> None:
    asked = errand(LETTER)
    spiteful = replace(asked, address=replace(asked.address, email=address))
    outcome = smtp_at(office.port).send(spiteful)
    assert isinstance(outcome, Refused)
    assert office.mails == []
    assert not any("evil" in one for one in office.commands)


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.exe', "a\r\nX-Evil: yes.pdf", "\u202efdp.exe"]
)
def test_an_odd_name_of_an_attachment_becomes_no_header(office: Postoffice, name: str) -> None:
    files = {ids.new_id(): Attachment(PDF, "application/pdf", name)}
    outcome = smtp_at(office.port).send(errand(LETTER, files))
    if isinstance(outcome, Refused):
        assert office.mails == []
        return
    (mail,) = office.parsed()
    (attached,) = mail.iter_attachments()
    assert attached["X-Evil"] is None
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF
