"""The live process as browsers meet it: a real process, a real socket, a real database."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.live_process import Live, Reader, live_process
from doors.web.conftest import _fresh_pace, new_shop, shop
from doors.web.people import PASSWORD, is_in, new_browser, signed_out, signs_in
from doors.web.test_people import joined
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from steady import eventually

__all__ = ["_fresh_pace", "new_shop", "shop"]
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def live(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("live")
    with live_process(folder) as found:
        yield found


@pytest.fixture
def own_live(database: str, tmp_path: Path) -> Iterator[Live]:
    """One that a test may hurt."""
    with live_process(tmp_path) as found:
        yield found


def pay_path(issued: Any) -> str:
    return "/live/p/" + str(issued.pay_url).rpartition("/")[2]


def path_of(business_id: UUID) -> str:
    return f"/live/b/{ids.short(business_id)}"


class Member:
    """Somebody of a business, signed in."""

    def __init__(self, business_id: UUID, role: str) -> None:
        self.business_id = business_id
        self.browser, self.person_id, self.address = joined(business_id, role)
        signs_in(self.browser, self.address)
        assert is_in(self.browser)

    @property
    def key(self) -> str:
        return str(self.browser.session.session_key)

    def follows(self, live: Live, **headers: str) -> Reader:
        return live.follow(path_of(self.business_id), cookie=self.key, **headers)

    def holds(self, **changed: int) -> None:
        """Puts the session's own times back by so many seconds."""
        session = self.browser.session
        for name, seconds in changed.items():
            session[name] -= seconds
        session.save()


@pytest.fixture
def owner(shop: Any) -> Member:
    return Member(shop.id, "owner")


# What is told.


def test_a_pay_page_is_told_that_it_was_paid_and_nothing_else(live: Live, shop: Any) -> None:
    invoice, other = shop.invoiced(), shop.invoiced("500")
    reader, beside = live.follow(pay_path(invoice)), live.follow(pay_path(other))
    shop.paid(invoice.id, "75000")
    assert reader.hears(kind="paid").told == {"kind": "paid"}
    assert reader.headers["content-type"].startswith("text/event-stream")
    assert "no-store" in reader.headers["cache-control"]
    assert "set-cookie" not in reader.headers
    for said in ("75000", "750", "Jane", str(invoice.id), ids.short(invoice.id)):
        assert said not in reader.text
    shop.paid(other.id, "500")
    beside.hears(kind="paid")
    assert [one.told["kind"] for one in beside.heard].count("paid") == 1


def test_a_pay_page_is_told_that_the_prompt_brought_nothing(live: Live, shop: Any) -> None:
    from hesabu.kit.money import Money
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Accepted, NotPaid
    from hesabu.payments.types import Charge, Purpose

    invoice = shop.invoiced()
    reader = live.follow(pay_path(invoice))
    with shop.bound():
        charge = Charge(Purpose("invoice", invoice.id), Money.parse("75000", "KES"), "INV1")
        actions.collect(charge, "+254733111678", "key-1")
    shop.answered(invoice.id, Accepted("ws_CO_1", "29115-1"), NotPaid("1032"))
    reader.hears(kind="failed")


def test_a_pay_page_is_told_that_nothing_is_asked_any_more(live: Live, shop: Any) -> None:
    from hesabu.invoicing import actions

    invoice = shop.invoiced()
    reader = live.follow(pay_path(invoice))
    with shop.bound():
        actions.void(invoice.id, "a mistake")
    reader.hears(kind="cancelled")


def test_a_business_is_told_by_kind_and_id_alone(live: Live, shop: Any, owner: Member) -> None:
    reader = owner.follows(live)
    invoice = shop.invoiced()
    shop.paid(invoice.id, "75000")
    reader.hears(kind="payment")
    reader.hears(kind="invoice", id=ids.short(invoice.id))
    for event in reader.heard:
        assert set(event.told) == {"kind", "id"}
        assert re.fullmatch("[0-9a-z]{26}", event.told["id"])
        assert re.fullmatch("[0-9a-z]{26}", event.id)
    assert "Jane" not in reader.text


def test_each_thing_is_told_once_to_who_stays(live: Live, shop: Any, owner: Member) -> None:
    reader = owner.follows(live)
    invoices = [shop.invoiced() for _ in range(3)]
    shop.paid(invoices[-1].id, "75000")
    reader.hears(kind="payment")
    looks = live.figure("hesabu_live_looked_at_seconds")
    eventually(lambda: live.figure("hesabu_live_looked_at_seconds") > looks + 1, 60)
    reader.read(0)
    told = [one.id for one in reader.heard]
    assert len(told) == len(set(told))


def test_who_comes_back_hears_what_they_missed(live: Live, shop: Any, owner: Member) -> None:
    reader = owner.follows(live)
    first = shop.invoiced()
    mark = reader.hears(kind="invoice", id=ids.short(first.id)).id
    reader.close()
    missed = shop.invoiced()
    by_header = owner.follows(live, Last_Event_ID=mark)
    by_header.hears(kind="invoice", id=ids.short(missed.id))
    again = live.follow(f"{path_of(shop.id)}?after={mark}", cookie=owner.key)
    again.hears(kind="invoice", id=ids.short(missed.id))
    assert mark not in [one.id for one in again.heard]
    assert "behind" not in [one.told["kind"] for one in again.heard]


def test_who_comes_back_too_late_or_with_nonsense_looks_at_everything(
    live: Live, shop: Any, owner: Member
) -> None:
    old = ids.short(UUID(int=(1 << 80) | (7 << 76) | (2 << 62)))
    late = ids.short(_id_of(clock.now() - timedelta(minutes=30)))
    for mark in ("nonsense", "", "0" * 26, old, late, "z" * 26, "x" * 5000):
        reader = live.follow(f"{path_of(shop.id)}?after={mark}", cookie=owner.key)
        if mark:
            assert reader.hears().told == {"kind": "behind"}
        reader.close()


def _id_of(at: datetime) -> UUID:
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


# Whom.


def test_nobody_follows_anothers_business(
    live: Live, new_shop: Callable[..., Any], shop: Any, owner: Member
) -> None:
    victim = new_shop()
    theirs = victim.invoiced()
    assert live.status(path_of(victim.id), cookie=owner.key) == 404
    assert live.status(path_of(victim.id)) == 401
    assert live.status(path_of(victim.id), cookie="x" * 32) == 401
    assert live.status("/live/p/nowhere") == 404
    short = ids.short(victim.id)
    reader = live.follow(
        f"{path_of(owner.business_id)}?business={short}&business_id={victim.id}&after={ids.short(theirs.id)}",
        cookie=owner.key,
        X_Business=short,
        Hesabu_Business=str(victim.id),
        Last_Event_ID=ids.short(theirs.id),
    )
    later = victim.invoiced()
    victim.paid(later.id, "75000")
    own = shop.invoiced()
    reader.hears(kind="invoice", id=ids.short(own.id))
    assert {one.told.get("id") for one in reader.heard} <= {ids.short(own.id), None}


def test_support_looks_page_by_page_and_follows_nothing(live: Live, shop: Any) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    stranger, person_id, address = joined(shop.id, "")
    with tenancy.house():
        actions.grant_platform(person_id, PlatformRole.SUPPORT)
    signs_in(stranger, address)
    key = stranger.session.session_key
    assert live.status(path_of(shop.id), cookie=key) == 404


def test_a_stream_ends_with_whatever_let_it_open(live: Live, shop: Any) -> None:
    """All at once, since some ends are noticed only when it is asked next."""
    from allauth.mfa.models import Authenticator

    from hesabu.identity import actions
    from hesabu.identity.types import Role

    roles = ("seller", "owner", "manager", "bookkeeper", "seller", "viewer", "manager", "owner")
    idle, aged, out, ended, password, moved, gone, stays = (Member(shop.id, one) for one in roles)
    bare = Member(shop.id, "owner")
    readers = {
        one: one.follows(live)
        for one in (idle, aged, out, ended, password, moved, gone, bare, stays)
    }
    idle.holds(seen_at=3 * 3600)
    aged.holds(began_at=40 * 24 * 3600)
    signed_out(out.browser)
    _ends_sessions_elsewhere(ended)
    _changes_password(password)
    with shop.bound():
        actions.change_role(moved.person_id, Role.SELLER)
        actions.remove_member(gone.person_id)
    Authenticator.objects.filter(user_id=bare.person_id).delete()
    for one in (idle, aged, out, ended, password, bare):
        assert readers[one].hears("ended").told == {"why": "signed_out"}
        readers[one].until(lambda reader: reader.is_closed)
    for one in (moved, gone):
        assert readers[one].hears("ended").told == {"why": "changed"}
    invoice = shop.invoiced()
    readers[stays].hears(kind="invoice", id=ids.short(invoice.id))
    assert is_in(stays.browser)
    for one in (idle, aged, out, ended, password):
        assert live.status(path_of(shop.id), cookie=one.key) == 401, one
    assert live.status(path_of(shop.id), cookie=gone.key) == 404


def _ends_sessions_elsewhere(member: Member) -> None:
    elsewhere = new_browser()
    signs_in(elsewhere, member.address)
    from django.contrib.sessions.models import Session

    Session.objects.filter(session_key=member.key).delete()


def _changes_password(member: Member) -> None:
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(pk=member.person_id)
    person.set_password(PASSWORD + " anew")
    person.save()


def test_following_is_not_doing_something(live: Live, shop: Any) -> None:
    member = Member(shop.id, "owner")
    member.holds(seen_at=1000)
    before = dict(member.browser.session.items())
    reader = member.follows(live)
    shop.invoiced()
    reader.hears(kind="invoice")
    assert dict(member.browser.session.items()) == before
    page = f"/b/{ids.short(shop.id)}"
    assert member.browser.get(page, headers={"Hesabu-By-Itself": "yes"}).status_code == 200
    assert member.browser.session["seen_at"] == before["seen_at"]
    with clock.moved(seconds=7200):
        by_itself = member.browser.get(page, headers={"Hesabu-By-Itself": "yes"})
        assert by_itself.status_code == 302


# How much.


def test_only_our_pages_follow(live: Live, shop: Any, owner: Member) -> None:
    path, ours = path_of(shop.id), _origin()
    assert live.status(path, cookie=owner.key, Origin="https://evil.example") == 403
    assert live.status(path, cookie=owner.key, Origin="null") == 403
    assert live.status(path, cookie=owner.key, Origin=ours + ".evil.example") == 403
    assert live.status(path, cookie=owner.key, Sec_Fetch_Site="cross-site") == 403
    reader = owner.follows(live, Origin=ours, Sec_Fetch_Site="same-site")
    assert reader.headers["access-control-allow-origin"] == ours
    assert reader.headers["access-control-allow-credentials"] == "true"
    assert reader.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in owner.follows(live).headers


def _origin() -> str:
    from django.conf import settings

    return str(settings.CONFIG.public_url)


def test_nothing_else_is_served_there(live: Live, owner: Member) -> None:
    for path in ("/", "/home", "/static/hesabu.css", "/api/v1/invoices", "/hooks/x", "/live"):
        assert live.status(path, cookie=owner.key) == 404, path
    assert live.status("/healthz") == 200
    assert live.status("/readyz") == 200
    assert live.status("/metrics") == 200
    assert live.status("/metrics", X_Forwarded_For="10.1.1.1") == 403


def test_in_the_web_process_the_same_address_says_that_nothing_streams(owner: Member) -> None:
    answer = owner.browser.get(path_of(owner.business_id))
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_session_follows_so_much_and_no_more(live: Live, owner: Member) -> None:
    readers = [owner.follows(live) for _ in range(12)]
    refused = live.ask(path_of(owner.business_id), cookie=owner.key).until(lambda one: one.status)
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) >= 20
    readers.pop().close()
    eventually(lambda: live.status(path_of(owner.business_id), cookie=owner.key) == 200, 60)
    for reader in readers:
        reader.close()


def test_the_doctor_knows_whether_it_answers(live: Live) -> None:
    from django.conf import settings

    from hesabu.app.doctor import work

    [here] = work.live(settings.CONFIG.model_copy(update={"live_port": live.port}))
    assert (here.grade, here.remedy) == ("fine", "")
    with socket.socket() as bound:  # and so nobody else's, but nobody listens there
        bound.bind(("127.0.0.1", 0))
        nowhere = {"live_port": bound.getsockname()[1]}
        [away] = work.live(settings.CONFIG.model_copy(update=nowhere))
    assert away.grade == "watch"
    assert "hesabu live" in away.remedy


# What goes wrong.


def test_a_database_that_goes_away_and_comes_back_is_waited_for(
    own_live: Live, shop: Any, template: str
) -> None:
    from django.db import connection

    member = Member(shop.id, "owner")
    invoice = shop.invoiced()
    readers = [member.follows(own_live), own_live.follow(pay_path(invoice))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_database()")
        own_pid, name = cursor.fetchone()
    with psycopg.connect(template, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
                " AND usename = current_user IS FALSE",
                (name, own_pid),
            )
            eventually(lambda: "live.database_away" in own_live.said(), 60)
            shop.paid(invoice.id, "75000")
            assert own_live.status("/live/p/whatever") >= 500
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    readers[0].hears(kind="payment")
    readers[1].hears(kind="paid")
    eventually(lambda: "live.database_back" in own_live.said(), 60)
    assert own_live.said().count("live.database_away") == 1


def test_a_stop_ends_every_stream_and_then_the_process(own_live: Live, shop: Any) -> None:
    reader = own_live.follow(pay_path(shop.invoiced()))
    own_live.process.send_signal(signal.SIGTERM)
    reader.until(lambda one: one.is_closed)
    assert not [one for one in reader.heard if one.name == "ended"], "its page comes back"
    assert own_live.process.wait(30) == 0
    assert "live.stopped" in own_live.said()
    assert "not_all_ended" not in own_live.said()
