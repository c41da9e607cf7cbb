"""Whoever reaches the machine does not get rid of the other admin unseen; and who is of no business has hours of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

from doors.web.people import letters_to, new_address
from doors.web.test_platform import of_platform
from doors.web.test_signing_in_by_telephone import merchant, messages_to, new_phone
from hesabu.app.cli import commands
from hesabu.identity import actions, queries
from hesabu.identity.errors import LastAdmin
from hesabu.identity.models import PlatformMember
from hesabu.identity.types import PlatformRole
from hesabu.kit import clock, ids
from hesabu.store import jobs, tenancy

pytestmark = pytest.mark.usefixtures("database")
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _no_admins() -> Iterator[None]:
    """How many admins there are matters here."""
    with tenancy.house():
        PlatformMember.objects.filter(role=PlatformRole.ADMIN.value).delete()
        for one in queries.takings():
            actions.drop_taking(one.person_id)
    yield
    with tenancy.house():
        PlatformMember.objects.filter(role=PlatformRole.ADMIN.value).delete()


def admin() -> tuple[str, str, UUID]:
    """Address, number, person."""
    from allauth.account.models import EmailAddress

    address, phone = new_address(), new_phone()
    person_id = merchant(phone)
    EmailAddress.objects.create(user_id=person_id, email=address, verified=True, primary=True)
    actions.grant_platform(person_id, PlatformRole.ADMIN)
    return address, phone, person_id


def says(*words: str) -> str:
    found = CliRunner().invoke(commands, ["people", "take-platform", *words])
    assert found.exit_code == 0, found.output
    return found.output


def is_admin(person_id: UUID) -> bool:
    return PlatformRole.ADMIN in queries.platform_roles_of(person_id)


def facts_about(person_id: UUID) -> list[tuple[str, str]]:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, actor_kind FROM store_fact WHERE subject_id = %s"
            " AND (kind LIKE %s OR kind = 'identity.PlatformRoleTaken') ORDER BY id",
            (person_id, "identity.PlatformTaking%"),
        )
        return [(str(row[0]), str(row[1])) for row in cursor.fetchall()]


def finish() -> None:
    jobs.tasks["web.finish_takings"].run()


def test_an_operator_who_takes_the_other_admin_away_is_announced_to_all_and_waits_a_day() -> None:
    first, second = admin(), admin()
    assert "All admins are told" in says(second[0], "admin")
    assert "All admins are told" in says(second[0], "admin")  # again: it is the same, told once
    for address, phone, _ in (first, second):
        assert len([one for one, _ in letters_to(address) if "takes the role" in one]) == 1
        assert "/platform/members" in messages_to(phone)[-1]
    finish()
    assert is_admin(second[2])
    with clock.moved(seconds=DAY - 60):
        finish()
        assert is_admin(second[2])
    with clock.moved(seconds=DAY + 60):
        finish()
        finish()
        assert not is_admin(second[2])
    assert facts_about(second[2]) == [
        ("identity.PlatformTakingAsked", "operator"),
        ("identity.PlatformRoleTaken", "operator"),
    ]


def test_while_an_admin_is_being_taken_away_a_restoration_still_needs_the_word_of_two() -> None:
    first, second = admin(), admin()
    says(second[0], "admin")
    found = CliRunner().invoke(commands, ["person", "restore", first[0]])
    assert "has to agree within three days" in found.output


def test_any_admin_stops_it_on_the_page_and_an_operator_by_a_word(business_id: UUID) -> None:
    address, _, person_id = admin()
    browser, other_id = of_platform(business_id, PlatformRole.ADMIN)
    support, _ = of_platform(business_id, PlatformRole.SUPPORT)
    says(address, "admin")
    [taking] = queries.takings()
    stop = f"/platform/takings/{ids.short(taking.id)}/stop"
    page = browser.get("/platform/members").content.decode()
    assert "An operator takes an admin" in page
    assert stop in page
    assert stop not in support.get("/platform/members").content.decode()
    assert support.post(stop).status_code == 404
    assert queries.takings() == [taking]
    assert browser.post(stop).status_code == 302
    assert queries.takings() == []
    assert browser.post(stop).status_code == 404
    with clock.moved(seconds=DAY + 60):
        finish()
    assert is_admin(person_id)
    says(address, "admin")
    assert "Stopped." in says(address, "admin", "--stop")
    assert "Nothing of that kind" in says(address, "admin", "--stop")
    assert [kind for kind, _ in facts_about(person_id)][-1] == "identity.PlatformTakingStopped"
    assert is_admin(other_id)
    log = browser.get("/platform/log").content.decode()
    assert "said that a role is to be taken" in log
    assert "stopped that a role is taken" in log


def test_two_takings_never_leave_the_platform_without_an_admin() -> None:
    first, second = admin(), admin()
    says(first[0], "admin")
    says(second[0], "admin")
    with clock.moved(seconds=DAY + 60):
        finish()
    assert [is_admin(one[2]) for one in (first, second)].count(True) == 1
    last = first if is_admin(first[2]) else second
    assert facts_about(last[2])[-1][0] == "identity.PlatformTakingStopped"
    found = CliRunner().invoke(commands, ["people", "take-platform", last[0], "admin"])
    assert isinstance(found.exception, LastAdmin)


def test_other_roles_go_at_once() -> None:
    address, _, person_id = admin()
    actions.grant_platform(person_id, PlatformRole.SUPPORT)
    assert "no more" in says(address, "support")
    assert queries.platform_roles_of(person_id) == {PlatformRole.ADMIN}


# --- hours and names --------------------------------------------------------------------------------------------------


def test_who_is_of_no_business_is_told_times_in_the_hours_they_chose(business_id: UUID) -> None:
    from doors.web.test_people import at, joined
    from hesabu.identity.types import Role

    browser, person_id, _ = joined(business_id, "")
    actions.grant_platform(person_id, PlatformRole.ADMIN)

    def hour() -> str:
        page: Any = browser.get("/account/sessions/").content.decode()
        return re.findall(r"since [^<]*?(\d?\d:\d\d)", page)[0]

    utc = hour()
    browser.post("/account/hours", {"timezone": "Asia/Kolkata"})
    assert 'value="Asia/Kolkata"' in browser.get("/account/2fa/").content.decode()
    assert minutes(hour()) - minutes(utc) in (330, 330 - 1440)
    browser.post("/account/hours", {"timezone": "Nowhere/Atlantis"})
    assert 'value="Asia/Kolkata"' in browser.get("/account/2fa/").content.decode()
    with tenancy.bound(business_id):
        actions.add_member(person_id, Role.SELLER)
    browser.get(
        at(business_id)
    )  # a business's own pages are told in its hours, and no other page is by that
    assert minutes(hour()) - minutes(utc) in (330, 330 - 1440)
    browser.post("/account/hours", {"timezone": ""})
    assert minutes(hour()) - minutes(utc) in (180, 180 - 1440)


def minutes(said: str) -> int:
    hours, _, rest = said.partition(":")
    return int(hours) * 60 + int(rest)


def test_the_last_alerts_name_whom_they_are_about(business_id: UUID) -> None:
    browser, _ = of_platform(business_id, PlatformRole.ADMIN)
    person_id = merchant(new_phone())
    with tenancy.house():
        from hesabu.identity.models import Notice

        Notice.objects.create(
            id=ids.new_id(),
            business_id=tenancy.HOUSE,
            kind="security.account_restored",
            subject_kind="person",
            subject_id=person_id,
            at=clock.now(),
        )
    page = browser.get("/platform/").content.decode()
    assert "Wanjiku Kamau" in page
    assert ids.short(person_id) not in page
