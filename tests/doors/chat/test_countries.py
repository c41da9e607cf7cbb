"""A business signs up from any of the nine countries, is never told of what does not work there, and is asked for what its
law wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone

ELSEWHERE = {
    "NG": ("234803", 7, "NGN", "Africa/Lagos", "en"),
    "MK": ("38970", 6, "MKD", "Europe/Skopje", "mk"),
    "TZ": ("255754", 6, "TZS", "Africa/Dar_es_Salaam", "sw"),
    "UG": ("256772", 6, "UGX", "Africa/Kampala", "en"),
    "GH": ("23324", 7, "GHS", "Africa/Accra", "en"),
    "RW": ("250788", 6, "RWF", "Africa/Kigali", "en"),
    "ZA": ("2782", 7, "ZAR", "Africa/Johannesburg", "en"),
}


def business_of(phone: Phone) -> Any:
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house():
        contact = messages.contact_by_phone(f"+{phone.number}")
    (membership,) = identity.memberships_of(contact.person_id)
    with tenancy.bound(membership.business_id):
        return identity.business(membership.business_id)


@pytest.mark.parametrize("country", list(ELSEWHERE))
def test_a_business_signs_up_by_the_prefix_of_its_number_and_is_paid_by_bank(
    new_phone: Callable[..., Phone], country: str
) -> None:
    from hesabu.kit.countries import COUNTRIES
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    begins, more, currency, timezone, language = ELSEWHERE[country]
    phone = new_phone("Ada", begins=begins, more=more)
    (welcome,) = phone.says("Hi")
    (how,) = phone.says("Ada Stores")
    (done,) = phone.says(f"bank {COUNTRIES[country].bank_example}")
    for heard in (welcome, how, done):
        assert "M-PESA" not in heard.body
        assert "till" not in heard.body.split()
    greets_in_swahili = "sw" in COUNTRIES[country].languages
    assert welcome.body.startswith("Karibu." if greets_in_swahili else "Welcome.")
    greeting = phone.says("Good morning")[0].body
    assert greeting.startswith("Habari" if greets_in_swahili else "Hello")
    assert phone.says("thank you")[0].body == (
        "Karibu." if greets_in_swahili else "You're welcome."
    )
    assert f"bank {COUNTRIES[country].bank_example}" in how.body
    assert COUNTRIES[country].phone_example in done.body
    business = business_of(phone)
    assert (business.country, business.currency) == (country, currency)
    assert (business.timezone, business.language) == (timezone, language)
    with tenancy.bound(business.id):
        (way,) = payments.ways_to_pay()
    assert way.kind == "bank"


def test_in_zimbabwe_the_currency_of_the_books_is_asked(new_phone: Callable[..., Phone]) -> None:
    for currency in ("USD", "ZWG"):
        phone = new_phone("Tendai", begins="26371", more=7)
        phone.says("Hi")
        (which,) = phone.says("Tendai Builders")
        assert list(which.titles) == ["USD", "ZWG"]
        (how,) = phone.taps(currency)
        assert "How do customers pay you?" in how.body
        assert business_of(phone).currency == currency


@pytest.mark.parametrize("said", ["till 123456", "paybill 400200 account 123", "0803 123 4567"])
def test_what_is_mpesas_is_not_taken_elsewhere(new_phone: Callable[..., Phone], said: str) -> None:
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    phone = new_phone("Ada", begins="234803", more=7)
    phone.says("Hi")
    phone.says("Ada Stores")
    answers = phone.says(said)
    assert "bank GTBank 0123456789" in " ".join(one.body for one in answers)
    with tenancy.bound(business_of(phone).id):
        assert payments.ways_to_pay() == []


@pytest.mark.parametrize("kind", ["till", "paybill", "phone", "stk_till", "stk_paybill"])
def test_payments_itself_refuses_what_a_country_does_not_have(
    new_business: Callable[..., Any], kind: str
) -> None:
    from hesabu.payments import actions as payments
    from hesabu.payments.errors import WayNotInCountry
    from hesabu.store import tenancy

    with tenancy.bound(new_business(country="NG")):
        with pytest.raises(WayNotInCountry) as refused:
            payments.add_account(kind, "0803 123 4567")
        assert refused.value.field == "kind"
        assert payments.add_account("bank", "0123456789", label="GTBank")


def signed_up(new_phone: Callable[..., Phone], country: str) -> Phone:
    begins, more, *_ = ELSEWHERE[country]
    phone = new_phone("Ada", begins=begins, more=more)
    for said in ("Hi", "Ada Stores", "Later"):
        phone.says(said)
    return phone


def test_tax_registration_asks_for_what_the_law_of_the_place_wants(
    new_phone: Callable[..., Phone],
) -> None:
    phone = signed_up(new_phone, "NG")
    phone.says("settings")
    phone.taps("Tax registration")
    phone.proves()
    (what,) = phone.says("Yes")
    assert "Tax ID" in what.body
    (wrong,) = phone.says("ABCDE1")
    assert "not a tax number" in wrong.body
    (where,) = phone.says("12345678-0001")
    assert "address" in where.body
    assert not business_of(phone).is_vat_registered
    (number,) = phone.says("12 Allen Avenue, Ikeja, Lagos")
    assert "RC/BN number" in number.body
    assert list(number.titles) == ["Later"]
    (done,) = phone.taps("Later")
    assert "Noted" in done.body
    business = business_of(phone)
    assert business.is_vat_registered
    assert (business.tax_id, business.registration_number) == ("12345678-0001", None)
    assert business.address == "12 Allen Avenue, Ikeja, Lagos"


def test_in_tanzania_the_number_of_the_vat_registration_is_asked_too(
    new_phone: Callable[..., Phone],
) -> None:
    phone = signed_up(new_phone, "TZ")
    phone.says("settings")
    business = business_of(phone)
    assert business.language == "sw"
    from hesabu.invoicing import queries

    assert queries.asked_of_seller("TZ") == [("tax_id", True), ("vat_number", True)]
    assert queries.asked_of_seller("KE") == [("tax_id", True)]


def test_a_customer_in_nigeria_is_shown_the_bank_account_and_not_mpesa(
    new_phone: Callable[..., Phone],
) -> None:
    from hesabu.payments import queries as payments
    from hesabu.payments.types import Method
    from hesabu.store import tenancy

    begins, more, *_ = ELSEWHERE["NG"]
    merchant = new_phone("Ada", begins=begins, more=more)
    customer = new_phone("Jane Wanjiku", begins=begins, more=more)
    for said in ("Hi", "Ada Stores", "bank GTBank 0123456789"):
        merchant.says(said)
    customer.says("Hi")
    number = f"0{str(customer.number)[3:]}"
    merchant.says(f"Invoice Jane Wanjiku {number} 75,000 for logo design due Friday")
    merchant.taps("Send")
    bill = customer.hears()[-1]
    assert list(bill.titles) == ["How to pay", "View"]
    assert "NGN 75,000" in bill.body
    (how,) = customer.taps("How to pay")
    assert "0123456789" in how.body
    assert "M-PESA" not in bill.body + how.body
    assert "till" not in how.body.split()
    assert "I have asked Ada Stores to look" in customer.says("I have paid")[0].body
    merchant.hears()
    merchant.counts_tapped("Yes, it's there")
    assert "NGN 75,000" in customer.hears()[-1].body
    with tenancy.bound(business_of(merchant).id):
        (payment,) = payments.last_payments(9)
    assert payment.method is Method.BANK


def test_uganda_writes_no_cents_anywhere(new_phone: Callable[..., Phone]) -> None:
    phone = signed_up(new_phone, "UG")
    said = phone.says("Invoice Jane Wanjiku 0772 123 456 75,000 for logo design due Friday")
    body = said[-1].body
    assert "UGX 75,000" in body
    assert "75,000.00" not in body


def test_where_there_are_no_cents_a_sum_for_several_is_not_shared_out_in_them(
    new_phone: Callable[..., Phone],
) -> None:
    phone = signed_up(new_phone, "UG")
    phone.says("Invoice Jane Wanjiku 0772 123 456 16 cups at 100 each")
    phone.says("change amount to 1000")
    said = phone.taps("For all 16")
    assert "can't be divided" in said[0].body
    assert "How much is one" in said[-1].body


def test_where_the_bank_is_asked_for_its_name_and_number_are_enough(
    new_phone: Callable[..., Phone],
) -> None:
    begins, more, *_ = ELSEWHERE["NG"]
    phone = new_phone("Ngozi", begins=begins, more=more)
    phone.says("Good morning")
    phone.says("Ngozi Kitchen")

    (done,) = phone.says("0123456789 GTBank")

    assert "bank account 0123456789 (GTBank)" in done.body
