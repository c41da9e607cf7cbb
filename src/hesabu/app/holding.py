"""Everything that is held on somebody, for them: found by a telephone number or a mail address, unsealed, in one place.

Rooms say what they hold through their queries; here it is put together, over every business, as the operator.
"""

from __future__ import annotations

import json
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


def held_on(address: str) -> Held:
    """By a phone (E.164) or a mail address. Raises NothingHeld."""
    from hesabu.app.books import businesses
    from hesabu.identity import queries as identity
    from hesabu.invoicing import queries as invoicing
    from hesabu.messaging import queries as messaging

    phone, email = marks(address)
    held = Held({"asked_for": address, "made_at": clock.now().isoformat(), "customer_of": []})
    with tenancy.house(actor=OPERATOR):
        contact_ids = messaging.contact_ids_of(phone=phone, email=email)
        person_ids = {
            *identity.person_ids_of(email=email),
            *messaging.person_ids_of(contact_ids),
        }
        held.said["contact"] = messaging.held_on_contacts(contact_ids)
        held.said["person"] = [identity.held_on_person(one) for one in sorted(person_ids)]
    for business_id in businesses():
        with tenancy.bound(business_id, actor=OPERATOR):
            for customer_id in invoicing.customer_ids_of(phone, email, contact_ids):
                said = invoicing.held_on_customer(customer_id)
                said["messages"] = messaging.held_words(contact_ids)
                held.said["customer_of"].append(said)
                for name, file_id in invoicing.files_of_customer(customer_id).items():
                    held.files[f"{said['business']}-{name}"] = (business_id, file_id)
    if held.is_empty:
        raise NothingHeld()
    return held


def write(held: Held, directory: Path) -> list[Path]:
    """`held.json` and the files beside it, readable by nobody else."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = [directory / "held.json"]
    written[0].write_text(json.dumps(held.said, ensure_ascii=False, indent=2, default=str))
    for name, (business_id, file_id) in held.files.items():
        with tenancy.bound(business_id, actor=OPERATOR):
            kept = files.read(file_id)
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        path = directory / safe.lstrip(".")
        path.write_bytes(kept.content)
        written.append(path)
    for path in written:
        path.chmod(0o600)
    return written


def marks(address: str) -> tuple[str | None, str | None]:
    """(phone, mail): one of them."""
    if "@" in address:
        return None, address.strip().lower()
    return parse_phone(address, "KE"), None
