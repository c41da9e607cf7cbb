"""How the house looks from outside: `hesabu doctor --public` goes to its public address as a visitor would.

Whose certificate it is, by whom and until when; which versions of TLS are spoken; whether browsers are told to come by TLS alone;
that without TLS pages are led on and programs refused; and that the answer is ours.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hesabu.app.config import Config
from hesabu.app.doctor.findings import Finding, Grade
from hesabu.kit import clock

PATIENCE_SECONDS = 8
CERTIFICATE_WATCH_DAYS, CERTIFICATE_WRONG_DAYS = 21, 5
HSTS_SECONDS_MIN = 31_536_000
TOO_OLD = ("TLSv1", "TLSv1_1")
PROXY = "See docs/operations/proxy.md."


@dataclass(frozen=True, slots=True)
class Place:
    """Where to knock. `at` is where the name leads; `trust` a file of further certificates to believe in."""

    host: str
    port: int
    plain_port: int = 80
    at: str = ""
    trust: str | None = None

    @property
    def address(self) -> str:
        return self.at or self.host


def examine(config: Config) -> Iterator[Finding]:
    """Every finding about the public address."""
    parts = urlsplit(config.public_url)
    if parts.scheme != "https" or not parts.hostname:
        said = f"{config.public_url or 'nothing'} is no https address"
        yield Finding("public", "wrong", said, "Set HESABU_PUBLIC_URL to what customers reach.")
        return
    yield from look(Place(parts.hostname, parts.port or 443))


def look(place: Place) -> Iterator[Finding]:
    try:
        yield from _certificate(place)
    except ssl.SSLCertVerificationError as error:
        said = f"{place.host} shows a certificate that is not trusted: {error.verify_message}"
        yield Finding("public", "wrong", said, f"Get one from a public authority. {PROXY}")
        return
    except (OSError, ssl.SSLError) as error:
        said = f"{place.host}:{place.port} is not reached by TLS: {type(error).__name__}"
        yield Finding("public", "wrong", said, f"Look from another network, too. {PROXY}")
        return
    yield from _versions(place)
    try:
        yield from _answer(place)
    except OSError as error:
        said = f"no answer comes by TLS: {type(error).__name__}"
        yield Finding("public", "wrong", said, PROXY)
    yield from _without_tls(place)


def _trusting(place: Place) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if place.trust:
        context.load_verify_locations(place.trust)
    return context


def _by_tls(place: Place, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection((place.address, place.port), PATIENCE_SECONDS)
    try:
        return context.wrap_socket(plain, server_hostname=place.host)
    except (OSError, ssl.SSLError):
        plain.close()
        raise


def _certificate(place: Place) -> Iterator[Finding]:
    with _by_tls(place, _trusting(place)) as line:
        shown = line.getpeercert() or {}
        cipher = line.cipher() or ("?", "?", 0)
        version = line.version()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    days = (ends - clock.now()).days
    grade: Grade = "fine"
    if days < CERTIFICATE_WATCH_DAYS:
        grade = "wrong" if days < CERTIFICATE_WRONG_DAYS else "watch"
    said = f"the certificate is trusted, and good for {days} days"
    yield Finding("public", grade, said, "" if grade == "fine" else "Is it renewed by itself?")
    yield Finding("public", "fine", f"{version} is spoken, by {cipher[0]}")


def _versions(place: Place) -> Iterator[Finding]:
    """What is too old is not spoken. Where this machine's own library speaks it no more, it says that it cannot tell."""
    for name in TOO_OLD:
        old = name.replace("_", ".").replace("TLSv1", "TLS 1", 1)
        context = _trusting(place)
        try:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = ssl.TLSVersion[name]
        except (ValueError, ssl.SSLError):
            yield Finding("public", "fine", f"{old} could not be tried from here")
            continue
        try:
            _by_tls(place, context).close()
        except (OSError, ssl.SSLError):
            yield Finding("public", "fine", f"{old} is not spoken")
        else:
            yield Finding("public", "wrong", f"{old} is spoken", PROXY)


def _answer(place: Place) -> Iterator[Finding]:
    status, told = _asked(place, "/healthz", _trusting(place))
    if status != 200:
        said = f"/healthz is answered by {status}"
        yield Finding("public", "wrong", said, f"Is the web process up behind the proxy? {PROXY}")
    rules = [one.strip().lower() for one in told.get("strict-transport-security", "").split(";")]
    ages = [one.partition("=")[2] for one in rules if one.startswith("max-age=")]
    is_long = any(age.isdigit() and int(age) >= HSTS_SECONDS_MIN for age in ages)
    if is_long and "includesubdomains" in rules:
        yield Finding("public", "fine", "browsers are told to come by TLS alone")
    else:
        yield Finding("public", "wrong", "browsers are not told to come by TLS alone", PROXY)


def _without_tls(place: Place) -> Iterator[Finding]:
    """Pages are led on, programs refused; or nobody is there at all."""
    try:
        page, told = _asked(place, "/account/login/")
        program, _ = _asked(place, "/api/v1/customers")
    except OSError:
        yield Finding("public", "fine", "nobody answers without TLS")
        return
    is_led = page in (301, 302, 307, 308) and told.get("location", "").startswith("https://")
    if is_led or page >= 400:
        yield Finding("public", "fine", "without TLS no page is shown")
    else:
        yield Finding("public", "wrong", "pages are shown without TLS", PROXY)
    if program >= 400:
        yield Finding("public", "fine", "without TLS programs are refused")
    else:
        said = "without TLS programs are answered, and show their keys to whoever listens"
        yield Finding("public", "wrong", said, PROXY)


def _asked(
    place: Place, path: str, context: ssl.SSLContext | None = None
) -> tuple[int, dict[str, str]]:
    """Status and headers. Raises OSError where nobody answers."""
    line = http.client.HTTPConnection(place.address, timeout=PATIENCE_SECONDS)
    if context is not None:
        line.sock = _by_tls(place, context)
    else:
        line.sock = socket.create_connection((place.address, place.plain_port), PATIENCE_SECONDS)
    try:
        line.request("GET", path, headers={"Host": place.host, "User-Agent": "Hesabu/1"})
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        line.close()
