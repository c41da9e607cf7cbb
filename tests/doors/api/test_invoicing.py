"""A program invoices, is paid, and is refused clearly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from doors.api.programs import Program, program_at
from hesabu.app import verify
from hesabu.kit import ids

KES = "KES"


def kes(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": KES}


def drafted(program: Program, price: str = "75000.00", **more: Any) -> dict[str, Any]:
    customer = program.posts("/customers", {"name": "Jane Wanjiku", "phone": "0712345678"})
    body = {
        "customer_id": customer["id"],
        "lines": [{"description": "Logo design", "unit_price": kes(price)}],
    } | more
    made: dict[str, Any] = program.posts("/invoices", body)
    return made


def issued(program: Program) -> dict[str, Any]:
    draft = drafted(program)
    made: dict[str, Any] = program.posts(
        f"/invoices/{draft['id']}/issue", {"version": draft["version"]}
    )
    return made


def test_a_program_invoices_and_is_paid_and_the_books_say_so(program: Program) -> None:
    invoice = issued(program)
    assert invoice["number"] == "INV-0001"
    assert invoice["owed"] == kes("75000.00")
    program.posts(f"/invoices/{invoice['id']}/payments", {"amount": kes("75000"), "method": "cash"})
    paid = program.gets("/invoices/INV-0001")
    assert (paid["state"], paid["owed"]) == ("paid", kes("0.00"))
    [payment] = program.gets(f"/invoices/{invoice['id']}/payments")
    assert payment["invoice_id"] == invoice["id"]
    entries = program.gets(f"/invoices/{invoice['id']}/entries")
    assert [one["kind"] for one in entries] == ["invoicing.issued", "invoicing.paid"]
    held = {one["role"]: one["amount"] for one in program.gets("/books/balances")}
    assert held["receivables"] == kes("0.00")
    assert verify.verify_one(program.business_id).faults == []


def test_the_same_key_and_body_count_once_and_another_body_is_refused(program: Program) -> None:
    invoice = issued(program)
    path, body = f"/invoices/{invoice['id']}/payments", {"amount": kes("500"), "method": "cash"}
    first = program.posts(path, body, **{"Idempotency-Key": "till-7-receipt-12"})
    assert program.posts(path, body, **{"Idempotency-Key": "till-7-receipt-12"}) == first
    assert len(program.gets(path)) == 1
    other = body | {"amount": kes("600")}
    refused = program.asks("POST", path, other, **{"Idempotency-Key": "till-7-receipt-12"})
    assert refused.status_code == 409
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "idempotency.key_reused"


def test_a_list_comes_in_pages(program: Program) -> None:
    made = [drafted(program)["id"] for _ in range(3)]
    first = program.gets("/invoices?limit=2")
    assert [one["id"] for one in first["data"]] == made[:0:-1]
    second = program.gets(f"/invoices?limit=2&after={first['next']}")
    assert [one["id"] for one in second["data"]] == made[:1]
    assert second["next"] is None


def test_the_paper_comes_as_pdf(program: Program) -> None:
    invoice = issued(program)
    paper = program.asks("GET", f"/invoices/{invoice['id']}/pdf")
    assert paper.status_code == 200
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"description": "x", "unit_price": kes("1e9")}]}, "unit_price"),
        ({"lines": [{"description": "x", "unit_price": kes("NaN")}]}, "unit_price"),
        ({"lines": [{"description": "x\x00", "unit_price": kes("1")}]}, "description"),
        ({"lines": [{"description": "x", "unit_price": kes("1"), "quantity": "-1"}]}, "quantity"),
        ({"tax_mode": "sometimes"}, "tax_mode"),
        ({"totall": 5}, "totall"),
        ({"due_on": "tomorrow"}, "due_on"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(
    program: Program, change: dict[str, Any], at: str
) -> None:
    customer = program.posts("/customers", {"name": "Jane Wanjiku"})
    body = {
        "customer_id": customer["id"],
        "lines": [{"description": "Logo", "unit_price": kes("5")}],
    }
    refused = program.asks("POST", "/invoices", body | change)
    assert refused.status_code == 422, refused.content
    assert refused.json()["code"] == "request.not_understood"
    assert any(at in fault["at"] for fault in refused.json()["faults"])


def test_another_businesss_things_are_not_found(
    program: Program, new_business: Callable[..., UUID]
) -> None:
    invoice = issued(program)
    stranger = program_at(new_business())
    for method, path, body in (
        ("GET", f"/invoices/{invoice['id']}", None),
        ("GET", "/invoices/INV-0001", None),
        ("GET", f"/invoices/{invoice['id']}/pdf", None),
        ("GET", f"/invoices/{invoice['id']}/entries", None),
        ("GET", f"/invoices/{invoice['id']}/payments", None),
        ("POST", f"/invoices/{invoice['id']}/void", {"reason": "mine now"}),
        ("POST", f"/invoices/{invoice['id']}/credit", {"reason": "mine now"}),
        (
            "POST",
            f"/invoices/{invoice['id']}/payments",
            {"amount": kes("5"), "method": "cash"},
        ),
        ("GET", f"/customers/{invoice['customer_id']}", None),
        ("PATCH", f"/customers/{invoice['customer_id']}", {"name": "Mine Now"}),
    ):
        answer = stranger.asks(method, path, body)
        assert answer.status_code == 404, (path, answer.content)
    assert stranger.gets("/invoices")["data"] == []
    assert program.gets(f"/invoices/{invoice['id']}")["state"] == "issued"


def test_a_key_does_what_its_scopes_say_and_nothing_else(
    new_business: Callable[..., UUID],
) -> None:
    business_id = new_business()
    reader = program_at(business_id, ["invoice:read"])
    assert reader.gets("/invoices") == {"data": [], "next": None}
    for method, path, body in (
        ("GET", "/me", None),
        ("GET", "/customers", None),
        ("POST", "/customers", {"name": "Jane"}),
        ("POST", f"/invoices/{ids.show('inv', ids.new_id())}/issue", {"version": 1}),
        ("GET", "/books/balances", None),
    ):
        answer = reader.asks(method, path, body)
        assert answer.status_code == 403, path
        assert answer.json()["code"] == "identity.not_allowed"


@pytest.mark.parametrize("shown", ["", "hsb_no_no", "x" * 5000, "hsb_\u00e9_\u00e9"])
def test_nobody_is_let_in_without_a_key(program: Program, shown: str) -> None:
    program.key = shown
    answer = program.asks("GET", "/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"]
    assert answer.json()["code"] == "identity.not_let_in"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"a":' * 5000, b"\xff\xfe", b"1e999"])
def test_a_body_that_is_none_is_told_so(program: Program, body: bytes) -> None:
    from django.test import Client

    answer = Client().generic(
        "POST",
        "/api/v1/customers",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.key}"},
    )
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
