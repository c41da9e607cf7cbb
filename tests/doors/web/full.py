"""A business, a person and a platform with much of everything on their pages, and more whenever asked."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from doors.web.test_people import joined
from hesabu.identity import actions as identity
from hesabu.identity.errors import ApprovalNeeded
from hesabu.identity.types import InvitationWay, Outcome, PlatformRole, Role
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.types import DraftInput, LineInput
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments.types import Purpose
from hesabu.store import tenancy
from hesabu.store.tenancy import Actor
from identity.apps import BACK, challenge_of

SCOPES = ["business:read", "invoice:read"]
NAMES = ("Otieno Hardware", "Rice Palace", "Mama Njeri", "Formal Wear Ltd", "Jane Wanjiku")


def begun(name: str) -> UUID:
    """A business of somebody else."""
    return identity.register_business(name, "KE", identity.register_person("Achieng Odera"))


class Full:
    """Who looks is the owner of the business, keeps the books of others, and is all that one can be on the platform."""

    def __init__(self, name: str = "Kamau Designs") -> None:
        self.count, self.id = 0, begun(name)
        self.browser, self.person_id, self.address = joined(self.id, "owner")
        self.me = Actor("person", self.person_id)
        for role in PlatformRole:
            identity.grant_platform(self.person_id, role)
        with tenancy.house():
            from hesabu.identity import queries

            self.code = queries.agent_code_of(self.person_id)
        self.customer_id: UUID | None = None

    def grow(self, by: int) -> None:
        """So many more of everything that some page lists."""
        for number in range(self.count, self.count + by):
            self._people(number)
            self._money(number)
            self._programs(number)
            self._platform(number)
        self.count += by

    def _people(self, number: int) -> None:
        other = identity.register_person(f"Otieno {number}")
        with tenancy.bound(self.id):
            identity.add_member(other, Role.MANAGER if number % 2 else Role.SELLER)
        with tenancy.bound(self.id, actor=self.me):
            identity.invite(Role.SELLER, InvitationWay.EMAIL, f"{secrets.token_hex(6)}@example.com")
            identity.update_business(self.id, address=f"Moi Avenue {number}")
        supporter = identity.register_person(f"Support {number}")
        identity.grant_platform(supporter, PlatformRole.SUPPORT)
        identity.ask_consent(self.id, supporter, f"An invoice that does not arrive, {number}")
        identity.note_attempt(
            self.address,
            "203.0.113.7",
            "Firefox",
            way="password",
            outcome=Outcome.WRONG,
            person_id=self.person_id,
        )

    def _money(self, number: int) -> None:
        with tenancy.bound(self.id):
            name = f"{NAMES[number % len(NAMES)]} {number}"
            self.customer_id = invoicing.keep_customer(name, f"0733 1{number:05}")
            kept = [self._issued(self.customer_id, number) for _ in range(2)]
            payments.record(
                Purpose("invoice", kept[0].id), Money.parse("2500", "KES"), "mpesa_till", _code()
            )
            payments.record(Purpose("invoice", ids.new_id()), Money.parse("70", "KES"), "cash")
            payments.add_account("phone", f"0722 1{number:05}", label=f"Desk {number}")
        asker = identity.register_person(f"Asker {number}")
        with tenancy.bound(self.id):
            identity.add_member(asker, Role.BOOKKEEPER)
        given = {"invoice_id": str(kept[1].id), "reason": "A slip"}
        with tenancy.bound(self.id, actor=Actor("person", asker)):
            identity.ask_approval(ApprovalNeeded("invoicing.credit", given))
            refused = identity.ask_approval(
                ApprovalNeeded("invoicing.credit", given | {"reason": "Another"})
            )
        with tenancy.bound(self.id, actor=self.me):
            identity.refuse(refused)

    def _issued(self, customer_id: UUID, number: int) -> Any:
        due_on = clock.today("Africa/Nairobi") + timedelta(days=number)
        lines = [LineInput("Logo design", Decimal(1), Money.parse("75000", "KES"))]
        draft = DraftInput(customer_id=customer_id, lines=lines, due_on=due_on)
        return invoicing.issue(*invoicing.draft(draft))

    def _programs(self, number: int) -> None:
        with tenancy.bound(self.id, actor=self.me):
            for name in ("Till", "Shop"):
                kept = identity.make_key(f"{name} {number}", SCOPES)
            identity.revoke_key(kept[0])
            app_id, _ = identity.register_app(
                f"Counter {number}", [BACK], SCOPES, is_confidential=False, is_for_others=False
            )
            for verifier in ("a" * 43, "b" * 43):
                kept = identity.grant_app(
                    app_id,
                    SCOPES,
                    redirect_uri=BACK,
                    challenge=challenge_of(verifier),
                    has_factor=True,
                )
            identity.revoke_app(kept[0])

    def _platform(self, number: int) -> None:
        identity.register_business(f"Own {number}", "KE", self.person_id)
        brought = begun(f"Brought {number}")
        with tenancy.bound(brought):
            identity.name_agent(self.code or "")
        client = begun(f"Client {number}")
        with tenancy.bound(client):
            identity.add_member(self.person_id, Role.BOOKKEEPER)
            invoicing.issue(
                *invoicing.draft(
                    DraftInput(
                        customer_id=invoicing.keep_customer("Jane", None),
                        lines=[LineInput("Tea", Decimal(1), Money.parse("50", "KES"))],
                    )
                )
            )
        identity.ask_consent(client, self.person_id, "An invoice that does not arrive")
        with tenancy.house(actor=self.me):
            identity.invite_platform(PlatformRole.SUPPORT, f"{secrets.token_hex(6)}@example.com")
        identity.tell_broken(client, 1)


def _code() -> str:
    return "S" + secrets.token_hex(5).upper()[:9]
