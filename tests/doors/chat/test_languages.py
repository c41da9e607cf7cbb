"""Each reader in their own language, and how they change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


def in_swahili(say: Callable[..., str], *about: Any) -> str:
    """The same words, as the catalogue has them; they differ from the English."""
    from django.utils.translation import override

    with override("sw"):
        said = say(*about)
    assert said != say(*about), "not translated"
    return said


def nobody_owes() -> str:
    from hesabu.doors.chat import words

    return words.standing.owing([], None, [])  # type: ignore[arg-type]


def speaking_now() -> str:
    from hesabu.doors.chat import words

    return words.talk.speaking_now("Kiswahili")


def language_of(phone: Phone) -> str | None:
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    contact_id = phone.contact_id()
    assert contact_id is not None
    with tenancy.house():
        return messages.contact(contact_id).language


@pytest.mark.parametrize("word", ["kiswahili", "switch to swahili", "Swahili please"])
def test_a_language_is_chosen_in_a_word_and_holds(merchant: Phone, word: str) -> None:
    (told,) = merchant.says(word)
    assert told.body == in_swahili(speaking_now)
    assert language_of(merchant) == "sw"
    assert merchant.says("menyu")
    merchant.says("english")
    assert language_of(merchant) == "en"
    assert [m.body for m in merchant.says("who owes me")] == ["Nobody owes you anything."]


def test_language_alone_asks_which(merchant: Phone) -> None:
    (which,) = merchant.says("language")
    assert list(which.titles) == ["English", "Kiswahili"]
    (told,) = merchant.taps("Kiswahili")
    assert told.body == in_swahili(speaking_now)


def test_a_message_in_the_other_language_is_answered_in_it_and_once_told_how_to_stay(
    merchant: Phone,
) -> None:
    offer, answer = merchant.says("nani anadaiwa")
    from hesabu.doors.chat import words

    assert offer.body == in_swahili(words.talk.stay_with, "Kiswahili")
    assert answer.body == in_swahili(nobody_owes)
    assert [m.body for m in merchant.says("who owes me")] == ["Nobody owes you anything."]
    assert [m.body for m in merchant.says("nani anadaiwa")] == [in_swahili(nobody_owes)]
    assert language_of(merchant) is None


def test_somebody_new_is_spoken_to_as_they_write(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone()
    from hesabu.doors.chat import words
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    (welcome,) = phone.says("nani ananidai")
    assert welcome.body.endswith("Biashara yako inaitwaje?")
    (asked,) = phone.says("Mama Njeri Salon")
    assert asked.body == in_swahili(words.welcome.how_paid, "Mama Njeri Salon", True)
    with tenancy.house():
        person_id = messages.contact(phone.contact_id()).person_id
        assert identity.person(person_id).language == "sw"


@pytest.mark.parametrize("word", ["Niaje", "mambo", "Sasa!", "habari yako"])
def test_who_greets_in_swahili_before_anything_else_is_answered_in_it(
    new_phone: Callable[..., Phone], word: str
) -> None:
    (welcome,) = new_phone().says(word)
    assert "Biashara yako inaitwaje?" in welcome.body


def test_who_has_spoken_english_and_says_niaje_is_still_answered_in_english(
    merchant: Phone,
) -> None:
    merchant.says("who owes me")
    assert "What" in merchant.says("niaje")[-1].body


def test_a_language_is_changed_in_the_middle_of_a_question(merchant: Phone) -> None:
    merchant.says("invoice")
    told, question = merchant.says("kiswahili")
    assert told.body == in_swahili(speaking_now)
    assert question.body
    stopped = merchant.says("acha")
    assert len(stopped) == 1


def test_what_safaricom_wrote_changes_nobodys_language(merchant: Phone, customer: Phone) -> None:
    from doors.chat.test_money import ONE_LINE, PASTED, code, local

    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    customer.says("kiswahili")
    customer.says(PASTED.format(code=code(), amount="75,000.00"))
    assert language_of(customer) == "sw"


def test_each_owner_is_told_in_their_own_language(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.test_money import business_of
    from hesabu.doors.chat import telling, words
    from hesabu.doors.chat.speech import Saying
    from hesabu.identity import actions as identity
    from hesabu.identity.types import Role
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    second = new_phone("Otieno Kamau")
    second.says("kiswahili")
    business_id = business_of(merchant)
    with tenancy.house():
        person_id = identity.register_person("Otieno Kamau")
        messaging.introduce(second.contact_id(), person_id)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.OWNER)
    merchant.hears()
    second.hears()
    with tenancy.bound(business_id):
        telling.tell_owners(lambda: Saying(words.standing.owing([], None, [])), "told:test")
    assert [m.body for m in merchant.hears()] == ["Nobody owes you anything."]
    assert [m.body for m in second.hears()] == [in_swahili(nobody_owes)]


def test_whoever_signs_up_in_swahili_writes_to_customers_in_swahili(
    new_phone: Callable[..., Phone], customer: Phone
) -> None:
    from doors.chat.test_money import business_of, local
    from hesabu.identity import queries as identity
    from hesabu.store import tenancy

    phone = new_phone()
    phone.says("nani ananidai")
    phone.says("Mama Njeri Salon")
    phone.says("till 832199")
    business_id = business_of(phone)
    with tenancy.bound(business_id):
        assert identity.business(business_id).language == "sw"
    phone.says(f"Tuma ankara kwa Jane {local(customer)} elfu tano ya nywele alipe Ijumaa")
    phone.taps("Tuma")
    (invoice,) = customer.hears()
    assert "wamekutumia ankara" in invoice.body


def test_what_is_told_unasked_is_in_the_language_they_wrote_in(
    merchant: Phone, customer: Phone
) -> None:
    from doors.chat.test_money import ONE_LINE, local
    from hesabu.doors.chat import words

    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    customer.says("habari yako, naomba kuona ankara yangu")
    assert language_of(customer) is None
    merchant.says("void INV-0001")
    merchant.taps("Yes, take it back")
    merchant.proves()
    (told,) = customer.hears()
    assert told.body == in_swahili(words.undoing.invoice_taken_back, "Kamau Designs", "INV-0001")
