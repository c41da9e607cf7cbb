"""What was written anew is found by whoever kept a list of heads elsewhere; and such a list goes out once a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from hesabu.app import heads, verify
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.types import DraftInput, LineInput
from hesabu.kit import crypto
from hesabu.kit.money import Money
from hesabu.messaging.models import Contact, Message
from hesabu.store import files, seals, tenancy
from steady import seal_all

Owner = psycopg.Connection[tuple[object, ...]]
DAY = date(2026, 11, 21)


def sold(business_id: UUID, price: str = "7500") -> None:
    with tenancy.bound(business_id):
        customer_id = invoicing.keep_customer("Jane Wanjiku", None)
        lines = [LineInput("logo", Decimal(1), Money.parse(price, "KES"))]
        invoice_id, version = invoicing.draft(DraftInput(customer_id=customer_id, lines=lines))
        invoicing.issue(invoice_id, version)


@pytest.fixture
def shop(business_id: UUID) -> UUID:
    sold(business_id)
    sold(business_id, "500")
    seal_all()
    return business_id


@pytest.fixture
def owner(owner_url: str) -> Iterator[Owner]:
    """The owner of the database, with the triggers off, until the end of the test."""
    tables = ("store_fact", "store_seal", "ledger_entry", "ledger_posting")
    with psycopg.connect(owner_url) as connection:
        for table in tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.commit()
        yield connection
        connection.rollback()
        for table in tables:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.commit()


def of(business_id: UUID, text: str) -> list[heads.Heads]:
    return [one for one in heads.read(text) if one.business_id == business_id]


def test_a_list_says_the_last_entry_and_the_last_seal_of_every_business(shop: UUID) -> None:
    text = heads.written(DAY)
    (mine,) = of(shop, text)
    found = verify.verify_one(shop)
    assert (mine.entry_count, mine.entry_hash) == (found.entry_count, found.head)
    assert mine.seal_hash == found.facts_head
    assert of(tenancy.HOUSE, text)
    assert heads.is_ours(text)
    assert heads.faults(of(shop, text)) == []


def test_what_goes_on_honestly_still_holds(shop: UUID) -> None:
    text = heads.written(DAY)
    sold(shop)
    seal_all()
    assert heads.faults(of(shop, text)) == []


def test_a_list_that_was_changed_is_not_ours(shop: UUID) -> None:
    text = heads.written(DAY)
    (mine,) = of(shop, text)
    assert not heads.is_ours(text.replace(mine.entry_hash, mine.entry_hash[::-1]))
    assert not heads.is_ours(text.replace("# mark ", "# mark x"))
    assert not heads.is_ours("")


@pytest.mark.parametrize("line", ["nonsense", "a b c d e", "x" * 3000])
def test_what_is_no_list_is_refused(database: str, line: str) -> None:
    with pytest.raises(heads.NotHeads):
        heads.read(line)


def test_facts_sealed_anew_by_the_owner_of_the_database_are_found_by_the_list_alone(
    shop: UUID, owner: Owner
) -> None:
    """All hashes fit again afterwards: nothing inside the database tells."""
    text = heads.written(DAY)
    owner.execute("UPDATE store_fact SET actor_kind = 'system' WHERE business_id = %s", [shop])
    owner.execute("UPDATE store_fact SET actor_kind = 'operator' WHERE business_id = %s", [shop])
    sealed_anew(owner, shop)
    owner.commit()
    with tenancy.bound(shop):
        assert seals.verify(shop).faults == []
    (found,) = heads.faults(of(shop, text))
    assert found == f"{shop}: seal 1 is not what it was"


def sealed_anew(owner: Owner, business_id: UUID) -> None:
    rows = owner.execute(
        f"SELECT {seals.FACT} FROM store_fact WHERE business_id = %s AND id <= (SELECT to_id FROM store_seal"
        " WHERE business_id = %s ORDER BY seq DESC LIMIT 1) ORDER BY id",
        [business_id, business_id],
    ).fetchall()
    head = seals.GENESIS
    for row in rows:
        head = seals.link(head, seals.canonical(business_id, row))
    owner.execute(
        "UPDATE store_seal SET hash = %s WHERE business_id = %s AND seq = 1", [head, business_id]
    )


def test_a_business_that_was_taken_out_whole_is_found(shop: UUID) -> None:
    text = heads.written(DAY).replace(str(shop), "01900000-0000-7000-8000-000000000001")
    gone = of(UUID("01900000-0000-7000-8000-000000000001"), text)
    assert "the whole business is gone" in heads.faults(gone)[0]


# hesabu verify names what was planted


def test_verify_names_a_changed_amount_in_the_books(shop: UUID, owner: Owner) -> None:
    owner.execute(
        "UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE business_id = %s AND entry_id ="
        " (SELECT id FROM ledger_entry WHERE business_id = %s AND seq = 2)",
        [shop, shop],
    )
    owner.commit()
    assert "entry 2: the hash does not fit" in verify.verify_one(shop).faults


def test_verify_names_a_changed_fact_and_a_changed_seal(shop: UUID, owner: Owner) -> None:
    owner.execute("UPDATE store_fact SET actor_kind = 'operator' WHERE business_id = %s", [shop])
    owner.commit()
    assert verify.verify_one(shop).faults == ["facts of seal 1: the hash does not fit"]
    owner.execute("UPDATE store_fact SET actor_kind = 'system' WHERE business_id = %s", [shop])
    owner.execute("UPDATE store_seal SET count = count + 1 WHERE business_id = %s", [shop])
    owner.commit()
    assert any(
        fault.startswith("facts of seal 1: it counts") for fault in verify.verify_one(shop).faults
    )


def test_the_command_says_what_is_wrong_and_ends_so(
    shop: UUID, owner: Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    text = heads.written(DAY)
    assert verify.against(text) in (0, 1)
    owner.execute("UPDATE store_seal SET hash = sha256(hash) WHERE business_id = %s", [shop])
    owner.commit()
    assert verify.against(text) == 1
    assert f"{shop}: seal 1 is not what it was" in capsys.readouterr().out


# The mail


def mails(to: str) -> list[Message]:
    with tenancy.house():
        contacts = Contact.objects.filter(email_index=crypto.blind(f"email:{to}"))
        ids_of = list(contacts.values_list("id", flat=True))
        return list(Message.objects.filter(contact_id__in=ids_of).order_by("id"))


def test_one_mail_a_day_goes_out_with_the_list(shop: UUID) -> None:
    to = f"auditor-{shop}@example.com"
    heads.send(to, DAY)
    heads.send(to, DAY)
    (one,) = mails(to)
    assert "2026-11-21" in one.letter["subject"]
    ((file_id, name),) = one.letter["attachments"]
    with tenancy.house():
        text = files.read(UUID(str(file_id))).content.decode()
    assert name == "heads-2026-11-21.txt"
    assert of(shop, text)


def test_another_day_is_another_mail_and_nobody_gets_one_unasked(
    shop: UUID, new_business: Callable[..., UUID]
) -> None:
    to = f"auditor2-{shop}@example.com"
    heads.send(to, date(2026, 11, 22))
    heads.send(to, date(2026, 11, 23))
    assert len(mails(to)) == 2
    with tenancy.house():
        before = Message.objects.filter(cause__startswith="heads:").count()
    heads.send_heads()
    with tenancy.house():
        assert Message.objects.filter(cause__startswith="heads:").count() == before
