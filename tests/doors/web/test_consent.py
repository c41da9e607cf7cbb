"""An app asks somebody to let it act for them: the page, its answer, and every way to be deceived there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from doors.web.people import new_address, new_browser, person_id_of, signed_up
from doors.web.test_keys_pages import fresh, not_lately
from doors.web.test_people import at, joined
from hesabu.identity import queries
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from identity.apps import BACK, Counter, registered

pytestmark = pytest.mark.usefixtures("database")

STATE = "xyz-1 &?="
HERE = "203.0.113.7"


@pytest.fixture
def counter(business_id: UUID) -> Counter:
    return registered(business_id)


@pytest.fixture
def owner(business_id: UUID) -> Client:
    return fresh(joined(business_id, "owner")[0])


def asking(counter: Counter, **other: Any) -> str:
    given = {
        "response_type": "code",
        "client_id": counter.client_id,
        "redirect_uri": counter.back,
        "scope": "business:read member:read",
        "state": STATE,
        "code_challenge": counter.challenge,
        "code_challenge_method": "S256",
    } | other
    kept = {name: value for name, value in given.items() if value is not None}
    return "/account/authorize?" + urlencode(kept, doseq=True)


def ask_in(page: Any) -> str:
    assert page.status_code == 200, page.content.decode()
    [ask] = re.findall(r'name="ask" value="([^"]+)"', page.content.decode())
    return html.unescape(ask)


def agrees(browser: Client, business_id: UUID, ask: str) -> Any:
    said = {"ask": ask, "answer": "agree", "business": ids.short(business_id)}
    return browser.post("/account/authorize", said)


def sent_back(answer: Any, to: str = BACK) -> dict[str, str]:
    assert answer.status_code == 303, answer.content.decode()
    assert answer["Location"].startswith(to + ("&" if "?" in to else "?"))
    assert answer["Referrer-Policy"] == "no-referrer"
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def grants(business_id: UUID) -> list[Any]:
    with tenancy.bound(business_id):
        return queries.apps()


def test_the_page_says_which_app_for_which_business_and_for_what(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    page = owner.get(asking(counter)).content.decode()
    assert "Let Stock counter act for you?" in page
    assert "shop.example.com" in page
    assert "Kamau Designs" in page
    assert "See the business&#x27;s details" in page
    assert "See who belongs to the business" in page
    assert grants(business_id) == []


def test_who_agrees_sends_a_code_back_with_state_and_issuer(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    said = sent_back(agrees(owner, business_id, ask_in(owner.get(asking(counter)))))
    assert said["state"] == STATE
    assert said["iss"] == settings.CONFIG.public_url.rstrip("/")
    assert set(said) == {"code", "state", "iss"}
    pair = counter.exchanges(said["code"])
    assert pair.scopes == ("business:read", "member:read")
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {pair.access}"})
    assert answer.json()["business_id"] == ids.show("biz", business_id)


def test_who_refuses_sends_access_denied_back_and_nothing_is_granted(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    for answer in ("refuse", "", "AGREE"):
        ask = ask_in(owner.get(asking(counter)))
        said = sent_back(owner.post("/account/authorize", {"ask": ask, "answer": answer}))
        assert said["error"] == "access_denied"
        assert said["state"] == STATE
        assert "code" not in said
    assert grants(business_id) == []


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example.com/back",
        BACK + "/",
        BACK + "?x=1",
        BACK + "#x",
        BACK.replace("https", "http"),
        BACK.upper(),
        BACK + "/../other",
        BACK.replace("shop.", "shop.evil."),
        BACK.replace("https://", "https://evil@"),
        "javascript:alert(1)",
        "//shop.example.com/back",
        "/home",
        "",
        "\x00",
        [BACK, "https://evil.example.com/back"],
        ["https://evil.example.com/back", BACK],
        None,
    ],
    ids=repr,
)
def test_nobody_is_sent_to_an_address_that_the_app_did_not_register(
    owner: Client, counter: Counter, uri: Any
) -> None:
    for more in ({}, {"response_type": "token"}, {"scope": "no:such"}):
        answer = owner.get(asking(counter, redirect_uri=uri, **more))
        assert answer.status_code in (404, 422), answer
        assert "Location" not in answer.headers


@pytest.mark.parametrize("client_id", ["", "app_x", "app_" + "0" * 26, "\x00", "x" * 5000, None])
def test_an_app_that_nobody_registered_is_shown_as_such(
    owner: Client, counter: Counter, client_id: Any
) -> None:
    answer = owner.get(asking(counter, client_id=client_id))
    assert answer.status_code in (404, 422)
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://evil.example.com"}, "request_not_supported"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "é" * 43}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "no:such"}, "invalid_scope"),
        ({"scope": "business:read key:make"}, "invalid_scope"),
        ({"scope": "*"}, "invalid_scope"),
        ({"scope": ["business:read", "member:read"]}, "invalid_request"),
        ({"state": ["a", "b"]}, "invalid_request"),
        ({"state": "a\x00b"}, "invalid_request"),
        ({"state": "x" * 5000}, "invalid_request"),
    ],
    ids=repr,
)
def test_what_an_app_asks_wrongly_goes_back_to_it_with_pkce_never_weaker(
    owner: Client, counter: Counter, business_id: UUID, other: dict[str, Any], error: str
) -> None:
    said = sent_back(owner.get(asking(counter, **other)))
    assert said["error"] == error
    assert said["iss"]
    if "state" not in other:
        assert said["state"] == STATE
    assert grants(business_id) == []


def test_another_persons_answer_is_none(owner: Client, counter: Counter, business_id: UUID) -> None:
    """Mixing users between consent and confirmation: what was shown to one is not agreed to by another."""
    theirs = ask_in(owner.get(asking(counter)))
    other = fresh(joined(business_id, "owner")[0])
    refused = agrees(other, business_id, theirs)
    assert refused.status_code == 403
    assert grants(business_id) == []
    assert agrees(owner, business_id, theirs).status_code == 303


def test_an_answer_to_something_that_we_did_not_ask_is_none(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    ask = ask_in(owner.get(asking(counter)))
    plain = json.dumps({"client_id": counter.client_id})
    for forged in ("", "x", "\x00", plain, ask[:-4], ask[:20] + "AAAA" + ask[24:], "x" * 10_000):
        assert agrees(owner, business_id, forged).status_code == 403
    with clock.moved(seconds=601):
        assert agrees(owner, business_id, ask).status_code in (302, 403)
    assert grants(business_id) == []


def test_an_answer_from_another_site_is_refused(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    """CSRF: the form's own token is asked for, and the answer goes nowhere without it."""
    ask = ask_in(owner.get(asking(counter)))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    answer = agrees(strict, business_id, ask)
    assert answer.status_code == 403
    assert grants(business_id) == []


def test_an_app_is_let_in_only_where_one_belongs(
    owner: Client, counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    strange = new_business()
    for_all = registered(business_id, is_for_others=True)
    for one in (counter, for_all):
        refused = agrees(owner, strange, ask_in(owner.get(asking(one))))
        assert refused.status_code == 422
    assert grants(strange) == []


def test_who_belongs_to_no_business_of_the_app_is_told_so_and_may_only_go_back(
    counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    stranger = fresh(joined(new_business(), "owner")[0])
    page = stranger.get(asking(counter))
    assert "There is no business where you could let it do that." in page.content.decode()
    assert 'value="agree"' not in page.content.decode()
    assert agrees(stranger, business_id, ask_in(page)).status_code == 422
    assert grants(business_id) == []


def test_an_app_of_strangers_is_shown_as_one(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    theirs = registered(new_business("Kamau & Sons <b>"), is_for_others=True, name="Hesabu Pro")
    person = fresh(joined(business_id, "owner")[0])
    page = person.get(asking(theirs)).content.decode()
    assert "You do not belong to Kamau &amp; Sons &lt;b&gt;" in page


def test_with_several_businesses_none_is_guessed(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import Role

    second = new_business("Second Shop")
    browser, person_id, _ = joined(business_id, "owner")
    with tenancy.bound(second):
        actions.add_member(person_id, Role.OWNER)
    counter = registered(business_id, is_for_others=True)
    page = fresh(browser).get(asking(counter))
    assert "checked" not in page.content.decode()
    ask = ask_in(page)
    assert browser.post("/account/authorize", {"ask": ask, "answer": "agree"}).status_code == 422
    sent_back(agrees(browser, second, ask))
    assert (len(grants(business_id)), len(grants(second))) == (0, 1)


def test_who_needs_a_second_factor_and_has_none_sets_one_up_first(
    counter: Counter, business_id: UUID
) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import Role

    address = new_address()
    browser = signed_up(new_browser(), address)
    with tenancy.bound(business_id):
        actions.add_member(person_id_of(address), Role.OWNER)
    fresh(browser)
    led = browser.get(asking(counter))
    assert led.status_code == 302
    assert "/2fa/" in led["Location"]


def test_agreeing_asks_once_more_who_one_is(counter: Counter, business_id: UUID) -> None:
    browser = not_lately(joined(business_id, "owner")[0])
    led = browser.get(asking(counter))
    assert led.status_code == 302
    assert "reauthenticate" in led["Location"]
    anybody = new_browser().get(asking(counter))
    assert anybody["Location"].startswith("/account/login/")
    following = parse_qs(urlsplit(anybody["Location"]).query)["next"][0]
    assert following.startswith("/account/authorize?")


def test_the_form_may_lead_to_the_apps_address_and_to_no_other(
    owner: Client, counter: Counter
) -> None:
    policy = owner.get(asking(counter))["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["form-action"].split() == ["'self'", "https://shop.example.com"]
    assert rules["frame-ancestors"] == "'none'"


def test_an_app_on_a_phone_gets_its_code_by_its_own_scheme(
    owner: Client, business_id: UUID
) -> None:
    counter = registered(business_id, back="com.example.counter:/back")
    page = owner.get(asking(counter))
    assert "form-action 'self' com.example.counter:" in page["Content-Security-Policy"]
    said = sent_back(agrees(owner, business_id, ask_in(page)), "com.example.counter:/back")
    assert counter.exchanges(said["code"]).access


def test_an_address_with_a_question_keeps_it(owner: Client, business_id: UUID) -> None:
    counter = registered(business_id, back=BACK + "?shop=7")
    said = sent_back(
        agrees(owner, business_id, ask_in(owner.get(asking(counter)))), BACK + "?shop=7"
    )
    assert (said["shop"], bool(said["code"])) == ("7", True)


def test_the_description_for_libraries_is_true(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    answer = Client().get("/.well-known/oauth-authorization-server")
    said = answer.json()
    base = settings.CONFIG.public_url.rstrip("/")
    assert said["issuer"] == base
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["response_types_supported"] == ["code"]
    assert said["authorization_response_iss_parameter_supported"] is True
    path = said["authorization_endpoint"].removeprefix(base)
    assert owner.get(path + asking(counter).removeprefix("/account/authorize")).status_code == 200
    for name in ("token_endpoint", "revocation_endpoint"):
        path = said[name].removeprefix(base)
        assert Client().post(path).json()["error"] == "invalid_request"


# --- which apps act


def let_in(owner: Client, counter: Counter, business_id: UUID) -> Any:
    said = sent_back(agrees(owner, business_id, ask_in(owner.get(asking(counter)))))
    return counter.exchanges(said["code"])


def works(access: str) -> bool:
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {access}"})
    return bool(answer.status_code == 200)


def test_what_acts_for_somebody_is_seen_and_taken_back(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    assert "No app acts for you." in owner.get("/account/apps").content.decode()
    pair = let_in(owner, counter, business_id)
    assert works(pair.access)
    page = owner.get("/account/apps").content.decode()
    assert "Stock counter" in page
    assert "Last used at" in page
    [end] = re.findall(r'action="(/account/apps/[^"]+/end)"', page)
    other = fresh(joined(business_id, "owner")[0])
    assert other.post(end).status_code == 404
    assert works(pair.access)
    assert owner.post(end).status_code == 302
    assert not works(pair.access)
    assert "Apps that act no more" in owner.get("/account/apps").content.decode()


def test_managers_see_who_lets_which_app_act_and_end_it(
    owner: Client, counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    pair = let_in(owner, counter, business_id)
    seller, _, _ = joined(business_id, "seller")
    assert seller.get(at(business_id, "/apps")).status_code == 403
    manager, _, _ = joined(business_id, "manager")
    page = manager.get(at(business_id, "/apps")).content.decode()
    assert "for Wanjiku Kamau" in page
    [end] = re.findall(r'action="([^"]+/apps/grants/[^"]+/end)"', page)
    other = new_business()
    thief = fresh(joined(other, "owner")[0])
    assert thief.post(end).status_code == 404
    assert thief.post(end.replace(ids.short(business_id), ids.short(other))).status_code == 404
    assert works(pair.access)
    assert manager.post(end).status_code == 302
    assert not works(pair.access)


def test_signing_out_everywhere_takes_back_from_all_apps(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    pair = let_in(owner, counter, business_id)
    assert owner.post("/account/sessions/").status_code == 302
    assert not works(pair.access)
    assert [one.revoked_why for one in grants(business_id)] == ["signed_out"]


def test_a_new_password_takes_back_from_all_apps(
    owner: Client, counter: Counter, business_id: UUID
) -> None:
    from doors.web.people import PASSWORD

    pair = let_in(owner, counter, business_id)
    new = "a quite different phrase"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = owner.post("/account/password/change/", said)
    assert answer.status_code == 302, answer.content.decode()
    assert not works(pair.access)


def test_an_app_is_registered_shown_once_and_taken_off(owner: Client, business_id: UUID) -> None:
    said = {
        "name": "Web shop",
        "redirect_uris": f"{BACK}\nhttps://shop.example.com/other",
        "kind": "confidential",
        "scope": ["business:read"],
    }
    answer = owner.post(at(business_id, "/apps/register"), said)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    [client_id] = re.findall(r'<code id="client-id">([^<]+)<', text)
    [secret] = re.findall(r'<code id="secret">([^<]+)<', text)
    counter = Counter(ids.read("app", client_id), secret, "v" * 43)
    page = owner.get(asking(counter, scope="business:read"))
    pair = counter.exchanges(sent_back(agrees(owner, business_id, ask_in(page)))["code"])
    listed = owner.get(at(business_id, "/apps")).content.decode()
    assert secret not in listed
    assert client_id in listed
    [drop] = re.findall(r'href="([^"]+/drop)"', listed)
    assert owner.get(drop).status_code == 200
    assert works(pair.access)
    assert owner.post(drop).status_code == 302
    assert not works(pair.access)
    assert owner.get(asking(counter, scope="business:read")).status_code == 404


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": ""}, "name"),
        ({"redirect_uris": ""}, "redirect_uris"),
        ({"redirect_uris": "http://evil.example.com"}, "redirect_uris"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"scope": []}, "scopes"),
        ({"scope": ["no:such"]}, "scopes"),
    ],
    ids=repr,
)
def test_what_is_wrong_with_an_app_is_said_at_its_field(
    owner: Client, business_id: UUID, other: dict[str, Any], field: str
) -> None:
    said = {"name": "Web shop", "redirect_uris": BACK, "kind": "public", "scope": ["item:read"]}
    answer = owner.post(at(business_id, "/apps/register"), said | other)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.content.decode()
    with tenancy.bound(business_id):
        assert queries.registered_apps() == []
