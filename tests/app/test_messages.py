"""Messages as those who run the house see them: settings by provider, addresses, costs, and what became of one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from hesabu.app import config as configuration
from hesabu.app import dev_secrets, processes
from hesabu.app.cli import commands
from hesabu.app.config import Config, ConfigRefused
from hesabu.app.doctor import work
from hesabu.kit import ids

SMS = {
    "sms_provider": "africastalking",
    "africastalking_base_url": "https://api.africastalking.com/version1",
    "africastalking_username": "kamau",
    "africastalking_api_key": "atsk_" + secrets.token_hex(20),
}
MAILGUN = {
    "mail_provider": "mailgun",
    "mail_from": "billing@mg.kamau.co.ke",
    "mailgun_base_url": "https://api.eu.mailgun.net/v3",
    "mailgun_domain": "mg.kamau.co.ke",
    "mailgun_api_key": "key-" + secrets.token_hex(16),
    "mailgun_signing_key": secrets.token_hex(16),
}
SMTP = {"mail_provider": "smtp", "mail_from": "billing@kamau.co.ke", "smtp_host": "mx.kamau.co.ke"}
DIALOG = {
    "whatsapp_provider": "360dialog",
    "dialog360_base_url": "https://waba-v2.360dialog.io",
    "dialog360_api_key": secrets.token_hex(16),
    "dialog360_webhook_secret": secrets.token_hex(16),
}
CLOUD = {
    "whatsapp_base_url": "https://graph.facebook.com/v23.0",
    "whatsapp_token": secrets.token_urlsafe(40),
    "whatsapp_phone_number_id": "591415901763462",
    "whatsapp_app_secret": secrets.token_hex(16),
    "whatsapp_verify_token": secrets.token_urlsafe(20),
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "STAFF_DATABASE_URL", "ENV"):
        monkeypatch.delenv(f"HESABU_{name}", raising=False)
    return {
        "env": "production",
        "var_dir": tmp_path,
        "public_url": "https://pay.kamau.co.ke",
        **dev_secrets.new_keys(),
        "mpesa_base_url": "https://api.safaricom.co.ke",
        "mpesa_callback_addresses": "196.201.214.0/24",
    }


def faults_of(given: dict[str, object]) -> set[tuple[str, str]]:
    with pytest.raises(ConfigRefused) as refused:
        configuration.load(ignore_env_file=True, **given)
    assert all(fault.remedy for fault in refused.value.faults)
    return {(f.setting.removeprefix("HESABU_"), f.wrong) for f in refused.value.faults}


@pytest.mark.parametrize("ways", [CLOUD, DIALOG, CLOUD | SMS, CLOUD | SMS | MAILGUN, DIALOG | SMTP])
def test_each_provider_needs_its_own_settings_and_no_others(
    production: dict[str, object], ways: dict[str, str]
) -> None:
    assert configuration.load(ignore_env_file=True, **production | ways).is_production


@pytest.mark.parametrize(
    ("provider", "whole"),
    [
        ("sms_provider", SMS),
        ("mail_provider", MAILGUN),
        ("mail_provider", SMTP),
        ("whatsapp_provider", DIALOG),
    ],
)
def test_what_a_chosen_provider_lacks_is_said_at_once(
    production: dict[str, object], provider: str, whole: dict[str, str]
) -> None:
    found = faults_of(production | CLOUD | {provider: whole[provider]})
    assert found == {(name.upper(), "is missing") for name in whole if name != provider}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"africastalking_base_url": "https://api.sandbox.africastalking.com/version1"},
         ("AFRICASTALKING_BASE_URL", "points at a sandbox")),
        ({"mailgun_base_url": "http://api.mailgun.net/v3"}, ("MAILGUN_BASE_URL", "must start with https://")),
        ({"africastalking_api_key": "short"}, ("AFRICASTALKING_API_KEY", "is too short to be real")),
        ({"mailgun_signing_key": MAILGUN["mailgun_api_key"]},
         ("MAILGUN_SIGNING_KEY", "is the same secret as HESABU_MAILGUN_API_KEY")),
        ({"mail_from": "Kamau <billing@mg.kamau.co.ke>"}, ("MAIL_FROM", "is no mail address")),
        ({"mail_provider": "smtp", "smtp_host": "mx.kamau.co.ke", "smtp_security": "none"},
         ("SMTP_SECURITY", "sends mail in the clear")),
        ({"smtp_user": "clerk"}, ("SMTP_PASSWORD", "is missing")),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_a_provider_is_refused(
    production: dict[str, object], changed: dict[str, str], fault: tuple[str, str]
) -> None:
    assert fault in faults_of(production | CLOUD | SMS | MAILGUN | changed)


def test_in_development_every_channel_leads_to_the_sandbox_without_a_setting(
    tmp_path: Path,
) -> None:
    config = configuration.load(ignore_env_file=True, env="development", var_dir=tmp_path)
    assert (config.has_sms, config.has_mail) == (True, True)
    box = config.sandbox_url
    for url in (config.africastalking_base_url, config.mailgun_base_url, config.dialog360_base_url):
        assert url.startswith(box)
    told = processes.sandbox_environment(config, {"MAILGUN_WEBHOOK": "/hooks/t"})
    assert told["HESABU_SANDBOX_MAILGUN_WEBHOOK"] == f"{config.web_url}/hooks/t"
    assert told["HESABU_SANDBOX_AFRICASTALKING_KEY"] == config.africastalking_api_key
    assert "HESABU_SANDBOX_SMTP_PORT" not in told
    by_smtp = configuration.load(
        ignore_env_file=True, env="development", var_dir=tmp_path, mail_provider="smtp"
    )
    told = processes.sandbox_environment(by_smtp, {})
    assert told["HESABU_SANDBOX_SMTP_PORT"] == str(by_smtp.smtp_port)
    assert by_smtp.smtp_security == "none"
    none = configuration.load(
        ignore_env_file=True,
        env="development",
        var_dir=tmp_path,
        sms_provider="none",
        mail_provider="none",
    )
    assert (none.has_sms, none.has_mail) == (False, False)


def run(*args: str) -> str:
    result = CliRunner().invoke(commands, args)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_provider_has_its_own_addresses_the_same_every_time(database: str) -> None:
    from hesabu.messaging import actions

    first, second = actions.open_channels(), actions.open_channels()
    assert first == second
    assert [(each.provider, each.purpose) for each in first] == [
        ("whatsapp", ""),
        ("africastalking", "delivery"),
        ("africastalking", "inbound"),
        ("africastalking", "optout"),
        ("mailgun", ""),
    ]
    said = run("webhook")
    assert all(each.path in said for each in first)
    refused = CliRunner().invoke(commands, ["webhook", "--register"])
    assert refused.exit_code == 1
    assert "not 360dialog" in refused.output


@pytest.fixture
def texted(business_id: UUID) -> Callable[[], UUID]:
    """Sends a text message that costs KES 0.8000, to somebody with a name and a number."""
    from hesabu.messaging import actions
    from hesabu.messaging.actions.preparing import prepare
    from hesabu.messaging.actions.recording import record
    from hesabu.messaging.providers.africastalking.client import cost_of
    from hesabu.messaging.providers.port import Accepted
    from hesabu.messaging.types import Category, Channel, Letter, Text
    from hesabu.store import tenancy

    def send() -> UUID:
        with tenancy.bound(business_id):
            contact_id = actions.meet("+254711999888", name="Wanjiku", email="wanjiku@example.com")
            message_id = actions.send(
                contact_id,
                Text("Secret words"),
                f"test:{ids.new_id()}",
                letter=Letter("Secret", "Secret words"),
                category=Category.TRANSACTION,
                channel=Channel.SMS,
                subject=("invoice", UUID(int=business_id.int ^ 1)),
            )
        attempt = prepare(business_id, message_id)
        assert attempt is not None
        record(attempt, Accepted(f"ATPid_{message_id.hex}", cost=cost_of("KES 0.8000")))
        return message_id

    return send


def test_what_messages_cost_is_printed_by_month_and_channel(texted: Callable[[], UUID]) -> None:
    texted()
    (line,) = [
        one for one in run("messages", "costs", "--months", "1").splitlines() if " sms " in one
    ]
    assert " transaction " in line
    assert "KES " in line
    assert line.rstrip().endswith("00")


def test_what_became_of_a_message_is_printed_without_a_personal_word(
    texted: Callable[[], UUID], business_id: UUID
) -> None:
    message_id = texted()
    said = run("message", "show", str(message_id))
    for part in (str(message_id), "transaction", "accepted", "sms", "1 try", "KES 0.8000"):
        assert part in said
    for personal in ("Wanjiku", "wanjiku", "711999888", "Secret"):
        assert personal not in said
    assert run("message", "show", str(UUID(int=business_id.int ^ 1))) == said
    stranger = CliRunner().invoke(commands, ["message", "show", str(ids.new_id())])
    assert stranger.exit_code == 1
    assert "no such message" in stranger.output


def test_a_message_that_failed_says_why_and_what_to_do(
    texted: Callable[[], UUID], business_id: UUID
) -> None:
    from hesabu.messaging.providers.port import Refused
    from hesabu.messaging.rules import Cure

    message_id = _refused(business_id, Refused("account_unpaid", Cure.OPERATOR))
    said = run("message", "show", str(message_id))
    assert "account_unpaid: The provider wants to be paid. Top up" in said


def _refused(business_id: UUID, outcome: object) -> UUID:
    from hesabu.messaging import actions
    from hesabu.messaging.actions.preparing import prepare
    from hesabu.messaging.actions.recording import record
    from hesabu.messaging.types import Channel, Text
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        contact_id = actions.meet("+254711999777")
        message_id = actions.send(
            contact_id, Text("Hello"), f"test:{ids.new_id()}", channel=Channel.SMS
        )
    attempt = prepare(business_id, message_id)
    assert attempt is not None
    record(attempt, outcome)  # type: ignore[arg-type]
    return message_id


def test_the_doctor_says_what_providers_refuse_for_a_reason_of_ours(business_id: UUID) -> None:
    from hesabu.messaging.providers.port import Refused
    from hesabu.messaging.rules import Cure

    _refused(business_id, Refused("sender_unknown", Cure.OPERATOR))
    config = configuration.load(ignore_env_file=True)
    for is_production, grade in ((False, "watch"), (True, "wrong")):
        looked = config.model_copy(update={"env": "production" if is_production else "test"})
        found = [one for one in work.messages(looked) if "sender_unknown" in one.said]
        assert [one.grade for one in found] == [grade]
        assert "Register it" in found[0].remedy


def test_the_doctor_looks_at_the_mail_server(database: str) -> None:
    from providers.mail.postoffice import postoffice

    config = configuration.load(ignore_env_file=True)

    def said(**more: object) -> list[tuple[str, str]]:
        looked: Config = config.model_copy(update={"mail_provider": "smtp", **more})
        return [(f.grade, f.said) for f in work.messages(looked) if "mail server" in f.said]

    with postoffice() as office:
        place = {"smtp_host": "127.0.0.1", "smtp_port": office.port}
        assert said(**place) == [("fine", f"the mail server 127.0.0.1:{office.port} answers")]
        office.will(greeting="HTTP/1.1 400 Bad Request")
        assert [grade for grade, _ in said(**place)] == ["watch"]
    assert [grade for grade, _ in said(smtp_host="127.0.0.1", smtp_port=1)] == ["watch"]
