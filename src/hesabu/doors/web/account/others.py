"""Asking others: the library's requests to OpenID Connect providers, through the house's own client.

The library speaks to something like a session of `requests`; this is as much of one as it uses. So these calls too have a
time-out and reach no private address.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from hesabu.kit import http

log = structlog.get_logger(__name__)
KEEP_SECONDS, ASK_AGAIN_SECONDS = 3600, 60


class Answer:
    """What came back, in the library's words."""

    def __init__(self, response: http.Response) -> None:
        self.status_code = response.status
        self.headers, self.content, self.text = response.headers, response.content, response.text
        self._response = response

    def json(self) -> Any:
        found = self._response.json()
        if found is None:
            raise requests.JSONDecodeError("no JSON", "", 0)
        return found

    def raise_for_status(self) -> None:
        if not self._response.is_ok:
            raise requests.HTTPError(f"status {self.status_code}")


class Session:
    """Requests to one provider."""

    def __init__(self) -> None:
        self._client = http.Client("openid")

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, url: str, **options: Any) -> Answer:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        return self.request("POST", url, **options)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
    ) -> Answer:
        basic = (auth.username, auth.password) if auth is not None else None
        given = {"params": params, "data": data, "headers": headers, "auth": basic}
        options = {name: value for name, value in given.items() if value is not None}
        try:
            return Answer(self._client.request(method, url, idempotent=method == "GET", **options))
        except http.HttpFailure as error:
            raise requests.ConnectionError("the provider did not answer") from error


class WayOut:
    """Lets the forms of the sign-in pages lead to where the provider takes people in, which may be another host than its issuer:
    browsers look at the whole way of a form. Nothing else is let out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if is_page and request.path.startswith("/account/"):
            origins = [where for issuer in _issuers() for where in _origins_of(issuer)]
            if origins:
                answer._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
        return answer


def _issuers() -> list[str]:
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [str(app["settings"]["server_url"]) for app in apps]


def _origins_of(issuer: str) -> list[str]:
    """The issuer's origin, and that of its page to sign in; asked for once an hour."""
    key = f"openid.out.{issuer}"
    found = cache.get(key)
    if found is None:
        found = [_origin(issuer)]
        where = _asked_where(issuer)
        found += [_origin(where)] if where and _origin(where) not in found else []
        cache.set(key, found, KEEP_SECONDS if where else ASK_AGAIN_SECONDS)
    return list(found)


def _asked_where(issuer: str) -> str:
    """The provider's authorization endpoint; empty where it does not answer."""
    client = http.Client("openid", timeout_seconds=3, attempts_max=1)
    try:
        told = client.request("GET", f"{issuer}/.well-known/openid-configuration").json()
    except http.HttpFailure as error:
        log.warning("openid.away", kind=type(error).__name__)
        return ""
    finally:
        client.close()
    where = told.get("authorization_endpoint") if isinstance(told, dict) else None
    if not isinstance(where, str) or urlsplit(where).scheme not in ("https", "http"):
        return ""
    return where if _is_plain(_origin(where)) else ""


def _is_plain(origin: str) -> bool:
    """Nothing that would be more than one origin in a policy."""
    return all(letter.isalnum() or letter in ":/.-[]" for letter in origin)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
