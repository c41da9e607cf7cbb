"""Everything that is held on somebody, for them: found by a telephone number or a mail address, unsealed, in one place.

Rooms say what they hold through their queries; here it is put together: over every business for the operator and for somebody
with an account, of one business for its customer.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from hesabu.kit import clock
from hesabu.kit.errors import NotFound
from hesabu.kit.phones import parse_phone
from hesabu.store import files, tenancy

OPERATOR = tenancy.Actor("operator")


class NothingHeld(NotFound):
    code = "person.nothing_held"
    title = "Nothing is held on anybody with this number or address."
    hint = "Write numbers as +254712345678."


@dataclass(slots=True)
class Held:
    """What is held, and the files of it, by the name each is written under."""

    said: dict[str, Any]
    files: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.said[part] for part in ("person", "contact", "customer_of"))


Step = Callable[[int, int], None]
"""Told how many steps are done, and how many there are."""


def _unheard(done: int, total: int) -> None:
    """Nobody waits for it."""


def people_at(address: str) -> list[UUID]:
    """Whose number or mail address it is, as the operator. Raises NothingHeld."""
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messaging

    phone, email = marks(address)
    with tenancy.house(actor=OPERATOR):
        contact_ids = messaging.contact_ids_of(phone=phone, email=email)
        found = {
            *identity.person_ids_of(email=email),
            *messaging.person_ids_of(contact_ids),
        }
    if not found:
        raise NothingHeld()
    return sorted(found)


def held_on(address: str) -> Held:
    """By a phone (E.164) or a mail address, as the operator. Raises NothingHeld."""
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messaging

    phone, email = marks(address)
    with tenancy.house(actor=OPERATOR):
        contact_ids = messaging.contact_ids_of(phone=phone, email=email)
        person_ids = {
            *identity.person_ids_of(email=email),
            *messaging.person_ids_of(contact_ids),
        }
    held = _gathered(address, [phone or ""], [email or ""], contact_ids, person_ids, _unheard)
    if held.is_empty:
        raise NothingHeld()
    return held


def held_on_person(person_id: UUID, step: Step = _unheard) -> Held:
    """On somebody with an account, by the addresses and numbers that they have proved to be theirs."""
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messaging

    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        emails = identity.proved_emails_of(person_id)
        known = messaging.contacts_of_person(person_id)
        contacts = [
            one for one in known if not one.is_doubted
        ]  # another may have the number by now
        contact_ids = [one for contact in contacts for one in messaging.all_ids_of(contact.id)]
    phones = [contact.phone or "" for contact in contacts]
    return _gathered(str(person_id), phones, emails, contact_ids, {person_id}, step)


def held_on_customer(business_id: UUID, customer_id: UUID) -> Held:
    """On a customer, by their business alone, for them."""
    held = Held({"asked_for": str(customer_id), "made_at": clock.now().isoformat()})
    with tenancy.bound(business_id):
        held.said["customer_of"] = [_as_customer(held, business_id, customer_id, None)]
    return held


def _gathered(
    asked_for: str,
    phones: Iterable[str],
    emails: Iterable[str],
    contact_ids: Sequence[UUID],
    person_ids: Collection[UUID],
    step: Step,
) -> Held:
    from hesabu.app.books import businesses
    from hesabu.identity import queries as identity
    from hesabu.invoicing import queries as invoicing
    from hesabu.messaging import queries as messaging

    held = Held({"asked_for": asked_for, "made_at": clock.now().isoformat(), "customer_of": []})
    known = [*((p, None) for p in phones if p), *((None, e) for e in emails if e)]
    everywhere = businesses()
    with tenancy.house(actor=OPERATOR):
        held.said["contact"] = messaging.held_on_contacts(contact_ids)
        held.said["person"] = [identity.held_on_person(one) for one in sorted(person_ids)]
    for done, business_id in enumerate(everywhere, 1):
        with tenancy.bound(business_id, actor=OPERATOR):
            found = set(invoicing.customer_ids_of(None, None, contact_ids))
            for phone, email in known:
                found |= set(invoicing.customer_ids_of(phone, email, ()))
            for customer_id in sorted(found):
                said = _as_customer(held, business_id, customer_id, contact_ids)
                held.said["customer_of"].append(said)
        step(done, len(everywhere))
    return held


def _as_customer(
    held: Held, business_id: UUID, customer_id: UUID, contact_ids: Sequence[UUID] | None
) -> dict[str, Any]:
    """In the business's binding. Without contacts, those that the customer is known by there."""
    from hesabu.invoicing import queries as invoicing
    from hesabu.messaging import queries as messaging

    said = invoicing.held_on_customer(customer_id)
    if contact_ids is None:
        contact_ids = invoicing.contacts_of_customer(customer_id)
    said["messages"] = messaging.held_words(contact_ids)
    for name, file_id in messaging.files_of_contacts(contact_ids).items():
        held.files[f"{said['business']}-{name}"] = (business_id, file_id)
    for name, file_id in invoicing.files_of_customer(customer_id).items():
        held.files[f"{said['business']}-{name}"] = (business_id, file_id)
    return said


def packed(held: Held) -> tuple[bytes, int]:
    """A zip: all of it as JSON, the same to be read by people, and their papers; and how many files it has."""
    from hesabu.doors.web.privacy import readable

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("held.json", _as_json(held))
        archive.writestr("held.html", readable.page(held.said))
        for name, content in _papers(held):
            archive.writestr(f"papers/{name}", content)
        count = len(archive.namelist())
    return made.getvalue(), count


def _as_json(held: Held) -> str:
    return json.dumps(held.said, ensure_ascii=False, indent=2, default=str)


def _papers(held: Held) -> Iterator[tuple[str, bytes]]:
    """(a name that is safe in any directory, bytes)."""
    for name, (business_id, file_id) in held.files.items():
        with tenancy.bound(business_id, actor=OPERATOR):
            kept = files.read(file_id)
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        yield safe.lstrip("."), kept.content


def write(held: Held, directory: Path) -> list[Path]:
    """`held.json` and the files beside it, readable by nobody else."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = [directory / "held.json"]
    written[0].write_text(_as_json(held))
    for name, content in _papers(held):
        path = directory / name
        path.write_bytes(content)
        written.append(path)
    for path in written:
        path.chmod(0o600)
    return written


def marks(address: str) -> tuple[str | None, str | None]:
    """(phone, mail): one of them."""
    if "@" in address:
        return None, address.strip().lower()
    return parse_phone(address, "KE"), None
