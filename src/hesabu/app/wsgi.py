"""The web process: the ingress takes `/hooks/…`, Django takes the rest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

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
    )


_hooks = _ingress()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ.get("PATH_INFO", "").startswith("/hooks/"):
        return _hooks(environ, start_response)
    return _django(environ, start_response)
