"""The proxies and the unit under deploy/ are as safe as docs/security.md says, read as they are written; and run, where
HESABU_TEST_NGINX and HESABU_TEST_CADDY name the programs."""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.certificates import certificate
from steady import PATIENCE_SECONDS, eventually, free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = os.environ.get("HESABU_TEST_NGINX", "")
CADDY = os.environ.get("HESABU_TEST_CADDY", "")
HOST = "pay.example.com"
PROGRAMS = ("/api/v1/customers", "/hooks/abc", "/metrics", "/readyz")
"""What no person opens in a browser: without TLS it is refused, never led on."""


def without_comments(text: str) -> str:
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)


def nginx() -> str:
    return without_comments((DEPLOY / "nginx.conf").read_text())


def caddy() -> str:
    return without_comments((DEPLOY / "Caddyfile").read_text())


def openssl_name(iana: str) -> str:
    """TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 as OpenSSL calls it."""
    exchange, _, cipher = iana.removeprefix("TLS_").partition("_WITH_")
    cipher = cipher.replace("AES_128", "AES128").replace("AES_256", "AES256")
    cipher = cipher.replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
    return f"{exchange}_{cipher}".replace("_", "-")


def cipher_lists() -> dict[str, list[str]]:
    of_nginx = re.findall(r"ssl_ciphers\s+([^;]+);", nginx())
    of_caddy = re.findall(r"^\s*ciphers\s+(.+)$", caddy(), re.MULTILINE)
    assert len(of_nginx) == len(of_caddy) == 1
    return {
        "nginx": of_nginx[0].split(":"),
        "caddy": [openssl_name(one) for one in of_caddy[0].split()],
    }


def test_only_tls_1_2_and_1_3_are_spoken() -> None:
    assert [one.split() for one in re.findall(r"ssl_protocols\s+([^;]+);", nginx())] == [
        ["TLSv1.2", "TLSv1.3"]
    ]
    assert re.findall(r"^\s*protocols\s+(.+)$", caddy(), re.MULTILINE) == ["tls1.2 tls1.3"]


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_every_cipher_is_authenticated_and_has_forward_secrecy(proxy: str) -> None:
    """As OpenSSL itself knows each: an ephemeral exchange, and a cipher that sees what was changed."""
    names = cipher_lists()[proxy]
    assert len(names) == len(set(names)) == 6
    for name in names:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers(name)
        found = [one for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
        assert [one["name"] for one in found] == [name]
        assert found[0]["aead"], name
        assert name.startswith("ECDHE-")


def test_what_no_person_opens_is_refused_without_tls_and_never_led_on() -> None:
    plain = [one for one in re.split(r"(?m)^server \{", nginx()) if "listen 80;" in one]
    assert len(plain) == 1
    refused = re.search(r"location ~ (\S+) \{\s*return 403;", plain[0])
    assert refused
    for path in PROGRAMS:
        assert re.search(refused[1], path), path
    assert not re.search(refused[1], "/p/abc")
    assert "proxy_pass" not in plain[0]
    of_caddy = caddy().partition(f"http://{HOST} {{")[2].partition("\n}")[0]
    paths = re.search(r"@programs path (.+)", of_caddy)
    assert paths
    for path in PROGRAMS:
        assert any(path == one.rstrip("*") or (one.endswith("*") and path.startswith(one[:-1])) for one in paths[1].split())  # fmt: skip
    assert "respond @programs 403" in of_caddy
    assert "reverse_proxy" not in of_caddy
    assert "auto_https disable_redirects" in caddy()


def test_a_proxy_leads_to_this_machine_alone_whatever_a_visitor_says() -> None:
    """No address that is passed to is made of a request's words."""
    upstreams = re.findall(r"(?:server|reverse_proxy(?: \S+)?) (\S+:\d+)", nginx() + caddy())
    assert set(upstreams) <= {"127.0.0.1:8000;", "127.0.0.1:8001;", "127.0.0.1:8000", "127.0.0.1:8001"}  # fmt: skip
    assert len(upstreams) == 4
    for target in re.findall(r"proxy_pass\s+([^;]+);", nginx()):
        assert "$" not in target
    assert "{" not in "".join(re.findall(r"reverse_proxy(?: /\S+)? (\S+) \{", caddy()))


def test_who_sent_a_request_is_told_by_the_proxy_and_not_added_to() -> None:
    assert "X-Forwarded-For $remote_addr;" in nginx()
    assert "$proxy_add_x_forwarded_for" not in nginx()
    assert caddy().count("header_up X-Forwarded-For {remote_host}") == 2
    assert nginx().count("X-Forwarded-Proto https") == 1
    assert caddy().count("header_up X-Forwarded-Proto https") == 2


def test_no_proxy_keeps_addresses_that_open_something() -> None:
    assert "access_log off;" in nginx()
    assert not re.search(r"^\s*log\b", caddy(), re.MULTILINE)


def test_the_unit_sees_nothing_of_the_machine_and_reaches_nothing_inside_the_network() -> None:
    lines = without_comments((DEPLOY / "hesabu-web.service").read_text()).splitlines()
    said = dict(line.partition("=")[::2] for line in lines if "=" in line)
    assert said["User"] == "hesabu"
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "RestrictSUIDSGID"):
        assert said[name] == "yes"
    assert (said["ProtectSystem"], said["CapabilityBoundingSet"]) == ("strict", "")
    assert set(said["RestrictAddressFamilies"].split()) == {"AF_UNIX", "AF_INET", "AF_INET6"}
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"} <= set(
        said["IPAddressDeny"].split()
    )
    secrets = [line.partition("=")[2] for line in lines if line.startswith("LoadCredential")]
    from hesabu.app import config

    assert {one.removeprefix("hesabu_") for one in secrets} <= set(config.secrets_of())


# --- the proxies themselves, where there are any ----------------------------------------------------------------------


class Told(BaseHTTPRequestHandler):
    """What stands behind: says what it was told."""

    def do_GET(self) -> None:
        body = "\n".join(f"{name.lower()}: {value}" for name, value in self.headers.items())
        self.send_response(200)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Not told."""


def listens_at(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], ports: list[int], place: Path) -> Iterator[None]:
    with (place / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=place, stdout=said, stderr=said)
    try:
        eventually(lambda: process.poll() is not None or all(map(listens_at, ports)))
        assert process.poll() is None, (place / "said").read_text()
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    """(port without TLS, port with TLS, the certificate to trust) of a proxy as it is written, but for ports and certificate."""
    binary = {"nginx": NGINX, "caddy": CADDY}[request.param]
    if not binary:
        pytest.skip(f"HESABU_TEST_{request.param.upper()} names no program")
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    chain, key = certificate(tmp_path, HOST)
    plain, tls = free_port(), free_port()
    to = f"127.0.0.1:{behind.server_address[1]}"
    if request.param == "nginx":
        text = (DEPLOY / "nginx.conf").read_text().replace("127.0.0.1:8000", to)
        text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
        text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{plain}", text)
        text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{tls}", text)
        text = re.sub(r"/etc/letsencrypt/live/[^/]+", str(tmp_path), text)
        text = text.replace("/var/log/nginx/hesabu.log", str(tmp_path / "error.log"))
        whole = f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\nhttp {{\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
            whole += f"{name}_temp_path {tmp_path}/{name};\n"
        (tmp_path / "nginx.conf").write_text(whole + text + "\n}\n")
        command = [binary, "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"]  # fmt: skip
    else:
        text = (DEPLOY / "Caddyfile").read_text().replace("127.0.0.1:8000", to)
        text = text.replace(f"http://{HOST} ", f"http://{HOST}:{plain} ")
        text = text.replace(f"https://{HOST} {{", f"https://{HOST}:{tls} {{")
        text = text.replace("\ttls {\n", f"\ttls {chain} {key} {{\n")
        ports = f"\tadmin off\n\thttp_port {plain}\n\thttps_port {tls}\n\tauto_https"
        text = text.replace("\tauto_https", ports, 1)
        (tmp_path / "Caddyfile").write_text(text)
        command = [binary, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    try:
        with running(command, [plain, tls], tmp_path):
            yield plain, tls, chain
    finally:
        behind.shutdown()
        behind.server_close()


def asked(
    port: int, path: str, *, method: str = "GET", **more: Any
) -> tuple[int, dict[str, str], str]:
    line: http.client.HTTPConnection
    if "context" in more:
        line = _Named("127.0.0.1", port, timeout=PATIENCE_SECONDS, context=more.pop("context"))
    else:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    line.request(method, path, headers={"Host": HOST, **more.pop("headers", {})})
    answer = line.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read().decode("utf-8", "replace")
    line.close()
    return answer.status, told, body


class _Named(http.client.HTTPSConnection):
    """Reaches this machine, and asks for the host."""

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=HOST)  # type: ignore[attr-defined]


def trusting(chain: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(chain))


def test_pages_are_led_to_tls_and_programs_are_refused(proxy: tuple[int, int, Path]) -> None:
    plain, _, _ = proxy
    status, told, _ = asked(plain, "/p/abc?turn=1")
    assert (status, told["location"]) == (308, f"https://{HOST}/p/abc?turn=1")
    assert asked(plain, "/p/abc", method="POST")[0] == 403
    for path in PROGRAMS:
        assert asked(plain, path)[0] == 403, path
        assert asked(plain, path, method="POST")[0] == 403, path


def test_what_comes_by_tls_is_passed_on_with_who_sent_it(proxy: tuple[int, int, Path]) -> None:
    _, tls, chain = proxy
    claims = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "http", "Forwarded": "for=x", "X-Real-IP": "x"}  # fmt: skip
    status, _, body = asked(tls, "/p/abc", context=trusting(chain), headers=claims)
    assert status == 200
    said = dict(line.split(": ", 1) for line in body.splitlines())
    assert said["x-forwarded-for"] == "127.0.0.1"
    assert said["x-forwarded-proto"] == "https"
    assert "forwarded" not in said
    assert "x-real-ip" not in said
    assert said["host"].partition(":")[0] == HOST


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_what_is_older_than_tls_1_2_is_not_spoken(
    proxy: tuple[int, int, Path], version: str
) -> None:
    _, tls, chain = proxy
    context = trusting(chain)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with pytest.raises(ssl.SSLError):
        asked(tls, "/", context=context)


def test_no_cipher_without_forward_secrecy_is_spoken(proxy: tuple[int, int, Path]) -> None:
    _, tls, chain = proxy
    context = trusting(chain)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AES:!AESGCM:!AESCCM:AES:!ECDHE+AESGCM:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        asked(tls, "/", context=context)
