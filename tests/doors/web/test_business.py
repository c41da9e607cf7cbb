"""What a business is, and where its money goes, changed in the browser; ways there from the chat; and the PIN."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doors.web import pictures
from doors.web.test_people import at, joined
from hesabu.kit import clock

pytestmark = pytest.mark.usefixtures("database")


def details(**changes: str) -> dict[str, str]:
    return {
        "name": "Kamau Studio",
        "legal_name": "",
        "address": "Moi Avenue, Nairobi",
        "phone": "0712 345 678",
        "email": "hello@kamau.example",
        "tax_id": "P051234567X",
        "signatory": "",
        "language": "sw",
        "timezone": "Africa/Nairobi",
        "is_quiet": "yes",
        "quiet_from": "21:00",
        "quiet_until": "07:30",
    } | changes


def alone(business_id: UUID) -> Client:
    """The one person of the business, its owner: nobody is there to approve anything."""
    from hesabu.identity import actions, queries
    from hesabu.store import tenancy

    browser, person_id, _ = joined(business_id, "owner")
    with tenancy.bound(business_id):
        for one in queries.members(business_id):
            if one.person_id != person_id:
                actions.remove_member(one.person_id)
    return browser


def business(business_id: UUID) -> Any:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return queries.business(business_id)


def undo_links(page: str) -> list[str]:
    return re.findall(r"/settings/[0-9a-z]+/undo", page)


def logo(browser: Client, business_id: UUID, content: bytes, name: str = "logo.png") -> Any:
    sent = SimpleUploadedFile(name, content, content_type="image/png")
    return browser.post(at(business_id, "/settings/logo"), {"logo": sent})


def test_details_are_kept_shown_with_what_they_were_and_taken_back(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    before = business(business_id)
    assert owner.post(at(business_id, "/settings"), details()).status_code == 302
    kept = business(business_id)
    assert (kept.name, kept.email, kept.phone) == (
        "Kamau Studio",
        "hello@kamau.example",
        "+254712345678",
    )
    assert (kept.language, kept.tax_id) == ("sw", "P051234567X")
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        assert invoices.habit("quiet_hours").value == "21:00-07:30"
    page = owner.get(at(business_id, "/settings")).content.decode()
    assert f"{before.name} became Kamau Studio" in page
    (link,) = undo_links(page)
    assert owner.post(at(business_id, link)).status_code == 302
    assert business(business_id) == before
    assert "taken back" in owner.get(at(business_id, "/settings")).content.decode()


def test_a_change_is_taken_back_for_ten_minutes_and_not_over_a_later_one(business_id: UUID) -> None:
    from hesabu.identity import actions, queries
    from hesabu.identity.errors import ChangedSince, ChangeIsOld, ChangeNotFound
    from hesabu.kit import ids
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        actions.update_business(business_id, address="One Street")
        actions.update_business(business_id, address="Two Street")
        newest, first = queries.business_changes()[:2]
        with pytest.raises(ChangedSince):
            actions.undo_change(first.id)
        with pytest.raises(ChangeNotFound):
            actions.undo_change(ids.new_id())
        with clock.moved(seconds=601), pytest.raises(ChangeIsOld):
            actions.undo_change(newest.id)
        actions.undo_change(newest.id)
        actions.undo_change(newest.id)
        assert queries.business(business_id).address == "One Street"


@pytest.mark.parametrize(
    ("field", "said", "heard"),
    [
        ("tax_id", "12", "not a tax number"),
        ("phone", "07", "not a telephone number"),
        ("email", "kamau", ""),
        ("name", "", ""),
        ("timezone", "Mars/Base", ""),
        ("language", "xx", "Choose one of these languages."),
        ("quiet_from", "25:00", "Write it as 20:00."),
        ("quiet_until", "21:00", "Choose another hour"),
        ("name", "\u202eevil\x00", ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    business_id: UUID, field: str, said: str, heard: str
) -> None:
    owner, _, _ = joined(business_id, "owner")
    before = business(business_id)
    answer = owner.post(at(business_id, "/settings"), details(**{field: said}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in page
    assert heard in page
    assert business(business_id) == before


@pytest.mark.parametrize("role", ["manager", "seller", "bookkeeper", "viewer"])
def test_only_an_owner_changes_details(business_id: UUID, role: str) -> None:
    browser, _, _ = joined(business_id, role)
    before = business(business_id)
    assert browser.get(at(business_id, "/settings")).status_code == 403
    assert browser.post(at(business_id, "/settings"), details()).status_code == 403
    assert logo(browser, business_id, pictures.drawn()).status_code == 403
    assert business(business_id) == before


def test_details_ask_once_more_who_it_is(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    session = owner.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = owner.get(at(business_id, "/settings"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    before = business(business_id)
    assert owner.post(at(business_id, "/settings"), details()).status_code == 302
    assert business(business_id) == before


def test_a_logo_is_drawn_anew_shown_and_stands_on_the_paper(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert owner.get(at(business_id, "/settings/logo.png")).status_code == 404
    assert logo(owner, business_id, pictures.polyglot(), "logo.html").status_code == 302
    shown = owner.get(at(business_id, "/settings/logo.png"))
    assert shown["Content-Type"] == "image/png"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in shown.content
    assert "settings/logo.png" in owner.get(at(business_id, "/settings")).content.decode()
    assert len(images_of_a_paper(business_id)) == 1
    assert owner.post(at(business_id, "/settings/logo"), {"drop": "yes"}).status_code == 302
    assert owner.get(at(business_id, "/settings/logo.png")).status_code == 404
    assert images_of_a_paper(business_id) == []


def images_of_a_paper(business_id: UUID) -> list[str]:
    """The pictures on the PDF of an invoice that is issued now."""
    import io
    from decimal import Decimal

    from pypdf import PdfReader

    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from hesabu.store import files, tenancy

    lines = [LineInput("logo design", Decimal(1), Money.parse("750", "KES"))]
    with tenancy.bound(business_id):
        customer_id = actions.keep_customer("Jane Wanjiku", "0733111678")
        invoice_id, version = actions.draft(DraftInput(customer_id=customer_id, lines=lines))
        actions.issue(invoice_id, version)
        content = files.read(actions.keep_pdf(invoice_id)).content
    return [image.name for image in PdfReader(io.BytesIO(content)).pages[0].images]


@pytest.mark.parametrize("name", [*pictures.NO_PICTURES, "one that is too large"])
def test_what_is_no_picture_is_refused_at_the_field(business_id: UUID, name: str) -> None:
    owner, _, _ = joined(business_id, "owner")
    too_large = pictures.drawn() + b"\0" * (2 * 1024 * 1024)
    answer = logo(owner, business_id, pictures.NO_PICTURES.get(name, too_large))
    assert answer.status_code == 422
    assert 'id="logo-wrong"' in answer.content.decode()
    assert business(business_id).logo_id is None


def test_a_second_tenant_neither_sees_nor_undoes(business_id: UUID, new_business: Any) -> None:
    owner, _, _ = joined(business_id, "owner")
    assert owner.post(at(business_id, "/settings"), details()).status_code == 302
    (link,) = undo_links(owner.get(at(business_id, "/settings")).content.decode())
    other_id = new_business("Njoroge Traders")
    stranger, _, _ = joined(other_id, "owner")
    for address in ("/settings", "/settings/logo.png", "/ways"):
        assert stranger.get(at(business_id, address)).status_code == 404
    stranger.post(at(other_id, link))
    assert business(business_id).name == "Kamau Studio"


# --- ways to be paid --------------------------------------------------------------------------------------------------


def paid_at(business_id: UUID) -> list[str]:
    from hesabu.payments import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return [way.number for way in queries.ways_to_pay()]


def frozen(business_id: UUID) -> list[tuple[str, str]]:
    from hesabu.payments import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return [(one.verb, one.way.number) for one in queries.changes_frozen()]


def test_the_first_way_is_offered_at_once_and_the_next_after_two_days_unless_stopped(
    business_id: UUID,
) -> None:
    owner = alone(business_id)
    page = owner.get(at(business_id, "/ways")).content.decode()
    assert "not told yet where to pay" in page
    add = at(business_id, "/ways/add")
    assert owner.post(add, {"kind": "till", "number": "123456"}).status_code == 302
    assert paid_at(business_id) == ["123456"]
    assert owner.post(add, {"kind": "till", "number": "654321"}).status_code == 302
    assert (paid_at(business_id), frozen(business_id)) == (["123456"], [("added", "654321")])
    page = owner.get(at(business_id, "/ways")).content.decode()
    assert "47 hours left" in page
    (stop,) = set(stops(page))
    answer = owner.post(stop, {"from": "ways"})
    assert answer["Location"] == at(business_id, "/ways")
    assert (paid_at(business_id), frozen(business_id)) == (["123456"], [])
    page = owner.get(at(business_id, "/ways")).content.decode()
    (close,) = closes(page)
    assert owner.post(close).status_code == 302
    assert frozen(business_id) == [("closed", "123456")]
    assert closes(owner.get(at(business_id, "/ways")).content.decode()) == []


def stops(page: str) -> list[str]:
    return re.findall(r'action="([^"]+/ways/[^"/]+/stop)"', page)


def closes(page: str) -> list[str]:
    return re.findall(r'action="([^"]+/ways/[^"/]+/close)"', page)


def test_a_change_waits_for_the_second_person_where_there_is_one(business_id: UUID) -> None:
    owner = alone(business_id)
    add = at(business_id, "/ways/add")
    owner.post(add, {"kind": "till", "number": "123456"})
    manager, _, _ = joined(business_id, "manager")
    owner.post(add, {"kind": "till", "number": "654321"})
    assert frozen(business_id) == []
    page = manager.get(at(business_id, "/ways")).content.decode()
    assert "/ways/add" not in page
    assert manager.post(add, {"kind": "till", "number": "777777"}).status_code == 403
    waiting = manager.get(at(business_id, "/approvals")).content.decode()
    assert "654321" in waiting
    (answer,) = re.findall(r'action="([^"]+/approvals/[^"/]+/answer)"', waiting)
    assert manager.post(answer, {"answer": "approve"}).status_code == 302
    assert frozen(business_id) == [("added", "654321")]
    assert stops(manager.get(at(business_id, "/ways")).content.decode())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "till", "number": "12"}, "number"),
        ({"kind": "phone", "number": "07"}, "number"),
        ({"kind": "bank", "number": "1"}, "number"),
        ({"kind": "gold", "number": "123456"}, "kind"),
        ({"kind": "stk_till", "number": "123456"}, "kind"),
        ({"kind": "till", "number": "\x00\u202e"}, "number"),
    ],
)
def test_a_way_that_cannot_be_is_refused_at_its_field(
    business_id: UUID, said: dict[str, str], field: str
) -> None:
    owner, _, _ = joined(business_id, "owner")
    answer = owner.post(at(business_id, "/ways/add"), said)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.content.decode()
    assert paid_at(business_id) == []


# --- from the chat, and the PIN ---------------------------------------------------------------------------------------


def test_a_passage_leads_once_to_its_page_for_the_person_it_was_made_for(business_id: UUID) -> None:
    from hesabu.identity import actions

    owner, person_id, _ = joined(business_id, "owner")
    stranger, _, _ = joined(business_id, "")
    token = actions.ask_passage(person_id, at(business_id, "/settings"))
    nobody = Client().get(f"/s/{token}")
    assert nobody.status_code == 302
    assert "/account/login" in nobody["Location"]
    assert stranger.post(f"/s/{token}").status_code == 404
    for _ in range(2):
        looked = owner.get(f"/s/{token}")
        assert looked.status_code == 200
        assert looked["Referrer-Policy"] == "same-origin"
    assert owner.post(f"/s/{token}")["Location"] == at(business_id, "/settings")
    assert owner.post(f"/s/{token}").status_code == 404
    for bad in ("//evil.example", "https://evil.example"):
        with pytest.raises(ValueError, match="no page of ours"):
            actions.ask_passage(person_id, bad)


def test_the_pin_is_set_in_the_browser_and_changed_by_who_knows_it(business_id: UUID) -> None:
    from hesabu.identity import actions, queries

    owner, person_id, _ = joined(business_id, "owner")
    easy = owner.post("/pin", {"pin": "1234"})
    assert easy.status_code == 422
    assert 'id="pin-wrong"' in easy.content.decode()
    assert not queries.person(person_id).has_pin
    assert owner.post("/pin", {"pin": "7391"}).status_code == 302
    actions.check_pin(person_id, "7391")
    wrong = owner.post("/pin", {"pin": "8402", "current": "1111"})
    assert wrong.status_code == 422
    assert "4 tries are left" in wrong.content.decode()
    assert owner.post("/pin", {"pin": "8402"}).status_code == 422
    actions.check_pin(person_id, "7391")
    assert owner.post("/pin", {"pin": "8402", "current": "7391"}).status_code == 302
    actions.check_pin(person_id, "8402")


def test_the_pin_page_asks_once_more_who_it_is(business_id: UUID) -> None:
    from hesabu.identity import queries

    owner, person_id, _ = joined(business_id, "owner")
    session = owner.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert "reauthenticate" in owner.post("/pin", {"pin": "7391"})["Location"]
    assert not queries.person(person_id).has_pin
