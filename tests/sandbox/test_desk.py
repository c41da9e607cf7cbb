"""The control desk: beginning again, moving time, wiring, and what happened."""

from __future__ import annotations

import pytest

from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.people import BadPhone, as_msisdn
from sandbox.box import HOOK, JANE, NUMBER, WANJIKU, Box, in_box


def test_the_seed_decides_every_id() -> None:
    runs: list[list[str]] = []

    async def story(box: Box) -> None:
        said = await box.say(JANE)
        sent = (await box.send_text(JANE)).json()["messages"][0]["id"]
        checkout_id = await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        receipt = (await box.phone(JANE))["prompts"][0]["receipt"]
        runs.append([said, sent, checkout_id, receipt])

    for seed in (3, 3, 4):
        in_box(story, seed=seed)
    assert runs[0] == runs[1]
    assert all(one != other for one, other in zip(runs[0], runs[2], strict=True))


def test_a_receipt_has_ten_characters_and_is_never_given_twice() -> None:
    async def story(box: Box) -> None:
        receipts = set()
        for _ in range(50):
            paid = await box.desk(
                f"phones/{JANE}/pay", {"shortcode": "174379", "account": "x", "amount": 1}
            )
            receipts.add(paid["receipt"])
        assert len(receipts) == 50
        assert all(len(r) == 10 and r.isalnum() and r.startswith("UKL") for r in receipts)

    in_box(story)


def test_beginning_again_clears_the_world_and_keeps_the_wiring() -> None:
    async def story(box: Box) -> None:
        await box.desk("shortcodes", {"shortcode": "555001", "kind": "till"})
        await box.desk("numbers", {"phone_number_id": "42", "name": "Other"})
        await box.desk("phones", {"phone": "0733 000 999", "name": "Otieno"})
        await box.turn("daraja", webhook_drop=1.0)
        await box.say(JANE)
        await box.ringing()
        await box.desk("reset", {"seed": 99})
        await box.pass_time(120)
        assert box.listener.callbacks() == []
        names = {p["name"] for p in (await box.desk("phones"))["phones"]}
        assert names == {"Wanjiku Kamau", "Jane Wanjiku"}
        dials = await box.desk("dials")
        assert (dials["seed"], dials["daraja"]["webhook_drop"]) == (99, 0)
        assert len((await box.desk("shortcodes"))["shortcodes"]) == 2
        assert len((await box.desk("numbers"))["numbers"]) == 2
        assert await box.lines(JANE) == []
        await box.desk("reset", {"seed": 99, "everything": True})
        assert len((await box.desk("shortcodes"))["shortcodes"]) == 1

    in_box(story)


def test_a_token_of_the_world_before_is_worth_nothing() -> None:
    async def story(box: Box) -> None:
        token = await box.token()
        await box.desk("reset", {"seed": 1})
        assert (await box.push(token=token)).json()["errorCode"] == "404.001.03"

    in_box(story)


def test_two_numbers_have_two_chats_and_two_windows() -> None:
    async def story(box: Box) -> None:
        await box.desk("numbers", {"phone_number_id": "42", "name": "Other", "token": "other"})
        await box.say(JANE)
        body = {"to": JANE, "type": "text", "text": {"body": "x"}}
        assert (await box.whatsapp(body, number="42")).status_code == 401
        await box.whatsapp(body, number="42", token="other")
        await box.pass_time()
        [failed] = box.listener.statuses()
        assert failed["errors"][0]["code"] == 131047
        await box.desk(f"phones/{JANE}/say", {"text": "Hi", "phone_number_id": "42"})
        await box.pass_time()
        metadata = box.listener.values()[-1]["metadata"]
        assert metadata["phone_number_id"] == "42"

    in_box(story)


def test_a_number_can_be_pointed_elsewhere() -> None:
    async def story(box: Box) -> None:
        await box.desk("numbers", {"phone_number_id": NUMBER, "webhook": HOOK + "/2"})
        await box.say(JANE)
        await box.pass_time()
        assert [heard.url for heard in box.listener.heard] == [HOOK + "/2"]

    in_box(story)


def test_a_template_can_be_added() -> None:
    async def story(box: Box) -> None:
        made = await box.desk("templates", {"name": "late", "body": "{{who}} owes {{what}}"})
        assert made["parameters"] == ["who", "what"]
        named = [
            {"type": "text", "parameter_name": "what", "text": "KES 5"},
            {"type": "text", "parameter_name": "who", "text": "Jane"},
        ]
        template = {
            "name": "late",
            "language": {"code": "en"},
            "components": [{"type": "body", "parameters": named}],
        }
        await box.whatsapp({"to": WANJIKU, "type": "template", "template": template})
        assert (await box.lines(WANJIKU))[0]["text"] == "Jane owes KES 5"

    in_box(story)


def test_the_journal_tells_everything_in_order_without_keys() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE, "Habari")
        await box.pass_time()
        await box.push()
        entries = (await box.desk("log"))["entries"]
        assert [e["seq"] for e in entries] == sorted(e["seq"] for e in entries)
        assert [(e["kind"], e["provider"]) for e in entries] == [
            ("act", "person"),
            ("webhook", "whatsapp"),
            ("request", "daraja"),
            ("request", "daraja"),
        ]
        assert "Habari" in entries[1]["request"]
        assert entries[3]["status"] == 200
        later = (await box.http.get(f"/control/log?after={entries[1]['seq']}")).json()
        assert later["entries"] == entries[2:]
        assert "sandbox-secret" not in str(entries)

    in_box(story)


def test_quiet_waits_for_webhooks_and_not_for_people() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.send_text(JANE)
        await box.push()
        assert (await box.desk("quiet", {"timeout_seconds": 5}))["is_quiet"] is True
        assert [s["status"] for s in box.listener.statuses()] == ["sent", "delivered"]
        assert (await box.phone(JANE))["prompts"][0]["state"] == "ringing"

    in_box(story, frozen=False)


def test_a_page_of_another_origin_cannot_touch_the_desk() -> None:
    async def story(box: Box) -> None:
        foreign = {"Origin": "https://evil.test"}
        desk = await box.http.post("/control/reset", json={"seed": 5}, headers=foreign)
        form = await box.http.post("/act/reset", data={"seed": "5"}, headers=foreign)
        assert (desk.status_code, form.status_code) == (403, 403)
        assert (await box.desk("dials"))["seed"] == 7
        own = await box.http.post(
            "/act/reset", data={"seed": "5"}, headers={"Origin": "http://box.test"}
        )
        assert own.status_code == 303
        assert (await box.desk("dials"))["seed"] == 5

    in_box(story)


def test_what_is_not_there_is_404_and_what_is_not_right_is_400() -> None:
    async def story(box: Box) -> None:
        await box.desk("phones/254700000000", expect=404)
        await box.desk(f"phones/{JANE}/say", {}, expect=400)
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"}, expect=400)
        await box.desk("phones", {"phone": "12"}, expect=400)
        await box.desk("phones", {"phone": JANE, "pin": "12345"}, expect=400)
        await box.desk("advance", {"seconds": -1}, expect=400)
        await box.desk("shortcodes", {"shortcode": "12"}, expect=400)

    in_box(story)


@pytest.mark.parametrize(
    "written", ["0712 345 678", "+254 712-345-678", "712345678", "254712345678"]
)
def test_numbers_are_read_as_people_write_them(written: str) -> None:
    assert as_msisdn(written) == JANE


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(BadPhone):
        as_msisdn("Jane")


def test_the_configuration_comes_from_the_environment() -> None:
    told = {
        "HESABU_SANDBOX_PORT": "9000",
        "HESABU_SANDBOX_SEED": "42",
        "HESABU_SANDBOX_WHATSAPP_TOKEN": "abc",
        "OTHER": "x",
    }
    config = SandboxConfig.from_env(told)
    assert (config.port, config.seed, config.whatsapp_token) == (9000, 42, "abc")
    assert config.mpesa_shortcode == "174379"
    with pytest.raises(ValueError, match="HESABU_SANDBOX_PORT"):
        SandboxConfig.from_env({"HESABU_SANDBOX_PORT": "a door"})
