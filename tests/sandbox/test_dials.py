"""Each dial, fully turned, does what it says and nothing else; storms are the seed's."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from hesabu.sandbox.dials import PROVIDERS
from sandbox.box import CALLBACK, HOOK, JANE, Box, in_box, signed


async def heard_of_one(box: Box, **dials: Any) -> list[Any]:
    await box.turn("whatsapp", **dials)
    await box.say(JANE)
    await box.pass_time(0.1)
    return box.listener.heard


def test_a_dropped_webhook_comes_later_from_whatsapp_and_never_from_daraja() -> None:
    async def story(box: Box) -> None:
        assert await heard_of_one(box, webhook_drop=1.0) == []
        await box.turn("whatsapp", webhook_drop=0.0)
        await box.pass_time(5)
        assert len(box.listener.messages()) == 1
        await box.turn("daraja", webhook_drop=1.0)
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time(0.1)
        await box.turn("daraja", webhook_drop=0.0)
        await box.pass_time(3600)
        assert box.listener.callbacks() == []
        assert (await box.phone(JANE))["balance_cents"] == 425_000_00

    in_box(story)


def test_a_delayed_webhook_comes_when_the_dial_says() -> None:
    async def story(box: Box) -> None:
        assert await heard_of_one(box, webhook_delay=1.0, webhook_delay_seconds=30) == []
        await box.pass_time(29)
        assert box.listener.heard == []
        await box.pass_time(2)
        assert len(box.listener.heard) == 1

    in_box(story)


def test_a_doubled_webhook_is_the_same_bytes_twice() -> None:
    async def story(box: Box) -> None:
        await heard_of_one(box, webhook_double=1.0)
        await box.pass_time(10)
        first, second = box.listener.heard
        assert first.body == second.body
        assert first.headers["x-hub-signature-256"] == second.headers["x-hub-signature-256"]

    in_box(story)


def test_reordered_webhooks_all_come_but_not_in_order() -> None:
    async def story(box: Box) -> None:
        await box.turn("whatsapp", webhook_reorder=0.5)
        said = [await box.say(JANE, str(n)) for n in range(20)]
        await box.pass_time(10)
        heard = [message["id"] for message in box.listener.messages()]
        assert heard != said
        assert sorted(heard) == sorted(said)

    in_box(story)


def test_a_corrupt_body_does_not_fit_its_signature_and_the_true_one_follows() -> None:
    async def story(box: Box) -> None:
        def answers(request: httpx.Request) -> httpx.Response:
            fits = signed(request.content) == request.headers["x-hub-signature-256"]
            return httpx.Response(200 if fits else 401)

        box.listener.answers = answers
        [damaged] = list(await heard_of_one(box, webhook_corrupt=1.0))
        assert signed(damaged.body) != damaged.headers["x-hub-signature-256"]
        with pytest.raises(ValueError):
            json.loads(damaged.body)
        await box.turn("whatsapp", webhook_corrupt=0.0)
        box.listener.heard.clear()
        await box.pass_time(5)
        assert len(box.listener.messages()) == 1

    in_box(story)


def test_a_late_answer_comes_after_the_thing_was_done() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.turn("whatsapp", request_timeout=1.0, request_timeout_seconds=60)
        sending = asyncio.create_task(box.send_text(JANE))
        while len(await box.lines(JANE)) < 2:
            await asyncio.sleep(0.01)
        assert not sending.done()
        await box.pass_time(61)
        assert (await sending).status_code == 200

    in_box(story)


def test_an_error_before_did_nothing_and_an_error_after_did_it() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.turn("whatsapp", request_error_before=1.0)
        before = await box.send_text(JANE)
        assert (before.status_code, before.json()["error"]["code"]) == (503, 131016)
        assert len(await box.lines(JANE)) == 1
        await box.turn("whatsapp", request_error_before=0.0, request_error_after=1.0)
        assert (await box.send_text(JANE)).status_code == 502
        assert len(await box.lines(JANE)) == 2

    in_box(story)


def test_daraja_fails_before_and_after_in_its_own_words() -> None:
    async def story(box: Box) -> None:
        token = await box.token()
        await box.turn("daraja", request_error_before=1.0)
        before = await box.push(token=token)
        assert (before.status_code, before.json()["errorCode"]) == (500, "500.003.1001")
        assert (await box.phone(JANE))["prompts"] == []
        await box.turn("daraja", request_error_before=0.0, request_error_after=1.0)
        assert (await box.push(token=token)).status_code == 502
        await box.pass_time(1)
        assert (await box.phone(JANE))["prompts"][0]["state"] == "ringing"

    in_box(story)


def test_a_limit_is_429_in_the_providers_words() -> None:
    async def story(box: Box) -> None:
        await box.turn("whatsapp", request_limit=1.0)
        await box.turn("daraja", request_limit=1.0)
        meta = await box.send_text(JANE)
        assert (meta.status_code, meta.json()["error"]["code"]) == (429, 130429)
        safaricom = await box.push(token="any")
        assert (safaricom.status_code, safaricom.json()["errorCode"]) == (429, "500.003.02")

    in_box(story)


def test_garbage_is_html_from_a_gateway_and_nothing_was_done() -> None:
    async def story(box: Box) -> None:
        token = await box.token()
        await box.turn("daraja", request_garbage=1.0)
        answer = await box.push(token=token)
        assert answer.headers["content-type"].startswith("text/html")
        assert (await box.phone(JANE))["prompts"] == []

    in_box(story)


def test_the_pair_limit_lets_45_through_and_then_one_in_six_seconds() -> None:
    async def story(box: Box) -> None:
        await box.turn("whatsapp", pair_limit=True)
        codes = [(await box.send_text(JANE)).status_code for _ in range(46)]
        assert codes == [200] * 45 + [400]
        await box.pass_time(6)
        assert (await box.send_text(JANE)).status_code == 200
        assert (await box.send_text(JANE)).json()["error"]["code"] == 131056

    in_box(story)


def test_delivered_may_be_skipped() -> None:
    async def story(box: Box) -> None:
        await box.turn("whatsapp", status_skip_delivered=1.0)
        await box.say(JANE)
        await box.send_text(JANE)
        await box.pass_time()
        await box.desk(f"phones/{JANE}/read", {})
        await box.pass_time()
        assert [s["status"] for s in box.listener.statuses()] == ["sent", "read"]

    in_box(story)


def test_darajas_own_dials_shuffle_hide_and_lose_the_push() -> None:
    async def story(box: Box) -> None:
        await box.turn("daraja", items_shuffle=1.0, phone_hidden=1.0)
        orders = set()
        for _ in range(4):
            await box.ringing(Amount=1)
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time()
        for callback in box.listener.callbacks():
            items = callback["CallbackMetadata"]["Item"]
            orders.add(tuple(item["Name"] for item in items))
            [phone] = [item["Value"] for item in items if item["Name"] == "PhoneNumber"]
            assert phone == "2547 ***** 678"
        assert len(orders) > 1
        await box.turn("daraja", push_unsent=1.0)
        await box.ringing()
        assert box.listener.callbacks()[-1]["ResultCode"] == 1025

    in_box(story)


async def storm(box: Box) -> list[Any]:
    """The same acts, and everything the product saw of them."""
    answer = await box.http.put("/control/dials", json={"preset": "storm"})
    assert answer.json()["daraja"]["stk_confirms"] is True
    await box.turn("whatsapp", request_timeout=0.0)
    await box.turn("daraja", request_timeout=0.0)
    seen: list[Any] = []
    for n in range(12):
        await box.say(JANE, f"message {n}")
        await box.pass_time(1)
        sent = await box.send_text(JANE, f"answer {n}")
        seen.append((sent.status_code, sent.text))
        await box.pass_time(2)
    for amount in (10, 20, 30):
        pushed = await box.push(token=box.world.books.apps["sandbox-key"].token, Amount=amount)
        seen.append((pushed.status_code, pushed.text))
        await box.pass_time(1)
        if box.world.books.ringing_on(JANE):
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time(3)
    await box.pass_time(600)
    seen += sorted((h.url, h.body) for h in box.listener.heard)
    seen += [e["fault"] for e in (await box.desk("log"))["entries"] if e["fault"]]
    return seen


def run_storm(seed: int) -> list[Any]:
    kept: list[Any] = []

    async def story(box: Box) -> None:
        app = box.world.books.apps["sandbox-key"]
        app.token, app.token_until = "t" * 28, 10**12
        kept.extend(await storm(box))

    in_box(story, seed=seed)
    return kept


def test_a_storm_is_repeatable_by_its_seed_and_differs_with_another() -> None:
    first, second, other = run_storm(11), run_storm(11), run_storm(12)
    assert first == second
    assert first != other
    assert any("webhook_" in str(each) for each in first)


def test_a_storm_loses_no_message_of_whatsapp_for_good() -> None:
    async def story(box: Box) -> None:
        def answers(request: httpx.Request) -> httpx.Response:
            fits = str(request.url) != HOOK or (
                signed(request.content) == request.headers["x-hub-signature-256"]
            )
            return httpx.Response(200 if fits else 401)

        box.listener.answers = answers
        await box.http.put("/control/dials", json={"preset": "storm"})
        said = {await box.say(JANE, str(n)) for n in range(40)}
        await box.pass_time(900)
        whole = [
            h
            for h in box.listener.heard
            if h.url == HOOK and signed(h.body) == h.headers["x-hub-signature-256"]
        ]
        ids = [
            m["id"]
            for h in whole
            for m in h.json["entry"][0]["changes"][0]["value"].get("messages", ())
        ]
        assert set(ids) == said
        assert len(ids) > len(said)

    in_box(story)


def test_dials_refuse_what_they_cannot_be_turned_to() -> None:
    async def story(box: Box) -> None:
        wrong: list[Any] = [
            {"whatsapp": {"webhook_drop": 2}},
            {"whatsapp": {"webhook_drop": True}},
            {"whatsapp": {"pair_limit": 1}},
            {"whatsapp": {"nothing": 1}},
            {"paystack": {}},
            {"preset": "hurricane"},
        ]
        for body in wrong:
            assert (await box.http.put("/control/dials", json=body)).status_code == 400
        settings = await box.desk("dials")
        assert all(
            settings[provider][dial.name] == dial.default
            for provider, dials in PROVIDERS.items()
            for dial in dials
        )

    in_box(story)


def test_every_fault_is_written_in_the_journal() -> None:
    async def story(box: Box) -> None:
        await box.turn("daraja", webhook_double=1.0)
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "cancel"})
        await box.pass_time()
        entries = (await box.desk("log"))["entries"]
        assert [e["fault"] for e in entries if e["kind"] == "fault"] == ["webhook_double"]
        sent = [e for e in entries if e["url"] == CALLBACK]
        assert [e["status"] for e in sent] == [200, 200]

    in_box(story)
