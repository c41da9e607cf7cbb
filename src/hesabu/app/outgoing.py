"""Where this house calls: the hosts its settings name, and no other.

The list is worked out from the settings once, at boot, and kept by `kit.http`, through which every request leaves. What no
setting names but a provider's answer may (files that came by WhatsApp, the other hosts of a provider that people sign in
with) is on it where it is known, else named in `HESABU_OUTGOING_HOSTS`. `hesabu doctor` shows it, for the firewall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from hesabu.app.config import Config

GOOGLE = (
    "accounts.google.com",
    "oauth2.googleapis.com",
    "www.googleapis.com",
    "openidconnect.googleapis.com",
)
"""Signing in with Google, where it is set up: its issuer, and the hosts that its configuration leads to."""
NAMED_BY = {
    "whatsapp_base_url": ("graph.facebook.com", ("lookaside.fbsbx.com",)),
    "oidc_issuer": ("accounts.google.com", GOOGLE[1:]),
}
"""Setting → (its host, hosts that its answers lead on to)."""


def hosts_of(config: Config) -> set[str]:
    """Names, and `*.name` for all below it, in small letters."""
    addresses = {
        name: str(value)
        for name, value in config.model_dump().items()
        if name.endswith("_base_url") or name in ("breach_list_url", "oidc_issuer")
    }
    found = {_host(address) for address in addresses.values() if address}
    for name, (host, further) in NAMED_BY.items():
        if _host(addresses[name]) == host:
            found.update(further)
    if config.access_team:
        found.add(_host(f"https://{config.access_team}"))
    if config.google_client_id:
        found.update(GOOGLE)
    found.update(part.strip().lower() for part in config.outgoing_hosts.split(","))
    return found - {""}


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
