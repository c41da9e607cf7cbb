"""Whom this house calls: those that its settings name, through the one client that keeps to them."""

from __future__ import annotations

import re
from pathlib import Path

from hesabu.app import outgoing
from hesabu.app.config import Config
from hesabu.kit import http

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hesabu"
CALLING = re.compile(
    r"^\s*(?:import|from) (?:socket|ssl|httpx|httpcore|requests|urllib3|aiohttp|http\.client|smtplib|ftplib|urllib\.request"
    r"|asyncio|xmlrpc|telnetlib|poplib|imaplib)\b",
    re.MULTILINE,
)
CALLERS = {
    "kit/http.py": "the one client",
    "messaging/providers/mail/smtp.py": "speaks SMTP, with the host of the settings alone",
    "doors/web/account/others.py": "names the errors of a library; asks by the one client",
    "doors/web/account/oidc.py": "names the errors of a library; asks by the one client",
    "kit/scanning.py": "speaks to clamd, at the place of the settings alone",
    "app/log_sending.py": "speaks syslog, with the collector of the settings alone",
    "app/supervisor.py": "asks our own processes whether they stand",
    "app/processes.py": "listens",
    "app/worker.py": "waits for jobs",
    "app/live.py": "listens",
    "doors/web/live/board.py": "waits in a loop of its own; calls nobody",
    "doors/web/live/serving.py": "waits in a loop of its own; calls nobody",
    "doors/web/live/stream.py": "waits in a loop of its own; calls nobody",
    "messaging/providers/mail/mailgun.py": "names the answers of its provider; asks by the one client",
    "app/doctor/work.py": "greets the mail server of the settings",
    "app/doctor/public.py": "goes to our own public address, when asked to",
}
TRYING_OUT = ("app/bench/", "app/story/", "app/simulate/", "sandbox/")
"""What is run against a house from beside it, on this machine."""


def config(**given: str) -> Config:
    return Config(_env_file=None, **given)  # type: ignore[call-arg,arg-type]


def test_the_list_is_what_settings_name() -> None:
    assert outgoing.hosts_of(config()) == set()
    found = outgoing.hosts_of(
        config(
            whatsapp_base_url="https://graph.facebook.com/v23.0",
            mpesa_base_url="https://api.safaricom.co.ke",
            mailgun_base_url="https://api.eu.mailgun.net/v3",
            breach_list_url="https://api.pwnedpasswords.com/range",
            oidc_issuer="https://login.kamau.co.ke/realms/shop",
            access_team="kamau.cloudflareaccess.com",
            outgoing_hosts="Keys.kamau.co.ke, *.files.kamau.co.ke",
        )
    )
    assert found == {
        *("graph.facebook.com", "lookaside.fbsbx.com", "api.safaricom.co.ke"),
        *("api.eu.mailgun.net", "api.pwnedpasswords.com", "login.kamau.co.ke"),
        *("kamau.cloudflareaccess.com", "keys.kamau.co.ke", "*.files.kamau.co.ke"),
    }


def test_google_is_called_only_where_people_may_sign_in_with_it() -> None:
    assert "oauth2.googleapis.com" in outgoing.hosts_of(config(google_client_id="7.apps"))
    as_issuer = config(oidc_issuer="https://accounts.google.com")
    assert outgoing.hosts_of(as_issuer) == set(outgoing.GOOGLE)


def test_every_setting_that_holds_an_address_we_call_is_on_it() -> None:
    ours = {"public_url", "database_url", "owner_database_url", "staff_database_url"}
    named = {name for name in Config.model_fields if name.endswith(("_url", "_issuer"))} - ours
    for name in named:
        assert outgoing.hosts_of(config(**{name: "https://somewhere.kamau.co.ke/x"})), name


def test_the_running_house_keeps_to_its_settings() -> None:
    from django.conf import settings

    assert http._listed == outgoing.hosts_of(settings.CONFIG)


def test_nothing_else_in_the_house_opens_a_connection() -> None:
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if CALLING.search(file.read_text())
    }
    assert {one for one in found if not one.startswith(TRYING_OUT)} == set(CALLERS)
