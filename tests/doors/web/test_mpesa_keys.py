"""An owner gives a paybill's keys in the browser: they are tried, kept sealed, registered, and show that they work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client, override_settings

from doors.web.test_business import alone, frozen, paid_at
from doors.web.test_people import at, joined
from hesabu.kit import ids
from providers.mpesa.box import Box, box

JANE = "+254712345678"
KEYS = {
    "consumer_key": "sandbox-key",
    "consumer_secret": "sandbox-secret",
    "passkey": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
}


@pytest.fixture(scope="module")
def outside(database: str) -> Iterator[Box]:
    with box() as opened:
        yield opened


@pytest.fixture
def world(outside: Box) -> Iterator[Box]:
    outside.calm()
    outside.settle(JANE, is_online=True, pin="1234", balance_cents=50_000_000)
    yield outside
    outside.calm()


@pytest.fixture
def number(world: Box) -> str:
    """A paybill of its own."""
    made = str(800_000 + int(ids.new_id()) % 99_999)
    world._sent("POST", "/control/shortcodes", {"shortcode": made})
    return made


def given(number: str, **changes: str) -> dict[str, str]:
    return {"kind": "paybill", "number": number, "phone": JANE} | KEYS | changes


def add(browser: Client, business_id: UUID, asked: dict[str, str]) -> Any:
    return browser.post(at(business_id, "/ways/mpesa/add"), asked)


def shown(browser: Client, answer: Any) -> str:
    return browser.get(answer["Location"]).content.decode()


def kept(business_id: UUID) -> int:
    from hesabu.payments import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return len(queries.prompting_ids())


def test_right_keys_are_kept_registered_and_never_shown(
    world: Box, business_id: UUID, number: str
) -> None:
    owner = alone(business_id)
    form = owner.get(at(business_id, "/ways/mpesa")).content.decode()
    assert 'name="consumer_secret"' in form
    answer = add(owner, business_id, given(number))
    assert answer.status_code == 302
    page = shown(owner, answer)
    assert "M-PESA tells us of money sent by hand" in page
    assert "is read every hour" in page
    ways = owner.get(at(business_id, "/ways")).content.decode()
    assert number in ways
    for secret in KEYS.values():
        assert secret not in page + ways
    assert paid_at(business_id).count(number) == 1


@pytest.mark.parametrize(
    ("changes", "field", "heard"),
    [
        ({"consumer_key": "stranger"}, "consumer_key", "did not accept the business"),
        ({"consumer_secret": "wrong"}, "consumer_key", "did not accept the business"),
        ({"passkey": "wrong"}, "passkey", "the passkey is not this number"),
        ({"number": "999999"}, "number", "does not belong to these keys"),
        ({"passkey": ""}, "passkey", "Check the number and the keys"),
        ({"number": "12"}, "number", "Check the number and the keys"),
        ({"kind": "gold"}, "kind", "Choose one of these."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    world: Box, business_id: UUID, number: str, changes: dict[str, str], field: str, heard: str
) -> None:
    owner = alone(business_id)
    assert add(owner, business_id, given(number)).status_code == 302
    before = kept(business_id)
    answer = add(owner, business_id, given(number) | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in page
    assert heard in page
    assert kept(business_id) == before
    assert frozen(business_id) == []
    for secret in KEYS.values():
        assert secret not in page


def test_while_mpesa_is_silent_nothing_is_kept(world: Box, business_id: UUID, number: str) -> None:
    owner = alone(business_id)
    world.dials(request_error_before=1)
    answer = add(owner, business_id, given(number))
    assert answer.status_code == 422
    assert "M-PESA did not answer" in answer.content.decode()
    assert kept(business_id) == 0


def test_an_address_that_mpesa_does_not_take_is_said_with_its_reason(
    world: Box, business_id: UUID, number: str
) -> None:
    owner = alone(business_id)
    changed = settings.CONFIG.model_copy(update={"public_url": "https://mpesa.kamau.example"})
    with override_settings(CONFIG=changed):
        page = shown(owner, add(owner, business_id, given(number)))
    assert "has a word in it that M-PESA does not take" in page
    assert "does not tell us of money sent by hand yet" not in page


def test_addresses_that_are_somebody_elses_are_said_to_be_and_can_be_tried_again(
    world: Box, business_id: UUID, number: str, new_business: Callable[..., UUID]
) -> None:
    assert add(alone(new_business()), new_business(), given(number)).status_code == 404
    other_id = new_business()
    other = alone(other_id)
    add(other, other_id, given(number))
    world.dials(register_once=True)
    owner = alone(business_id)
    answer = add(owner, business_id, given(number))
    page = shown(owner, answer)
    assert "registered at M-PESA already" in page
    assert "Another business collects by the same number" in page
    (again,) = re.findall(r'action="([^"]+/listen)"', page)
    world.dials(register_once=False)
    page = shown(owner, owner.post(again, {"phone": JANE}))
    assert "M-PESA tells us of money sent by hand" in page


def test_a_prompt_of_one_shilling_shows_that_it_works(
    world: Box, business_id: UUID, number: str
) -> None:
    from hesabu.ledger import queries as books
    from hesabu.payments import actions, jobs
    from hesabu.payments import queries as payments
    from hesabu.payments.models import Collection
    from hesabu.store import tenancy

    owner = alone(business_id)
    answer = add(owner, business_id, given(number))
    (ask,) = re.findall(r'action="([^"]+/trial)"', shown(owner, answer))
    for _ in range(2):
        assert owner.post(ask, {"phone": "0712 345 678"}).status_code == 302
    with tenancy.bound(business_id):
        (row,) = Collection.objects.filter(business_id=business_id)
    jobs.ask(str(business_id), str(row.id))
    world.answer(JANE)
    while actions.settle_waiting():
        pass
    assert "Paid." in shown(owner, answer)
    with tenancy.bound(business_id):
        (payment,) = payments.unplaced()
        assert (payment.amount.minor, books.balance("suspense").minor) == (100, -100)
        assert payments.disagreements() == []


def test_other_keys_are_frozen_for_two_days(world: Box, business_id: UUID, number: str) -> None:
    owner = alone(business_id)
    add(owner, business_id, given(number))
    more = {"initiator": "hesabu", "security_credential": "c2VhbGVk"}
    assert add(owner, business_id, given(number, **more)).status_code == 302
    assert frozen(business_id) == [("rekeyed", number)]


def test_a_second_person_approves_before_anything_is_registered(
    world: Box, business_id: UUID, number: str
) -> None:
    owner = alone(business_id)
    owner.post(at(business_id, "/ways/add"), {"kind": "till", "number": "123456"})
    joined(business_id, "manager")
    before = len(world.requests("/registerurl"))
    answer = add(owner, business_id, given(number))
    assert answer["Location"] == at(business_id, "/ways")
    assert (kept(business_id), frozen(business_id)) == (0, [])
    assert len(world.requests("/registerurl")) == before


@pytest.mark.parametrize("role", ["manager", "seller", "bookkeeper", "viewer"])
def test_only_an_owner_gives_keys(world: Box, business_id: UUID, number: str, role: str) -> None:
    browser, _, _ = joined(business_id, role)
    assert browser.get(at(business_id, "/ways/mpesa")).status_code == 403
    assert add(browser, business_id, given(number)).status_code == 403
    assert kept(business_id) == 0


def test_keys_ask_once_more_who_it_is(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    session = owner.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = add(owner, business_id, given("600999"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert kept(business_id) == 0


def test_a_second_tenant_neither_sees_nor_tries(
    world: Box, business_id: UUID, number: str, new_business: Callable[..., UUID]
) -> None:
    owner = alone(business_id)
    answer = add(owner, business_id, given(number))
    page = answer["Location"]
    other_id = new_business()
    stranger = alone(other_id)
    assert stranger.get(page).status_code == 404
    assert stranger.post(page.replace("/mpesa", "/trial"), {"phone": JANE}).status_code == 404
    account = page.split("/")[-2]
    assert stranger.get(at(other_id, f"/ways/{account}/mpesa")).status_code == 404
    tried = stranger.post(at(other_id, f"/ways/{account}/listen"), {"phone": JANE})
    assert tried.status_code == 302
    assert kept(other_id) == 0


def test_where_nobody_is_paid_so_there_is_no_such_page(new_business: Callable[..., UUID]) -> None:
    business_id = new_business("Adaeze Studio", "NG")
    owner = alone(business_id)
    assert owner.get(at(business_id, "/ways/mpesa")).status_code == 404
    assert "/ways/mpesa" not in owner.get(at(business_id, "/ways")).content.decode()
