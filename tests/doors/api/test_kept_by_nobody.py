"""What a program is told stays with it: no cache keeps it, and a fault of ours tells nothing of its inside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path
from ninja import NinjaAPI

from doors.api.programs import program_at
from hesabu.doors.api.door import told_as_problems

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("asked", ["/invoices", "/business", "/nothing", "/invoices/none"])
def test_no_cache_keeps_what_a_program_is_told(business_id: UUID, asked: str) -> None:
    answer = program_at(business_id).asks("GET", asked)
    assert answer["Cache-Control"] == "no-store"


class Broken:
    """A house with one operation more, which fails."""

    api = NinjaAPI(urls_namespace="broken", docs_url=None, openapi_url=None)
    told_as_problems(api)

    @staticmethod
    @api.get("/fails")
    def fails(request: HttpRequest) -> dict[str, Any]:
        raise ZeroDivisionError("a secret inside")

    urlpatterns = [path("api/broken/", api.urls), path("", include("hesabu.app.urls"))]


def test_a_fault_tells_a_program_nothing_of_its_inside() -> None:
    with override_settings(ROOT_URLCONF=Broken):
        answer = Client(raise_request_exception=False).get("/api/broken/fails")
    assert answer.status_code == 500
    assert "problem+json" in answer["Content-Type"]
    told = answer.content.decode()
    assert "reference" in told
    for inside in ("secret", "ZeroDivision", "Traceback", ".py"):
        assert inside not in told
