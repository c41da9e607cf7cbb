"""Whatever a program may say has its bounds, and what lies beyond them is refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from doors.api.programs import Program

LARGEST = "9999999999999.99"
OPEN = ("POST /api/v1/token ", "POST /api/v1/revoke ")
"""Where names that are not known are passed over: RFC 6749 3.2 wants it so."""
OF_THE_HOUSE = {
    "GET /api/v1/permissions[]": "names of permissions and their words, which are nobody's"
}
"""Answers that are tables of ours."""


def described() -> dict[str, Any]:
    from hesabu.doors.api.urls import api

    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, said in methods.items():
            yield f"{method.upper()} {path}", said


def inputs() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(operation, shape, all shapes) of bodies and parameters."""
    known = described()["components"]["schemas"]
    for name, said in operations():
        for one in said.get("parameters", []):
            if one["in"] == "path":
                continue  # ids: whatever is none is not found (test_an_address_is_an_id_or_is_not_found)
            yield f"{name} {one['in']} {one['name']}", one["schema"], known
        for content in said.get("requestBody", {}).get("content", {}).values():
            yield f"{name} body", content["schema"], known


def unbounded(where: str, shape: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """What has no end, at any depth."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return unbounded(f"{where} {name}", known[name], known)
    for word in ("anyOf", "allOf", "oneOf"):
        if word in shape:
            whole = {json.dumps(one, sort_keys=True): one for one in shape[word]}
            if any("maximum" in one for one in whole.values()):
                whole.pop('{"type": "string"}', None)  # the same number, as text
            return [fault for one in whole.values() for fault in unbounded(where, one, known)]
    kind = shape.get("type")
    if "enum" in shape or "const" in shape or kind in ("boolean", "null"):
        return []
    if kind == "string":
        is_fit = "maxLength" in shape or "pattern" in shape or shape.get("format") in ("date", "date-time", "uuid")  # fmt: skip
        return [] if is_fit else [f"{where}: a text without end"]
    if kind in ("integer", "number"):
        low = "minimum" in shape or "exclusiveMinimum" in shape
        high = "maximum" in shape or "exclusiveMaximum" in shape
        return [] if low and high else [f"{where}: a number without end"]
    if kind == "array":
        faults = [] if "maxItems" in shape else [f"{where}: a list without end"]
        return faults + unbounded(f"{where}[]", shape["items"], known)
    if kind == "object":
        is_closed = shape.get("additionalProperties") is False or where.startswith(OPEN)
        faults = [] if is_closed else [f"{where}: takes any name"]
        for name, one in shape.get("properties", {}).items():
            faults += unbounded(f"{where}.{name}", one, known)
        return faults
    return [f"{where}: anything at all"]


def test_whatever_a_program_may_say_has_its_bounds() -> None:
    found = list(inputs())
    assert len(found) > 15
    faults = [fault for where, shape, known in found for fault in unbounded(where, shape, known)]
    assert faults == []


@pytest.mark.parametrize(
    "planted",
    [
        {"type": "string"},
        {"type": "integer", "minimum": 1},
        {"type": "array", "items": {"type": "boolean"}},
        {"type": "object", "properties": {}},
        {},
        {"anyOf": [{"type": "null"}, {"type": "number"}]},
    ],
)
def test_what_has_no_bounds_is_caught(planted: dict[str, Any]) -> None:
    assert unbounded("x", planted, {})


def open_answers(
    where: str, shape: dict[str, Any], known: dict[str, Any], depth: int = 0
) -> list[str]:
    """An answer whose fields are not named one by one."""
    if depth > 12 or not shape:
        return [] if shape else [f"{where}: anything"]
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return open_answers(f"{where} {name}", known[name], known, depth + 1)
    for word in ("anyOf", "allOf", "oneOf"):
        if word in shape:
            return [f for one in shape[word] for f in open_answers(where, one, known, depth + 1)]
    if shape.get("type") == "array":
        return open_answers(f"{where}[]", shape.get("items", {}), known, depth + 1)
    if shape.get("type") == "object":
        if where in OF_THE_HOUSE:
            return []
        if not shape.get("properties"):
            return [f"{where}: an object of no named fields"]
        inner = shape["properties"].items()
        return [
            f for name, one in inner for f in open_answers(f"{where}.{name}", one, known, depth + 1)
        ]
    return []


def test_every_operation_names_the_fields_of_its_answer() -> None:
    """What a row holds besides goes to nobody: an answer is a shape, and what is in no shape does not leave."""
    known = described()["components"]["schemas"]
    faults = []
    for name, said in operations():
        told = {int(code): one for code, one in said["responses"].items() if code.isdigit()}
        for code, one in told.items():
            if code >= 300 or code in (202, 204):
                continue
            contents = one.get("content", {})
            shapes = [content.get("schema", {}) for content in contents.values()]
            if not shapes and not name.endswith(("/pdf", "/revoke")):
                faults.append(f"{name}: {code} says nothing of its answer")
            for shape in shapes:
                faults += open_answers(name, shape, known)
    assert faults == []


def drafted(program: Program, quantity: str, price: str, lines: int = 1) -> Any:
    customer = program.posts("/customers", {"name": "Jane Wanjiku"})
    unit = {"amount": price, "currency": "KES"}
    line = {"description": "logo", "quantity": quantity, "unit_price": unit}
    asked = {"customer_id": customer["id"], "lines": [line] * lines}
    return program.asks("POST", "/invoices", asked)


@pytest.mark.parametrize(
    ("quantity", "price", "lines"),
    [
        ("1000000", LARGEST, 1),
        ("1000000", LARGEST, 100),
        ("1", LARGEST, 100),
        ("0.000001", LARGEST, 1),
        ("1", "99999999999999", 1),
        ("1000001", "1", 1),
        ("1e400", "1", 1),
        ("NaN", "1", 1),
        ("Infinity", "1", 1),
        ("-1", "1", 1),
        ("1", "-1", 1),
        ("1", "1e9", 1),
        ("1", "٣", 1),
        ("1", "9" * 400, 1),
    ],
)
def test_no_amount_overflows(program: Program, quantity: str, price: str, lines: int) -> None:
    """Taken and counted rightly, or refused; never wrapped around, never cut, never a fault."""
    answer = drafted(program, quantity, price, lines)
    if answer.status_code == 201:
        from decimal import Decimal

        total = Decimal(answer.json()["total"]["amount"])
        exact = Decimal(quantity) * Decimal(price) * lines
        assert abs(total - exact) <= Decimal("0.01") * lines
    else:
        assert answer.status_code in (400, 409, 422), answer.content
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("version", [True, "1", 1.5, "one", None, 2**63, -1, [1], {}])
def test_a_number_is_a_number(program: Program, version: Any) -> None:
    """What only looks like one does not pass for one: neither yes for 1, nor a half for a whole."""
    drafted(program, "1", "5")
    invoice = program.gets("/invoices")["data"][0]
    answer = program.asks("POST", f"/invoices/{invoice['id']}/issue", {"version": version})
    assert answer.status_code == 422
    assert program.gets(f"/invoices/{invoice['id']}")["state"] == "draft"


@pytest.mark.parametrize("first", [True, False])
def test_a_name_said_twice_is_one_word(program: Program, first: bool) -> None:
    """What is looked at is what counts: a good and a bad value under one name are refused, or the one that was looked at
    is the one that is used; in the address, in the body, and between the two."""
    for _ in range(3):
        program.posts("/customers", {"name": "Jane Wanjiku"})
    pair = "limit=1&limit=1000" if first else "limit=1000&limit=1"
    answer = program.asks("GET", f"/customers?{pair}")
    assert answer.status_code == 422 or len(answer.json()["data"]) == 1
    said = b'{"name": "Jane", "name": ""}' if first else b'{"name": "", "name": "Jane"}'
    before = len(program.gets("/customers?limit=100")["data"])
    answer = Client().generic(
        "POST", "/api/v1/customers", data=said, content_type="application/json",
        headers={"Authorization": f"Bearer {program.key}"},
    )  # fmt: skip
    assert answer.status_code == (422 if first else 201), answer.content
    names = [one["name"] for one in program.gets("/customers?limit=100")["data"]]
    assert len(names) == before + (not first)
    assert "" not in names


def test_what_the_address_says_does_not_stand_in_for_the_body(program: Program) -> None:
    answer = program.asks("POST", "/customers?name=Evil", {"phone": "0733111678"})
    assert answer.status_code == 422
    named = program.asks("POST", "/customers?name=Evil", {"name": "Jane"}).json()
    assert named["name"] == "Jane"


@pytest.mark.parametrize(
    "strange",
    ["inv_" + "0" * 5000, "%00", "..", "cus_00000000000000000000000000", "%F0%9F%92%B0", "inv_%27"],
)
def test_an_address_is_an_id_or_is_not_found(program: Program, strange: str) -> None:
    for name, _ in operations():
        method, path = name.split(" ")
        if "{" not in path:
            continue
        head, _, rest = path.removeprefix("/api/v1").partition("{")
        answer = program.asks(
            method, head + strange + rest.partition("}")[2], {"version": 1, "reason": "x"}
        )
        assert answer.status_code in (404, 405, 422), (name, answer.status_code)
