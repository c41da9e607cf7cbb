"""The house's secrets besides the field keys: what each opens, where it lives, how old it is, and how it is changed.

No secret is kept anywhere by this. Its age is: when a keyed digest of it was first seen by a worker, the doctor or the
command (`store_secret`). One that nobody changed for ninety days is warned of.

Those that others show to us overlap: while a provider or a browser may still bring the one before, it stands in
HESABU_SECRETS_BEFORE and is taken. Those that we show to others do not: the other side says when the old one ends.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from hesabu.app import config_faults, dev_secrets
from hesabu.app.config import Config
from hesabu.kit.errors import HesabuError

OLD_DAYS = 90
BEFORE_DAYS = 7
"""After so long nobody should bring the one before any more."""


class SecretUnknown(HesabuError):
    code, status = "secrets.unknown", 404
    title = "There is no such secret."
    hint = "hesabu secrets list"


class NotOurs(HesabuError):
    code, status = "secrets.not_ours", 409
    title = "Somebody else makes this secret."


@dataclass(frozen=True, slots=True)
class Secret:
    """A setting that is secret, in words for whoever has to change it."""

    opens: str
    rotating: str
    """What is to be done, and what changes by it."""
    make: Callable[[], str] | None = None
    """How a new one is made, where the house makes it."""


def _word() -> str:
    return secrets.token_urlsafe(36)


_DATABASE = "hesabu postgres passwords changes all three; set what it prints and restart. Connections that are open stay."
SECRETS: dict[str, Secret] = {
    "database_url": Secret("the database, as the role the product works with", _DATABASE),
    "owner_database_url": Secret("the database, as the owner of its tables", _DATABASE),
    "staff_database_url": Secret("the database, for reading", _DATABASE),
    "secret_key": Secret(
        "sessions, forms and one-time links",
        "Set the new one, the old one in HESABU_SECRETS_BEFORE, restart. Nobody is signed out; a week later empty that.",
        _word,
    ),
    "field_keys": Secret(
        "sealed personal data and credentials",
        "hesabu keys rotate: old values stay readable until they are sealed again.",
    ),
    "blind_key": Secret(
        "the index of sealed values, links on invoices, hidden addresses",
        "It cannot be changed without computing every index again; links on paper would end. Only if it was stolen.",
    ),
    "secrets_before": Secret(
        "whatever the secrets it names opened, for a while",
        "Empty it a week after a change, and restart.",
    ),
    "whatsapp_token": Secret(
        "sending as our WhatsApp number",
        "Meta Business settings → System users → Generate token; set it, restart, then revoke the old one there.",
    ),
    "whatsapp_app_secret": Secret(
        "Meta's signature on webhooks",
        "Meta for Developers → App settings → Basic → Reset; set it, the old one in HESABU_SECRETS_BEFORE, restart.",
    ),
    "whatsapp_verify_token": Secret(
        "the handshake when the webhook is registered",
        "Set the new one, restart, enter it at Meta → WhatsApp → Configuration.",
        lambda: secrets.token_urlsafe(24),
    ),
    "dialog360_api_key": Secret(
        "sending by way of 360dialog",
        "360dialog Hub → your number → API key; the old one ends at once.",
    ),
    "dialog360_webhook_secret": Secret(
        "360dialog's webhooks",
        "Set the new one, the old one in HESABU_SECRETS_BEFORE, restart, then: hesabu webhook --register",
        lambda: secrets.token_urlsafe(24),
    ),
    "africastalking_api_key": Secret(
        "sending text messages",
        "Africa's Talking → your app → Settings → API key; the old one ends at once.",
    ),
    "mailgun_api_key": Secret(
        "sending mail",
        "Mailgun → Domain settings → Sending keys: add one, set it, restart, delete the old one.",
    ),
    "mailgun_signing_key": Secret(
        "Mailgun's signature on events",
        "Mailgun → Settings → API security → Reset; set it, the old one in HESABU_SECRETS_BEFORE, restart.",
    ),
    "smtp_password": Secret("the mail server", "Change it there, set it, restart."),
    "metrics_token": Secret(
        "/metrics from elsewhere",
        "Set the new one, the old one in HESABU_SECRETS_BEFORE, restart, tell Prometheus.",
        _word,
    ),
    "oidc_client_secret": Secret(
        "signing in through your OpenID Connect provider",
        "Make a second one there, set it, restart, delete the old.",
    ),
    "google_client_secret": Secret(
        "signing in with Google",
        "Google Cloud → Credentials → your client → Add secret; set it, restart, delete the old.",
    ),
}
IN_THE_DATABASE = (
    (
        "a business's M-PESA credentials",
        "sealed, in payments_account.credentials",
        "The business changes them at Safaricom and tells the clerk; requests that wait are asked about with the new ones.",
    ),
    (
        "keys of programs, tokens of apps",
        "only as digests, in identity_key and identity_token",
        "The business makes another on its page of keys and takes the old one back; both hold meanwhile.",
    ),
    (
        "addresses of webhooks",
        "sealed, in store_endpoint.token",
        "A new endpoint is opened and told to the provider; the old one is closed when nothing comes by it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Aged:
    """A secret that is set, and since when."""

    name: str
    secret: Secret
    since: datetime
    days: int
    overlaps: bool
    has_before: bool

    @property
    def is_old(self) -> bool:
        return self.days >= (BEFORE_DAYS if self.name == "secrets_before" else OLD_DAYS)


@dataclass(frozen=True, slots=True)
class Changed:
    """A secret that was made: in the file of development, or to be set by hand."""

    name: str
    is_written: bool
    value: str
    before: str


def aged(config: Config) -> list[Aged]:
    """Every secret that is set, oldest first; those never seen are noted as of now."""
    from hesabu.kit import clock
    from hesabu.store import secret_ages

    held = {name: value for name in SECRETS if (value := _opening(config, name))}
    before = config_faults.overlapping(config.secrets_before)
    seen = secret_ages.note(held)
    now = clock.now()
    found = [
        Aged(
            name,
            SECRETS[name],
            since,
            (now - since).days,
            name in config_faults.OVERLAPS,
            name in before,
        )
        for name, since in seen.items()
    ]
    return sorted(found, key=lambda one: one.since)


def _opening(config: Config, name: str) -> str:
    """What of the setting is secret: of a database's address only the password, of the ring only the key that seals."""
    value = str(getattr(config, name))
    if name.endswith("database_url"):
        return "" if config.is_embedded else (urlsplit(value).password or "")
    return value.partition(",")[0] if name == "field_keys" else value


def rotate(config: Config, name: str) -> Changed:
    """Make another. Raises NotOurs where somebody else makes it, with what to do there."""
    from hesabu.app.keys import require_stopped

    known = SECRETS.get(name)
    if known is None:
        raise SecretUnknown(name)
    if known.make is None:
        raise NotOurs(known.rotating)
    value = known.make()
    old = str(getattr(config, name))
    others = config_faults.overlapping(config.secrets_before)
    if old and name in config_faults.OVERLAPS:
        others[name] = old
    before = ",".join(f"{one}={kept}" for one, kept in others.items())
    file = config.keys_dir / "dev.env"
    if config.is_production or dev_secrets.kept(file).get(name, old) != old:
        return Changed(name, False, value, before)
    require_stopped(config)
    dev_secrets.change(file, **{name: value, "secrets_before": before})
    return Changed(name, True, value, before)
