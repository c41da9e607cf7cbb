"""Whether a password is known to have leaked, asked without telling it: five letters of its SHA-1 go out, all leaked hashes that
begin so come back, padded so that their number says nothing, and the rest is compared here. Whoever does not answer within two
seconds stops nobody: the list that is kept here still stands."""

from __future__ import annotations

import hashlib
from functools import cache

import structlog
from django.conf import settings

from hesabu.kit import http

log = structlog.get_logger(__name__)
ANSWER_SECONDS = 2
LETTERS_OUT = 5


def is_leaked(password: str) -> bool:
    """False where no list is set, or where it does not answer."""
    url = settings.CONFIG.breach_list_url
    if not url:
        return False
    whole = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    mark = whole.hexdigest().upper()
    try:
        answer = _client(url).request("GET", f"{url.rstrip('/')}/{mark[:LETTERS_OUT]}")
    except http.HttpFailure as error:
        log.warning("breach_list.away", kind=type(error).__name__)
        return False
    if not answer.is_ok:
        log.warning("breach_list.refused", status=answer.status)
        return False
    return mark[LETTERS_OUT:] in _counted(answer.text)


def _counted(text: str) -> set[str]:
    """The ends of hashes that leaked; those of padding have leaked no times."""
    found = set()
    for line in text.splitlines():
        end, _, times = line.strip().partition(":")
        if times.strip("0") and times.isdigit():
            found.add(end.upper())
    return found


@cache
def _client(url: str) -> http.Client:
    return http.Client(
        "breach_list",
        timeout_seconds=ANSWER_SECONDS,
        answer_seconds_max=ANSWER_SECONDS,
        headers={"Add-Padding": "true"},
        attempts_max=1,
    )
