"""A customer sends a picture about an invoice: its seller sees it in chat and on the web, and nobody else does."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from doors.chat import town
from doors.chat.test_money import billed, local
from doors.chat.test_pictures_that_came import Shelf, shelf
from doors.chat.test_two_people import business_of, person_of
from doors.web import pictures as files
from hesabu.kit import ids

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

__all__ = ["billed", "shelf"]


def sends_picture(phone: Phone, shelf: Shelf, content: bytes, caption: str = "") -> list[Heard]:
    shelf.content = content
    part = {"id": secrets.token_hex(8), "mime_type": "image/png", "sha256": ""}
    said = phone.sends("image", part | ({"caption": caption} if caption else {}))
    fetches()
    return said


def fetches() -> None:
    """The pictures that were taken are fetched, as a worker would."""
    from hesabu.store import jobs

    for args in town._take("messaging.fetch"):
        jobs.tasks["messaging.fetch"].run(**args)
    town.settle_down()


def kept(merchant: Phone) -> list[Any]:
    from hesabu.messaging import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_of(merchant)):
        return queries.pictures()


def test_it_reaches_the_seller_as_a_picture(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    (told,) = sends_picture(customer, shelf, files.with_a_place_in_it())
    assert told.body == "Thank you. I pass the picture about *INV-0001* on to Kamau Designs."
    (shown,) = merchant.hears()
    assert shown.kind == "document"
    assert shown.body == "Jane sent this picture about *INV-0001*."
    assert list(shown.titles) == ["Show the invoice"]
    assert "INV-0001" in merchant.taps("Show the invoice")[0].body
    (one,) = kept(merchant)
    assert one.file_id is not None


def test_with_the_claim_it_carries_the_buttons_that_answer_it(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    from doors.chat.test_money import owed

    sends_picture(customer, shelf, files.drawn(), "I have paid")
    heard = merchant.hears()
    (shown,) = [message for message in heard if message.kind == "document"]
    assert shown.body.startswith("Jane says *INV-0001* is paid, and sent this picture.")
    assert list(shown.titles) == ["Yes, it's there", "No"]
    merchant.counts_tapped("Yes, it's there", shown)
    assert owed(merchant) == 0


def test_a_webhook_that_comes_twice_and_a_job_that_runs_twice_keep_one(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    from hesabu.messaging import actions
    from providers.whatsapp import envelopes

    shelf.content = files.drawn()
    part = {"id": secrets.token_hex(8), "mime_type": "image/png", "sha256": ""}
    said = envelopes.message("image", part, **customer._who())
    customer.writes(said)
    customer.hears()
    customer.writes(said)
    assert customer.hears() == []
    fetches()
    (one,) = kept(merchant)
    actions.fetch_taken(business_of(merchant), one.id)
    town.settle_down()
    assert kept(merchant) == [one]
    assert len([m for m in merchant.hears() if m.kind == "document"]) == 1


def test_which_bill_it_is_about_is_asked_where_several_are_open(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 500 for tea due Friday")
    merchant.taps("Send")
    customer.hears()
    (which,) = sends_picture(customer, shelf, files.drawn())
    assert which.body == "Which invoice do you mean?"
    assert kept(merchant) == []
    title = next(title for title in which.titles if "INV-0001" in title)
    assert "INV-0001" in customer.taps(title)[0].body
    fetches()
    assert len(kept(merchant)) == 1


@pytest.mark.parametrize("content", [files.PAGE, files.SVG])
def test_what_is_no_picture_is_said_to_its_sender_and_shown_to_nobody(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf, content: bytes
) -> None:
    sends_picture(customer, shelf, content)
    assert "could not open the picture about *INV-0001*" in customer.hears()[-1].body
    assert merchant.hears() == []
    assert kept(merchant)[0].file_id is None


def test_a_seller_hears_of_six_in_an_hour_and_not_of_more(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    from hesabu.kit import clock

    with clock.fixed(clock.now()):
        for second in range(8):
            with clock.moved(seconds=second * 30):
                sends_picture(customer, shelf, files.drawn())
    assert len(kept(merchant)) == 6


def test_a_merchants_own_is_answered_with_what_pictures_are_for(
    merchant: Phone, shelf: Shelf
) -> None:
    (told,) = sends_picture(merchant, shelf, files.drawn())
    assert "the word “logo”" in told.body


def fetches_logo() -> None:
    from hesabu.store import jobs

    for args in town._take("chat.set_logo"):
        jobs.tasks["chat.set_logo"].run(**args)
    town.settle_down()


def logo_of(merchant: Phone) -> Any:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    business_id = business_of(merchant)
    with tenancy.bound(business_id):
        return queries.business(business_id).logo_id


def test_a_picture_with_the_word_logo_stands_on_papers_after_the_pin(
    merchant: Phone, shelf: Shelf
) -> None:
    asked = sends_picture(merchant, shelf, files.drawn(), "Logo")
    assert "PIN" in asked[-1].body
    fetches_logo()
    assert logo_of(merchant) is None
    merchant.proves()
    fetches_logo()
    assert "show the new logo" in merchant.hears()[-1].body
    assert logo_of(merchant) is not None


def test_what_is_no_picture_is_no_logo(merchant: Phone, shelf: Shelf) -> None:
    sends_picture(merchant, shelf, files.SVG, "logo")
    merchant.proves()
    fetches_logo()
    assert "cannot be a logo" in merchant.hears()[-1].body
    assert logo_of(merchant) is None


def test_a_customer_who_is_forgotten_takes_their_pictures_along(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    from hesabu.kit.marks import Marks
    from hesabu.messaging import actions, queries
    from hesabu.store import tenancy
    from hesabu.store.files import FileNotFound, read

    sends_picture(customer, shelf, files.drawn())
    (one,) = kept(merchant)
    contact_id = customer.contact_id()
    assert contact_id is not None
    with tenancy.bound(business_of(merchant)):
        assert list(queries.files_of_contacts([contact_id]).values()) == [one.file_id]
        actions.erase_words(Marks(frozenset(), frozenset()), with_contacts=[contact_id])
        assert queries.pictures() == []
        with pytest.raises(FileNotFound):
            read(one.file_id)


def test_what_is_older_than_words_are_kept_goes_with_them(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf
) -> None:
    from hesabu.kit import clock
    from hesabu.messaging import actions, queries
    from hesabu.store import tenancy

    sends_picture(customer, shelf, files.drawn())
    with tenancy.bound(business_of(merchant)):
        actions.erase_words_before(clock.now())
        assert queries.pictures() == []


def test_it_lies_sealed(
    merchant: Phone, customer: Phone, billed: Heard, shelf: Shelf, database: str
) -> None:
    from hesabu.store import tenancy
    from hesabu.store.models import FileRow

    sends_picture(customer, shelf, files.drawn())
    (one,) = kept(merchant)
    with tenancy.bound(business_of(merchant)):
        row = FileRow.objects.get(id=one.file_id)
        assert b"PNG" not in bytes(row.content)


# --- on the web -------------------------------------------------------------------------------------------------------


def browser_of(phone: Phone) -> Client:
    from allauth.mfa.models import Authenticator

    from hesabu.identity.models import Person

    person = Person.objects.get(id=person_of(phone))
    Authenticator.objects.create(user=person, type="totp", data={"secret": ""})
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_its_seller_sees_it_on_a_page_and_another_business_does_not(
    merchant: Phone,
    customer: Phone,
    billed: Heard,
    shelf: Shelf,
    new_phone: Callable[..., Phone],
) -> None:
    sends_picture(customer, shelf, files.polyglot())
    (one,) = kept(merchant)
    mine, picture = ids.short(business_of(merchant)), ids.short(one.id)
    browser = browser_of(merchant)
    page = browser.get(f"/b/{mine}/pictures")
    assert page.status_code == 200
    assert f"/b/{mine}/pictures/{picture}.png" in page.content.decode()
    shown = browser.get(f"/b/{mine}/pictures/{picture}.png")
    assert shown.content.startswith(b"\x89PNG")
    assert b"script" not in shown.content
    assert shown["Content-Type"] == "image/png"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    other = new_phone("Otieno Odhiambo")
    other.says("Hi")
    other.says("Odhiambo Stores")
    other.says("till 654321")
    theirs = ids.short(business_of(other))
    stranger = browser_of(other)
    assert stranger.get(f"/b/{mine}/pictures/{picture}.png").status_code == 404
    assert stranger.get(f"/b/{theirs}/pictures/{picture}.png").status_code == 404
    assert Client().get(f"/b/{mine}/pictures/{picture}.png").status_code in (302, 404)
