"""An owner says on the page of settings from which sum a chat asks for the PIN before money is counted as received."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.utils import translation

from doors.web.test_business import business, details, undo_links
from doors.web.test_people import at, joined

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("database")


def keeps(owner: Client, business_id: UUID, level: str, amount: str = "5000") -> Any:
    said = details(pin_level=level, pin_amount=amount)
    return owner.post(at(business_id, "/settings"), said)


def shown(owner: Client, business_id: UUID) -> tuple[str, str]:
    """The level that is chosen on the page, and the amount in its field."""
    page = owner.get(at(business_id, "/settings")).content.decode()
    (level,) = re.findall(r'name="pin_level" value="(\w+)" checked', page)
    (amount,) = re.findall(r'name="pin_amount"[^>]* value="([^"]*)"', page)
    return level, amount


@pytest.mark.parametrize(
    ("level", "amount", "kept", "shown_then"),
    [
        ("always", "5000", "always", ("always", "5000")),
        ("always", "nonsense", "always", ("always", "5000")),
        ("never", "", "never", ("never", "5000")),
        ("above", "5000", "above", ("above", "5000")),
        ("above", "5,000.00", "above 500000", ("above", "5000")),
        ("above", "20,000", "above 2000000", ("above", "20000")),
        ("above", " 1 234 567 ", "above 123456700", ("above", "1234567")),
        ("above", "99.5", "above 9950", ("above", "99.50")),
    ],
)
def test_the_sum_is_kept_and_shown_as_it_was_chosen(
    business_id: UUID, level: str, amount: str, kept: str, shown_then: tuple[str, str]
) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert shown(owner, business_id) == ("above", "5000")
    assert keeps(owner, business_id, level, amount).status_code == 302
    assert business(business_id).pin_for_payments == kept
    assert shown(owner, business_id) == shown_then


@pytest.mark.parametrize(
    ("level", "amount", "field", "heard"),
    [
        ("sometimes", "5000", "pin_level", "Choose one of these."),
        ("", "5000", "pin_level", "Choose one of these."),
        ("above", "", "pin_amount", "Write an amount above zero"),
        ("above", "0", "pin_amount", "Write an amount above zero"),
        ("above", "0.00", "pin_amount", "Write an amount above zero"),
        ("above", "-5", "pin_amount", "Write an amount above zero"),
        ("above", "5.000", "pin_amount", "Write an amount above zero"),
        ("above", "5,00", "pin_amount", "Write an amount above zero"),
        ("above", "1e6", "pin_amount", "Write an amount above zero"),
        ("above", "five", "pin_amount", "Write an amount above zero"),
        ("above", "٥٠٠٠", "pin_amount", "Write an amount above zero"),
        ("above", "USD 50", "pin_amount", "Write an amount above zero"),
        ("above", "9" * 40, "pin_amount", "Write an amount above zero"),
        ("above", "99999999999999", "pin_amount", "Write an amount above zero"),
        ("above", "5\x00\u202e", "pin_amount", "Write an amount above zero"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_written_and_nothing_is_kept(
    business_id: UUID, level: str, amount: str, field: str, heard: str
) -> None:
    owner, _, _ = joined(business_id, "owner")
    before = business(business_id)
    answer = keeps(owner, business_id, level, amount)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(rf'id="{field}-wrong">([^<]*)', page)[0].startswith(heard)
    assert len(re.findall(r'id="\w+-wrong"', page)) == 1
    assert business(business_id) == before


def test_a_page_that_asks_nothing_of_it_leaves_the_guard_where_it_is(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert keeps(owner, business_id, "above", "20000").status_code == 302
    assert owner.post(at(business_id, "/settings"), details(name="Kamau Two")).status_code == 302
    kept = business(business_id)
    assert (kept.name, kept.pin_for_payments) == ("Kamau Two", "above 2000000")


def test_it_is_on_record_with_what_it_was_in_words_and_taken_back(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert owner.post(at(business_id, "/settings"), details()).status_code == 302
    assert keeps(owner, business_id, "never").status_code == 302
    assert keeps(owner, business_id, "never").status_code == 302
    page = owner.get(at(business_id, "/settings")).content.decode()
    assert "above KES 5,000.00 a day became Never" in page
    assert page.count("PIN before payments are recorded in a chat") == 1
    log = owner.get(at(business_id, "/audit")).content.decode()
    assert "above KES 5,000.00 a day" in log
    assert owner.post(at(business_id, undo_links(page)[0])).status_code == 302
    assert business(business_id).pin_for_payments == "above"
    assert shown(owner, business_id) == ("above", "5000")


def test_in_swahili_it_is_asked_and_told_in_swahili(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert keeps(owner, business_id, "above", "20000").status_code == 302
    with translation.override("sw"):
        page = owner.get(at(business_id, "/settings"), headers={"Accept-Language": "sw"})
    said = page.content.decode()
    for english in ("Every time", "Above an amount", "Amount a day in", "a day became"):
        assert english not in said
    assert "20,000.00" in said


@pytest.mark.parametrize("role", ["manager", "seller", "bookkeeper", "viewer"])
def test_only_an_owner_lowers_the_guard(business_id: UUID, role: str) -> None:
    browser, _, _ = joined(business_id, role)
    assert keeps(browser, business_id, "never").status_code == 403
    assert business(business_id).pin_for_payments == "above"


def test_lowering_the_guard_asks_once_more_who_it_is(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    session = owner.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = keeps(owner, business_id, "never")
    assert "reauthenticate" in answer["Location"]
    assert business(business_id).pin_for_payments == "above"


def test_another_business_is_not_found_and_keeps_its_guard(
    business_id: UUID, new_business: Any
) -> None:
    owner, _, _ = joined(business_id, "owner")
    other_id = new_business("Njoroge Traders")
    assert keeps(owner, other_id, "never").status_code == 404
    assert business(other_id).pin_for_payments == "above"
