"""The platform's people are told once of each thing: at once, in their digest, or not, as they chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hesabu.identity import actions, notices, queries
from hesabu.identity.errors import BadDetail, NotAllowed
from hesabu.identity.facts import RestorationAgreed, RestorationAsked, RestorationDone
from hesabu.identity.types import NoticeWay, PlatformRole, When
from hesabu.kit import clock, ids
from hesabu.store import tenancy

NewBusiness = Callable[..., UUID]
MORNING = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""Half past eight in Nairobi, half past five in UTC."""


@pytest.fixture(autouse=True)
def _nobody_else(database: str, admin_url: str) -> None:
    """Whoever other tests made people of the platform is told of nothing here."""
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("DELETE FROM identity_notice_waiting")
        admin.execute("DELETE FROM identity_platform_member")


def of_platform(role: PlatformRole = PlatformRole.ADMIN) -> UUID:
    person_id = actions.register_person("Asha Mwangi")
    actions.grant_platform(person_id, role)
    return person_id


def as_(person_id: UUID, act: Callable[[], Any]) -> Any:
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        return act()


def noted(business_id: UUID, kind: str = "business.new") -> UUID:
    """A notice of that kind, as its fact's reader notes it."""
    from hesabu.identity.facts import BusinessRegistered, SupportAllowed

    if kind == "business.new":
        fact: Any = BusinessRegistered(
            business_id=business_id, subject_id=business_id, country="KE", currency="KES"
        )
    else:
        fact = SupportAllowed(
            business_id=business_id,
            subject_id=ids.new_id(),
            person_id=ids.new_id(),
            until=clock.now(),
        )
    with tenancy.bound(business_id):
        [notice_id] = actions.keep_notice(fact)
    return notice_id


def run(notice_id: UUID) -> None:
    from hesabu.doors.web.platform import jobs

    jobs.tell(str(notice_id))


def digest(person_id: UUID) -> None:
    from hesabu.doors.web.platform import jobs

    jobs.send_digest(str(person_id))


def with_mail(person_id: UUID) -> str:
    from allauth.account.models import EmailAddress

    address = f"asha-{person_id.hex}@example.com"
    EmailAddress.objects.create(user_id=person_id, email=address, verified=True, primary=True)
    return address


def letters(person_id: UUID) -> list[Any]:
    """All that was said to them about notices, oldest first."""
    from hesabu.messaging.models import Message

    with tenancy.house():
        rows = Message.objects.filter(cause__contains=str(person_id)).order_by("id")
        return list(rows)


def test_an_admin_hears_alerts_at_once_and_the_rest_in_the_digest(business_id: UUID) -> None:
    admin = of_platform()
    address = with_mail(admin)
    run(noted(business_id, "security.support_allowed"))
    run(noted(business_id))
    [letter] = letters(admin)
    assert letter.letter["subject"].startswith("Hesabu: An owner let support look")
    assert "Kamau Designs, KE" in letter.letter["body"]
    assert (letter.channel, letter.business_id) == ("email", tenancy.HOUSE)
    assert address not in letter.cause
    as_(admin, lambda: actions.set_digest_timezone("Africa/Nairobi"))
    with clock.fixed(MORNING):
        digest(admin)
    found = letters(admin)
    assert len(found) == 2
    assert "A new business: Kamau Designs, KE" in found[1].letter["body"]


def test_support_hears_alerts_in_the_digest_and_nothing_of_trade(business_id: UUID) -> None:
    person = of_platform(PlatformRole.SUPPORT)
    with_mail(person)
    run(noted(business_id, "security.support_allowed"))
    run(noted(business_id))
    assert letters(person) == []
    with clock.fixed(MORNING + timedelta(hours=6)):
        digest(person)
    [letter] = letters(person)
    assert "An owner let support look" in letter.letter["body"]
    assert "A new business" not in letter.letter["body"]


@pytest.mark.parametrize("role", [PlatformRole.AGENT, PlatformRole.PARTNER])
def test_agents_and_partners_are_told_of_nothing(business_id: UUID, role: PlatformRole) -> None:
    person = of_platform(role)
    with_mail(person)
    run(noted(business_id, "security.support_allowed"))
    with clock.fixed(MORNING + timedelta(hours=6)):
        digest(person)
    assert letters(person) == []
    with pytest.raises(NotAllowed):
        as_(
            person,
            lambda: actions.choose_notice("business.new", When.AT_ONCE, NoticeWay.EMAIL),
        )


def test_a_notice_told_twice_by_a_worker_that_died_is_heard_once(business_id: UUID) -> None:
    admin = of_platform()
    with_mail(admin)
    notice_id = noted(business_id, "security.support_allowed")
    run(notice_id)
    run(notice_id)
    assert len(letters(admin)) == 1


class Killed(Exception):
    """A worker died here."""


def spread_and_die(notice_id: UUID) -> None:
    with tenancy.house():
        assert len(actions.spread(notice_id)) == 1
        raise Killed


def take_and_die(person_id: UUID) -> None:
    with tenancy.house():
        [some] = actions.take_digest(person_id).values()
        assert len(some) == 2
        raise Killed


def test_a_worker_that_dies_before_the_commit_leaves_the_notice_to_be_told(
    business_id: UUID,
) -> None:
    admin = of_platform()
    with_mail(admin)
    notice_id = noted(business_id, "security.support_allowed")
    with pytest.raises(Killed):
        spread_and_die(notice_id)
    assert letters(admin) == []
    run(notice_id)
    assert len(letters(admin)) == 1


def test_a_digest_goes_out_at_eight_where_they_are_and_once_a_day(business_id: UUID) -> None:
    admin = of_platform()
    with_mail(admin)
    as_(admin, lambda: actions.set_digest_timezone("Africa/Nairobi"))
    run(noted(business_id))
    with clock.fixed(MORNING - timedelta(minutes=31)):  # 07:59 there
        digest(admin)
    assert letters(admin) == []
    with clock.fixed(MORNING):
        digest(admin)
        run(noted(business_id))
        digest(admin)
    assert len(letters(admin)) == 1
    with clock.fixed(MORNING + timedelta(hours=10)):
        digest(admin)
    assert len(letters(admin)) == 1
    with clock.fixed(MORNING + timedelta(days=1)):
        digest(admin)
    assert len(letters(admin)) == 2


def test_nothing_to_tell_makes_no_letter(database: str) -> None:
    admin = of_platform()
    with_mail(admin)
    with clock.fixed(MORNING + timedelta(hours=6)):
        digest(admin)
    assert letters(admin) == []


def test_a_digest_killed_halfway_is_made_again_whole_and_once(business_id: UUID) -> None:
    admin = of_platform()
    with_mail(admin)
    run(noted(business_id))
    run(noted(business_id))
    with clock.fixed(MORNING + timedelta(hours=6)):
        with pytest.raises(Killed):
            take_and_die(admin)
        digest(admin)
        digest(admin)
    [letter] = letters(admin)
    assert letter.letter["body"].count("A new business") == 2


def test_what_somebody_chose_counts_from_then_on(business_id: UUID) -> None:
    admin = of_platform()
    with_mail(admin)
    as_(admin, lambda: actions.choose_notice("business.new", When.AT_ONCE, NoticeWay.EMAIL))
    as_(
        admin,
        lambda: actions.choose_notice("security.support_allowed", When.NEVER, NoticeWay.SMS),
    )
    run(noted(business_id))
    run(noted(business_id, "security.support_allowed"))
    [letter] = letters(admin)
    assert "A new business" in letter.letter["subject"]
    with tenancy.house():
        chosen = {one.kind: one for one in queries.notice_choices(admin)}
    assert chosen["security.support_allowed"].way is NoticeWay.SMS
    assert set(chosen) == {kind.name for kind in notices.kinds()}


def test_who_chose_a_text_message_gets_one_and_who_has_no_number_gets_mail(
    business_id: UUID,
) -> None:
    from hesabu.messaging import actions as messaging

    reached, unreached = of_platform(), of_platform()
    for person in (reached, unreached):
        with_mail(person)
        as_(
            person,
            lambda: actions.choose_notice("security.support_allowed", When.AT_ONCE, NoticeWay.SMS),
        )
    with tenancy.house():
        contact_id = messaging.meet(phone=f"+2547{reached.int % 10**8:08d}")
    messaging.introduce(contact_id, reached)
    run(noted(business_id, "security.support_allowed"))
    [by_text], [by_mail] = letters(reached), letters(unreached)
    assert (by_text.channel, by_text.contact_id) == ("sms", contact_id)
    assert "Kamau Designs" in str(by_text.content)
    assert by_mail.channel == "email"


def test_who_is_let_go_is_told_nothing_more(business_id: UUID) -> None:
    admin, other = of_platform(), of_platform()
    with_mail(admin)
    run(noted(business_id))
    actions.take_platform(admin, PlatformRole.ADMIN)
    run(noted(business_id, "security.support_allowed"))
    with clock.fixed(MORNING + timedelta(hours=6)):
        digest(admin)
    assert letters(admin) == []
    with tenancy.house():
        assert queries.notice_readers() == [other]


def test_a_kind_or_a_time_zone_that_is_none_is_refused(database: str) -> None:
    admin = of_platform()
    with pytest.raises(BadDetail):
        as_(admin, lambda: actions.choose_notice("business.old", When.NEVER, NoticeWay.SMS))
    for zone in ("Mars/Olympus", "", "../../etc/passwd"):
        with pytest.raises(BadDetail):
            as_(admin, lambda zone=zone: actions.set_digest_timezone(zone))


def test_a_kind_is_declared_once_and_something_tells_of_it(database: str) -> None:
    from hesabu.identity.facts import BusinessRegistered

    with pytest.raises(ValueError, match="twice"):
        notices.notice("business.new", "Again", BusinessRegistered)
    with pytest.raises(ValueError, match="resource"):
        notices.notice("business new", "Odd", BusinessRegistered)
    with pytest.raises(ValueError, match="nothing tells"):
        notices.alert("business.gone", "Nobody says so")
    assert all(kind.facts for kind in notices.kinds())
    assert "application.finished" not in {kind.name for kind in notices.kinds()}


def test_every_fact_of_a_kind_is_read_and_noted_by_the_jobs(new_business: NewBusiness) -> None:
    from hesabu.doors.web.platform import reactions
    from hesabu.identity.facts import AppRevoked, BusinessRegistered
    from hesabu.payments.facts import PaymentAccountChangeStopped
    from hesabu.store.wiring import wiring

    reader = f"{reactions.note.__module__.removeprefix('hesabu.')}.note"
    for fact in notices.fact_types():
        assert reader in wiring.later_readers(fact), fact
    assert BusinessRegistered in notices.fact_types()
    assert PaymentAccountChangeStopped in notices.fact_types()
    business_id = new_business()
    left, stolen = (
        AppRevoked(business_id=business_id, subject_id=ids.new_id(), why=why)
        for why in ("asked", "reused")
    )
    assert notices.of(left) == []
    assert [kind.name for kind in notices.of(stolen)] == ["security.token_reused"]


def test_a_business_that_begins_is_noted_by_its_fact(new_business: NewBusiness) -> None:
    from hesabu.identity.models import Notice

    business_id = new_business()
    _read_facts_of(business_id, "doors.web.platform.reactions.note")
    _read_facts_of(business_id, "doors.web.platform.reactions.note")
    with tenancy.house():
        [row] = Notice.objects.filter(business_id=business_id)
    assert (row.kind, row.subject_id) == ("business.new", business_id)


def _read_facts_of(business_id: UUID, reader: str) -> None:
    """As the job does, however often it runs."""
    from django.db import connection

    from hesabu.store import reading

    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM store_fact WHERE business_id = %s AND kind = %s",
            (business_id, "identity.BusinessRegistered"),
        )
        found = [[str(business_id), str(row[0])] for row in cursor.fetchall()]
    assert len(found) == 1
    reading.read(reader=reader, facts=found)


def test_notices_and_their_jobs_carry_ids_and_no_name(business_id: UUID, admin_url: str) -> None:
    admin = of_platform()
    address = with_mail(admin)
    run(noted(business_id, "security.support_allowed"))
    with psycopg.connect(admin_url) as root:
        said = [
            str(row)
            for table in ("identity_notice", "identity_notice_choice", "procrastinate_jobs")
            for row in root.execute(f"SELECT * FROM {table}").fetchall()  # type: ignore[arg-type]
        ]
    assert said
    assert not any("Kamau" in row or "Asha" in row or address in row for row in said)


def test_each_step_of_letting_somebody_back_in_is_an_alert() -> None:
    kind = notices.named("security.account_restored")
    assert kind.is_alert
    assert {RestorationAsked, RestorationAgreed, RestorationDone} <= set(kind.facts)
