"""Somebody asks what is held on them, and to be forgotten: all of it comes out, the name is nowhere, and the books hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from hesabu.app import erasing, holding, retention
from hesabu.app import verify as verifying
from hesabu.identity import queries as people
from hesabu.identity.errors import NotAllowed
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import CustomerOwes
from hesabu.invoicing.rules import keeping
from hesabu.invoicing.types import DraftInput, LineInput
from hesabu.kit import clock, countries, crypto, ids
from hesabu.kit.marks import marks_of
from hesabu.kit.money import Money
from hesabu.messaging import actions as messaging
from hesabu.messaging.models import Message
from hesabu.payments import actions as payments
from hesabu.payments.types import Purpose
from hesabu.store import letters, origins, resealing, tenancy
from steady import seal_all

NAME = "Zuhura Nyamvula"
OPERATOR = tenancy.Actor("operator")


@pytest.fixture
def phone() -> str:
    return f"+2547{ids.new_id().int % 10**8:08d}"


class Shop:
    """A business with a customer who bought, was written to, and paid."""

    def __init__(
        self, business_id: UUID, phone: str, name: str = NAME, *, pays: bool = True
    ) -> None:
        self.id, self.phone = business_id, phone
        with tenancy.house():
            self.contact_id = messaging.meet(phone=phone, name=name)
        with tenancy.bound(business_id):
            self.customer_id = invoicing.keep_customer(name, phone, self.contact_id)
            invoicing.change_customer(
                self.customer_id, email=f"{phone[1:]}@example.com", address="14 Ngong Road, Nairobi"
            )
            lines = [LineInput(f"portrait of {name}", Decimal(1), Money.parse("7500", "KES"))]
            draft = DraftInput(customer_id=self.customer_id, lines=lines, note=f"Asante {name}")
            self.invoice_id, version = invoicing.draft(draft)
            invoicing.issue(self.invoice_id, version)
            invoicing.keep_pdf(self.invoice_id)
            if pays:
                money = Money.parse("7500", "KES")
                payments.record(Purpose("invoice", self.invoice_id), money, "cash")
        self._said(business_id, self.contact_id, "out", f"Dear {name}, your invoice")
        with tenancy.bound(business_id):
            owner = people.members(business_id)[0].person_id
        with tenancy.house():
            self.merchant = messaging.meet(phone=f"+2541{ids.new_id().int % 10**8:08d}")
            messaging.introduce(self.merchant, owner)
        self._said(tenancy.HOUSE, self.merchant, "in", f"invoice {name} {phone} 7500 portrait")
        self._said(tenancy.HOUSE, self.contact_id, "in", "Thank you, I paid")
        with tenancy.house():
            endpoint_id, _ = letters.open_endpoint("forgetting")
            self.letter_id = filed(endpoint_id, json.dumps({"from": phone[1:], "name": name}))

    @staticmethod
    def _said(business_id: UUID, contact_id: UUID, direction: str, text: str) -> None:
        with tenancy.house(), tenancy.bound(business_id):
            Message.objects.create(
                business_id=business_id,
                contact_id=contact_id,
                direction=direction,
                kind="text",
                content={"text": text},
                cause=f"test:{ids.new_id()}",
                subject_id=ids.new_id(),
                state="seen" if direction == "out" else "answered",
                provider_id="wamid.x",
                created_at=clock.now(),
                sent_at=clock.now(),
            )


def filed(endpoint_id: UUID, body: str) -> UUID:
    from hesabu.store.models import Letter

    row = Letter.objects.create(
        endpoint_id=endpoint_id,
        provider="forgetting",
        external_key=ids.new_id().bytes,
        body=crypto.seal(body.encode()),
        state="read",
        received_at=clock.now(),
    )
    return row.id


def where(owner_url: str, *, name: str, phone: str) -> set[str]:
    """Every sealed column of the whole database in which the name or the number can be read."""
    marks = marks_of(words=[name], phones=[phone])
    found = set()
    with psycopg.connect(owner_url) as owner:
        for column in resealing.columns():
            if column.is_json:
                continue
            values = owner.execute(
                f"SELECT {column.column} FROM {column.table} WHERE {column.column} IS NOT NULL"
            )
            for (value,) in values:
                try:
                    text = crypto.unseal(bytes(value)).decode("utf-8", "replace")
                except crypto.Unreadable:
                    continue
                if marks.are_in(json.dumps(_plain(text), ensure_ascii=False)):
                    found.add(str(column))
    return found


def _plain(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


LAW = {"invoicing_paper.snapshot", "invoicing_line.description"}


def test_all_that_is_held_on_somebody_comes_out(
    business_id: UUID, phone: str, tmp_path: Path
) -> None:
    shop = Shop(business_id, phone)
    held = holding.held_on(phone)
    text = json.dumps(held.said, default=str, ensure_ascii=False)
    for said in (NAME, "14 Ngong Road", f"portrait of {NAME}", "Thank you, I paid", "your invoice"):
        assert said in text
    written = holding.write(held, tmp_path / "out")
    assert {path.suffix for path in written} == {".json", ".pdf"}
    assert all(oct(path.stat().st_mode)[-3:] == "600" for path in written)
    by_mail = holding.held_on(f"{phone[1:]}@example.com")
    assert [one["id"] for one in by_mail.said["customer_of"]] == [str(shop.customer_id)]


def test_nothing_that_opens_an_account_comes_out(business_id: UUID, phone: str) -> None:
    Shop(business_id, phone)
    text = json.dumps(holding.held_on(phone).said, default=str)
    assert "argon2" not in text
    assert "secret" not in text


def test_of_whom_nothing_is_held_nothing_comes_out() -> None:
    with pytest.raises(holding.NothingHeld):
        holding.held_on("+254799999999")
    with pytest.raises(holding.NothingHeld):
        holding.held_on("nobody@example.com")


def test_the_forgotten_are_nowhere_but_where_the_law_wants_them(
    business_id: UUID, phone: str, owner_url: str
) -> None:
    name = f"Zuhura Nyamvula {ids.short(ids.new_id())[-8:]}"
    shop = Shop(business_id, phone, name)
    assert len(where(owner_url, name=name, phone=phone)) > len(LAW) + 3
    done = erasing.erase(business_id, shop.customer_id)
    assert where(owner_url, name=name, phone="") == LAW
    assert where(owner_url, name="", phone=phone) == {"invoicing_paper.snapshot"}
    assert len(done.documents) == 1
    assert done.kept_until
    assert done.is_contact_erased
    assert done.message_count >= 3
    assert done.letter_count >= 1


def test_when_the_law_no_longer_wants_them_they_are_nowhere(
    business_id: UUID, phone: str, owner_url: str
) -> None:
    name = f"Zuhura Nyamvula {ids.short(ids.new_id())[-8:]}"
    shop = Shop(business_id, phone, name)
    erasing.erase(business_id, shop.customer_id)
    assert where(owner_url, name=name, phone="") != set()
    assert invoicing.erase_expired(business_id, date(2030, 1, 1)) == 0
    assert invoicing.erase_expired(business_id, date(2100, 1, 1)) == 1
    assert where(owner_url, name=name, phone=phone) == set()
    assert invoicing.erase_expired(business_id, date(2100, 1, 1)) == 0
    with tenancy.bound(business_id):
        paper = invoices.snapshot(shop.invoice_id)
    assert paper["total_minor"] == 750_000
    assert verifying.verify_one(business_id).faults == []


def test_the_books_hold_after_it(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone)
    before = verifying.verify_one(business_id)
    erasing.erase(business_id, shop.customer_id)
    seal_all()
    after = verifying.verify_one(business_id)
    assert before.faults == after.faults == []
    assert after.head == before.head
    with tenancy.bound(business_id):
        assert invoices.invoice(shop.invoice_id).total == Money.parse("7500", "KES")


def test_the_same_customer_elsewhere_is_untouched(
    business_id: UUID, new_business: Callable[..., UUID], phone: str
) -> None:
    here, there = Shop(business_id, phone), Shop(new_business(), phone)
    with tenancy.bound(there.id):
        before = invoices.customer(there.customer_id)
        said = [row.content for row in Message.objects.filter(business_id=there.id).order_by("id")]
    done = erasing.erase(here.id, here.customer_id)
    assert not done.is_contact_erased
    with tenancy.bound(there.id):
        assert invoices.customer(there.customer_id) == before
        assert [
            row.content for row in Message.objects.filter(business_id=there.id).order_by("id")
        ] == said
    assert [one["id"] for one in holding.held_on(phone).said["customer_of"]] == [
        str(there.customer_id)
    ]


def test_every_erasure_leaves_a_fact_without_a_person_in_it(business_id: UUID, phone: str) -> None:
    from hesabu.store import facts

    shop = Shop(business_id, phone)
    erasing.erase(business_id, shop.customer_id)
    with tenancy.bound(business_id):
        told = facts.timeline(shop.customer_id)[-1]
    assert (told.kind, told.actor_kind) == ("invoicing.CustomerErased", "operator")
    assert told.payload == {}


def test_who_still_owes_is_not_forgotten(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone, pays=False)
    with pytest.raises(CustomerOwes):
        erasing.erase(business_id, shop.customer_id)
    with tenancy.bound(business_id):
        assert invoices.customer(shop.customer_id).name == NAME


def test_only_an_owner_may_forget(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone)
    stranger = tenancy.Actor("person", ids.new_id())
    with pytest.raises(NotAllowed):
        invoicing.erase_customer(business_id, shop.customer_id, stranger)


def test_forgetting_twice_changes_nothing(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone)
    erasing.erase(business_id, shop.customer_id)
    again = erasing.erase(business_id, shop.customer_id)
    assert (again.message_count, again.letter_count) == (0, 0)


def test_writing_again_they_are_met_anew(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone)
    erasing.erase(business_id, shop.customer_id)
    with tenancy.house():
        assert messaging.meet(phone=phone) != shop.contact_id


def test_every_country_says_how_long_papers_are_kept() -> None:
    assert set(keeping.KEEP_YEARS) == set(countries.COUNTRIES)
    assert keeping.kept_until("KE", date(2026, 2, 3)) == date(2031, 12, 31)
    assert keeping.expired_before("KE", date(2032, 1, 1)) == date(2027, 1, 1)


def test_at_night_what_was_kept_long_enough_is_forgotten(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone)
    with origins.came_from("196.201.214.7"), tenancy.bound(business_id):
        invoicing.keep_customer("Amina Noor")
    with clock.moved(days=settings.CONFIG.keep_letters_days - 1):
        retention.forget()
    assert body_of(shop.letter_id) != b""
    with clock.moved(days=settings.CONFIG.keep_messages_days + 1):
        retention.forget()
    assert body_of(shop.letter_id) == b""
    with tenancy.bound(business_id):
        from hesabu.store.models import Origin

        assert all(
            "text" not in row.content for row in Message.objects.filter(business_id=business_id)
        )
        assert not Origin.objects.exists()
    assert verifying.verify_one(business_id).faults == []


def body_of(letter_id: UUID) -> bytes:
    from hesabu.store.models import Letter

    return crypto.unseal(bytes(Letter.objects.get(id=letter_id).body))
