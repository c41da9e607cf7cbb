"""The whole API is asked what nobody thought of, by its own description: no server error, and answers as described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import response_schema_conformance

if TYPE_CHECKING:
    from doors.api.programs import Program

EXAMPLES = 12


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_question_makes_the_server_fail(program: Program) -> None:
    application = get_wsgi_application()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    bearer = {"Authorization": f"Bearer {program.key}"}
    by_form = {"Content-Type": "application/x-www-form-urlencoded"}
    asked: dict[int, int] = {}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            is_oauth = case.path in ("/api/v1/token", "/api/v1/revoke")
            answer = case.call(headers=by_form if is_oauth else bearer)
            asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (case.method, case.path, answer.text[:500])
            if answer.status_code < 300:
                case.validate_response(answer, checks=[response_schema_conformance])
            elif is_oauth:
                assert answer.headers["content-type"] == ["application/json"]
                assert {"error", "error_description"} == set(answer.json())
            else:
                assert answer.headers["content-type"] == ["application/problem+json"]
                assert {"type", "title", "status", "code"} <= set(answer.json())

        ask()
    assert asked.get(200, 0) > 20
    assert asked.get(422, 0) > 20
