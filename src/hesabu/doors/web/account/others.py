"""Asking others: the library's requests to OpenID Connect providers, through the house's own client.

The library speaks to something like a session of `requests`; this is as much of one as it uses. So these calls too have a
time-out and reach no private address.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import requests

from hesabu.kit import http


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
