"""The PIN: asked before anything that changes where money goes.

A try is counted before the PIN is looked at, and on a connection of its own: neither a caller that fails afterwards nor
one hundred tries at the same moment win anything. Hashing happens between two short transactions, so no row is locked
while it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.db import connection

from hesabu.identity import rules
from hesabu.identity.actions.first_proofs import doubt_pin, trust_pin
from hesabu.identity.actions.refusals import NOT_PROVED, note_refusal
from hesabu.identity.errors import PersonNotFound, PinLocked, PinNeeded, PinNotSet, WrongPin
from hesabu.identity.facts import PinCleared, PinSet
from hesabu.identity.models import Person
from hesabu.identity.permissions import anybody, inner
from hesabu.kit import clock, crypto
from hesabu.store import facts, tenancy

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@anybody("a person sets their own; to change one, the present one is asked for")
def set_pin(
    person_id: UUID,
    pin: str,
    current: str | None = None,
    *,
    is_proved: bool = False,
    by_number: bool = False,
    in_chat: bool = False,
) -> None:
    """Set a person's PIN. To change one, the `current` one is needed, unless the door has just asked for it and it was right
    (`is_proved`). Where the door knows of them by their number alone (`by_number`, `in_chat`), a first one proves nothing for a
    day, in which they are told (see `first_proofs`). In a house transaction, or its own."""
    chosen = rules.checked_pin(pin)
    if current is not None:
        check_pin(person_id, current)
    with tenancy.house():
        row = Person.objects.select_for_update().filter(id=person_id).first()
        if row is None:
            raise PersonNotFound(str(person_id))
        if row.pin_hash and current is None and not is_proved:
            raise PinNeeded()
        if not (by_number or in_chat):
            trust_pin(person_id)
        elif not row.pin_hash:
            doubt_pin(person_id, in_chat=in_chat)
        if not row.pin_hash:
            row.pin_set_at = clock.now()
        row.pin_hash = _HASHER.hash(_mark(person_id, chosen))
        row.pin_wrong_count, row.pin_locked_until = 0, None
        row.save(update_fields=["pin_hash", "pin_set_at", "pin_wrong_count", "pin_locked_until"])
        facts.publish(PinSet(business_id=tenancy.HOUSE, subject_id=person_id))


@inner
def clear_pin(person_id: UUID) -> None:
    """Take a forgotten PIN away. For operators, who have made sure whom they speak to."""
    with tenancy.house():
        changed = Person.objects.filter(id=person_id).update(
            pin_hash="", pin_wrong_count=0, pin_locked_until=None
        )
        if not changed:
            raise PersonNotFound(str(person_id))
        trust_pin(person_id)
        facts.publish(PinCleared(business_id=tenancy.HOUSE, subject_id=person_id))


@anybody("the PIN is itself the proof")
def check_pin(person_id: UUID, pin: str) -> None:
    """Returns if it is right. Raises WrongPin (with tries_left), PinLocked (with wait_seconds) or PinNotSet.

    Callable inside or outside of a binding; the count is kept either way.
    """
    pin_hash, wrong_count = _count_try(person_id)
    try:
        _HASHER.verify(pin_hash, _mark(person_id, pin.strip()))
    except VerifyMismatchError:
        note_refusal("pin:check", NOT_PROVED, actor=tenancy.Actor("person", person_id))
        if rules.tries_left(wrong_count) == 0:
            raise PinLocked(wait_seconds=rules.wait_seconds(wrong_count)) from None
        raise WrongPin(tries_left=rules.tries_left(wrong_count)) from None
    with _apart() as cursor:
        _write_count(cursor, person_id, 0, None)


def _count_try(person_id: UUID) -> tuple[str, int]:
    """Count this try as wrong until it proves right. The hash to compare with, and the count."""
    with _apart() as cursor:
        cursor.execute(
            "SELECT pin_hash, pin_wrong_count, pin_locked_until FROM identity_person"
            " WHERE id = %s FOR UPDATE",
            (person_id,),
        )
        found = cursor.fetchone()
        if found is None:
            raise PersonNotFound(str(person_id))
        pin_hash, wrong_count, locked_until = found
        if not pin_hash:
            raise PinNotSet()
        now = clock.now()
        if locked_until is not None and locked_until > now:
            raise PinLocked(wait_seconds=int((locked_until - now).total_seconds()) + 1)
        _write_count(cursor, person_id, wrong_count + 1, rules.locked_until(wrong_count + 1, now))
    return str(pin_hash), int(wrong_count) + 1


def _write_count(
    cursor: Any, person_id: UUID, wrong_count: int, locked_until: datetime | None
) -> None:
    cursor.execute(
        "UPDATE identity_person SET pin_wrong_count = %s, pin_locked_until = %s WHERE id = %s",
        (wrong_count, locked_until, person_id),
    )


@contextmanager
def _apart() -> Iterator[Any]:
    """A short transaction on a connection of its own, whatever the caller's is doing."""
    aside = connection.copy()
    try:
        aside.set_autocommit(False)
        with aside.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            yield cursor
        aside.commit()
    finally:
        aside.close()


def _mark(person_id: UUID, pin: str) -> str:
    """The PIN under a key that the database does not hold, so that ten thousand guesses at a stolen copy gain nothing."""
    return crypto.blind(f"pin:{person_id}:{pin}").hex()
