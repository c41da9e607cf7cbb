"""An app that somebody lets act for them, as rooms see it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hesabu.identity import actions as identity
from hesabu.identity.types import Role, Tokens
from hesabu.kit import ids
from hesabu.store import tenancy
from hesabu.store.tenancy import Actor

BACK = "https://shop.example.com/back"
SCOPES = ["business:read", "member:read"]


def member(business_id: UUID, role: Role = Role.OWNER) -> Actor:
    person_id = identity.register_person("Otieno Odhiambo")
    with tenancy.bound(business_id):
        identity.add_member(person_id, role)
    return Actor("person", person_id)


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Counter:
    """A stock counter that was registered: its ids, and what it knows."""

    id: UUID
    secret: str
    verifier: str
    back: str = BACK

    @property
    def client_id(self) -> str:
        return ids.show("app", self.id)

    @property
    def challenge(self) -> str:
        return challenge_of(self.verifier)

    def asks(
        self,
        business_id: UUID,
        actor: Actor,
        scopes: Sequence[str] = SCOPES,
        *,
        has_factor: bool = True,
    ) -> tuple[UUID, str]:
        with tenancy.bound(business_id, actor=actor):
            return identity.grant_app(
                self.id,
                scopes,
                redirect_uri=self.back,
                challenge=self.challenge,
                has_factor=has_factor,
            )

    def exchanges(self, code: str, **other: Any) -> Tokens:
        given: dict[str, Any] = {
            "client_id": self.client_id,
            "secret": self.secret,
            "redirect_uri": self.back,
            "verifier": self.verifier,
        } | other
        client_id, secret = given.pop("client_id"), given.pop("secret")
        return identity.exchange_code(client_id, secret, code, **given)

    def renews(self, refresh: str, scopes: Sequence[str] | None = None) -> Tokens:
        return identity.renew(self.client_id, self.secret, refresh, scopes=scopes)


def registered(
    business_id: UUID,
    scopes: Sequence[str] = SCOPES,
    *,
    back: str = BACK,
    is_confidential: bool = False,
    is_for_others: bool = False,
    name: str = "Stock counter",
) -> Counter:
    with tenancy.bound(business_id, actor=member(business_id)):
        app_id, secret = identity.register_app(
            name,
            [back],
            scopes,
            is_confidential=is_confidential,
            is_for_others=is_for_others,
        )
    return Counter(app_id, secret, secrets.token_urlsafe(48), back)
