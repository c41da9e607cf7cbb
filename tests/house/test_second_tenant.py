"""A second tenant tries everything with the first one's ids: every model, every address, every operation; by path, query,
body and header. Nothing of the first is seen, and nothing of it changes."""

from __future__ import annotations

import importlib
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.utils import DatabaseError
from django.test import Client

from doors.api.programs import Program, program_at
from hesabu.identity import queries as people
from hesabu.kit import ids
from hesabu.store import tenancy

sys.path.insert(0, str(Path(__file__).parent))
leaves = importlib.import_module("leaves")
tables_of_the_house = importlib.import_module("test_tenancy").HOUSE_TABLES
MARK = "Unmistakable Victim"
OF_BUSINESS = re.compile(r"<(?:\w+:)?business>")
FITTING: dict[str, dict[str, Any]] = {
    "invoicing_credit_note": {"tax_minor": 0, "to_credit_minor": 0},
    "invoicing_reminder": {"reason": "hand"},
}
"""What a forced row needs to pass its table's own checks."""


def tenant_models() -> list[type[models.Model]]:
    found = []
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        table = model._meta.db_table
        if "business_id" in columns and table not in tables_of_the_house:
            found.append(model)
    return sorted(found, key=lambda one: one._meta.db_table)


class Victim:
    """The first tenant: things in its shop, and a row in every tenant table."""

    def __init__(self, business_id: UUID, admin_url: str) -> None:
        self.id = business_id
        self.program = program_at(business_id)
        self.customer = self.program.posts("/customers", {"name": MARK, "phone": "0733111678"})
        lines = [{"description": MARK, "unit_price": {"amount": "750.00", "currency": "KES"}}]
        self.invoice = self.program.posts(
            "/invoices", {"customer_id": self.customer["id"], "lines": lines}
        )
        self.program.posts(f"/invoices/{self.invoice['id']}/issue", {"version": 1})
        self.draft = self.program.posts(
            "/invoices", {"customer_id": self.customer["id"], "lines": lines}
        )
        self.item = self.program.asks(
            "PUT", "/items", {"name": MARK, "unit_price": {"amount": "5.00", "currency": "KES"}}
        ).json()
        self._fill(admin_url)

    def _fill(self, admin_url: str) -> None:
        """Tables that none of that reached get a row by force, so that no table is proved by being empty."""
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            for model in tenant_models():
                table = model._meta.db_table
                has = admin.execute(
                    f"SELECT 1 FROM {table} WHERE business_id = %s LIMIT 1", [self.id]
                ).fetchone()
                if not has:
                    values = {f.column: forced(f) for f in model._meta.concrete_fields}
                    values |= {"business_id": self.id} | FITTING.get(table, {})
                    names = ", ".join(values)
                    places = ", ".join(["%s"] * len(values))
                    admin.execute(
                        f"INSERT INTO {table} ({names}) VALUES ({places})", list(values.values())
                    )

    def forget_forced(self, admin_url: str) -> None:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute("SET session_replication_role = replica")
            for model in tenant_models():
                admin.execute(
                    f"DELETE FROM {model._meta.db_table} WHERE business_id = %s", [self.id]
                )
            admin.execute("DELETE FROM identity_business WHERE id = %s", [self.id])

    @property
    def shown_ids(self) -> list[str]:
        """Its ids as the API, addresses and programs write them."""
        own = [self.customer["id"], self.invoice["id"], self.draft["id"], self.item["id"]]
        bare = self.invoice["id"].rpartition("_")[2]
        return [*own, bare, str(ids.read_short(bare)), str(self.id), ids.short(self.id)]

    def state(self) -> str:
        """All of it, as it lies in the database."""
        with tenancy.bound(self.id), connection.cursor() as cursor:
            parts = []
            for model in tenant_models():
                cursor.execute(
                    f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {model._meta.db_table} t"
                    " WHERE business_id = %s",
                    [self.id],
                )
                parts.append(f"{model._meta.db_table} {cursor.fetchone()[0]}")
        return "\n".join(parts)


def forced(field: Any) -> Any:
    """Something its column takes."""
    kind = field.get_internal_type()
    if field.null and not field.primary_key:
        return None
    if field.has_default() and not field.primary_key and isinstance(field.default, str):
        return field.default or "x"
    return {
        "UUIDField": uuid.uuid4(),
        "ForeignKey": uuid.uuid4(),
        "OneToOneField": uuid.uuid4(),
        "BinaryField": b"\x01" + uuid.uuid4().bytes,
        "JSONField": "{}",
        "BooleanField": False,
        "DateField": "2026-11-21",
        "DateTimeField": "2026-11-21T00:00:00Z",
        "TextField": "x",
        "CharField": "x",
    }.get(kind, 1)


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    """Each asks as if nobody had asked before: a refusal for haste would prove nothing."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_pace")


@pytest.fixture(scope="module")
def victim(database: str, admin_url: str) -> Iterator[Victim]:
    found = Victim(registered(), admin_url)
    yield found
    found.forget_forced(admin_url)


@pytest.fixture(scope="module")
def thief(database: str) -> Program:
    return program_at(registered())


def registered() -> UUID:
    from hesabu.identity import actions as identity

    owner = identity.register_person("Somebody")
    return identity.register_business("A Shop", "KE", owner)


def test_no_table_is_proved_by_being_empty(victim: Victim) -> None:
    empty = []
    with tenancy.bound(victim.id), connection.cursor() as cursor:
        for model in tenant_models():
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} WHERE business_id = %s", [victim.id]
            )
            if not cursor.fetchone()[0]:
                empty.append(model._meta.db_table)
    assert empty == []
    assert len(tenant_models()) > 25


@pytest.mark.parametrize("model", tenant_models(), ids=lambda one: one._meta.db_table)
def test_no_row_of_another_is_read_changed_removed_or_made(
    victim: Victim, thief: Program, model: type[models.Model]
) -> None:
    table = model._meta.db_table
    before = victim.state()
    with tenancy.bound(thief.business_id), connection.cursor() as cursor:
        for statement in (
            f"SELECT count(*) FROM {table} WHERE business_id = %s",
            f"WITH gone AS (DELETE FROM {table} WHERE business_id = %s RETURNING 1) SELECT count(*) FROM gone",
            f"WITH moved AS (UPDATE {table} SET business_id = '{thief.business_id}' WHERE business_id = %s RETURNING 1)"
            " SELECT count(*) FROM moved",
        ):
            try:
                with transaction.atomic():
                    cursor.execute(statement, [victim.id])
                    assert cursor.fetchone() == (0,), statement
            except DatabaseError as error:
                said = str(error)
                if "permission denied" not in said:
                    assert "append-only" in said
        columns = [f.column for f in model._meta.concrete_fields]
        values = [
            victim.id if f.column == "business_id" else forced(f)
            for f in model._meta.concrete_fields
        ]
        with pytest.raises(DatabaseError, match="row-level security|permission denied"):  # noqa: RUF043, SIM117
            with transaction.atomic():
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(values))})",
                    values,
                )
    assert victim.state() == before


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    from hesabu.doors.api.urls import api

    described = api.get_openapi_schema()
    return [
        (method.upper(), path.partition("/api/v1")[2] or path, said)
        for path, methods in described["paths"].items()
        for method, said in methods.items()
    ]


def schemas() -> dict[str, Any]:
    from hesabu.doors.api.urls import api

    return dict(api.get_openapi_schema()["components"]["schemas"])


def filled(schema: dict[str, Any], known: dict[str, Any], own: str, name: str = "") -> Any:
    """A body that the schema takes, with somebody's id wherever an id may stand."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], known, own, name)
    if schema.get("type") == "object" or "properties" in schema:
        return {n: filled(s, known, own, n) for n, s in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [filled(schema["items"], known, own, name)]
    if schema.get("type") == "integer":
        return 1
    if schema.get("type") == "boolean":
        return True
    if name == "id" or name.endswith("_id"):
        return own
    return (schema.get("examples") or [schema.get("const") or "750.00"])[0]


def harmless(answer: Any, victim: Victim) -> None:
    text = answer.content.decode("utf-8", "replace")
    assert answer.status_code < 500, text
    assert answer.status_code != 429, "it was not asked"
    assert MARK not in text
    assert "0733111678" not in text.replace(" ", "")


def test_the_operations_are_all_walked() -> None:
    assert len(operations()) >= 25


@pytest.mark.parametrize(
    ("method", "path", "said"), operations(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_no_operation_gives_or_changes_anothers(
    victim: Victim, thief: Program, method: str, path: str, said: dict[str, Any]
) -> None:
    before = victim.state()
    known = schemas()
    content = said.get("requestBody", {}).get("content", {})
    shape = next(iter(content.values()))["schema"] if content else None
    for own in victim.shown_ids:
        address = re.sub(r"\{[^}]+\}", own, path)
        body = filled(shape, known, own) if shape else None
        answer = thief.asks(method, address, body)
        harmless(answer, victim)
        if "{" in path:
            assert not 200 <= answer.status_code < 300, (method, address)
        query = "&".join(
            f"{name}={own}"
            for name in ("business_id", "business", "customer_id", "customer", "id", "after")
        )
        harmless(thief.asks(method, f"{address}?{query}", body), victim)
        claims = dict.fromkeys(
            ("X-Business", "X-Business-Id", "X-Hesabu-Business", "X-Tenant", "X-User"), own
        )
        harmless(thief.asks(method, address, body, **claims), victim)
        if isinstance(body, dict):
            claimed = {**body, "business_id": str(victim.id)}
            answer = thief.asks(method, address, claimed)
            harmless(answer, victim)
            assert not 200 <= answer.status_code < 300, (method, address)
    assert victim.state() == before


def addresses() -> list[str]:
    return sorted({address for address, _ in leaves.views() if OF_BUSINESS.search(address)})


def browser_of(program: Program) -> Client:
    from allauth.mfa.models import Authenticator

    from hesabu.identity.models import Person

    with tenancy.bound(program.business_id):
        person_id = people.members(program.business_id)[0].person_id
    person = Person.objects.get(id=person_id)
    if not Authenticator.objects.filter(user=person).exists():
        Authenticator.objects.create(user=person, type="totp", data={"secret": ""})
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_the_addresses_of_businesses_are_all_walked() -> None:
    """However their gaps are written: none that begins with a business is left out."""
    assert len(addresses()) >= 30
    assert set(addresses()) == {
        one for one, _ in leaves.views() if one.startswith(("/b/", "/live/b/"))
    }


@pytest.mark.parametrize("address", addresses())
def test_no_page_gives_or_changes_anothers(victim: Victim, thief: Program, address: str) -> None:
    browser = browser_of(thief)
    before = victim.state()
    for business in (victim.id, thief.business_id):
        for own in victim.shown_ids:
            page = OF_BUSINESS.sub(ids.short(business), address)
            page = re.sub(r"<[^>]+>", own, page).replace("//", "/")
            names = ("business", "person", "subject", "customer", "invoice", "id", "before", "key")
            given = dict.fromkeys(names, own)
            claims = {"X-Business": str(victim.id), "X-Hesabu-Business": str(victim.id)}
            for answer in (
                browser.get(page),
                browser.get(page, given),
                browser.post(page, given),
                browser.get(page, headers=claims),
            ):
                harmless(answer, victim)
                if business == victim.id:
                    assert answer.status_code in (302, 404, 405), (page, answer.status_code)
    assert victim.state() == before


def test_a_program_of_one_business_is_nobody_in_another(victim: Victim, thief: Program) -> None:
    assert thief.gets("/customers")["data"] == []
    said = thief.asks("GET", "/me").content.decode()
    assert ids.short(thief.business_id) in said
    assert ids.short(victim.id) not in said
