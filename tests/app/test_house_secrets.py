"""Secrets: none without its words, none kept, an old one warned of, and two at once where others bring them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import override_settings

from hesabu.app import config as configuration
from hesabu.app import config_faults, house_secrets
from hesabu.app.config import Config
from hesabu.app.doctor import work
from hesabu.kit import clock, crypto
from hesabu.messaging.providers.mail.intake import MailgunIntake
from hesabu.messaging.providers.mail.intake import signature_of as mailgun_signature
from hesabu.messaging.providers.whatsapp.dialog360 import Dialog360Intake
from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake, signature_of
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint

OLD, NEW, THIRD = "o" * 8 + "ld-secret", "n" * 8 + "ew-secret", "t" * 8 + "hird-secret"
ENDPOINT = OpenEndpoint(None, "x", None, None, None, None)  # type: ignore[arg-type]


@pytest.fixture
def config(database: str) -> Config:
    return configuration.load(ignore_env_file=True)


def test_every_secret_setting_says_what_it_opens_and_how_it_is_changed() -> None:
    fields = configuration.settings_in_order().items()
    secret = {
        name.removeprefix("HESABU_").lower() for name, f in fields if configuration.is_secret(f)
    }
    assert secret == set(house_secrets.SECRETS)
    assert set(config_faults.OVERLAPS) <= secret


def test_ages_are_kept_and_secrets_are_not(config: Config) -> None:
    first = {one.name: one.since for one in house_secrets.aged(config)}
    assert "secret_key" in first
    with clock.moved(days=89):
        found = house_secrets.aged(config)
        assert {one.name: one.since for one in found} == first
        assert not any(one.is_old for one in found if one.name == "secret_key")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name || encode(digest, 'escape') FROM store_secret")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert config.secret_key not in kept
    digest = crypto.digest(config.secret_key)
    assert digest.hex() not in kept


def test_after_ninety_days_the_list_and_the_doctor_warn(config: Config) -> None:
    house_secrets.aged(config)
    with clock.moved(days=91):
        old = {one.name for one in house_secrets.aged(config) if one.is_old}
        said = [one for one in work.secrets(config) if one.grade == "watch"]
    assert "secret_key" in old
    assert any("secret_key has not been changed for 9" in one.said and one.remedy for one in said)


def test_a_changed_secret_is_young_again(config: Config) -> None:
    house_secrets.aged(config)
    with clock.moved(days=200):
        changed = config.model_copy(update={"secret_key": OLD * 4})
        ages = {one.name: one.days for one in house_secrets.aged(changed)}
    assert ages["secret_key"] == 0
    assert ages["whatsapp_app_secret"] >= 199


def test_in_production_the_new_one_is_printed_beside_the_one_before(config: Config) -> None:
    live = config.model_copy(update={"env": "production"})
    made = house_secrets.rotate(live, "secret_key")
    assert not made.is_written
    assert len(made.value) >= 48
    assert made.before == f"secret_key={config.secret_key}"
    again = house_secrets.rotate(
        live.model_copy(update={"secrets_before": made.before}), "metrics_token"
    )
    assert again.before == made.before  # there was none before


def test_what_others_make_is_not_made_here(config: Config) -> None:
    with pytest.raises(house_secrets.NotOurs, match="Meta"):
        house_secrets.rotate(config, "whatsapp_app_secret")
    with pytest.raises(house_secrets.SecretUnknown):
        house_secrets.rotate(config, "the_weather")


def test_a_stranger_among_the_secrets_of_before_is_refused_at_boot() -> None:
    found = config_faults._before(SimpleNamespace(secrets_before="weather=sunny-and-very-warm"))  # type: ignore[arg-type]
    assert [one.setting for one in found] == ["HESABU_SECRETS_BEFORE"]
    assert config_faults._before(SimpleNamespace(secrets_before=f"metrics_token={OLD}")) == []  # type: ignore[arg-type]


def test_what_the_old_key_signed_still_holds_and_what_no_key_signed_does_not() -> None:
    signed = signing.dumps("hello", key=settings.SECRET_KEY)
    with override_settings(SECRET_KEY=NEW * 4, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert signing.loads(signed) == "hello"
    with (
        override_settings(SECRET_KEY=NEW * 4, SECRET_KEY_FALLBACKS=[]),
        pytest.raises(signing.BadSignature),
    ):
        signing.loads(signed)


def post(headers: dict[str, str], body: bytes = b"{}") -> HookRequest:
    return HookRequest("POST", headers, "", body, "127.0.0.1", "")


def test_webhooks_signed_by_the_secret_of_before_are_taken_for_a_while() -> None:
    intake = WhatsAppIntake(NEW, "word", before=(OLD, ""))
    for secret in (NEW, OLD):
        header = {"x-hub-signature-256": signature_of(secret, b"{}")}
        assert intake.verify(ENDPOINT, post(header)).is_vouched
    for secret in (THIRD, ""):
        with pytest.raises(NotGenuine):
            intake.verify(ENDPOINT, post({"x-hub-signature-256": signature_of(secret, b"{}")}))


def test_the_word_of_before_is_taken_for_a_while_and_an_empty_one_never() -> None:
    taken = Dialog360Intake(NEW, before=OLD)
    for word in (NEW, OLD):
        assert taken.verify(ENDPOINT, post({"x-hesabu-secret": word})).is_vouched
    for word in (THIRD, ""):
        with pytest.raises(NotGenuine):
            taken.verify(ENDPOINT, post({"x-hesabu-secret": word}))


def test_mail_events_signed_by_the_key_of_before_are_taken_for_a_while() -> None:
    import json

    intake = MailgunIntake(NEW, before=OLD)
    stamp, token = str(int(clock.now().timestamp())), "t" * 50

    def event(key: str) -> HookRequest:
        signature = mailgun_signature(key, stamp, token)
        signed = {"timestamp": stamp, "token": token, "signature": signature}
        return post({}, json.dumps({"signature": signed}).encode())

    assert intake.verify(ENDPOINT, event(NEW)).is_vouched
    assert intake.verify(ENDPOINT, event(OLD)).is_vouched
    with pytest.raises(NotGenuine):
        intake.verify(ENDPOINT, event(THIRD))
