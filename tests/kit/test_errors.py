"""Errors: each knows its status and what to do; what a program is told is RFC 9457's shape."""

from __future__ import annotations

import pytest

from hesabu.kit import errors


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.NotFound, 404),
        (errors.Refused, 409),
        (errors.Invalid, 422),
        (errors.Forbidden, 403),
        (errors.Unavailable, 503),
        (errors.HesabuError, 500),
    ],
)
def test_a_kind_of_error_has_its_status_and_says_what_to_do(
    kind: type[errors.HesabuError], status: int
) -> None:
    problem = kind().problem()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["hint"]
    assert problem["type"].endswith(problem["code"])
    assert "detail" not in problem


def test_the_input_it_is_about_and_what_a_program_needs_are_named() -> None:
    problem = errors.Invalid("too long", field="name", most=40).problem()
    assert (problem["detail"], problem["field"], problem["most"]) == ("too long", "name", 40)
