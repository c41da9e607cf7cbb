"""What an operator may do about somebody's way in, and how the person stops it."""

from __future__ import annotations

import secrets
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

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
from doors.web.test_signing_in_attacked import a_while_passes, activated_totp, figures
from doors.web.test_signing_in_by_telephone import messages_to, new_phone
from hesabu.app.cli import commands
from hesabu.doors.web.account import operating
from hesabu.identity import queries
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.store import tenancy

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
