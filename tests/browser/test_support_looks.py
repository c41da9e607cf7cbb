"""Support looks into a business, in real browsers and with the owner's phone: asked for, seen by everybody, ended at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Page

from browser.conftest import served
from browser.test_signing_in import from_menu, looked_at
from doors.chat.conftest import _town_of_today, merchant, new_phone
from doors.chat.test_two_people import business_of, person_of
from doors.web.test_people import at, joined
from doors.web.test_signing_in_attacked import figures
from hesabu.kit import ids

__all__ = ["_town_of_today", "merchant", "new_phone"]
PAGES = ("", "/people", "/approvals", "/support")


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


@pytest.fixture
def signed_in(visit: Callable[..., Page], site: str) -> Callable[..., Page]:
    """Somebody's browser, opened where they are signed in already."""

    def opened(client: Client, page: str, look: str = "light") -> Page:
        kept = [
            {"name": name, "value": cookie.value, "domain": "localhost", "path": "/"}
            for name, cookie in client.cookies.items()
            if cookie.value
        ]
        return visit(f"{site}{page}", look, storage_state={"cookies": kept, "origins": []})

    return opened


def owner_on_the_web(phone: Any) -> tuple[Client, str]:
    """The merchant of the conversation, signed in a while ago, and the secret of their authenticator app."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from hesabu.identity.models import Person

    person, secret = Person.objects.get(id=person_of(phone)), generate_totp_secret()
    TOTP.activate(person, secret)
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, secret


def of_support() -> tuple[Client, UUID]:
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    client, person_id, _ = joined(ids.new_id(), "")
    actions.grant_platform(person_id, PlatformRole.SUPPORT)
    return client, person_id


def looks(business_id: UUID) -> list[str]:
    from hesabu.store import audit, tenancy

    with tenancy.bound(business_id):
        found = audit.acts(audit.Asked(kind="identity.SupportLooked"), most=100)
    return [str(act.fact.payload["page"]) for act in reversed(found)]


def test_support_asks_the_owner_allows_everybody_sees_it_and_the_owner_ends_it(
    merchant: Any, signed_in: Callable[[Client, str], Page], site: str
) -> None:
    from doors.chat.town import settle_down

    business_id = business_of(merchant)
    seller = joined(business_id, "seller")[0]
    supporter, _ = of_support()

    support = signed_in(supporter, "/support")
    support.get_by_label("The business, as its address shows it").fill(ids.short(business_id))
    support.get_by_label("Why").fill("An invoice that does not arrive")
    support.get_by_role("button", name="Ask", exact=True).click()
    support.get_by_text("Once its owner agrees").wait_for()
    looked_at(support, "support-asked")
    refused = support.goto(f"{site}{at(business_id)}")
    assert refused is not None
    assert refused.status == 404
    assert looks(business_id) == []

    settle_down()
    [asked] = [one for one in merchant.inbox() if "of support asks" in one.body]
    assert "An invoice that does not arrive" in asked.body

    came, secret = owner_on_the_web(merchant)
    owner = signed_in(came, at(business_id))
    owner.get_by_role("link", name="Support asks to look into this business").click()
    owner.get_by_text("An invoice that does not arrive").wait_for()
    looked_at(owner, "support-asks")
    owner.get_by_label("Hours").select_option("1")
    owner.get_by_role("button", name="Let them look").click()
    owner.get_by_role("heading", name="Is it still you?").wait_for()
    owner.get_by_label("Code").fill(figures(secret))
    owner.get_by_role("button", name="Go on").click()
    owner.get_by_text("Support may look into this business until").wait_for()

    colleague = signed_in(seller, at(business_id))
    for page in PAGES:
        for browser in (colleague, owner):
            browser.goto(f"{site}{at(business_id, page)}")
            browser.get_by_text("Support may look into this business until").wait_for()
    colleague.get_by_text("Until").first.wait_for()
    assert colleague.get_by_role("button", name="End it now").count() == 0

    for page in ("", "/people"):
        answer = support.goto(f"{site}{at(business_id, page)}")
        assert answer is not None
        assert answer.status == 200
        support.get_by_text("Support may look into this business until").wait_for()
    assert looks(business_id) == ["business", "people"]
    assert support.get_by_role("button", name="Invite").count() == 0

    settle_down()
    assert any("End it now" in one.titles for one in merchant.inbox())
    owner.goto(f"{site}{at(business_id, '/support')}")
    owner.get_by_role("button", name="End it now").click()
    owner.get_by_text("Nobody of support may look into this business").wait_for()

    answer = support.goto(f"{site}{at(business_id, '/people')}")
    assert answer is not None
    assert answer.status == 404
    assert looks(business_id) == ["business", "people"]
    colleague.goto(f"{site}{at(business_id)}")
    colleague.get_by_role("heading", name="Kamau Designs").wait_for()
    assert colleague.get_by_text("Support may look").count() == 0


def test_the_pages_of_the_platform_fit_and_can_be_read(
    business_id: UUID, signed_in: Callable[[Client, str], Page], site: str
) -> None:
    from hesabu.identity import actions, queries
    from hesabu.identity.types import PlatformRole, Role
    from hesabu.store import tenancy

    client, person_id, _ = joined(business_id, "bookkeeper")
    for role in PlatformRole:
        actions.grant_platform(person_id, role)
    actions.tell_broken(ids.new_id(), 1)
    with tenancy.bound(business_id):
        assert queries.role_of(person_id) is Role.BOOKKEEPER
    page = signed_in(client, "/platform/")
    looked_at(page, "platform")
    for name in ("businesses", "members", "notices", "log"):
        page.goto(f"{site}/platform/{name}")
        looked_at(page, f"platform-{name}")
    for name in ("merchants", "clients", "begin", "support"):
        page.goto(f"{site}/{name}")
        looked_at(page, name)
    page.goto(f"{site}/platform/")
    from_menu(page, "link", "Clients")
    page.get_by_role("rowheader").get_by_role("link", name="Kamau Designs").click()
    page.get_by_role("heading", name="Kamau Designs").wait_for()
