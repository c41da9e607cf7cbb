"""Settings: complete by themselves in development, refused as a whole in production."""

from __future__ import annotations

import re
import secrets
import stat
from pathlib import Path

import pytest

from hesabu.app import config as configuration
from hesabu.app import dev_secrets
from hesabu.app.cli.settings import markdown, table
from hesabu.app.config import ConfigRefused, settings_in_order

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations" / "settings.md"


@pytest.fixture
def sound(var_dir: Path) -> dict[str, object]:
    """Production settings with which nothing is wrong."""
    return {
        "env": "production",
        "var_dir": var_dir,
        "public_url": "https://pay.kamau.co.ke",
        **dev_secrets.new_keys(),
        "database_url": "",
        "owner_database_url": "",
        "staff_database_url": "",
        "whatsapp_base_url": "https://graph.facebook.com/v23.0",
        "whatsapp_token": secrets.token_urlsafe(40),
        "whatsapp_phone_number_id": "591415901763462",
        "whatsapp_app_secret": secrets.token_hex(16),
        "whatsapp_verify_token": secrets.token_urlsafe(20),
        "mpesa_base_url": "https://api.safaricom.co.ke",
        "mpesa_callback_addresses": "196.201.214.0/24, 196.201.213.114",
    }


def faults_of(given: dict[str, object]) -> dict[str, str]:
    with pytest.raises(ConfigRefused) as refused:
        configuration.load(ignore_env_file=True, **given)
    return {fault.setting: fault.wrong for fault in refused.value.faults}


@pytest.fixture(autouse=True)
def _without_the_tests_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "STAFF_DATABASE_URL", "ENV"):
        monkeypatch.delenv(f"HESABU_{name}", raising=False)


def test_sound_production_settings_are_taken(sound: dict[str, object]) -> None:
    config = configuration.load(ignore_env_file=True, **sound)
    assert config.is_production
    assert config.is_embedded


def test_production_says_all_that_is_missing_at_once(var_dir: Path) -> None:
    missing = faults_of({"env": "production", "var_dir": var_dir})
    assert set(missing) == {
        f"HESABU_{name}"
        for name in [
            "PUBLIC_URL",
            "SECRET_KEY",
            "FIELD_KEYS",
            "BLIND_KEY",
            "WHATSAPP_BASE_URL",
            "WHATSAPP_TOKEN",
            "WHATSAPP_PHONE_NUMBER_ID",
            "WHATSAPP_APP_SECRET",
            "WHATSAPP_VERIFY_TOKEN",
            "MPESA_BASE_URL",
            "MPESA_CALLBACK_ADDRESSES",
        ]
    }
    assert set(missing.values()) == {"is missing"}


def test_every_fault_says_what_to_do(var_dir: Path) -> None:
    with pytest.raises(ConfigRefused) as refused:
        configuration.load(ignore_env_file=True, env="production", var_dir=var_dir)
    assert all(len(fault.remedy) > 10 for fault in refused.value.faults)
    assert str(refused.value).startswith("11 settings are wrong:")


@pytest.mark.parametrize(
    ("setting", "value", "wrong"),
    [
        ("secret_key", "changeme" * 8, "placeholder"),
        ("secret_key", "a" * 60, "too easy to guess"),
        ("secret_key", "kJ3nd8-short", "too easy to guess"),
        ("public_url", "http://pay.kamau.co.ke", "must start with https://"),
        ("public_url", "https://127.0.0.1", "an address of this machine"),
        ("public_url", "https://shop.example.com", "placeholder"),
        ("public_url", "https://pay.kamau.co.ke/", "ends with a slash"),
        ("mpesa_base_url", "https://sandbox.safaricom.co.ke", "points at a sandbox"),
        ("mpesa_base_url", "http://127.0.0.1:8100/mpesa", "must start with https://"),
        ("mpesa_callback_addresses", "0.0.0.0/0", "too wide"),
        ("mpesa_callback_addresses", "127.0.0.1", "this machine"),
        ("mpesa_callback_addresses", "safaricom", "does not appear to be"),
        ("trusted_proxies", "10.0.0.300", "does not appear to be"),
        ("allowed_private_hosts", "127.0.0.1:8100", "lets calls reach itself"),
        ("allowed_private_hosts", "printer", "is not host:port"),
        ("outgoing_hosts", "*", "is no host"),
        ("outgoing_hosts", "*.com", "is no host"),
        ("outgoing_hosts", "https://login.kamau.co.ke", "is no host"),
        ("field_keys", "k1", "must read id:base64"),
        ("field_keys", "k1:AAAA", "has 3 bytes instead of 32"),
        ("field_keys", "k1:" + "A" * 43 + "=", "is not random"),
        ("blind_key", "?", "is not base64"),
        ("whatsapp_app_secret", "geheim", "too short"),
        ("web_port", "eighty", "valid integer"),
        ("owner_database_url", "postgresql://hesabu_owner@/hesabu", "is missing"),
        ("live_port", 8000, "is the same port as HESABU_WEB_PORT"),
    ],
)
def test_a_wrong_value_is_refused_in_production(
    sound: dict[str, object], setting: str, value: object, wrong: str
) -> None:
    faults = faults_of({**sound, setting: value})
    assert len(faults) == 1, faults
    assert wrong in next(iter(faults.values()))


def test_one_secret_may_not_serve_two_purposes(sound: dict[str, object]) -> None:
    shared = sound["whatsapp_app_secret"]
    assert faults_of({**sound, "whatsapp_verify_token": shared}) == {
        "HESABU_WHATSAPP_VERIFY_TOKEN": "is the same secret as HESABU_WHATSAPP_APP_SECRET"
    }


def test_development_keys_are_refused_in_production(
    sound: dict[str, object], var_dir: Path
) -> None:
    made = configuration.load(ignore_env_file=True, var_dir=var_dir, env="development")
    faults = faults_of({**sound, "secret_key": made.secret_key})
    assert faults == {"HESABU_SECRET_KEY": "is the value made for development"}


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(
    sound: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HESABU_WHATSAP_TOKEN", "x")
    with pytest.raises(ConfigRefused, match="Did you mean HESABU_WHATSAPP_TOKEN"):
        configuration.load(ignore_env_file=True, **sound)


def test_development_needs_nothing_and_keeps_what_it_made(var_dir: Path) -> None:
    first = configuration.load(ignore_env_file=True, var_dir=var_dir, env="development")
    second = configuration.load(ignore_env_file=True, var_dir=var_dir, env="development")
    assert first.field_keys == second.field_keys != ""
    assert first.database_url == second.database_url
    mode = stat.S_IMODE((var_dir / "keys" / "dev.env").stat().st_mode)
    assert mode == 0o600


def test_a_wrong_value_is_refused_in_development_too(var_dir: Path) -> None:
    faults = faults_of({"env": "development", "var_dir": var_dir, "field_keys": "k1:AAAA"})
    assert faults == {"HESABU_FIELD_KEYS": "key 'k1' has 3 bytes instead of 32"}


def test_no_secret_is_ever_printed(var_dir: Path) -> None:
    config = configuration.load(ignore_env_file=True, var_dir=var_dir, env="development")
    printed = table(config) + repr(config) + str(config)
    secret = [name for name, field in settings_in_order().items() if configuration.is_secret(field)]
    hidden = [getattr(config, name.removeprefix("HESABU_").lower()) for name in secret]
    assert len(secret) > 8
    assert [value for value in hidden if value and value in printed] == []


def test_every_setting_is_documented_in_its_own_words() -> None:
    assert DOCS.read_text().endswith("## Reference\n\n" + markdown()), (
        "run: hesabu settings --markdown, and put it under '## Reference'"
    )


def test_every_setting_has_a_meaning() -> None:
    assert [
        v for v, field in settings_in_order().items() if len(field.description or "") < 20
    ] == []


def test_the_example_file_names_only_settings_that_exist() -> None:
    example = (DOCS.parents[2] / ".env.example").read_text()
    named = set(re.findall(r"^(HESABU_\w+)=", example, re.M))
    assert named <= set(settings_in_order())
    assert "HESABU_FIELD_KEYS" in named


HERE = "postgresql://{role}:x@/hesabu?host=/var/run/postgresql"


@pytest.mark.parametrize(
    ("address", "is_fit"),
    [
        (HERE, True),
        ("postgresql://{role}:x@/hesabu", True),
        ("postgresql://{role}:x@localhost/hesabu", True),
        ("postgresql://{role}:x@127.0.0.1:5433/hesabu", True),
        ("postgresql://{role}:x@[::1]:5433/hesabu", True),
        ("postgresql://{role}:x@db.kamau.co.ke/hesabu?sslmode=verify-full", True),
        ("postgresql://{role}:x@db.kamau.co.ke/hesabu", False),
        ("postgresql://{role}:x@db.kamau.co.ke:5432/hesabu?sslmode=require", False),
        ("postgresql://{role}:x@db.kamau.co.ke/hesabu?sslmode=verify-ca", False),
        ("postgresql://{role}:x@db.kamau.co.ke/hesabu?sslmode=verify-full&sslmode=disable", False),
        ("postgresql://{role}:x@10.0.0.7/hesabu", False),
        ("postgresql://{role}:x@[fd00::7]/hesabu", False),
        ("postgresql://{role}:x@/hesabu?host=db.kamau.co.ke", False),
        ("postgresql://{role}:x@/hesabu?hostaddr=10.0.0.7", False),
        ("postgresql://{role}:x@localhost,db.kamau.co.ke/hesabu", False),
        ("postgresql://{role}:x@localhost.kamau.co.ke/hesabu", False),
    ],
)
def test_a_database_elsewhere_is_reached_by_verified_tls_or_not_at_all(
    sound: dict[str, object], address: str, is_fit: bool
) -> None:
    urls = {
        "database_url": address.format(role="hesabu_app"),
        "owner_database_url": address.format(role="hesabu_owner"),
    }
    if is_fit:
        assert configuration.load(ignore_env_file=True, **{**sound, **urls}).database_url
        return
    assert faults_of({**sound, **urls}) == {
        "HESABU_DATABASE_URL": "reaches another machine unverified",
        "HESABU_OWNER_DATABASE_URL": "reaches another machine unverified",
    }


def test_what_the_address_of_a_database_asks_for_reaches_the_connection() -> None:
    from hesabu.app.settings import database

    asked = database(
        "postgresql://hesabu_app:x@db.kamau.co.ke:5433/hesabu?sslmode=verify-full&sslrootcert=/ca.pem"
    )
    assert (asked["HOST"], asked["PORT"]) == ("db.kamau.co.ke", "5433")
    assert asked["OPTIONS"]["sslmode"] == "verify-full"
    assert asked["OPTIONS"]["sslrootcert"] == "/ca.pem"
