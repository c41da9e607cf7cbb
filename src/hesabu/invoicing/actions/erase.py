"""Forgetting a customer, as far as the law lets a business forget.

    at once          the customer's details, links to who they are elsewhere, messages to them and about them, who paid,
                     what they claimed, words on drafts, webhooks that told of them, and the contact, where it is no
                     other business's customer too
    when it expires  the paper and the lines of issued documents, and their PDFs (`erase_expired`, as the owner's role)
    never            that something was sold, for how much, when, under which number, and that it was paid: the books

Who owes something is not forgotten, nor who has money to their credit: settle that first.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from hesabu.identity import permissions
from hesabu.identity import queries as identity
from hesabu.identity.permissions import anybody, inner
from hesabu.invoicing import errors, finding
from hesabu.invoicing.facts import CustomerErased, DocumentErased
from hesabu.invoicing.held import contacts_of_customer
from hesabu.invoicing.models import Allocation, Customer, Invoice, Line
from hesabu.invoicing.permissions import CUSTOMER_ERASE
from hesabu.invoicing.rules import keeping
from hesabu.invoicing.types import Erasure
from hesabu.kit import clock, crypto
from hesabu.kit.marks import Marks, marks_of
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.payments import actions as payments
from hesabu.store import letters, tenancy
from hesabu.store.facts import publish

GONE = "—"
"""What stands where a name stood."""


@anybody("it opens its own transaction, and asks there for customer:erase")
def erase_customer(business_id: UUID, customer_id: UUID, actor: tenancy.Actor) -> Erasure:
    """Forget a customer of one business. Opens its own transaction: all of it happens, or nothing. Raises CustomerOwes,
    CustomerNotFound, StillGoingOut. Doing it again changes nothing."""
    with tenancy.house(actor=actor):
        with tenancy.bound(business_id, actor=actor):
            permissions.require(CUSTOMER_ERASE)
            row = finding.customer(customer_id)
            _require_settled(row)
            contact_ids = contacts_of_customer(row.id)
            marks = marks_of_customer(row)
            members = [one.person_id for one in identity.members(business_id)]
            count = messaging.erase_words(marks, with_contacts=contact_ids)
            documents, until = _kept(row)
            _erase_rows(row)
            publish(CustomerErased(business_id=business_id, subject_id=customer_id))
        merchants = [c.id for one in members for c in messages.contacts_of_person(one)]
        is_alone = bool(contact_ids) and not _is_anybodys(contact_ids, customer_id)
        with tenancy.bound(tenancy.HOUSE, actor=actor):
            count += messaging.erase_words(marks, with_contacts=contact_ids if is_alone else ())
        messaging.erase_talk(merchants, marks)
        letter_count = letters.erase_bodies(marks)
        if is_alone:
            messaging.erase_contact(contact_ids[0])
    return Erasure(customer_id, documents, until, count, letter_count, is_alone)


def _require_settled(row: Customer) -> None:
    mine = {"business_id": row.business_id, "customer_id": row.id}
    if Invoice.objects.filter(**mine, state__in=["issued", "part_paid"]).exists():
        raise errors.CustomerOwes()
    credit: dict[str, int] = {}
    for one in Allocation.objects.filter(**mine, invoice_id=None):
        credit[one.currency] = credit.get(one.currency, 0) + one.amount_minor
    if any(credit.values()):
        raise errors.CustomerOwes()


def _kept(row: Customer) -> tuple[tuple[str, ...], date | None]:
    """Numbers of documents the law still wants, and until when."""
    country = identity.business(row.business_id).country
    days = {
        one.number: one.issued_on
        for one in Invoice.objects.filter(
            business_id=row.business_id, customer_id=row.id, issued_on__isnull=False
        )
    }
    untils = [keeping.kept_until(country, day) for day in days.values() if day]
    return tuple(sorted(number for number in days if number)), max(untils, default=None)


def _erase_rows(row: Customer) -> None:
    invoices = Invoice.objects.filter(business_id=row.business_id, customer_id=row.id)
    ids = list(invoices.values_list("id", flat=True))
    Line.objects.filter(
        business_id=row.business_id,
        invoice_id__in=list(invoices.filter(state="draft").values_list("id", flat=True)),
    ).update(description=GONE)
    invoices.update(note=None, void_reason=None)
    payments.erase_payer(ids, [row.phone] if row.phone else [])
    row.name, row.name_index = GONE, crypto.digest(row.id.bytes)
    row.phone = row.phone_index = row.email = row.address = row.tax_id = row.contact_id = None
    row.erased_at = row.erased_at or clock.now()
    row.save()


def _is_anybodys(contact_ids: list[UUID], but: UUID) -> bool:
    """Whether the contact is another business's customer, or somebody with an account. Looked up as the owner's role, as no
    other sees across businesses; nothing but yes or no comes back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM invoicing_customer WHERE contact_id = ANY(%s) AND id <> %s)"
            " OR EXISTS (SELECT FROM messaging_contact WHERE id = ANY(%s) AND person_id IS NOT NULL)"
            " OR EXISTS (SELECT FROM messaging_message WHERE contact_id = ANY(%s) AND business_id <> %s"
            "            AND business_id <> (SELECT business_id FROM invoicing_customer WHERE id = %s))",
            (contact_ids, but, contact_ids, contact_ids, tenancy.HOUSE, but),
        )
        return bool(cursor.fetchone()[0])


@inner
def erase_expired(business_id: UUID, today: date | None = None) -> int:
    """Forget what issued documents of forgotten customers say, once the law no longer wants it: names, addresses, what was
    sold in words, and PDFs. Figures, days and numbers stay. How many documents. Opens its own transactions."""
    with tenancy.bound(business_id):
        business = identity.business(business_id)
        before = keeping.expired_before(business.country, today or clock.today(business.timezone))
    done = _erase_papers(business_id, before)
    with tenancy.bound(business_id):
        for document_id in done:
            publish(DocumentErased(business_id=business_id, subject_id=document_id))
    return len(done)


_EXPIRED = """
SELECT p.id, p.document_id, p.snapshot FROM invoicing_paper p
LEFT JOIN invoicing_credit_note n ON n.id = p.document_id
JOIN invoicing_invoice i ON i.id = coalesce(n.invoice_id, p.document_id)
JOIN invoicing_customer c ON c.id = i.customer_id AND c.erased_at IS NOT NULL
WHERE p.business_id = %s AND coalesce(n.issued_on, i.issued_on) < %s
"""


def _erase_papers(business_id: UUID, before: date) -> list[UUID]:
    done = []
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('hesabu.rewriting', 'erasing', true)")
        cursor.execute(_EXPIRED, (business_id, before))
        for paper_id, document_id, sealed in cursor.fetchall():
            said = json.loads(crypto.unseal(bytes(sealed)))
            if said.get("erased"):
                continue
            cursor.execute(
                "UPDATE invoicing_paper SET snapshot = %s WHERE id = %s",
                (crypto.seal(json.dumps(_faceless(said)).encode()), paper_id),
            )
            _erase_words_of(cursor, document_id)
            done.append(document_id)
    return done


def _faceless(said: dict[str, Any]) -> dict[str, Any]:
    """The paper without the person: figures as they were."""
    buyer = dict.fromkeys(said["buyer"]) | {"name": GONE}
    lines = [line | {"description": GONE} for line in said["lines"]]
    return said | {"buyer": buyer, "lines": lines, "note": "", "erased": True}


def _erase_words_of(cursor: Any, document_id: UUID) -> None:
    gone = crypto.seal(GONE.encode())
    cursor.execute(
        "UPDATE invoicing_line SET description = %s WHERE invoice_id = %s", (gone, document_id)
    )
    cursor.execute(
        "UPDATE invoicing_credit_note SET reason = %s WHERE id = %s", (gone, document_id)
    )
    cursor.execute(
        "DELETE FROM invoicing_print WHERE document_id = %s RETURNING file_id", (document_id,)
    )
    files = [row[0] for row in cursor.fetchall()]
    cursor.execute("DELETE FROM store_file WHERE id = ANY(%s)", (files,))


def marks_of_customer(row: Customer) -> Marks:
    return marks_of(words=[row.name, row.email, row.address, row.tax_id], phones=[row.phone])
