"""The web process: the ingress takes `/hooks/…`, Django takes the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_django = get_wsgi_application()


def _ingress() -> Application:
    from hesabu.app import wiring
    from hesabu.store.ingress import Ingress

    return Ingress(
        settings.APP_URL,
        wiring.intakes(),
        wiring.answers(),
        trusted_proxies=[
            p.strip() for p in settings.CONFIG.trusted_proxies.split(",") if p.strip()
        ],
        also=_by_tls_alone(),
    )


def _by_tls_alone() -> list[tuple[str, str]]:
    """What pages say by Django's middleware, where the proxy in front speaks TLS."""
    if not settings.SECURE_HSTS_SECONDS:
        return []
    return [
        (
            "Strict-Transport-Security",
            f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains",
        )
    ]


_hooks = _ingress()
_SCHEME = urlsplit(settings.CONFIG.public_url).scheme or "http"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """How a request came is how everybody is to come: by the address of the settings. What it says of that itself is a claim
    that anybody could make, and is not looked at."""
    environ.pop("HTTP_X_FORWARDED_PROTO", None)
    environ["wsgi.url_scheme"] = _SCHEME
    if environ.get("PATH_INFO", "").startswith("/hooks/"):
        return _hooks(environ, start_response)
    return _django(environ, start_response)
