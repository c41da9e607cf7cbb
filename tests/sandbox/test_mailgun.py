"""Mailgun: what it takes, what becomes of it, and the signed events."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hesabu.sandbox.mailgun.events import signature
from sandbox.box import DOMAIN, EVENTS, JANE, Box, in_box

PDF = b"%PDF-1.7 an invoice"


def kinds(box: Box) -> list[str]:
    return [
        f"{e['event']} {e['severity']} {e['reason']}" if "severity" in e else str(e["event"])
        for e in box.listener.events()
    ]


def test_a_mail_is_queued_delivered_and_its_events_are_signed() -> None:
    async def story(box: Box) -> None:
        more = {"h:Reply-To": "w@x.test", "v:message_id": "msg_1", "o:tag": "invoice"}
        answer = await box.mail(
            files={"attachment": ("INV-0001.pdf", PDF, "application/pdf")}, **more
        )
        assert answer.status_code == 200
        said = answer.json()
        assert said["message"] == "Queued. Thank you."
        assert said["id"].startswith("<20261121080000.")
        assert said["id"].endswith(f"@{DOMAIN}>")
        await box.pass_time()
        assert kinds(box) == ["accepted", "delivered"]
        for heard in box.listener.at(EVENTS):
            signed = heard["signature"]
            expected = signature(
                "sandbox-mailgun-signing-key", signed["timestamp"], signed["token"]
            )
            assert signed["signature"] == expected
            assert len(signed["token"]) == 50
        delivered = box.listener.events()[-1]
        assert delivered["message"]["headers"]["message-id"] == said["id"].strip("<>")
        assert delivered["user-variables"] == {"message_id": "msg_1"}
        assert delivered["tags"] == ["invoice"]
        assert delivered["delivery-status"]["code"] == 250
        assert delivered["recipient"] == "jane@example.test"
        [mail] = (await box.phone(JANE))["mail"]
        assert (mail["subject"], mail["text"]) == ("Invoice INV-0001", "KES 75,000 is due.")
        assert mail["headers"]["Reply-To"] == "w@x.test"
        [file] = mail["attachments"]
        opened = await box.http.get(file["url"])
        assert opened.content == PDF
        assert opened.headers["content-disposition"] == 'inline; filename="INV-0001.pdf"'

    in_box(story)


def test_the_signature_fits_the_published_recipe() -> None:
    token = "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    assert signature("test_signing_key", "1529006854", token) == (
        "4d1f34b05f61b73974e66d84bcb7a702704139fe17a24d81e9a1d467b7330387"
    )


def test_a_mail_without_variables_has_an_empty_list_of_them() -> None:
    async def story(box: Box) -> None:
        await box.mail()
        await box.pass_time()
        assert box.listener.events()[0]["user-variables"] == []

    in_box(story)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("who@bounce.test", ["accepted", "failed permanent bounce"]),
        ("who@busy.test", ["accepted", "failed temporary generic", "delivered"]),
        (
            "who@full.test",
            [
                "accepted",
                "failed temporary generic",
                "failed temporary generic",
                "failed permanent old",
            ],
        ),
        ("who@open.test", ["accepted", "delivered", "opened"]),
        ("who@spam.test", ["accepted", "delivered", "complained"]),
        ("who@leave.test", ["accepted", "delivered", "unsubscribed"]),
    ],
)
def test_some_domains_always_do_the_same(address: str, expected: list[str]) -> None:
    async def story(box: Box) -> None:
        await box.mail(address)
        await box.pass_time(20)
        assert kinds(box) == expected
        boxes = (await box.desk(f"mail?to={address}"))["boxes"]
        assert bool(boxes[0]["mails"]) is ("delivered" in expected)

    in_box(story)


@pytest.mark.parametrize(
    ("dial", "expected"),
    [
        ("mail_bounced", ["accepted", "failed permanent bounce"]),
        ("mail_deferred", ["accepted", "failed temporary generic", "delivered"]),
        ("mail_spam", ["accepted", "delivered", "complained"]),
    ],
)
def test_dials_do_it_to_anybody(dial: str, expected: list[str]) -> None:
    async def story(box: Box) -> None:
        await box.turn("mailgun", **{dial: 1.0})
        await box.mail()
        await box.pass_time(20)
        assert kinds(box) == expected

    in_box(story)


def test_a_rejected_mail_is_known_only_to_who_asks() -> None:
    async def story(box: Box) -> None:
        await box.turn("mailgun", mail_rejected=1.0)
        await box.mail()
        await box.pass_time()
        answer = await box.http.get(
            f"/mailgun/v3/{DOMAIN}/events?event=rejected", auth=("api", "sandbox-mailgun-key")
        )
        assert [item["event"] for item in answer.json()["items"]] == ["rejected"]

    in_box(story)


@pytest.mark.parametrize(
    ("address", "first", "reason", "code", "table"),
    [
        ("a@bounce.test", "failed permanent bounce", "suppress-bounce", 605, "bounces"),
        ("a@leave.test", "unsubscribed", "suppress-unsubscribe", 606, "unsubscribes"),
        ("a@spam.test", "complained", "suppress-complaint", 607, "complaints"),
    ],
)
def test_who_was_lost_once_is_suppressed_until_taken_off_the_list(
    address: str, first: str, reason: str, code: int, table: str
) -> None:
    async def story(box: Box) -> None:
        auth = ("api", "sandbox-mailgun-key")
        await box.mail(address)
        await box.pass_time(5)
        assert kinds(box)[-1] == first
        await box.mail(address)
        await box.pass_time(5)
        last = box.listener.events()[-1]
        assert (last["reason"], last["delivery-status"]["code"]) == (reason, code)
        url = f"/mailgun/v3/{DOMAIN}/{table}"
        listed = (await box.http.get(url, auth=auth)).json()["items"]
        assert [item["address"] for item in listed] == [address]
        assert (await box.http.get(f"{url}/{address}", auth=auth)).status_code == 200
        assert (await box.http.delete(f"{url}/{address}", auth=auth)).status_code == 200
        assert (await box.http.get(f"{url}/{address}", auth=auth)).status_code == 404

    in_box(story)


@pytest.mark.parametrize(
    ("over", "status", "words"),
    [
        ({"from": None}, 400, "from parameter is missing"),
        ({"from": "nobody"}, 400, "from parameter is not a valid address"),
        ({"to": ""}, 400, "to parameter is missing"),
        ({"to": "jane"}, 400, "'to' parameter is not a valid address"),
        ({"text": None}, 400, "Need at least one of"),
        ({"subject": None}, 400, "subject parameter is missing"),
        ({"to": [f"a{n}@x.test" for n in range(1001)]}, 400, "more than 1000 recipients"),
        ({"o:tag": [f"t{n}" for n in range(11)]}, 400, "at most 10 tags"),
        ({"key": "wrong"}, 401, "Forbidden"),
        ({"domain": "other.test"}, 404, "Domain not found: other.test"),
        ({"text": "x" * (26 * 1024 * 1024)}, 413, "25MB"),
    ],
)
def test_what_does_not_fit_is_turned_away(over: dict[str, Any], status: int, words: str) -> None:
    async def story(box: Box) -> None:
        answer = await box.mail(**over)
        assert answer.status_code == status
        assert words in answer.text
        await box.pass_time()
        assert box.listener.events() == []

    in_box(story)


def test_several_recipients_get_a_copy_and_events_each() -> None:
    async def story(box: Box) -> None:
        variables = '{"a@x.test": {"who": "Ann"}, "b@x.test": {"who": "Ben"}}'
        await box.mail(
            ["a@x.test", "Ben <B@x.test>"],
            text="Dear %recipient.who%",
            **{"recipient-variables": variables},
        )
        await box.pass_time()
        boxes = (await box.desk("mail"))["boxes"]
        assert [(b["address"], b["mails"][0]["text"]) for b in boxes] == [
            ("a@x.test", "Dear Ann"),
            ("b@x.test", "Dear Ben"),
        ]
        assert sorted(e["recipient"] for e in box.listener.events()) == [
            "a@x.test",
            "a@x.test",
            "b@x.test",
            "b@x.test",
        ]

    in_box(story)


def test_a_test_mail_is_reported_and_reaches_nobody() -> None:
    async def story(box: Box) -> None:
        await box.mail(**{"o:testmode": "yes"})
        await box.pass_time()
        assert kinds(box) == ["accepted", "delivered"]
        assert all(e["flags"]["is-test-mode"] for e in box.listener.events())
        assert (await box.phone(JANE))["mail"] == []

    in_box(story)


def test_a_person_opens_complains_and_unsubscribes_and_each_is_told_once() -> None:
    async def story(box: Box) -> None:
        await box.mail()
        await box.pass_time()
        phone = await box.phone(JANE)
        assert phone["unread_mail"] == 1
        url = f"phones/{JANE}/mail/{phone['mail'][0]['id']}"
        for act in ("open", "open", "spam", "unsubscribe", "spam"):
            await box.desk(url, {"act": act})
        await box.pass_time()
        assert kinds(box)[2:] == ["opened", "complained", "unsubscribed"]
        assert (await box.phone(JANE))["unread_mail"] == 0
        await box.desk(url, {"act": "eat"}, expect=400)
        await box.desk(f"phones/{JANE}/mail/none", {"act": "open"}, expect=404)

    in_box(story)


def test_openings_are_not_counted_when_tracking_is_off() -> None:
    async def story(box: Box) -> None:
        await box.mail(**{"o:tracking": "no"})
        await box.pass_time()
        [mail] = (await box.phone(JANE))["mail"]
        await box.desk(f"mail/{mail['id']}", {"act": "open"})
        await box.pass_time()
        assert kinds(box) == ["accepted", "delivered"]

    in_box(story)


def test_one_click_unsubscribing_goes_to_the_address_the_mail_names() -> None:
    async def story(box: Box) -> None:
        url = "http://127.0.0.1:9/unsubscribe/abc"
        headers = {"h:List-Unsubscribe": f"<{url}>"}
        headers["h:List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        await box.mail(**headers)
        await box.pass_time()
        [mail] = (await box.phone(JANE))["mail"]
        await box.desk(f"mail/{mail['id']}", {"act": "unsubscribe"})
        await box.pass_time()
        assert box.listener.forms(url) == [{"List-Unsubscribe": "One-Click"}]
        assert kinds(box) == ["accepted", "delivered"]

    in_box(story)


def test_events_are_tried_again_except_after_a_406() -> None:
    async def story(box: Box) -> None:
        box.listener.answers = lambda _: httpx.Response(500)
        await box.mail()
        await box.pass_time(0.1)
        await box.pass_time(8)
        ids = [event["id"] for event in box.listener.events()]
        assert len(ids) > len(set(ids)) == 2
        box.listener.heard.clear()
        box.listener.answers = lambda _: httpx.Response(406)
        await box.desk("reset", {"seed": 2})
        await box.mail()
        await box.pass_time(60)
        assert kinds(box) == ["accepted", "delivered"]

    in_box(story)


def test_webhooks_are_registered_for_one_kind_of_event_each() -> None:
    async def story(box: Box) -> None:
        auth, url = ("api", "sandbox-mailgun-key"), f"/mailgun/v3/domains/{DOMAIN}/webhooks"
        await box.desk("mailgun", {"name": DOMAIN, "webhook": ""})
        hook = "http://127.0.0.1:9/bounced"
        made = await box.http.post(url, data={"id": "permanent_fail", "url": hook}, auth=auth)
        assert made.json()["webhook"] == {"urls": [hook]}
        again = await box.http.post(url, data={"id": "permanent_fail", "url": hook}, auth=auth)
        assert again.status_code == 400
        wrong = await box.http.post(url, data={"id": "eaten", "url": hook}, auth=auth)
        assert wrong.status_code == 400
        await box.mail("a@bounce.test")
        await box.pass_time()
        assert [e["event-data"]["event"] for e in box.listener.at(hook)] == ["failed"]
        changed = await box.http.put(f"{url}/permanent_fail", data={"url": f"{hook}/2"}, auth=auth)
        assert changed.json()["webhook"] == {"urls": [f"{hook}/2"]}
        assert (await box.http.delete(f"{url}/permanent_fail", auth=auth)).status_code == 200
        assert (await box.http.get(f"{url}/permanent_fail", auth=auth)).status_code == 404
        assert (await box.http.get(url, auth=auth)).json() == {"webhooks": {}}

    in_box(story)


def test_a_whole_mail_can_be_sent_as_a_file() -> None:
    async def story(box: Box) -> None:
        whole = b"From: a@x.test\r\nTo: jane@example.test\r\nSubject: Hi\r\n\r\nWords\r\n"
        answer = await box.http.post(
            f"/mailgun/v3/{DOMAIN}/messages.mime",
            data={"to": "jane@example.test"},
            files={"message": ("mail.eml", whole, "message/rfc822")},
            auth=("api", "sandbox-mailgun-key"),
        )
        assert answer.status_code == 200
        await box.pass_time()
        [mail] = (await box.phone(JANE))["mail"]
        assert (mail["subject"], mail["text"].strip()) == ("Hi", "Words")

    in_box(story)


@pytest.mark.parametrize(
    ("dial", "status", "arrives"),
    [
        ("request_limit", 429, False),
        ("request_garbage", 403, False),
        ("request_error_before", 500, False),
        ("request_error_after", 502, True),
    ],
)
def test_requests_fall_prey_to_the_dials(dial: str, status: int, arrives: bool) -> None:
    async def story(box: Box) -> None:
        await box.turn("mailgun", **{dial: 1.0})
        assert (await box.mail()).status_code == status
        await box.pass_time()
        assert bool((await box.phone(JANE))["mail"]) is arrives

    in_box(story)


def test_the_html_of_a_mail_can_do_nothing() -> None:
    async def story(box: Box) -> None:
        await box.mail(html="<p>Dear <b>Jane</b><br>pay</p><script>x()</script>", text=None)
        await box.pass_time()
        [mail] = (await box.phone(JANE))["mail"]
        shown = await box.http.get(f"/control/mail/{mail['id']}/html")
        assert shown.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert box.world.mail.find(mail["id"]).words == "Dear Jane\npay"

    in_box(story)
