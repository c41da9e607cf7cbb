"""What an operator may do about somebody's way in, and how the person stops it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client

from doors.web.people import (
    PASSWORD,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
    signs_in,
)
from doors.web.test_platform import of_platform
from doors.web.test_signing_in_attacked import a_while_passes, activated_totp, figures
from doors.web.test_signing_in_by_telephone import messages_to, new_phone
from hesabu.app.cli import commands
from hesabu.doors.web.account import operating
from hesabu.identity import actions, queries
from hesabu.identity.errors import NotAllowed, RestorationNotFound
from hesabu.identity.models import PlatformMember
from hesabu.identity.types import PlatformRole
from hesabu.kit import clock, ids
from hesabu.messaging import actions as messaging
from hesabu.store import tenancy
from hesabu.store.tenancy import Actor

pytestmark = pytest.mark.usefixtures("database")
DAY = 24 * 3600


def facts_about(person_id: UUID) -> list[str]:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM store_fact WHERE subject_id = %s ORDER BY id", (person_id,)
        )
        return [row[0] for row in cursor.fetchall()]


def somebody() -> tuple[str, UUID, str, str]:
    """Address, person, number, and the secret of their app."""
    address, phone = new_address(), new_phone()
    secret = activated_totp(signed_up(new_browser(), address))
    with tenancy.house():
        messaging.introduce(messaging.meet(phone), person_id_of(address))
    a_while_passes()
    return address, person_id_of(address), phone, secret


def test_who_lost_all_factors_is_told_everywhere_and_restored_a_day_later() -> None:
    address, person_id, phone, _ = somebody()
    begun = operating.begin_restoration(person_id)
    assert (begun.due_at - begun.asked_at).total_seconds() == DAY
    assert letters_to(address)[-1][0] == "Your second factors are to be taken off"
    assert "taken off your account" in messages_to(phone)[-1]
    with clock.moved(seconds=DAY - 60):
        assert operating.finish_restorations() == 0
        browser = new_browser()
        signs_in(browser, address)
        assert not is_in(browser)
    with clock.moved(seconds=DAY + 60):
        assert operating.finish_restorations() == 1
        assert operating.finish_restorations() == 0
        assert letters_to(address)[-1][0] == "Your second factors were taken off"
        browser = new_browser()
        signs_in(browser, address, "a wrong long guess")
        assert not is_in(browser)  # the password is still needed
        signs_in(browser, address)
        assert is_in(browser)
    said = facts_about(person_id)
    assert "identity.RestorationAsked" in said
    assert "identity.RestorationDone" in said


def test_whoever_shows_a_second_factor_stops_it() -> None:
    address, person_id, _, secret = somebody()
    operating.begin_restoration(person_id)
    browser = new_browser()
    signs_in(browser, address)
    assert queries.restoration_of(person_id)  # the password alone, a thief's too, stops nothing
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert is_in(browser)
    assert queries.restoration_of(person_id) is None
    with clock.moved(seconds=DAY + 60):
        assert operating.finish_restorations() == 0
    assert "identity.RestorationStopped" in facts_about(person_id)


def test_a_second_factor_shown_once_more_stops_it() -> None:
    address, person_id, _, secret = somebody()
    browser = new_browser()
    signs_in(browser, address)
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    operating.begin_restoration(person_id)
    a_while_passes()
    browser.post("/account/2fa/reauthenticate/", {"code": "000000"})
    assert queries.restoration_of(person_id)
    browser.post("/account/2fa/reauthenticate/", {"code": figures(secret)})
    assert queries.restoration_of(person_id) is None


def test_a_second_factor_set_up_meanwhile_stops_it() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    operating.begin_restoration(person_id_of(address))
    activated_totp(browser)
    assert queries.restoration_of(person_id_of(address)) is None


def test_it_is_stopped_on_the_page_where_they_are_signed_in() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    activated_totp(browser)
    operating.begin_restoration(person_id_of(address))
    assert "are to be taken off" in browser.get("/account/2fa/").content.decode()
    browser.post("/account/2fa/restoration/stop")
    assert queries.restoration_of(person_id_of(address)) is None
    assert "are to be taken off" not in browser.get("/account/2fa/").content.decode()


def test_asked_twice_it_is_one_and_they_are_told_once() -> None:
    address, person_id, _, _ = somebody()
    first = operating.begin_restoration(person_id)
    with clock.moved(seconds=3600):
        assert operating.begin_restoration(person_id).id == first.id
    told = [subject for subject, _ in letters_to(address) if "are to be taken off" in subject]
    assert len(told) == 1


def test_restored_they_are_signed_out_everywhere() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    activated_totp(browser)
    operating.begin_restoration(person_id_of(address))
    with clock.moved(seconds=DAY + 60):
        operating.finish_restorations()
    assert not is_in(browser)


def test_an_operator_sees_and_ends_somebodys_sessions() -> None:
    address = new_address()
    here, there = signed_up(new_browser("10.3.3.3"), address), new_browser("10.4.4.4")
    signs_in(there, address)
    assert is_in(here)
    assert is_in(there)
    person_id = person_id_of(address)
    assert {one.address for one in operating.sessions_of(person_id)} == {"10.3.3.3", "10.4.4.4"}
    assert operating.end_sessions(person_id) == 2
    assert not is_in(here)
    assert not is_in(there)
    assert operating.sessions_of(person_id) == []
    assert "identity.SessionsEnded" in facts_about(person_id)


def test_an_operators_word_is_about_whom_it_names() -> None:
    from hesabu.app import holding

    address, person_id, phone, _ = somebody()
    assert holding.people_at(address) == [person_id]
    assert holding.people_at(phone) == [person_id]
    with pytest.raises(holding.NothingHeld):
        holding.people_at(f"nobody-{secrets.token_hex(4)}@example.com")
    assert PASSWORD


def run(*args: str) -> str:
    result = CliRunner().invoke(commands, args)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_the_operators_commands_say_what_they_did() -> None:
    address, person_id, phone, _ = somebody()
    browser = new_browser("10.5.5.5")
    assert "10.5.5.5" not in run("person", "sessions", address)
    other = new_address()
    signed_up(browser, other)
    assert "10.5.5.5" in run("person", "sessions", other)
    assert is_in(browser)
    assert "Ended: 1." in run("person", "sessions", other, "--end")
    assert not is_in(browser)
    assert "They are told." in run("person", "restore", phone)
    assert queries.restoration_of(person_id)
    assert "Stopped." in run("person", "restore", address, "--stop")
    assert queries.restoration_of(person_id) is None
    assert "Nothing of that kind" in run("person", "restore", address, "--stop")
    nobody = CliRunner().invoke(commands, ["person", "restore", new_address()])
    assert nobody.exit_code != 0


def test_the_clock_finishes_what_is_due() -> None:
    from hesabu.store import jobs

    _, person_id, _, _ = somebody()
    operating.begin_restoration(person_id)
    names = {one.name for one in jobs.periodic}
    assert {"web.finish_restorations", "web.end_old_sessions"} <= names
    with clock.moved(seconds=DAY + 60):
        jobs.tasks["web.finish_restorations"].run()
        jobs.tasks["web.finish_restorations"].run()
        jobs.tasks["web.end_old_sessions"].run()
    assert queries.restoration_of(person_id) is None
    assert "identity.RestorationDone" in facts_about(person_id)


# --- a second person, where there is one ------------------------------------------------------------------------------


def admin(business_id: UUID) -> tuple[Client, UUID]:
    return of_platform(business_id, PlatformRole.ADMIN)


def waiting_page(browser: Client) -> str:
    return browser.get("/platform/restorations").content.decode()


def answers(browser: Client, person_id: UUID, verb: str) -> Any:
    begun = queries.restoration_of(person_id)
    assert begun is not None
    return browser.post(f"/platform/restorations/{ids.short(begun.id)}/{verb}")


@pytest.fixture
def admins(business_id: UUID) -> Iterator[list[tuple[Client, UUID]]]:
    """Two of them; and none when the test is over."""
    found = [admin(business_id), admin(business_id)]
    yield found
    PlatformMember.objects.all().delete()


def test_with_two_admins_nothing_is_done_without_the_word_of_one(
    admins: list[tuple[Client, UUID]],
) -> None:
    address, person_id, _, _ = somebody()
    assert "has to agree" in run("person", "restore", address)
    begun = queries.restoration_of(person_id)
    assert begun is not None
    assert begun.waits_for_word
    [(first, admin_id), _] = admins
    assert ids.short(person_id) in waiting_page(first)
    with clock.moved(seconds=DAY + 60):
        assert operating.finish_restorations() == 0
    answers(first, person_id, "agree")
    answers(first, person_id, "agree")
    assert ids.short(person_id) not in waiting_page(first)
    assert operating.finish_restorations() == 0  # the day is not over
    with clock.moved(seconds=DAY + 60):
        assert operating.finish_restorations() == 1
    said = facts_about(person_id)
    assert said.count("identity.RestorationAgreed") == 1
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id FROM store_fact WHERE subject_id = %s AND kind = %s",
            (person_id, "identity.RestorationAgreed"),
        )
        assert cursor.fetchall() == [(admin_id,)]


def test_nobody_agrees_about_themselves_and_another_admin_can(
    admins: list[tuple[Client, UUID]],
) -> None:
    (first, first_id), (second, _) = admins
    operating.begin_restoration(first_id)
    assert "This is you" in waiting_page(first)
    answers(first, first_id, "agree")
    begun = queries.restoration_of(first_id)
    assert begun is not None
    assert begun.waits_for_word
    answers(second, first_id, "agree")
    begun = queries.restoration_of(first_id)
    assert begun is not None
    assert not begun.waits_for_word


def test_an_admin_who_says_no_stops_it_also_after_another_agreed(
    admins: list[tuple[Client, UUID]],
) -> None:
    _, person_id, _, _ = somebody()
    operating.begin_restoration(person_id)
    answers(admins[0][0], person_id, "agree")
    answers(admins[1][0], person_id, "refuse")
    assert queries.restoration_of(person_id) is None
    with clock.moved(seconds=DAY + 60):
        operating.finish_restorations()
    assert "identity.RestorationDone" not in facts_about(person_id)


def test_without_a_word_within_three_days_it_lapses_and_can_be_asked_again(
    admins: list[tuple[Client, UUID]],
) -> None:
    _, person_id, _, _ = somebody()
    first = operating.begin_restoration(person_id)
    with clock.moved(seconds=3 * DAY + 60):
        assert ids.short(person_id) not in waiting_page(admins[0][0])
        assert queries.restoration_of(person_id) is None
        assert operating.finish_restorations() == 0
        again = operating.begin_restoration(person_id)
        assert again.id != first.id
        with pytest.raises(RestorationNotFound), tenancy.house(actor=Actor("person", admins[0][1])):
            actions.agree_to_restoration(first.id)
    assert "identity.RestorationStopped" in facts_about(person_id)


def test_whoever_stops_it_stops_also_what_was_asked_again_before_the_first_was_seen_to_lapse(
    admins: list[tuple[Client, UUID]],
) -> None:
    _, person_id, _, _ = somebody()
    operating.begin_restoration(person_id)
    with clock.moved(seconds=3 * DAY + 60):
        operating.begin_restoration(person_id)
        assert actions.stop_restoration(person_id, "asked")
        assert queries.restoration_of(person_id) is None
        assert not actions.stop_restoration(person_id, "asked")
    assert facts_about(person_id).count("identity.RestorationStopped") == 2


def test_what_lapsed_takes_nothing_with_it_that_was_asked_again(
    admins: list[tuple[Client, UUID]],
) -> None:
    _, person_id, _, _ = somebody()
    operating.begin_restoration(person_id)
    with clock.moved(seconds=3 * DAY + 60):
        again = operating.begin_restoration(person_id)
        operating.finish_restorations()
        operating.finish_restorations()
        kept = queries.restoration_of(person_id)
        assert kept is not None
        assert kept.id == again.id


def test_support_and_people_of_businesses_agree_to_nothing(
    admins: list[tuple[Client, UUID]], business_id: UUID
) -> None:
    _, person_id, _, _ = somebody()
    operating.begin_restoration(person_id)
    helper, helper_id = of_platform(business_id, PlatformRole.SUPPORT)
    assert "An admin agrees" in waiting_page(helper)
    assert answers(helper, person_id, "agree").status_code == 404
    assert answers(helper, person_id, "refuse").status_code == 404
    begun = queries.restoration_of(person_id)
    assert begun is not None
    for actor in (Actor("person", helper_id), Actor("key", helper_id), Actor("app", admins[0][1])):
        with pytest.raises(NotAllowed), tenancy.house(actor=actor):
            actions.agree_to_restoration(begun.id)
    assert begun.waits_for_word


def test_with_one_admin_the_operator_and_the_day_are_enough(business_id: UUID) -> None:
    try:
        admin(business_id)
        address, person_id, _, _ = somebody()
        assert "has to agree" not in run("person", "restore", address)
        with clock.moved(seconds=DAY + 60):
            assert operating.finish_restorations() == 1
    finally:
        PlatformMember.objects.all().delete()
    assert "identity.RestorationDone" in facts_about(person_id)
