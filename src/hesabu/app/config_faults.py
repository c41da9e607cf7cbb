"""What is wrong with a set of settings: pure rules, each with what to do about it."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

from hesabu.kit import scanning

if TYPE_CHECKING:
    from hesabu.app.config import Config

PLACEHOLDER = re.compile(
    r"change.?me|change.?this|replace|placeholder|example|^your[-_ ]|xxxxxx|<.*>|"
    r"(?<![a-z0-9])(todo|fixme|dummy|xxx)(?![a-z0-9])|"  # whole words: a random key may have the letters
    r"^(secret|password|test|dev|token|none|null|abc123?)$",
    re.IGNORECASE,
)
MAKE_KEYS = "Make a set with: hesabu settings --new-keys"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the variable, what is wrong with it, what to do."""

    setting: str
    wrong: str
    remedy: str


def of_any(config: Config) -> list[Fault]:
    """Rules that hold in every environment."""
    return [
        *_keys(config),
        *_addresses(config),
        *_databases(config),
        *_ports(config),
        *_before(config),
        *_sessions(config),
        *_others(config),
        *_collectors(config),
    ]


def of_production(config: Config, development_values: set[str]) -> list[Fault]:
    """Rules that hold where real money moves."""
    return [
        *_missing(config),
        *_placeholders(config, development_values),
        *_weak(config),
        *_urls(config),
        *_database_lines(config),
        *_mail(config),
        *_open_callbacks(config),
        *_equal(config),
    ]


NEEDED = {
    "public_url": "Set it to the https address that customers and providers reach, as in https://pay.yourshop.co.ke",
    "secret_key": MAKE_KEYS,
    "field_keys": MAKE_KEYS,
    "blind_key": MAKE_KEYS,
    "mpesa_base_url": "Set it to https://api.safaricom.co.ke",
    "mpesa_callback_addresses": "Ask Safaricom for the networks its callbacks come from and list them.",
}
NEEDED_BY = {
    "cloud": {
        "whatsapp_base_url": "Set it to https://graph.facebook.com/v23.0",
        "whatsapp_token": "Meta Business settings → System users → Generate token.",
        "whatsapp_phone_number_id": "Meta for Developers → WhatsApp → API setup → Phone number ID.",
        "whatsapp_app_secret": "Meta for Developers → App settings → Basic → App secret.",
        "whatsapp_verify_token": "Choose 16 random characters or more and enter the same at Meta.",
    },
    "360dialog": {
        "dialog360_base_url": "Set it to https://waba-v2.360dialog.io",
        "dialog360_api_key": "360dialog Hub → your number → API key.",
        "dialog360_webhook_secret": "Choose 16 random characters or more; then: hesabu webhook --register",
    },
    "africastalking": {
        "africastalking_base_url": "Set it to https://api.africastalking.com/version1",
        "africastalking_username": "Africa's Talking → your app; its user name is under its title.",
        "africastalking_api_key": "Africa's Talking → your app → Settings → API key.",
    },
    "mailgun": {
        "mail_from": "Set it to an address of your Mailgun domain, as in billing@mg.yourshop.co.ke",
        "mailgun_base_url": "Set it to https://api.mailgun.net/v3 (or https://api.eu.mailgun.net/v3)",
        "mailgun_domain": "Mailgun → Sending → Domains.",
        "mailgun_api_key": "Mailgun → Sending → Domain settings → Sending keys.",
        "mailgun_signing_key": "Mailgun → Settings → API security → HTTP webhook signing key.",
    },
    "smtp": {
        "mail_from": "Set it to the address mail comes from, as in billing@yourshop.co.ke",
        "smtp_host": "The mail server that takes mail for anywhere.",
    },
}
"""What each provider that was chosen cannot do without."""
SECRETS = (
    "secret_key",
    "blind_key",
    "whatsapp_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
    "dialog360_api_key",
    "dialog360_webhook_secret",
    "africastalking_api_key",
    "mailgun_api_key",
    "mailgun_signing_key",
    "smtp_password",
    "metrics_token",
    "oidc_client_secret",
    "google_client_secret",
)
LONG_SECRETS = (
    "whatsapp_token",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
    "dialog360_api_key",
    "dialog360_webhook_secret",
    "africastalking_api_key",
    "mailgun_api_key",
    "mailgun_signing_key",
)
"""Whoever guesses one of these speaks in our name, or in a provider's."""


OVERLAPS = (
    *("secret_key", "metrics_token", "whatsapp_app_secret", "whatsapp_verify_token"),
    *("dialog360_webhook_secret", "mailgun_signing_key"),
)
"""Secrets that others show us: for a while the one before may still come."""


def overlapping(text: str) -> dict[str, str]:
    """Name → what that secret was before."""
    pairs = (part.partition("=") for part in _listed(text))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _before(config: Config) -> list[Fault]:
    faults = []
    for name, value in overlapping(config.secrets_before).items():
        if name not in OVERLAPS or not value:
            remedy = f"Write name=value; names are {', '.join(OVERLAPS)}."
            faults.append(Fault("HESABU_SECRETS_BEFORE", f"cannot hold {name!r}", remedy))
        elif len(value) < 16:
            faults.append(Fault("HESABU_SECRETS_BEFORE", f"{name} is too short", "Remove it."))
    return faults


def needed(config: Config) -> dict[str, str]:
    """Setting → what to do where it is missing, by the providers that were chosen."""
    chosen = (config.whatsapp_provider, config.sms_provider, config.mail_provider)
    found = dict(NEEDED)
    for provider in chosen:
        found |= NEEDED_BY.get(provider, {})
    return found


def _variable(name: str) -> str:
    return f"HESABU_{name.upper()}"


def _missing(config: Config) -> list[Fault]:
    return [
        Fault(_variable(name), "is missing", remedy)
        for name, remedy in needed(config).items()
        if not getattr(config, name)
    ]


def _placeholders(config: Config, development_values: set[str]) -> list[Fault]:
    faults = []
    for name, remedy in needed(config).items():
        value = str(getattr(config, name))
        if PLACEHOLDER.search(value):
            faults.append(Fault(_variable(name), "still holds a placeholder", remedy))
        elif value and value in development_values:
            faults.append(
                Fault(_variable(name), "is the value made for development", f"Not here. {remedy}")
            )
    return faults


def _weak(config: Config) -> list[Fault]:
    faults = []
    key = config.secret_key
    is_placeholder = PLACEHOLDER.search(key) is not None
    if key and not is_placeholder and (len(key) < 50 or len(set(key)) < 10):
        wrong = "is too easy to guess (50 characters or more, 10 different ones)"
        faults.append(Fault("HESABU_SECRET_KEY", wrong, MAKE_KEYS))
    known = needed(config)
    for name in LONG_SECRETS:
        value = getattr(config, name)
        if name in known and value and (len(value) < 16 or len(set(value)) < 6):
            faults.append(Fault(_variable(name), "is too short to be real", known[name]))
    return faults


def _keys(config: Config) -> list[Fault]:
    """Keys that are there must be readable and whole, in every environment."""
    faults = []
    ids = []
    for part in filter(None, (piece.strip() for piece in config.field_keys.split(","))):
        key_id, separator, encoded = part.partition(":")
        ids.append(key_id)
        if not separator or not 0 < len(key_id) < 32:
            faults.append(Fault("HESABU_FIELD_KEYS", "must read id:base64,id:base64", MAKE_KEYS))
        elif (wrong := _unfit(encoded)) is not None:
            faults.append(Fault("HESABU_FIELD_KEYS", f"key {key_id!r} {wrong}", MAKE_KEYS))
    if len(ids) != len(set(ids)):
        remedy = "Give every key an id of its own."
        faults.append(Fault("HESABU_FIELD_KEYS", "two keys have the same id", remedy))
    if config.blind_key and (wrong := _unfit(config.blind_key)) is not None:
        faults.append(Fault("HESABU_BLIND_KEY", wrong, MAKE_KEYS))
    return faults


def _unfit(encoded: str) -> str | None:
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return "is not base64"
    if len(raw) != 32:
        return f"has {len(raw)} bytes instead of 32"
    return "is not random" if len(set(raw)) < 8 else None


def _urls(config: Config) -> list[Fault]:
    faults = []
    known = needed(config)
    for name in (one for one in known if one.endswith("_url")):
        value = getattr(config, name)
        if not value:
            continue
        parts = urlsplit(value)
        host = parts.hostname or ""
        if parts.scheme != "https" or not host:
            faults.append(Fault(_variable(name), "must start with https://", known[name]))
        elif _is_private(host):
            faults.append(Fault(_variable(name), "is an address of this machine", known[name]))
        elif "sandbox" in value:
            faults.append(Fault(_variable(name), "points at a sandbox", known[name]))
    if config.public_url.endswith("/"):
        faults.append(Fault("HESABU_PUBLIC_URL", "ends with a slash", "Remove the slash."))
    if any(_is_loopback(part) for part in config.allowed_private_hosts.split(",") if part):
        remedy = "Remove this machine's own addresses from the list."
        faults.append(Fault("HESABU_ALLOWED_PRIVATE_HOSTS", "lets calls reach itself", remedy))
    return faults


def _collectors(config: Config) -> list[Fault]:
    """Where lines of the log and files of strangers go: by TLS, or inside the network."""
    faults = []
    if config.log_to:
        parts = _split(config.log_to)
        is_near = not config.is_production and parts.scheme == "tcp"
        if (parts.scheme != "tls" and not is_near) or not parts.hostname:
            remedy = "Write it as tls://logs.yourshop.co.ke:6514"
            faults.append(Fault("HESABU_LOG_TO", "is no address of a collector", remedy))
    if config.log_ca and not Path(config.log_ca).is_file():
        remedy = "Name the file of the authority's certificate, in PEM."
        faults.append(Fault("HESABU_LOG_CA", "is no file", remedy))
    if config.clamd and not scanning.is_place(config.clamd):
        remedy = "Write it as unix:/run/clamav/clamd.ctl, or as host:3310"
        faults.append(Fault("HESABU_CLAMD", "is no place of clamd", remedy))
    return faults


def _split(address: str) -> SplitResult:
    """Its parts; none where it cannot be told apart."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _mail(config: Config) -> list[Fault]:
    """A mail server's word is not signed: what goes to it in the clear is read on its way."""
    faults = []
    if config.mail_provider == "smtp" and config.smtp_security == "none":
        remedy = "Use starttls (port 587) or tls (port 465)."
        faults.append(Fault("HESABU_SMTP_SECURITY", "sends mail in the clear", remedy))
    if config.smtp_user and not config.smtp_password:
        faults.append(Fault("HESABU_SMTP_PASSWORD", "is missing", "Set it, or no user."))
    if config.mail_from and not re.fullmatch(
        r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", config.mail_from
    ):
        remedy = "Write the address alone, as in billing@yourshop.co.ke"
        faults.append(Fault("HESABU_MAIL_FROM", "is no mail address", remedy))
    return faults


def _is_loopback(host_and_port: str) -> bool:
    host = host_and_port.strip().rpartition(":")[0].strip("[]")
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _addresses(config: Config) -> list[Fault]:
    faults = []
    for name in ("mpesa_callback_addresses", "trusted_proxies"):
        for part in _listed(getattr(config, name)):
            try:
                ipaddress.ip_network(part)
            except ValueError as error:
                remedy = "Write addresses or networks: 196.201.214.0/24"
                faults.append(Fault(_variable(name), str(error), remedy))
    for part in _listed(config.allowed_private_hosts):
        if not re.fullmatch(r"[^\s:]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", part):
            wrong = f"{part!r} is not host:port"
            faults.append(Fault("HESABU_ALLOWED_PRIVATE_HOSTS", wrong, "Write 10.0.0.7:8080"))
    for part in _listed(config.outgoing_hosts):
        if not re.fullmatch(r"(\*\.[a-z0-9-]+\.|)([a-z0-9-]+\.)*[a-z0-9-]+", part.lower()):
            wrong = f"{part!r} is no host, nor all hosts below one's name"
            remedy = "Write login.example.com or *.files.example.com"
            faults.append(Fault("HESABU_OUTGOING_HOSTS", wrong, remedy))
    return faults


def _open_callbacks(config: Config) -> list[Fault]:
    """An unsigned callback from anywhere would be as good as a forged one."""
    faults = []
    for part in _listed(config.mpesa_callback_addresses):
        try:
            network = ipaddress.ip_network(part)
        except ValueError:
            continue
        if network.is_loopback or network.num_addresses > 2**16:
            wrong = f"{part} is too wide or is this machine"
            remedy = NEEDED["mpesa_callback_addresses"]
            faults.append(Fault("HESABU_MPESA_CALLBACK_ADDRESSES", wrong, remedy))
    return faults


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _equal(config: Config) -> list[Fault]:
    """One secret, one purpose: whoever learns one must not know another."""
    seen: dict[str, str] = {}
    faults = []
    values = [(name, getattr(config, name)) for name in SECRETS]
    values += [
        ("field_keys", part.partition(":")[2]) for part in _listed(config.field_keys) if ":" in part
    ]
    for name, value in values:
        if value and value in seen:
            wrong = f"is the same secret as {_variable(seen[value])}"
            faults.append(Fault(_variable(name), wrong, "Make one for each purpose."))
        seen.setdefault(value, name)
    return faults


def _databases(config: Config) -> list[Fault]:
    faults = []
    if config.database_url and not config.owner_database_url:
        remedy = (
            "Set the same database as the role that owns its tables (docs/operations/postgres.md)."
        )
        faults.append(Fault("HESABU_OWNER_DATABASE_URL", "is missing", remedy))
    if config.owner_database_url and not config.database_url:
        remedy = "Set it too, or neither of them to use the embedded server."
        faults.append(Fault("HESABU_DATABASE_URL", "is missing", remedy))
    urls = [config.database_url, config.owner_database_url, config.staff_database_url]
    people = [urlsplit(url).username for url in urls if url]
    if len(people) != len(set(people)):
        remedy = "Use a role of its own for each (docs/operations/postgres.md)."
        faults.append(Fault("HESABU_DATABASE_URL", "shares its role with another URL", remedy))
    return faults


def _database_lines(config: Config) -> list[Fault]:
    """What goes to a database elsewhere goes by TLS, to a server that showed who it is."""
    faults = []
    for name in ("database_url", "owner_database_url", "staff_database_url"):
        parts = urlsplit(getattr(config, name))
        query = parse_qs(parts.query)
        hosts = query.get("host") or query.get("hostaddr") or [parts.netloc.rpartition("@")[2]]
        mode = query.get("sslmode", [""])[-1]
        if mode != "verify-full" and not all(_is_here(one) for one in hosts[-1].split(",")):
            remedy = "Add sslmode=verify-full to its query, and sslrootcert=/path/of/ca.pem where the system does not know its CA."
            faults.append(Fault(_variable(name), "reaches another machine unverified", remedy))
    return faults


def _is_here(host_and_port: str) -> bool:
    """A socket's directory, or a loopback address."""
    if not host_and_port or host_and_port.startswith(("/", "%2F", "%2f", "@")):
        return True
    host = (
        re.sub(r":\d*$", "", host_and_port)
        if "[" in host_and_port or host_and_port.count(":") < 2
        else host_and_port
    )
    return host.strip("[]") in ("localhost", "::1") or _is_loopback(f"{host}:1")


def _ports(config: Config) -> list[Fault]:
    names = ("web_port", "live_port", "sandbox_port", "postgres_tcp_port")
    seen: dict[int, str] = {}
    faults = []
    for name in names:
        port = getattr(config, name)
        if port and port in seen:
            wrong = f"is the same port as {_variable(seen[port])}"
            faults.append(Fault(_variable(name), wrong, "Give each process a port of its own."))
        seen.setdefault(port, name)
    return faults


ROLES = ("owner", "manager", "seller", "bookkeeper", "partner", "viewer")


def session_limits(text: str) -> dict[str, tuple[int, int]]:
    """Role → (seconds idle, seconds at most), of "owner=120/24, viewer=240/168". Raises ValueError."""
    limits = {}
    for part in _listed(text):
        found = re.fullmatch(r"(\w+)\s*=\s*(\d{1,4})\s*/\s*(\d{1,3})", part)
        if found is None or found[1] not in ROLES or 0 in (int(found[2]), int(found[3])):
            raise ValueError(f"{part!r} is not role=minutes/hours")
        limits[found[1]] = (int(found[2]) * 60, int(found[3]) * 3600)
    return limits


def _sessions(config: Config) -> list[Fault]:
    try:
        session_limits(config.session_by_role)
    except ValueError as error:
        remedy = f"Write owner=120/24, viewer=240/168. Roles: {', '.join(ROLES)}."
        return [Fault("HESABU_SESSION_BY_ROLE", str(error), remedy)]
    return []


def _others(config: Config) -> list[Fault]:
    """Others' word on who somebody is: whole, or not at all."""
    faults = []
    list_url = config.breach_list_url
    if list_url and not list_url.startswith("https://") and config.is_production:
        faults.append(Fault("HESABU_BREACH_LIST_URL", "is not https", "Write https://…"))
    if config.oidc_issuer:
        is_near = not config.is_production and config.oidc_issuer.startswith("http://127.0.0.1")
        if not config.oidc_issuer.startswith("https://") and not is_near:
            faults.append(Fault("HESABU_OIDC_ISSUER", "is not https", "Write https://…"))
        for name in ("oidc_client_id", "oidc_client_secret"):
            if not getattr(config, name):
                remedy = "Your provider gave it when you registered Hesabu there."
                faults.append(Fault(_variable(name), "is missing", remedy))
    if config.google_client_id and not config.google_client_secret:
        remedy = "Google Cloud console → APIs and services → Credentials."
        faults.append(Fault("HESABU_GOOGLE_CLIENT_SECRET", "is missing", remedy))
    if config.access_team:
        is_near = not config.is_production and config.access_team.startswith("127.0.0.1:")
        if not is_near and not re.fullmatch(
            r"[a-z0-9-]+\.cloudflareaccess\.com", config.access_team
        ):
            remedy = "Write it as yourshop.cloudflareaccess.com"
            faults.append(Fault("HESABU_ACCESS_TEAM", "is no team of Access", remedy))
        if not re.fullmatch(r"[0-9a-f]{64}", config.access_audience):
            remedy = "Zero Trust → Access → your application → Application Audience (AUD) tag."
            faults.append(Fault("HESABU_ACCESS_AUDIENCE", "is not 64 letters of 0-9a-f", remedy))
    return faults
