"""Is it up, may it work, what are its figures, and what does a lost visitor see."""

from __future__ import annotations

import psycopg
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from hesabu.doors.web import problems
from hesabu.doors.web.health import views
from hesabu.store import ingress


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_the_process_says_that_it_is_up_without_a_database(client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.fixture
def _unseen() -> None:
    """As in a process that has not looked yet."""
    views._seen.clear()


@pytest.mark.usefixtures("_unseen")
def test_ready_means_that_the_database_answers_and_is_migrated(database, client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "connected"}


@pytest.mark.usefixtures("_unseen")
def test_not_ready_while_migrations_are_missing(owner_url, client) -> None:
    last = (
        "SELECT app, name FROM django_migrations WHERE app = 'invoicing' ORDER BY id DESC LIMIT 1"
    )
    with psycopg.connect(owner_url, autocommit=True) as owner:
        app, name = owner.execute(last).fetchone()
        owner.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", (app, name))
        try:
            response = client.get("/readyz")
        finally:
            owner.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
                (app, name),
            )
    assert response.status_code == 503
    assert "not applied" in response.json()["detail"]


def test_not_ready_while_the_database_is_away(client, monkeypatch) -> None:
    from django.db import connections

    connections.close_all()
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "no_such_database")
    response = client.get("/readyz")
    connections.close_all()
    assert response.status_code == 503
    assert response.json()["detail"] == "the database does not answer"


def test_figures_are_for_this_machine(database, client) -> None:
    ingress.FILED.labels("mpesa").inc()
    response = client.get("/metrics")
    assert response.status_code == 200
    body = response.content.decode()
    assert "hesabu_letters_waiting" in body
    assert "hesabu_jobs_waiting" in body
    assert 'hesabu_letters_filed_total{provider="mpesa"}' in body


@pytest.mark.parametrize(
    "far",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"headers": {"X-Forwarded-For": "203.0.113.9"}},
        {"headers": {"Forwarded": "for=203.0.113.9"}},
        {"headers": {"X-Real-IP": "203.0.113.9"}},
        {"headers": {"Via": "1.1 proxy"}},
        {"REMOTE_ADDR": "unix:"},
    ],
)
def test_figures_are_not_for_strangers(database, client, far) -> None:
    assert client.get("/metrics", **far).status_code == 403


@override_settings(METRICS_TOKEN="a-long-token")
def test_figures_are_for_the_holder_of_the_token(database, client) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert (
        client.get("/metrics", **far, headers={"Authorization": "Bearer a-long-token"}).status_code
        == 200
    )
    assert (
        client.get("/metrics", **far, headers={"Authorization": "Bearer another"}).status_code
        == 403
    )


def test_the_front_says_what_this_is(client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "From a chat message to the books" in response.content.decode()


def test_a_wrong_address_says_what_to_do(client) -> None:
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()
    told = client.get("/nowhere", headers={"Accept": "application/json"})
    assert told["Content-Type"] == "application/problem+json"
    assert told.json()["status"] == 404


class Broken:
    """A site whose only page has a fault."""

    def __init__(self) -> None:
        self.urlpatterns = [path("", self.page)]
        self.handler500 = problems.fault

    def page(self, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("the secret inside")


def test_a_fault_shows_a_way_on_and_nothing_of_its_inside(client) -> None:
    with override_settings(ROOT_URLCONF=Broken()):
        response = client.get("/")
    assert response.status_code == 500
    body = response.content.decode()
    assert "Something went wrong on our side." in body
    assert "If you tell us about it, mention" in body
    assert "secret inside" not in body
    assert "Traceback" not in body
