"""Ways in by telephone: a link to a number, for the browser that asked.

    ask_entry ── the link, by WhatsApp or text message ──▶ opened in the same browser ──▶ enter
                                                           opened in another ── confirm_entry (the short code) ──▶ enter,
                                                                                in the browser that asked

So whoever only has the link gains nothing (they know no code), and whoever only asked gains nothing (they get no link). An
entry opens once, within ten minutes; three wrong codes end it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from hesabu.identity.errors import EntryEnded, EntryUnconfirmed, WrongCode
from hesabu.identity.models import Entry
from hesabu.identity.permissions import anybody
from hesabu.identity.types import Asked
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy

LIFE = timedelta(minutes=10)
WRONG_MAX = 3
CODE_LETTERS_COUNT = 5
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels: it never spells a word, and none is taken for a figure."""


@anybody("asked before it is known who somebody is")
def ask_entry(person_id: UUID | None) -> Asked:
    """A way in for that person; for nobody (an unknown number) one that no link leads to. In a house transaction, or its own."""
    asked = Asked(
        ids.new_id(),
        crypto.token(24),
        crypto.token(24),
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LETTERS_COUNT)),
    )
    now = clock.now()
    with tenancy.house():
        Entry.objects.filter(expires_at__lt=now - LIFE).delete()
        Entry(
            id=asked.id,
            person_id=person_id,
            token_hash=crypto.digest(asked.token),
            browser_hash=crypto.digest(asked.browser),
            code_hash=_mark(asked.id, asked.code),
            created_at=now,
            expires_at=now + LIFE,
        ).save(force_insert=True)
    return asked


@anybody("whoever holds the link, in the browser that asked")
def enter_by_link(token: str, browser: str) -> UUID:
    """The person, once. Raises EntryEnded; EntryUnconfirmed where another browser asked."""
    with tenancy.house():
        row = _living(token_hash=crypto.digest(token))
        if not _is_same_browser(row, browser):
            raise EntryUnconfirmed()
        return _entered(row)


@anybody("whoever holds the link, in another browser than the one that asked")
def confirm_entry(token: str, code: str) -> None:
    """The code that the first browser shows was typed where the link was opened. Raises EntryEnded, WrongCode."""
    is_wrong = False
    with tenancy.house():
        row = _living(token_hash=crypto.digest(token))
        if crypto.same(bytes(row.code_hash), _mark(row.id, "".join(code.split()).upper())):
            row.confirmed_at = row.confirmed_at or clock.now()
            row.save(update_fields=["confirmed_at"])
        else:
            is_wrong = True
            row.wrong_count += 1
            if row.wrong_count >= WRONG_MAX:
                row.expires_at = clock.now()
            row.save(update_fields=["wrong_count", "expires_at"])
    if is_wrong:
        raise WrongCode(field="code")


@anybody("the browser that asked")
def enter_confirmed(entry_id: UUID, browser: str) -> UUID:
    """The person, once, where the code was confirmed elsewhere. Raises EntryEnded; EntryUnconfirmed while it was not."""
    with tenancy.house():
        row = _living(id=entry_id)
        if not _is_same_browser(row, browser):
            raise EntryEnded()
        if row.confirmed_at is None:
            raise EntryUnconfirmed()
        return _entered(row)


def _living(**by: object) -> Entry:
    row: Entry | None = Entry.objects.select_for_update().filter(**by).first()
    if row is None or row.used_at is not None or row.expires_at <= clock.now():
        raise EntryEnded()
    return row


def _is_same_browser(row: Entry, browser: str) -> bool:
    return crypto.same(bytes(row.browser_hash), crypto.digest(browser))


def _entered(row: Entry) -> UUID:
    if row.person_id is None:
        raise EntryEnded()
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    return row.person_id


def _mark(entry_id: UUID, code: str) -> bytes:
    return crypto.blind(f"entry:{entry_id}:{code}")
