"""Passages: from the chat to one page. What is dangerous may be done there by whoever signs in, and not by who has the phone alone.

    ask_passage ── the link, in the chat ──▶ a browser ── they sign in there, as ever ──▶ take_passage ──▶ the page

The link signs nobody in. It opens for the person it was made for and for nobody else, once, within ten minutes; the browser
is theirs because they signed in with it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity.errors import PassageEnded
from hesabu.identity.models import Passage
from hesabu.identity.permissions import anybody
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy

LIFE = timedelta(minutes=10)


@anybody("it opens nothing by itself: the page asks who is there and what they may")
def ask_passage(person_id: UUID, page: str) -> str:
    """What the link carries; `page` is a path of this site. In a house transaction, or its own."""
    if not page.startswith("/") or page.startswith("//"):
        raise ValueError(f"{page!r} is no page of ours")
    token, now = crypto.token(24), clock.now()
    with tenancy.house():
        Passage.objects.filter(expires_at__lt=now - LIFE).delete()
        Passage(
            id=ids.new_id(),
            person_id=person_id,
            page=page,
            token_hash=crypto.digest(token),
            created_at=now,
            expires_at=now + LIFE,
        ).save(force_insert=True)
    return token


@anybody("whoever is signed in as the person it was made for")
def take_passage(token: str, person_id: UUID) -> str:
    """The page, once. Raises PassageEnded; for somebody else it stays unspent."""
    with tenancy.house():
        row = (
            Passage.objects.select_for_update()
            .filter(token_hash=crypto.digest(token), person_id=person_id)
            .first()
        )
        if row is None or row.used_at is not None or row.expires_at <= clock.now():
            raise PassageEnded()
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
        return str(row.page)
