"""What a request to Daraja needs besides its words: the password, Nairobi's time, an address for
the answer. Pure.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

NAIROBI = timezone(timedelta(hours=3), "EAT")
"""Kenya has kept UTC+3 without summer time since 1960, so no time zone tables are needed."""

FORBIDDEN_WORDS = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
"""Daraja's gateway refuses callback addresses with these anywhere in them."""


def timestamp(now: datetime) -> str:
    """`now` as Daraja writes it: YYYYMMDDHHmmss in Nairobi."""
    return now.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")


def password(shortcode: str, passkey: str, stamp: str) -> str:
    """The password of one request; `stamp` must be the Timestamp sent beside it."""
    return base64.b64encode(f"{shortcode}{passkey}{stamp}".encode()).decode()


def is_clean(text: str) -> bool:
    """May this be part of a callback address?"""
    low = text.lower()
    return not any(word in low for word in FORBIDDEN_WORDS)


def clean_token(make: Callable[[], str]) -> str:
    """A random token without a forbidden word in it; chance writes "sql" now and then."""
    while not is_clean(token := make()):
        pass
    return token


def callback_ref(collection_id: str, mac: Callable[[str], str]) -> str:
    """The unguessable mark of one request in its callback address.

    It can be made again from the collection's id by whoever holds the key, so it is not kept in
    the clear. `mac` is keyed; a mark with a forbidden word in it is passed over for the next one.
    """
    turn = 0
    while not is_clean(ref := mac(f"{collection_id}:{turn}")):
        turn += 1
    return ref


BY_HAND, BEFOREHAND, LISTED = "paid", "may-pay", "listed"
"""The ends of the addresses for money sent by hand: that it came, the question whether it may, and what a list brought."""
LOOKED_UP = "looked-up-"
"""How the end of an address begins where the books' word about one receipt comes in; a secret mark of the receipt follows."""


def callback_url(public_url: str, endpoint_token: str, ref: str) -> str:
    return f"{public_url.rstrip('/')}/hooks/{endpoint_token}/{ref}"
