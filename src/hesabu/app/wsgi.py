"""The web process: the ingress takes `/hooks/…`, Django takes the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from hesabu.kit.senders import Proxies

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
_PROXIES = Proxies(settings.CONFIG.trusted_proxies.split(","))
_OF_PROGRAMS = ("/api/", "/hooks/", "/metrics", "/readyz", "/.well-known/", "/live/")
_OF_SUPERVISORS = "/healthz"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """How a request came is how everybody is to come: by the address of the settings. What it says of that itself is a claim
    that anybody could make, and is not looked at; but where our own proxy says that somebody came to it without TLS, nothing
    is done for them."""
    claimed = environ.pop("HTTP_X_FORWARDED_PROTO", "")
    if (
        _SCHEME == "https"
        and claimed == "http"
        and _PROXIES.is_ours(environ.get("REMOTE_ADDR", ""))
    ):
        answer = _without_tls(environ, start_response)
        if answer is not None:
            return answer
    environ["wsgi.url_scheme"] = _SCHEME
    if environ.get("PATH_INFO", "").startswith("/hooks/"):
        return _hooks(environ, start_response)
    return _django(environ, start_response)


def _without_tls(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes] | None:
    """Who opens a page is led to where there is TLS. A program is refused: were it led on, it would show its key in the clear
    each time, and nobody would notice. Whether the process lives may be asked either way."""
    path = environ.get("PATH_INFO", "")
    if path == _OF_SUPERVISORS:
        return None
    is_page = not path.startswith(_OF_PROGRAMS) and environ.get("REQUEST_METHOD") in ("GET", "HEAD")
    headers = [("Content-Length", "0"), ("Cache-Control", "no-store")]
    if is_page:
        where = quote(path.encode("latin-1", "replace"), safe="/~!$&'()*+,;=:@")
        if query := environ.get("QUERY_STRING", ""):
            where += "?" + quote(query.encode("latin-1", "replace"), safe="/~!$&'()*+,;=:@?%")
        headers.append(("Location", settings.CONFIG.public_url + where))
    start_response("308 Permanent Redirect" if is_page else "403 Forbidden", headers)
    return [b""]
