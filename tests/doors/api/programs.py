"""Programs that hold a key of a business."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity.types import Role
from hesabu.store import tenancy


@dataclass
class Program:
    """What it holds, and the ways it asks."""

    business_id: UUID
    key: str

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return Client().generic(
            method,
            f"/api/v1{path}",
            data=b"" if body is None else _json(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    def gets(self, path: str) -> Any:
        answer = self.asks("GET", path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def posts(self, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.asks("POST", path, body, **headers)
        assert answer.status_code in (200, 201, 202), answer.content
        return answer.json() if answer.content else None


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def program_at(business_id: UUID, scopes: list[str] | None = None) -> Program:
    owner = identity.register_person("Wanjiku Kamau")
    with tenancy.bound(business_id):
        identity.add_member(owner, Role.OWNER)
    chosen = sorted(permissions.granted(Role.OWNER)) if scopes is None else scopes
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner)):
        return Program(business_id, identity.make_key("Shop till", chosen)[1])
