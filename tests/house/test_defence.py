"""What browsers are told, what forms must carry, what is never in the sources: the walls that no single page builds."""

from __future__ import annotations

import ast
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hesabu.app import config as configuration
from hesabu.app import dev_secrets
from hesabu.kit.senders import Proxies

SOURCE = Path(configuration.__file__).parents[1]
TEMPLATES = sorted(SOURCE.glob("doors/web/templates/**/*.html"))
ASKED = """
import json, sys, django
django.setup()
from django.conf import settings
from django.test import Client
browser = Client(HTTP_HOST="pay.kamau.co.ke")
told = {}
for method, path, secure in (("get", "/", True), ("get", "/nowhere", True), ("get", "/account/login/", True),
                             ("trace", "/", True), ("get", "/.git/config", True), ("get", "/static/", True),
                             ("get", "/api/v1/customers", True), ("get", "/static/hesabu.css", True)):
    answer = getattr(browser, method)(path, secure=secure)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told[f"{method} {path}"] = {
        "status": answer.status_code, "headers": {k.lower(): v for k, v in answer.headers.items()},
        "cookies": {k: v.OutputString() for k, v in answer.cookies.items()}, "body": body.decode("utf-8", "replace")[:4000]}
hosts = Client(HTTP_HOST="evil.example").get("/", secure=True).status_code
from wsgiref.util import setup_testing_defaults
from hesabu.app.wsgi import application
def by_the_server(path, **said):
    environ = {"PATH_INFO": path, "HTTP_HOST": "pay.kamau.co.ke", "REMOTE_ADDR": "203.0.113.9", **said}
    setup_testing_defaults(environ)
    heard = {}
    def start(status, headers, *_):
        heard.update({k.lower(): v for k, v in headers}, status=status[:3])
    b"".join(application(environ, start))
    return {k: v for k, v in heard.items() if k not in ("set-cookie", "content-security-policy", "content-length")} | {"policy": heard.get("content-security-policy", "")[:20]}
served = {path + " " + claim: by_the_server(path, **({"HTTP_X_FORWARDED_PROTO": claim} if claim else {}))
          for path in ("/hooks/nobody", "/account/login/", "/healthz") for claim in ("", "http", "https")}
at_the_proxy = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_PROTO": "http"}
plain = {f"{method} {path}": by_the_server(path, REQUEST_METHOD=method, QUERY_STRING=query, **at_the_proxy)
         for method, path, query in (("GET", "/p/abc", "turn=1"), ("HEAD", "/account/login/", ""), ("GET", "/", ""),
            ("GET", "//evil.example/", ""), ("GET", "/p/a\\r\\nSet-Cookie: x", "a=\\r\\nb"), ("POST", "/account/login/", ""),
            ("GET", "/api/v1/customers", ""), ("POST", "/api/v1/token", ""), ("POST", "/hooks/nobody", ""), ("GET", "/hooks/nobody", ""),
            ("GET", "/metrics", ""), ("GET", "/healthz", ""))}
names = ("DEBUG", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE",
         "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "PASSWORD_HASHERS", "DATA_UPLOAD_MAX_MEMORY_SIZE",
         "SESSION_SERIALIZER")
from allauth.account import app_settings as account
codes = {name: getattr(account, name) for name in (
    "LOGIN_BY_CODE_TIMEOUT", "LOGIN_BY_CODE_MAX_ATTEMPTS", "PASSWORD_RESET_BY_CODE_TIMEOUT",
    "PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS", "EMAIL_VERIFICATION_BY_CODE_TIMEOUT",
    "EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS")}
from hesabu.doors.web.account.telephone import COOKIE_SECONDS
from hesabu.identity.actions import entries, grants, passages, texts
codes["LINK_TIMEOUT"] = entries.LIFE.total_seconds()
codes["LINK_COOKIE_TIMEOUT"] = COOKIE_SECONDS
codes["APP_CODE_TIMEOUT"] = grants.CODE_LIVES.total_seconds()
codes["TEXT_TIMEOUT"] = texts.LIFE.total_seconds()
codes["PASSAGE_TIMEOUT"] = passages.LIFE.total_seconds()
codes["LINK_MAX_ATTEMPTS"] = entries.WRONG_MAX
print(json.dumps({"told": told, "served": served, "plain": plain, "codes": codes, "evil": hosts, "settings": {n: getattr(settings, n) for n in names}}))
"""


@pytest.fixture(scope="module")
def live(database: str) -> Iterator[dict[str, Any]]:
    """What the product says in production, with its settings."""
    with tempfile.TemporaryDirectory() as place:
        given = {
            **{name.upper(): value for name, value in dev_secrets.new_keys().items()},
            "ENV": "production",
            "VAR_DIR": place,
            "PUBLIC_URL": "https://pay.kamau.co.ke",
            "WHATSAPP_BASE_URL": "https://graph.facebook.com/v23.0",
            "WHATSAPP_TOKEN": secrets.token_urlsafe(40),
            "WHATSAPP_PHONE_NUMBER_ID": "591415901763462",
            "WHATSAPP_APP_SECRET": secrets.token_hex(16),
            "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(20),
            "MPESA_BASE_URL": "https://api.safaricom.co.ke",
            "MPESA_CALLBACK_ADDRESSES": "196.201.214.0/24",
            "TRUSTED_PROXIES": "10.0.0.1",
        }
        kept = {name: value for name, value in os.environ.items() if name[:7] != "HESABU_"}
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL", "STAFF_DATABASE_URL"):
            given[name] = os.environ[f"HESABU_{name}"]
        env = kept | {f"HESABU_{name}": value for name, value in given.items()}
        env |= {"PYTHONPATH": str(SOURCE.parent), "DJANGO_SETTINGS_MODULE": "hesabu.app.settings"}
        ran = subprocess.run(
            [sys.executable, "-c", ASKED], env=env, cwd=place, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        yield json.loads(ran.stdout)


def pages(live: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for name, one in live["told"].items() if name.startswith("get /")]


def test_every_answer_tells_browsers_to_come_by_tls_alone(live: dict[str, Any]) -> None:
    for one in pages(live):
        assert one["headers"]["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_every_answer_forbids_guessing_at_its_type(live: dict[str, Any]) -> None:
    for one in pages(live):
        assert one["headers"]["x-content-type-options"] == "nosniff"


def test_every_answer_tells_others_nothing_of_its_address(live: dict[str, Any]) -> None:
    for one in pages(live):
        assert one["headers"]["referrer-policy"] == "same-origin"


def test_pages_run_nothing_but_our_own_files_and_stand_in_nobodys_frame(
    live: dict[str, Any],
) -> None:
    for name in ("get /", "get /nowhere", "get /account/login/"):
        policy = live["told"][name]["headers"]["content-security-policy"]
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["object-src"] == "'none'"
        assert rules["base-uri"] == "'none'"
        assert rules["frame-ancestors"] == "'none'"
        assert rules["form-action"] == "'self'"
        assert "unsafe" not in policy
        assert live["told"][name]["headers"]["x-frame-options"] == "DENY"


def test_every_answer_says_what_it_is_and_in_which_letters(live: dict[str, Any]) -> None:
    for one in pages(live):
        if one["body"]:
            kind = one["headers"]["content-type"].replace('"', "")
            assert "charset=utf-8" in kind or kind == "application/problem+json"


def test_cookies_are_of_this_host_over_tls_and_for_no_script(live: dict[str, Any]) -> None:
    said = live["settings"]
    assert (said["SESSION_COOKIE_NAME"], said["CSRF_COOKIE_NAME"]) == (
        "__Host-session",
        "__Host-csrf",
    )
    cookies = [c for one in pages(live) for c in one["cookies"].values()]
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert word in cookie
        assert "Domain" not in cookie
    for name in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert said[f"{name}_SECURE"] is True
        assert said[f"{name}_HTTPONLY"] is True
        assert said[f"{name}_SAMESITE"] in ("Lax", "Strict")
    assert said["SESSION_SERIALIZER"] == "django.contrib.sessions.serializers.JSONSerializer"


def test_codes_and_links_live_ten_minutes_at_most_and_three_wrong_ones(
    live: dict[str, Any],
) -> None:
    """As the settings of production have it, whatever the library's own would be."""
    assert len(live["codes"]) == 12
    for name, value in live["codes"].items():
        assert 0 < value <= (600 if name.endswith("TIMEOUT") else 3), name


def test_the_door_of_webhooks_tells_browsers_to_come_by_tls_alone(live: dict[str, Any]) -> None:
    """It stands before Django, whose middleware says it for all other doors."""
    for path in ("/hooks/nobody", "/account/login/", "/healthz"):
        told = live["served"][f"{path} "]
        assert told["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert told["x-content-type-options"] == "nosniff"


def test_whether_it_came_by_tls_is_not_taken_from_a_header(live: dict[str, Any]) -> None:
    """Anybody could say so. In production everything comes by TLS, since the proxy lets nothing else in."""
    for path in ("/hooks/nobody", "/account/login/", "/healthz"):
        plain, *claimed = (live["served"][f"{path} {claim}"] for claim in ("", "http", "https"))
        assert claimed == [plain, plain]


def test_only_who_opens_a_page_is_led_to_tls(live: dict[str, Any]) -> None:
    """Where our own proxy says that somebody came to it without. A program is refused, and whoever posts."""
    told, home = live["plain"], "https://pay.kamau.co.ke"
    led = {
        "GET /p/abc": f"{home}/p/abc?turn=1",
        "HEAD /account/login/": f"{home}/account/login/",
        "GET /": f"{home}/",
        "GET //evil.example/": f"{home}//evil.example/",
        "GET /p/a\r\nSet-Cookie: x": f"{home}/p/a%0D%0ASet-Cookie:%20x?a=%0D%0Ab",
    }
    for asked, where in led.items():
        assert (told[asked]["status"], told[asked]["location"]) == ("308", where)
    refused = set(told) - set(led) - {"GET /healthz"}
    assert len(refused) == 6
    for asked in refused:
        assert told[asked]["status"] == "403", asked
        assert "location" not in told[asked]
    assert told["GET /healthz"]["status"] == "200"


def test_nothing_for_those_who_develop_is_on(live: dict[str, Any]) -> None:
    assert live["settings"]["DEBUG"] is False
    assert "Traceback" not in json.dumps(live["told"])
    assert live["told"]["trace /"]["status"] == 405


def test_no_directory_and_no_history_of_the_sources_is_served(live: dict[str, Any]) -> None:
    assert live["told"]["get /.git/config"]["status"] == 404
    assert live["told"]["get /static/"]["status"] == 404


def test_another_host_is_not_answered_for(live: dict[str, Any]) -> None:
    assert live["evil"] == 400


def test_passwords_are_hashed_by_argon2_alone(live: dict[str, Any]) -> None:
    assert live["settings"]["PASSWORD_HASHERS"] == [
        "django.contrib.auth.hashers.Argon2PasswordHasher"
    ]


def test_no_other_site_is_let_in_by_its_browser(live: dict[str, Any]) -> None:
    """Only the style sheet, which is everybody's, may be shown elsewhere."""
    for name, one in live["told"].items():
        if "/static/" not in name:
            assert not [header for header in one["headers"] if header.startswith("access-control")]


def test_a_form_without_its_mark_is_refused(database: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    for path in (
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
        "/account/logout/",
    ):
        assert browser.post(path, {"login": "x@example.com", "password": "x"}).status_code == 403


def test_a_page_is_kept_by_nobody_once_there_is_a_session(database: str) -> None:
    browser = Client()
    assert browser.get("/account/login/")["Cache-Control"] == "no-store"
    browser.cookies["sessionid"] = "whatever"
    assert browser.get("/")["Cache-Control"] == "no-store"


def test_looking_changes_nothing(database: str) -> None:
    """What changes something is not done by GET: signing out by it shows a page and leaves one signed in."""
    from doors.web.people import is_in, new_address, new_browser, signed_up

    browser = signed_up(new_browser(), new_address())
    browser.get("/account/logout/")
    assert is_in(browser)


def test_whoever_is_no_trusted_proxy_cannot_say_where_others_come_from() -> None:
    proxies = Proxies(["10.0.0.1"])
    assert proxies.sender("203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert proxies.sender("10.0.0.1", "198.51.100.1") == "198.51.100.1"
    assert proxies.sender("10.0.0.1", "1.1.1.1, 198.51.100.1") == "198.51.100.1"


def script_faults(text: str) -> list[str]:
    """Script in a page, or words taken for HTML."""
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    faults = re.findall(r"\son[a-z]+\s*=|javascript:|\sstyle\s*=|<style", bare)
    faults += [
        one for one in re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) if "json" not in one
    ]
    return faults + re.findall(r"autoescape\s+off", text)


def test_no_page_holds_script_or_style_of_its_own() -> None:
    assert len(TEMPLATES) > 20
    assert {path.name: f for path in TEMPLATES if (f := script_faults(path.read_text()))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "<a onclick=x>",
        "<script>x</script>",
        '<p style="x">',
        '<a href="javascript:x">',
        "{% autoescape off %}",
    ],
)
def test_script_in_a_page_is_caught(planted: str) -> None:
    assert script_faults(planted)


SAFE = {
    "body.html": "an SVG that segno drew from our own link",
    "fields.html": "help texts of the library's forms, which are its own words",
}


def test_only_what_we_drew_ourselves_is_taken_for_html() -> None:
    found = {path.name for path in TEMPLATES if "|safe" in path.read_text()}
    assert found <= set(SAFE)
    python = [path for path in SOURCE.rglob("*.py") if "mark_safe" in path.read_text()]
    assert python == []


FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "yaml",
    "dill",
    "xml",
    "lxml",
    "ldap",
    "telnetlib",
}


def code_faults(text: str) -> list[str]:
    """Code from text, objects from bytes, a shell, weak hashes and ciphers."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in FORBIDDEN_CALLS or called in ("os.system", "os.popen"):
                faults.append(called)
            if any(k.arg == "shell" and ast.unparse(k.value) == "True" for k in node.keywords):
                faults.append("shell=True")
            if called in ("hashlib.md5", "hashlib.sha1") or called.endswith((".ECB", ".TripleDES")):
                faults.append(called)
            if any(k.arg == "verify" and ast.unparse(k.value) == "False" for k in node.keywords):
                faults.append("verify=False")
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        faults += [name for name in names if name.split(".")[0] in FORBIDDEN_MODULES]
    return faults


EXCUSED = {"doors/web/account/breaches.py": ["hashlib.sha1"]}
"""By what lists of leaked passwords are looked up; it guards nothing."""


def test_no_source_runs_text_opens_objects_or_asks_a_shell() -> None:
    sources = [p for p in SOURCE.rglob("*.py") if "sandbox" not in p.parts]
    assert len(sources) > 300
    assert {
        str(p.relative_to(SOURCE)): f for p in sources if (f := code_faults(p.read_text()))
    } == EXCUSED


@pytest.mark.parametrize(
    "planted",
    [
        "eval(x)",
        "import pickle",
        "subprocess.run(x, shell=True)",
        "hashlib.md5(x)",
        "from lxml import etree",
        "httpx.get(u, verify=False)",
    ],
)
def test_such_a_source_is_caught(planted: str) -> None:
    assert code_faults(planted)


def test_what_is_typed_into_a_log_stays_on_its_line(database: str) -> None:
    import io
    import logging

    import structlog

    from hesabu.app import logs

    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("INFO")
    try:
        written = io.StringIO()
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        structlog.get_logger("test").warning("test.said", code='x\n{"event": "forged"}\r\x1b[31m')
        lines = written.getvalue().splitlines()
    finally:
        root.handlers = handlers
        root.setLevel(level)
    assert len(lines) == 1
    said = json.loads(lines[0])
    assert said["event"] == "test.said"
    assert said["timestamp"].endswith("Z")


def test_no_script_keeps_anything_in_the_browser() -> None:
    scripts = [path.read_text() for path in SOURCE.glob("doors/web/static/*.js")]
    assert scripts
    for text in scripts:
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", text)
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|postMessage", text
        )
