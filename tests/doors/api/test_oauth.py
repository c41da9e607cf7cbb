"""Tokens for apps over HTTP, as OAuth's own libraries ask: forms in, its errors out, and attacks on each step."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client

from identity.apps import BACK, Counter, member, registered

FORM = "application/x-www-form-urlencoded"


def sends(path: str, form: Any, place: str = "203.0.113.9", **headers: str) -> Any:
    body = form if isinstance(form, bytes | str) else urlencode(form, doseq=True)
    return Client(REMOTE_ADDR=place).post(
        f"/api/v1/{path}", body, content_type=FORM, headers=headers
    )


def fails(answer: Any, error: str, status: int = 400) -> None:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["error"] == error


def form_of(counter: Counter, code: str, /, **other: Any) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "client_id": counter.client_id,
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": counter.verifier,
    }
    if counter.secret:
        form["client_secret"] = counter.secret
    return {name: value for name, value in (form | other).items() if value is not None}


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


@pytest.fixture
def counter(business_id: UUID) -> Counter:
    return registered(business_id)


@pytest.fixture
def code(counter: Counter, business_id: UUID) -> str:
    return counter.asks(business_id, member(business_id))[1]


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_pace")


def me(access: str) -> Any:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {access}"})


def test_an_app_exchanges_acts_renews_and_gives_back(counter: Counter, code: str) -> None:
    pair = sends("token", form_of(counter, code))
    assert pair.status_code == 200, pair.content
    assert pair.headers["Cache-Control"] == "no-store"
    said = pair.json()
    assert said["token_type"] == "Bearer"
    assert said["scope"] == "business:read member:read"
    assert me(said["access_token"]).json()["kind"] == "app"
    renewal = {
        "grant_type": "refresh_token",
        "client_id": counter.client_id,
        "refresh_token": said["refresh_token"],
    }
    newer = sends("token", renewal).json()
    assert me(newer["access_token"]).status_code == 200
    gone = {"client_id": counter.client_id, "token": newer["refresh_token"]}
    assert sends("revoke", gone).status_code == 200
    assert me(newer["access_token"]).status_code == 401
    fails(sends("token", renewal | {"refresh_token": newer["refresh_token"]}), "invalid_grant")


def test_code_replay_ends_the_tokens_that_were_made_from_it(counter: Counter, code: str) -> None:
    said = sends("token", form_of(counter, code)).json()
    fails(sends("token", form_of(counter, code)), "invalid_grant")
    assert me(said["access_token"]).status_code == 401


def test_a_code_of_another_client_is_refused(
    counter: Counter, code: str, business_id: UUID
) -> None:
    other = registered(business_id, is_confidential=True)
    fails(sends("token", form_of(other, code, code_verifier=counter.verifier)), "invalid_grant")
    assert sends("token", form_of(counter, code)).status_code == 200


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"redirect_uri": BACK + "?x"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"code_verifier": "a" * 43}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"code": "hsc_nothing"}, "invalid_grant"),
        ({"code": "\u202ehsc"}, "invalid_request"),
        ({"code": "x" * 10_000}, "invalid_request"),
        ({"code": "hsc_\x00"}, "invalid_request"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": ["authorization_code", "authorization_code"]}, "invalid_request"),
        ({"client_id": None}, "invalid_request"),
    ],
)
def test_what_is_no_fair_exchange_is_refused_and_spends_nothing(
    counter: Counter, code: str, other: dict[str, Any], error: str
) -> None:
    fails(sends("token", form_of(counter, code, **other)), error)
    assert sends("token", form_of(counter, code)).status_code == 200


def test_an_app_with_a_secret_shows_it_in_one_way(business_id: UUID) -> None:
    counter = registered(business_id, is_confidential=True)
    _, code = counter.asks(business_id, member(business_id))
    bare = form_of(counter, code, client_secret=None)
    for refused in (
        sends("token", bare),
        sends("token", bare | {"client_secret": "hsk_wrong"}),
        sends("token", bare, **basic(counter.client_id, "hsk_wrong")),
        sends("token", bare, Authorization="Basic !!!"),
        sends("token", bare, **basic("app_other", counter.secret)),
    ):
        fails(refused, "invalid_client", 401)
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    both = sends("token", form_of(counter, code), **basic(counter.client_id, counter.secret))
    fails(both, "invalid_request")
    fails(sends("token", bare, Authorization=f"Bearer {counter.secret}"), "invalid_request")
    assert sends("token", bare, **basic(counter.client_id, counter.secret)).status_code == 200


def test_scopes_widened_on_refresh_are_refused_and_the_token_stays_good(
    counter: Counter, code: str
) -> None:
    said = sends("token", form_of(counter, code)).json()
    renewal = {
        "grant_type": "refresh_token",
        "client_id": counter.client_id,
        "refresh_token": said["refresh_token"],
    }
    for scope in ("business:read key:make", "*", "", " "):
        fails(sends("token", renewal | {"scope": scope}), "invalid_scope")
    fewer = sends("token", renewal | {"scope": "business:read"}).json()
    assert fewer["scope"] == "business:read"


def test_a_token_of_one_business_opens_nothing_of_another(
    counter: Counter, code: str, new_business: Callable[..., UUID]
) -> None:
    from doors.api.programs import program_at

    other = program_at(new_business())
    theirs = other.posts("/customers", {"name": "Jane Wanjiku"})
    said = sends("token", form_of(counter, code)).json()
    for headers in ({}, {"X-Business": str(other.business_id)}):
        answer = Client().get(
            f"/api/v1/customers/{theirs['id']}?business_id={other.business_id}",
            headers={"Authorization": f"Bearer {said['access_token']}", **headers},
        )
        assert answer.status_code in (403, 404)


def test_the_token_of_an_app_makes_no_keys_and_registers_no_apps(business_id: UUID) -> None:
    from hesabu.identity import actions as identity
    from hesabu.identity.errors import ScopesBad
    from hesabu.store import tenancy

    counter = registered(business_id, ["key:make", "app:register", "app:grant"])
    owner = member(business_id)
    scopes = frozenset({"key:make", "app:register", "app:grant"})
    app = tenancy.Actor("app", owner.id, scopes)
    with tenancy.bound(business_id, actor=app):
        with pytest.raises(ScopesBad):
            identity.make_key("Another", ["business:read"])
        with pytest.raises(ScopesBad):
            identity.register_app("Other", [BACK], ["business:read"], is_confidential=False)
        with pytest.raises(ScopesBad):
            identity.grant_app(
                counter.id,
                ["key:make"],
                redirect_uri=BACK,
                challenge=counter.challenge,
                has_factor=True,
            )


def test_giving_back_tells_nobody_what_is_a_token(
    counter: Counter, code: str, business_id: UUID
) -> None:
    said = sends("token", form_of(counter, code)).json()
    other = registered(business_id)
    for client in (counter, other):
        for token in ("nothing", "hsr_x", said["refresh_token"][:-1]):
            answer = sends("revoke", {"client_id": client.client_id, "token": token})
            assert (answer.status_code, answer.content) == (200, b"")
    theft = {"client_id": other.client_id, "token": said["refresh_token"]}
    assert sends("revoke", theft).status_code == 200
    assert me(said["access_token"]).status_code == 200
    fails(sends("revoke", {"client_id": "app_nobody", "token": "x"}), "invalid_client", 401)
    fails(sends("revoke", {"client_id": counter.client_id}), "invalid_request")


@pytest.mark.parametrize("path", ["token", "revoke"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"grant_type": "authorization_code"}', "application/json"),
        (b"{", "application/json"),
        (b"x" * (2 * 1024 * 1024), FORM),
        (b"a=" + b"x" * (2 * 1024 * 1024), FORM),
        (b"&".join(b"f%d=1" % n for n in range(5000)), FORM),
        (b"\xff\xfe=\x00", FORM),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"", ""),
    ],
    ids=["json", "broken", "2mb", "2mb-field", "5000-fields", "nulls", "parts", "no-parts", "none"],
)
def test_what_is_no_form_is_told_so(database: str, path: str, body: bytes, kind: str) -> None:
    answer = Client().generic("POST", f"/api/v1/{path}", body, content_type=kind)
    fails(answer, "invalid_request")


def test_who_guesses_at_codes_is_slowed_down(counter: Counter) -> None:
    statuses = [
        sends("token", form_of(counter, "hsc_guess"), place="203.0.113.77").status_code
        for _ in range(35)
    ]
    assert statuses[:30] == [400] * 30
    assert statuses[-1] == 429
    last = sends("token", form_of(counter, "hsc_guess"), place="203.0.113.77")
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert sends("token", form_of(counter, "hsc_guess"), place="203.0.113.78").status_code == 400
