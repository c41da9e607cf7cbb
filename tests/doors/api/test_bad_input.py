"""What nobody in good faith sends, to every operation: a clear refusal, and never a fault of ours."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

if TYPE_CHECKING:
    from doors.api.programs import Program

ID = "inv_" + "0" * 26
STRANGE = {
    "null byte": "a\x00b",
    "right to left": "\u202egnp.exe",
    "lone surrogate": "\ud800",
    "emoji": "🧾💸" * 20,
    "10,000 letters": "x" * 10_000,
    "format": "%(x)s %s {0} ${jndi:ldap://x}",
    "quotes": "'; DROP TABLE identity_key; --",
    "markup": "<script>alert(1)</script>",
    "zero width": "a\u200b\ufeffb",
    "line ends": "a\r\nX-Evil: 1",
}
WRONG = [None, True, 0, -1, 1e308, 2**70, [], {}, [[]], {"a": {"b": []}}, ""]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    from hesabu.doors.api.urls import api

    return [
        (method.upper(), path.partition("/api/v1")[2], said)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, said in methods.items()
    ]


def with_body() -> list[tuple[str, str, dict[str, Any]]]:
    return [one for one in operations() if "requestBody" in one[2]]


ALL = pytest.mark.parametrize(
    ("method", "path", "said"), operations(), ids=lambda one: one if isinstance(one, str) else ""
)
BODIES = pytest.mark.parametrize(
    ("method", "path", "said"), with_body(), ids=lambda one: one if isinstance(one, str) else ""
)


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_pace")


def sends(program: Program, method: str, path: str, body: bytes, kind: str) -> Any:
    return Client().generic(
        method,
        f"/api/v1{re.sub(r'{[^}]+}', ID, path)}",
        body,
        content_type=kind,
        headers={"Authorization": f"Bearer {program.key}"}
        if path not in ("/token", "/revoke")
        else {},
    )


def refused(answer: Any, what: object) -> None:
    assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.content[:500])
    assert answer.status_code != 429
    said = answer.json()
    assert said.get("code") or said.get("error"), said
    assert b"Traceback" not in answer.content


def fields_of(said: dict[str, Any]) -> list[str]:
    from hesabu.doors.api.urls import api

    schema = next(iter(said["requestBody"]["content"].values()))["schema"]
    if "$ref" in schema:
        kept = api.get_openapi_schema()["components"]["schemas"]
        schema = kept[schema["$ref"].rpartition("/")[2]]
    return list(schema["properties"])


@BODIES
def test_a_body_that_is_no_json_or_too_much_is_refused(
    program: Program, method: str, path: str, said: dict[str, Any]
) -> None:
    deep = b'{"a":' * 5000
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"1e999",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b'{"a": NaN}',
        deep,
        b"[" * 100_000,
        b'{"name": "' + b"x" * (2 * 1024 * 1024) + b'"}',
    ):
        refused(sends(program, method, path, body, "application/json"), body[:20])
    for kind in ("text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "", "x"):
        refused(sends(program, method, path, b"{", kind), kind)


@BODIES
def test_wrong_types_and_strange_letters_in_any_field_are_no_fault(
    program: Program, method: str, path: str, said: dict[str, Any]
) -> None:
    names = fields_of(said)
    for value in [*WRONG, *STRANGE.values()]:
        for name in names:
            body = json.dumps({other: value if other == name else "x" for other in names}).encode()
            refused(sends(program, method, path, body, "application/json"), (name, value))
        whole = json.dumps(dict.fromkeys(names, value)).encode()
        answer = sends(program, method, path, whole, "application/json")
        assert answer.status_code < 500, (value, answer.content[:300])


@ALL
def test_strange_letters_in_address_and_query_are_no_fault(
    program: Program, method: str, path: str, said: dict[str, Any]
) -> None:
    from urllib.parse import quote

    names = [one["name"] for one in said.get("parameters", []) if one["in"] == "query"]
    for what, value in STRANGE.items():
        sent = quote(value.encode("utf-8", "surrogatepass"))
        address = re.sub(r"{[^}]+}", sent, path)
        query = "&".join(f"{name}={sent}" for name in [*names, "other"])
        for whole in (address, f"{address}?{query}", f"{address}?%00=%FF&{sent}"):
            answer = Client().generic(
                method,
                f"/api/v1{whole}",
                b"{}",
                content_type="application/json",
                headers={"Authorization": f"Bearer {program.key}"},
            )
            assert answer.status_code < 500, (what, whole[:80], answer.content[:300])
            if "{" in path:
                assert answer.status_code >= 400


@ALL
def test_strange_headers_are_no_fault(
    program: Program, method: str, path: str, said: dict[str, Any]
) -> None:
    address = re.sub(r"{[^}]+}", ID, path)
    for key in ("x" * 10_000, "a\x00b", "\u202e", "é", " ", "k" * 201):
        answer = program.asks(method, address, {}, **{"Idempotency-Key": key})
        assert answer.status_code < 500, (key, answer.content[:300])
    for bearer in (
        "",
        "Bearer",
        "Bearer ",
        "Basic x",
        "Bearer " + "x" * 10_000,
        "Bearer hsb_\x00_",
    ):
        answer = Client(REMOTE_ADDR="203.0.113.44").generic(
            method, f"/api/v1{address}", b"{}", headers={"Authorization": bearer}
        )
        assert answer.status_code in (400, 401, 429), (bearer[:20], answer.content[:300])


def test_names_of_people_in_any_letters_are_kept_as_they_are(program: Program) -> None:
    for name in ("Nguyễn Thị 🧾", "محمد علي", "Ọlá Ṣadé", "王小明", "O'Brien & Sons"):
        assert program.posts("/customers", {"name": name})["name"] == name


@pytest.mark.parametrize("strange", ["null byte", "right to left", "zero width", "10,000 letters"])
def test_names_that_hide_something_are_refused_with_their_place(
    program: Program, strange: str
) -> None:
    answer = program.asks("POST", "/customers", {"name": STRANGE[strange]})
    assert answer.status_code == 422, answer.content
    assert any("name" in fault["at"] for fault in answer.json()["faults"])
