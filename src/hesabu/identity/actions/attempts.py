"""Tries to sign in: kept, counted, and made to wait.

What is counted is one account from one place. So a stranger who guesses from elsewhere holds up only themselves, and the
owner's own way in stays as it was; a wait is never longer than an hour. Accounts that are not there are counted in the same
way, so that nothing tells them apart.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection

from hesabu.identity import rules
from hesabu.identity.errors import TooManyTries
from hesabu.identity.facts import (
    AccountBesieged,
    PasswordChanged,
    SecondFactorAdded,
    SecondFactorRemoved,
    SignInHeldUp,
)
from hesabu.identity.facts import SignedIn as SignedInFact
from hesabu.identity.models import Attempt, Grant, Person
from hesabu.identity.permissions import anybody
from hesabu.identity.types import Outcome
from hesabu.kit import clock, crypto
from hesabu.store import facts, pace, tenancy

AGENT_LETTERS_MAX = 200


def account_index(account: str) -> bytes:
    return crypto.blind(f"account:{account.strip().lower()}")


def address_index(address: str) -> bytes:
    return crypto.blind(f"address:{address}")


@anybody("asked before it is known who somebody is")
def begin_attempt(account: str, address: str) -> None:
    """Raises TooManyTries (with wait_seconds) while wrong tries for this account from this place make the next one wait."""
    with tenancy.house():
        wait_seconds = _wait_seconds(account, address)
    if wait_seconds > 0:
        raise TooManyTries(wait_seconds=wait_seconds)


@anybody("kept before it is known who somebody is")
def note_attempt(
    account: str, address: str, agent: str, *, way: str, outcome: Outcome, person_id: UUID | None
) -> None:
    """Keep what became of a try. In a house transaction, or its own."""
    with tenancy.house():
        Attempt(
            person_id=person_id,
            account_index=account_index(account),
            address=address,
            address_index=address_index(address),
            agent=agent[:AGENT_LETTERS_MAX],
            way=way,
            outcome=outcome,
            at=clock.now(),
        ).save(force_insert=True)
        if outcome is Outcome.IN and person_id is not None:
            facts.publish(SignedInFact(business_id=tenancy.HOUSE, subject_id=person_id, way=way))
        elif outcome is Outcome.WRONG:
            wait_seconds = _wait_seconds(account, address)  # asked for whoever is unknown, too
            if person_id is not None:
                _tell_if_held_up(person_id, way, wait_seconds)
        if outcome is not Outcome.IN and person_id is not None:
            _tell_if_besieged(account, person_id)


def _tell_if_besieged(account: str, person_id: UUID) -> None:
    """From wherever they come: told once an hour, however many more follow."""
    since = clock.now() - rules.BESIEGED_WITHIN
    tries = Attempt.objects.filter(account_index=account_index(account), at__gt=since)
    count = tries.exclude(outcome=Outcome.IN).count()
    if count <= rules.BESIEGED_ABOVE:
        return
    if pace.count("identity.besieged", str(person_id), seconds=3600) == 1:
        facts.publish(
            AccountBesieged(business_id=tenancy.HOUSE, subject_id=person_id, try_count=count)
        )


def _tell_if_held_up(person_id: UUID, way: str, wait_seconds: int) -> None:
    if wait_seconds > 0:
        facts.publish(
            SignInHeldUp(
                business_id=tenancy.HOUSE,
                subject_id=person_id,
                way=way,
                wait_seconds=wait_seconds,
            )
        )


def _wait_seconds(account: str, address: str) -> int:
    """By the wrong tries since the last right one, within the last day."""
    now = clock.now()
    tries = Attempt.objects.filter(
        account_index=account_index(account),
        address_index=address_index(address),
        at__gt=now - rules.ATTEMPTS_LOOKED_AT,
    )
    last_in = tries.filter(outcome=Outcome.IN).order_by("-at").values_list("at", flat=True).first()
    wrong = tries.filter(outcome=Outcome.WRONG)
    if last_in is not None:
        wrong = wrong.filter(at__gt=last_in)
    last_wrong = wrong.order_by("-at").values_list("at", flat=True).first()
    if last_wrong is None:
        return 0
    wait = rules.attempt_wait_seconds(wrong.count()) - (now - last_wrong).total_seconds()
    return max(0, round(wait))


@anybody("the browser's door, about the person who is signed in there")
def note_password_changed(person_id: UUID) -> None:
    """The library changed it; here is the fact. In a house transaction, or its own."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        facts.publish(PasswordChanged(business_id=tenancy.HOUSE, subject_id=person_id))


@anybody("the browser's door, about whoever just proved that the address is theirs")
def drop_unproven_ways(person_id: UUID) -> None:
    """The password and the providers' accounts that were there open nothing any more, and neither does a session or a step that
    began with them. In a house transaction, or its own."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM socialaccount_socialaccount WHERE user_id = %s", (person_id,)
            )
        Person.objects.filter(id=person_id).update(password=make_password(None))
        facts.publish(PasswordChanged(business_id=tenancy.HOUSE, subject_id=person_id))


@anybody("the browser's door, about the person who is signed in there")
def note_second_factor(person_id: UUID, what: str, *, is_added: bool, has_one: bool) -> None:
    """The library keeps it; here is the fact. Without any left, apps that act for them no longer count as let in by somebody
    who had one. In a house transaction, or its own."""
    kind = SecondFactorAdded if is_added else SecondFactorRemoved
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        if not has_one:
            Grant.objects.filter(person_id=person_id, has_factor=True).update(has_factor=False)
        facts.publish(kind(business_id=tenancy.HOUSE, subject_id=person_id, what=what))
