"""An account begun by somebody with another's address, and what is left to them once its owner comes."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
    signs_in,
)
from doors.web.test_signing_in_attacked import a_while_passes, activated_totp
from doors.web.test_signing_in_by_others import Provider, comes_back, provider
from hesabu.identity import actions as identity
from hesabu.identity.types import PlatformRole
from hesabu.store import tenancy
from hesabu.store.tenancy import Actor

__all__ = ["provider"]
pytestmark = pytest.mark.usefixtures("database")
PLANTED = "attacker pass words"
PROVE = "/account/confirm-email/"


def planted(address: str) -> Client:
    """The browser of who began an account with that address, and cannot prove it."""
    thief = new_browser()
    form = {"name": "Wanjiku Kamau", "email": address, "password1": PLANTED}
    answer = thief.post("/account/signup/", form, follow=True)
    assert answer.redirect_chain[-1][0] == PROVE
    a_while_passes()
    return thief


def came_by_code(address: str) -> tuple[Client, Any]:
    """The owner of the address, and the page they came to."""
    owner = new_browser()
    owner.post("/account/login/code/", {"email": address})
    code = code_sent_to(address)
    answer = owner.post("/account/login/code/confirm/", {"code": code}, follow=True)
    assert is_in(owner)
    a_while_passes()
    return owner, answer


def began_a_reset(address: str) -> tuple[Client, str]:
    """As far as the page for the new password: the code was right."""
    owner = new_browser()
    owner.post("/account/password/reset/", {"email": address})
    answer = owner.post(
        "/account/password/reset/confirm/", {"code": code_sent_to(address)}, follow=True
    )
    a_while_passes()
    return owner, answer.redirect_chain[-1][0]


def opens(address: str, password: str) -> bool:
    browser = new_browser()
    signs_in(browser, address, password)
    return is_in(browser)


def test_a_planted_password_ends_when_the_owner_comes_by_a_code() -> None:
    address = new_address()
    planted(address)
    owner, answer = came_by_code(address)
    assert not opens(address, PLANTED)
    assert is_in(owner)
    assert "Set a password of your own" in answer.content.decode()
    assert "Set a password of your own" in [subject for subject, _ in letters_to(address)]


def test_the_owner_sets_a_password_of_their_own_and_comes_back_by_it() -> None:
    address = new_address()
    planted(address)
    owner, _ = came_by_code(address)
    answer = owner.post("/account/password/set/", {"password1": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    assert opens(address, PASSWORD)


def test_a_planted_password_ends_with_the_code_for_a_new_one_before_that_is_chosen() -> None:
    address = new_address()
    planted(address)
    owner, choose = began_a_reset(address)
    assert not opens(address, PLANTED)
    a_while_passes()
    owner.post(choose, {"password1": PASSWORD})
    assert is_in(owner)
    assert opens(address, PASSWORD)


def test_a_planted_password_does_not_become_the_platforms_admin() -> None:
    admin = identity.register_person("First Admin")
    identity.grant_platform(admin, PlatformRole.ADMIN)
    address = new_address()
    with tenancy.house(actor=Actor("person", admin)):
        made = identity.invite_platform(PlatformRole.ADMIN, address)
    planted(address)
    owner, _ = came_by_code(address)
    owner.post(f"/join/{made.secret}", {"secret": made.secret})
    a_while_passes()
    thief = new_browser()
    signs_in(thief, address, PLANTED)
    assert not is_in(thief)
    assert thief.get("/platform/").status_code == 302
    activated_totp(owner)
    assert owner.get("/platform/").status_code == 200


def test_a_planted_providers_account_ends_when_the_owner_comes(provider: Provider) -> None:
    address = new_address()
    provider.claims = {"sub": f"thief-{address}", "email": address, "email_verified": False}
    waiting = new_browser()
    comes_back(waiting)
    person_id = person_id_of(address)
    assert SocialAccount.objects.filter(user_id=person_id).exists()
    a_while_passes()
    owner, _ = came_by_code(address)
    assert not SocialAccount.objects.filter(user_id=person_id).exists()
    thief = new_browser()
    comes_back(thief)
    assert not is_in(thief)
    assert is_in(owner)


def test_who_comes_by_a_provider_and_proves_the_address_there_keeps_that_way(
    provider: Provider,
) -> None:
    address = new_address()
    provider.claims = {"sub": address, "email": address, "email_verified": False, "name": "Achieng"}
    browser = new_browser()
    comes_back(browser)
    browser.post(PROVE, {"code": code_sent_to(address)})
    assert is_in(browser)
    again = new_browser()
    comes_back(again)
    assert is_in(again)


def test_who_signs_up_and_types_the_code_there_keeps_the_password() -> None:
    address = new_address()
    assert is_in(signed_up(new_browser(), address))
    assert opens(address, PASSWORD)
    assert "Set a password of your own" not in [subject for subject, _ in letters_to(address)]


def test_who_signed_up_proves_the_address_later_with_the_password_and_keeps_it() -> None:
    address = new_address()
    planted(address)
    later = new_browser()
    answer = signs_in(later, address, PLANTED)
    assert answer["Location"] == PROVE
    later.post(PROVE, {"code": code_sent_to(address)})
    assert is_in(later)
    assert opens(address, PLANTED)


def test_a_new_address_proven_while_signed_in_by_a_code_leaves_the_password() -> None:
    address, other = new_address(), new_address()
    signed_up(new_browser(), address)
    a_while_passes()
    browser, _ = came_by_code(address)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post("/account/email/", {"action_add": "", "email": other})
    browser.post(PROVE, {"code": code_sent_to(other)})
    assert EmailAddress.objects.get(email=other).verified
    a_while_passes()
    assert opens(other, PASSWORD)


def test_who_began_the_account_is_not_let_in_by_a_code_that_the_owner_tells_them() -> None:
    address = new_address()
    thief = planted(address)
    code = code_sent_to(address)
    came_by_code(address)
    thief.post(PROVE, {"code": code})
    assert not is_in(thief)
