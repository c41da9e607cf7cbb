"""Somebody borrows a phone, twice, a day apart; and its owner, who hears of it and takes all of it back."""

from __future__ import annotations

import html
import json
import re
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import get_resolver, reverse

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
)
from doors.web.test_signing_in_by_others import (
    Provider,
    provider,  # noqa: F401 - a fixture
    somebody,
)
from doors.web.test_signing_in_by_telephone import merchant, messages_to, new_phone
from doors.web.test_signing_in_first_proof import (
    APP,
    DAY,
    PAGE,
    after,
    came_in,
    facts_about,
    has_app,
    in_by_pin,
    led_away,
    sets_up_app,
    stop_link,
)
from hesabu.doors.web.account import first_proof
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import PinNotSet
from hesabu.identity.types import InvitationWay, Role
from hesabu.messaging import actions as messaging
from hesabu.store import jobs, tenancy
from hesabu.store.tenancy import Actor
from identity.apps import registered

pytestmark = pytest.mark.usefixtures("database")
HOUR = 3600
MOUTHS = ("doors.web.account.first_proof.tell_pin", "doors.web.account.first_proof.tell_used")


def heard() -> list[dict[str, Any]]:
    """Let those who tell of first proofs read what they have not; what their jobs carried."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'"
            " AND task_name = 'store.read' AND args->>'reader' = ANY(%s) RETURNING id, args::text",
            (list(MOUTHS),),
        )
        found = [json.loads(row[1]) for row in sorted(cursor.fetchall())]
    for args in found:
        jobs.tasks["store.read"].run(**args)
    return found


def told(phone: str) -> list[str]:
    return [one for one in messages_to(phone) if "first-proof" in one]


def sets_pin(browser: Client, pin: str = "7391") -> Any:
    return browser.post("/pin", {"pin": pin})


def said(page: Any) -> str:
    return html.unescape(page.content.decode())


def with_address(phone: str) -> tuple[str, UUID]:
    """Somebody whose number and address are proven, and who has no password: their address, and who."""
    from allauth.account.models import EmailAddress

    address, person_id = new_address(), merchant(phone)
    EmailAddress.objects.create(user_id=person_id, email=address, verified=True, primary=True)
    return address, person_id


def has_pin(person_id: UUID) -> bool:
    return queries.person(person_id).has_pin


# --- the PIN ----------------------------------------------------------------------------------------------------------


def test_two_borrowings_a_day_apart_do_not_get_round_the_wait_by_a_pin_nobody_was_told_of() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(10 * DAY):
        assert sets_pin(came_in(phone)).status_code == 302
        assert has_pin(person_id)
    with after(11 * DAY + HOUR):  # nobody was told: no reader has run
        assert led_away(in_by_pin(phone, "7391"), APP)
    with after(12 * DAY):
        heard()
        assert led_away(in_by_pin(phone, "7391"), APP)
    with after(13 * DAY - 60):  # a day is counted from when they were told
        assert led_away(in_by_pin(phone, "7391"), APP)
    with after(13 * DAY + 60):  # and it is over once that was told too
        assert led_away(in_by_pin(phone, "7391"), APP)
        jobs.tasks["web.remind_first_proofs"].run()
        assert not led_away(in_by_pin(phone, "7391"), APP)
    assert len(told(phone)) == 2
    assert not has_app(person_id)


def test_a_first_pin_whose_telling_failed_is_told_by_the_clock_and_waits_for_it() -> None:
    phone = new_phone()
    merchant(phone)
    with after(10 * DAY):
        sets_pin(came_in(phone))
    with after(30 * DAY):
        jobs.tasks["web.remind_first_proofs"].run()
        assert len(told(phone)) == 1
        heard()  # the reader that comes after all tells nobody a second time
        jobs.tasks["web.remind_first_proofs"].run()
        assert len(told(phone)) == 1
    with after(31 * DAY + HOUR):
        assert led_away(in_by_pin(phone, "7391"), APP)
        jobs.tasks["web.remind_first_proofs"].run()
        assert len(told(phone)) == 2
        assert not led_away(in_by_pin(phone, "7391"), APP)


def test_a_first_pin_of_a_borrowed_phone_is_told_at_every_address_number_and_fellow_owner(
    business_id: UUID,
) -> None:
    phone, other_phone, fellow_phone, stranger_phone = (new_phone() for _ in range(4))
    address, person_id = with_address(phone)
    fellow_id, stranger_id = merchant(fellow_phone), merchant(stranger_phone)
    with tenancy.house():
        messaging.introduce(messaging.meet(other_phone), person_id)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.VIEWER)
        identity.add_member(fellow_id, Role.OWNER)
        identity.add_member(stranger_id, Role.SELLER)
    with after(10 * DAY):
        thief = came_in(phone)
        assert "counts a day later" in said(thief.get("/pin"))
        sets_pin(thief)
        heard()
        heard()
        assert [len(told(one)) for one in (phone, other_phone, fellow_phone)] == [1, 1, 1]
        assert told(stranger_phone) == []
        subject, words = letters_to(address)[-1]
        assert "chosen a PIN" in subject
        assert "Wanjiku Kamau belongs to a business of yours" in told(fellow_phone)[0]
        links = {stop_link(one) for one in (words, told(phone)[0], told(fellow_phone)[0])}
        assert len(links) == 1
    with after(11 * DAY + HOUR):
        jobs.tasks["web.remind_first_proofs"].run()
        jobs.tasks["web.remind_first_proofs"].run()
        assert [len(told(one)) for one in (phone, other_phone, fellow_phone)] == [2, 2, 2]


def test_the_link_takes_a_borrowed_phones_pin_away_and_says_so() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(10 * DAY):
        thief = came_in(phone)
        sets_pin(thief)
        heard()
        link = stop_link(told(phone)[0])
        owner = new_browser()
        assert "Was it not you?" in said(owner.get(link))
        assert has_pin(person_id)  # looking takes nothing
        page = said(owner.post(link))
        assert "The PIN was taken away." in page
        assert "All sessions were ended." in page
        assert not has_pin(person_id)
        assert not is_in(thief)
        with pytest.raises(PinNotSet):
            identity.check_pin(person_id, "7391")
        assert "nothing to stop" in said(owner.post(link))
    with after(12 * DAY):
        assert jobs.tasks["web.remind_first_proofs"].run() is None
        assert len(told(phone)) == 1
    kinds = facts_about(person_id)
    assert kinds.count("identity.PinCleared") == kinds.count("identity.FirstProofStopped") == 1


def test_a_pin_that_was_stopped_before_anybody_was_told_is_told_to_nobody() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(10 * DAY):
        sets_pin(came_in(phone))
        identity.clear_pin(person_id)
        heard()
    assert told(phone) == []


def test_a_pin_that_is_changed_by_who_shows_something_else_counts_at_once() -> None:
    phone = new_phone()
    address, person_id = with_address(phone)
    with after(10 * DAY):
        sets_pin(came_in(phone))
        assert queries.is_pin_doubted(person_id)
        thief = in_by_pin(phone, "7391")
        thief.post("/pin", {"current": "7391", "pin": "8402"})  # the number alone confirms nothing
        assert queries.is_pin_doubted(person_id)
        owner = new_browser()
        owner.post("/account/login/code/", {"email": address})
        owner.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
        owner.post("/pin", {"current": "8402", "pin": "6153"})
        assert not queries.is_pin_doubted(person_id)
        heard()
        assert told(phone) == []


def test_a_first_pin_by_who_shows_more_than_the_number_is_told_nowhere_and_counts_a_day_later() -> (
    None
):
    address, phone = new_address(), new_phone()
    browser = signed_up(new_browser(), address)
    with tenancy.house():
        messaging.introduce(messaging.meet(phone), person_id_of(address))
    sets_pin(browser)
    assert has_pin(person_id_of(address))
    heard()
    assert told(phone) == []
    with after(2 * DAY):
        assert not led_away(in_by_pin(phone, "7391"), APP)


def test_setting_and_stopping_a_pin_in_turn_floods_nobody() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(10 * DAY):
        browser = came_in(phone)
        for _ in range(10):
            assert sets_pin(browser).status_code == 302
            identity.clear_pin(person_id)
        assert sets_pin(browser).status_code == 429


# --- what was set up --------------------------------------------------------------------------------------------------


def waited(phone: str) -> Client:
    """A day and a half later: whoever has the phone may set up a way in."""
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    return came_in(phone)


UNTOLD = """
CREATE FUNCTION untold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
CREATE TRIGGER untold BEFORE INSERT ON store_fact FOR EACH ROW
WHEN (NEW.kind = 'identity.FirstProofUsed') EXECUTE FUNCTION untold()
"""


def test_a_first_proof_that_cannot_be_told_does_not_stand(admin_url: str) -> None:
    """Killed at any moment there is neither the factor nor the fact, or both and the job that tells it."""
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        browser = came_in(phone)
        browser.raise_request_exception = False
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(UNTOLD)
            try:
                sets_up_app(browser)
            finally:
                admin.execute("DROP FUNCTION untold() CASCADE")
        assert not has_app(person_id)
        assert queries.first_proof_of(person_id)
        sets_up_app(browser)
        assert has_app(person_id)


def test_that_a_first_proof_was_set_up_is_told_once_by_a_job_that_carries_ids() -> None:
    phone = new_phone()
    merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        sets_up_app(came_in(phone))
        assert "is set up" not in messages_to(phone)[-1]
        carried = heard()
        assert "is set up" in messages_to(phone)[-1]
        for args in carried:  # a job that runs twice tells it once
            jobs.tasks["store.read"].run(**args)
        assert len(told(phone)) == 2
        assert phone not in str(carried)


def test_two_browsers_that_set_it_up_at_once_are_one_use() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        known = {}
        with tenancy.house():
            known = identity.begin_use(person_id)
            assert identity.end_use(person_id, known) is None  # nothing was set up: nothing is used
        sets_up_app(came_in(phone))
        with tenancy.house():
            assert identity.end_use(person_id, known) is None
    assert facts_about(person_id).count("identity.FirstProofUsed") == 1


def sets_password(browser: Client) -> Any:
    said = {"password1": PASSWORD, "password2": PASSWORD}
    return browser.post("/account/password/set/", said)


def test_a_password_may_be_the_first_proof_and_is_told() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        assert sets_password(came_in(phone)).status_code == 302
        heard()
        assert "is set up" in messages_to(phone)[-1]
    assert facts_about(person_id).count("identity.FirstProofUsed") == 1


def test_an_address_counts_once_it_is_proven_and_the_one_before_hears_of_it() -> None:
    address, phone = new_address(), new_phone()
    before, person_id = with_address(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        thief = came_in(phone)
        thief.post("/account/email/", {"email": address, "action_add": ""})
        assert facts_about(person_id).count("identity.FirstProofUsed") == 0
        thief.post("/account/confirm-email/", {"code": code_sent_to(address)})
        assert facts_about(person_id).count("identity.FirstProofUsed") == 1
        assert person_id_of(address) == person_id
        heard()
        subject, words = letters_to(before)[-1]
        assert "A way in of its own was set up" in subject
        page = said(new_browser().post(stop_link(words)))
        assert "The e-mail addresses are those that there were before." in page
        assert person_id_of(before) == person_id
        from allauth.account.models import EmailAddress

        mine = EmailAddress.objects.filter(user_id=person_id)
        assert [(one.email, one.verified, one.primary) for one in mine] == [(before, True, True)]


def test_anothers_account_may_be_the_first_proof_and_goes_with_the_link(
    provider: Provider,  # noqa: F811 - the fixture
) -> None:
    from allauth.socialaccount.models import SocialAccount

    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        somebody(provider)
        thief = came_in(phone)
        begun = thief.post("/account/oidc/house/login/?process=connect")
        query = parse_qs(urlsplit(begun["Location"]).query)
        provider.nonce = query["nonce"][0]
        back = "/account/oidc/house/login/callback/"
        thief.get(back, {"code": "given", "state": query["state"][0]})
        assert SocialAccount.objects.filter(user_id=person_id).exists()
        assert facts_about(person_id).count("identity.FirstProofUsed") == 1
        heard()
        page = said(new_browser().post(stop_link(messages_to(phone)[-1])))
        assert "Other ways to sign in that were connected were taken off." in page
        assert not SocialAccount.objects.filter(user_id=person_id).exists()


@pytest.fixture
def robbed(business_id: UUID) -> tuple[str, UUID, UUID, Client]:
    """Number, person, business, and the thief's browser, in which all that can be made was made. Called within a moved clock."""
    phone = new_phone()
    person_id = merchant(phone)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.OWNER)
        kept, _ = identity_key(person_id, "The till")
    assert kept
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(2 * DAY + 120):
        thief = came_in(phone)
        sets_up_app(thief)
        thief.get("/account/2fa/recovery-codes/")
        sets_password(thief)
        assert sets_pin(thief, "6153").status_code == 302
        actor = Actor("person", person_id)
        with tenancy.bound(business_id, actor=actor):
            identity_key(person_id, "The thief's")
            identity.invite(Role.MANAGER, InvitationWay.CODE)
        registered(business_id).asks(business_id, actor, has_factor=True)
        heard()
    return phone, person_id, business_id, thief


def identity_key(person_id: UUID, name: str) -> tuple[UUID, str]:
    with tenancy.bound(tenancy.only(), actor=Actor("person", person_id)):
        return identity.make_key(name, ["invoice:read"])


UNDONE = [
    *("The PIN was taken away.", "Passkeys and authenticator apps that were added"),
    *("Recovery codes that were made", "The password is what it was before."),
    *("Keys for programs that were made", "Invitations that were sent were taken back."),
    *("What apps were let do was taken back.", "All sessions were ended."),
]


def test_the_link_takes_back_all_that_the_borrowed_phone_set_up_and_says_exactly_what(
    robbed: tuple[str, UUID, UUID, Client],
) -> None:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import get_user_model

    phone, person_id, business_id, thief = robbed
    link = stop_link(messages_to(phone)[-1])
    with after(2 * DAY + 1800):
        assert is_in(thief)
        page = said(new_browser().post(link))
        assert [one for one in UNDONE if one not in page] == []
        for never in ("e-mail addresses", "Other ways", "Codes by text"):
            assert f"{never} " not in page.partition("What was undone")[2]
        assert not is_in(thief)
        assert not Authenticator.objects.filter(user_id=person_id).exists()
        assert not get_user_model().objects.get(pk=person_id).has_usable_password()
        assert not has_pin(person_id)
        with tenancy.bound(business_id):
            keys = {one.name: one.revoked_at for one in queries.keys()}  # noqa: SIM118
            assert keys["The till"] is None  # it was there before
            assert keys["The thief's"] is not None
            assert queries.invitations() == []
            assert {one.is_open for one in queries.apps()} <= {False}
        assert led_away(came_in(phone), APP)
    [payload] = payloads(person_id, "identity.FirstProofStopped")
    assert set(payload["undone"].split(",")) == {
        *("pin", "factors", "codes", "password", "keys", "invitations", "apps"),
    }


def payloads(person_id: UUID, kind: str) -> list[dict[str, Any]]:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload::text FROM store_fact WHERE subject_id = %s AND kind = %s ORDER BY id",
            (person_id, kind),
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def killed_while_undoing(first_proof_id: UUID) -> None:
    with tenancy.house():
        assert first_proof.not_me(first_proof_id)
        raise KeyboardInterrupt


def test_taking_it_back_that_is_killed_halfway_takes_nothing_back(
    robbed: tuple[str, UUID, UUID, Client],
) -> None:
    phone, person_id, _, thief = robbed
    with after(2 * DAY + 1800):
        first_proof_id = UUID(payloads(person_id, "identity.FirstProofUsed")[0]["first_proof_id"])
        with pytest.raises(KeyboardInterrupt):
            killed_while_undoing(first_proof_id)
        assert has_app(person_id)
        assert has_pin(person_id)
        assert is_in(thief)
        assert "It is stopped" in said(new_browser().post(stop_link(messages_to(phone)[-1])))
        assert not has_app(person_id)


def test_the_link_pressed_by_two_at_once_undoes_once(
    robbed: tuple[str, UUID, UUID, Client],
) -> None:
    phone, person_id, _, _ = robbed
    link, gate = stop_link(messages_to(phone)[-1]), Barrier(2)
    pages: list[str] = []

    def press() -> None:
        gate.wait(60)
        with after(2 * DAY + 1800):
            pages.append(said(new_browser().post(link)))
        connections.close_all()

    both = [Thread(target=press) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted("It is stopped" in page for page in pages) == [False, True]
    assert len(payloads(person_id, "identity.FirstProofStopped")) == 1


def test_the_link_takes_nothing_that_there_was_before_or_that_is_older_than_a_week() -> None:
    address, phone = new_address(), new_phone()
    owner = signed_up(new_browser(), address)
    person_id = person_id_of(address)
    with tenancy.house():
        messaging.introduce(messaging.meet(phone), person_id)
    assert is_in(owner)
    with after(DAY):
        identity.set_pin(person_id, "7391")
    with after(DAY + 60):
        in_by_pin(phone, "7391").post(PAGE)
        link = stop_link(told(phone)[-1])
        page = said(new_browser().post(link))
        assert "All sessions were ended." in page
        assert has_pin(person_id)
        assert person_id_of(address) == person_id
        again = new_browser()
        again.post("/account/login/", {"login": address, "password": PASSWORD})
        assert is_in(again)
    other = new_phone()
    other_id = merchant(other)
    with after(DAY + 60):
        came_in(other).post(PAGE)
    with after(2 * DAY + 120):
        sets_up_app(came_in(other))
        heard()
        link = stop_link(told(other)[-1])
    with after(9 * DAY + 240):
        assert "nothing to stop" in said(new_browser().post(link))
        assert has_app(other_id)


def test_every_page_that_sets_up_a_way_in_keeps_it_together_with_the_fact() -> None:
    """But a password, which its own action keeps so, whoever asks for it; the way of others', by which one comes back; codes by
    text, which are ours; and what apps may do, which is no way in."""
    otherwise = {"account_set_password", "socialaccount_connections", "text-confirm", "text-set-up"}
    for name in first_proof.OUTLIVES - otherwise - {"authorize"}:
        found = get_resolver().resolve(reverse(name))
        assert getattr(found.func, "uses_first_proof", False), name


def test_no_number_name_or_link_is_in_the_facts_and_jobs_of_a_first_pin() -> None:
    phone = new_phone()
    merchant(phone)
    with after(10 * DAY):
        sets_pin(came_in(phone))
        heard()
        mark = stop_link(told(phone)[0]).rsplit("/", 1)[1]
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(args::text, '') FROM procrastinate_jobs)"
            " || (SELECT string_agg(payload::text, '') FROM store_fact)"
        )
        kept = str(cursor.fetchone())
    assert mark not in kept
    assert phone not in kept
    assert not re.search("Wanjiku", kept)


def test_two_taps_at_once_on_new_recovery_codes_answer_the_same_page() -> None:
    from allauth.mfa.models import Authenticator

    phone = new_phone()
    person_id = merchant(phone)
    browser = came_in(phone)
    sets_up_app(browser)
    page, answers = "/account/2fa/recovery-codes/generate/", []

    def tap(gate: Barrier) -> None:
        one = new_browser()
        one.raise_request_exception = False
        one.cookies = browser.cookies
        gate.wait(60)
        answer = one.post(page)
        answers.append((answer.status_code, answer.get("Location")))
        answers.append((one.get("/account/2fa/recovery-codes/").status_code, None))
        connections.close_all()

    for _ in range(3):
        gate = Barrier(2)
        both = [Thread(target=tap, args=(gate,)) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
    assert set(answers) == {(302, "/account/2fa/recovery-codes/"), (200, None)}
    codes = Authenticator.objects.filter(user_id=person_id, type="recovery_codes")
    assert codes.count() == 1
