"""The pure rules of identity: which names and PINs are taken, how long to wait after wrong ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import zoneinfo
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from hesabu.identity.errors import BadDetail, BadEmail, BadName, BadPin, ChallengeBad, RedirectBad
from hesabu.identity.types import ApprovalState
from hesabu.kit import tax_ids
from hesabu.kit.moves import Moves
from hesabu.kit.phones import parse_phone

TRIES_MAX = 5
FIRST_WAIT_SECONDS = 60
LONGEST_WAIT_SECONDS = 24 * 60 * 60
UNDO_WITHIN = timedelta(minutes=10)
"""How long a change of a business's details is taken back by a word."""

_UP, _DOWN = "01234567890", "09876543210"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def checked_name(text: str, field: str = "name") -> str:
    """A name with its spaces put right. Raises BadName."""
    name = " ".join(text.split())
    if not 2 <= len(name) <= 80 or not any(letter.isalnum() for letter in name):
        raise BadName(field=field)
    if any(not letter.isprintable() for letter in name):
        raise BadName(field=field)
    return name


def checked_email(text: str) -> str:
    """An address in the one form we compare. Raises BadEmail."""
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise BadEmail(field="email")
    return email


def checked_pin(text: str) -> str:
    """Four to six digits that are not the first ones anybody would try. Raises BadPin."""
    pin = text.strip()
    if not (4 <= len(pin) <= 6 and pin.isascii() and pin.isdigit()) or is_easy(pin):
        raise BadPin(field="pin")
    return pin


def is_easy(pin: str) -> bool:
    """A row (1234, 4321), a repeat (0000, 1212, 123123) or a year."""
    is_row = pin in _UP or pin in _DOWN
    is_repeat = any(
        len(pin) % width == 0 and pin == pin[:width] * (len(pin) // width)
        for width in range(1, len(pin) // 2 + 1)
    )
    return is_row or is_repeat or bool(re.fullmatch(r"(19|20)\d\d", pin))


def tries_left(wrong_count: int) -> int:
    """Tries before the next wait: after the first wait every wrong try brings another."""
    return max(0, TRIES_MAX - wrong_count)


def wait_seconds(wrong_count: int) -> int:
    """How long a person waits after their `wrong_count`-th wrong try in a row."""
    if wrong_count < TRIES_MAX:
        return 0
    doublings = min(wrong_count - TRIES_MAX, 32)
    return int(min(FIRST_WAIT_SECONDS * 2**doublings, LONGEST_WAIT_SECONDS))


def locked_until(wrong_count: int, now: datetime) -> datetime | None:
    wait = wait_seconds(wrong_count)
    return now + timedelta(seconds=wait) if wait else None


ATTEMPTS_FREE = 5
"""Wrong tries in a row, for one account from one address, before there is a wait."""
ATTEMPT_WAIT_MAX_SECONDS = 60 * 60
BESIEGED_ABOVE, BESIEGED_WITHIN = 100, timedelta(hours=1)
"""More tries than that for one account, from anywhere, and the platform's people are told."""
ATTEMPTS_LOOKED_AT = timedelta(days=1)


def attempt_wait_seconds(wrong_count: int) -> int:
    """How long after the last of so many wrong tries the next one is taken: growing, and never more than an hour, since
    who stands in front may be the owner."""
    if wrong_count < ATTEMPTS_FREE:
        return 0
    doublings = min(wrong_count - ATTEMPTS_FREE, 16)
    return int(min(FIRST_WAIT_SECONDS * 2**doublings, ATTEMPT_WAIT_MAX_SECONDS))


REDIRECTS_MAX = 10
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_URI = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()+,;=%-]{1,500}")
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9-]+)+")


def checked_redirect(uri: str, *, is_confidential: bool) -> str:
    """An address that people are sent back to: over TLS, or to this very computer, or to an app by a scheme of its own, which
    anybody's app on the phone could take and so is for those that keep no secret. Raises RedirectBad."""
    if not _URI.fullmatch(uri):
        raise RedirectBad(field="redirect_uris")
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RedirectBad(field="redirect_uris") from error
    is_plain = "@" not in parts.netloc and "/.." not in parts.path and port != 0
    if parts.scheme == "https":
        is_good = "." in host.strip(".")
    elif parts.scheme == "http":
        is_good = host == "127.0.0.1"
    else:
        is_own = bool(_OWN_SCHEME.fullmatch(parts.scheme)) and uri.startswith(f"{parts.scheme}:/")
        is_good = is_own and not parts.netloc and not is_confidential
    if not (is_good and is_plain):
        raise RedirectBad(field="redirect_uris")
    return uri


def checked_challenge(challenge: str) -> str:
    """A challenge by S256 (RFC 7636). Raises ChallengeBad."""
    if not _CHALLENGE.fullmatch(challenge):
        raise ChallengeBad(field="code_challenge")
    return challenge


def proves(verifier: str, challenge: str) -> bool:
    """Whether whoever has this is whoever sent that challenge."""
    if not _VERIFIER.fullmatch(verifier) or not challenge:
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    written = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(written, challenge)


APPROVAL_MOVES = Moves(
    {
        (ApprovalState.ASKED, "approve"): ApprovalState.DONE,
        (ApprovalState.ASKED, "refuse"): ApprovalState.REFUSED,
        (ApprovalState.ASKED, "withdraw"): ApprovalState.WITHDRAWN,
    }
)


PIN_FOR_PAYMENTS = re.compile(r"always|never|above(?: [1-9][0-9]{0,14})?")
"""When a chat asks for the PIN before money is counted as received; the amount is in minor units."""


def checked_detail(field: str, value: Any, country: str) -> Any:
    """A detail of a business as it is kept; what its country checks is checked. Raises BadDetail, BadName, BadPhone, BadTaxId…"""
    if field == "is_vat_registered":
        return bool(value)
    text = " ".join(str(value or "").split())
    if field == "name":
        return checked_name(text)
    if field == "legal_name":
        return checked_name(text, field) if text else ""
    if field == "timezone":
        if text not in zoneinfo.available_timezones():
            raise BadDetail("no such timezone", field=field)
        return text
    if field == "language":
        if not 2 <= len(text) <= 16:
            raise BadDetail("no such language", field=field)
        return text
    if field == "phone":
        return parse_phone(text, country) if text else None
    if field == "email":
        return checked_email(text) if text else None
    if field == "tax_id":
        return tax_ids.checked_tax_id(text, country) if text else None
    if field == "pin_for_payments":
        if not PIN_FOR_PAYMENTS.fullmatch(text):
            raise BadDetail("always, never, above, or above an amount", field=field)
        return text
    if field == "vat_number":
        return tax_ids.checked_vat_number(text, country) if text else None
    if len(text) > 300:
        raise BadDetail("too long", field=field)
    return text or None


TOLD_WITHIN = timedelta(hours=1)
"""That a first PIN was set is told by who reads the fact; what was not told by then, by the clock."""
FIRST_PROOF_WAIT, FIRST_PROOF_STAYS = timedelta(hours=24), timedelta(days=7)
TAKING_WAIT = timedelta(hours=24)
"""How long the taking of an admin's role on the command line can be stopped."""
RESTORATION_WAITS = timedelta(days=3)
"""How long an admin of the platform may take to agree."""


def is_number_all(
    known_since: datetime, pin_set_at: datetime | None, now: datetime, *, has_shown_pin: bool
) -> bool:
    """Whether somebody who came in by their number has shown nothing besides that a borrowed phone could not have made up:
    a PIN that is a day old would be something, and an account that is not has no owner yet but whoever began it."""
    if now - known_since < FIRST_PROOF_WAIT:
        return False
    if has_shown_pin:
        return pin_set_at is not None and now - pin_set_at < FIRST_PROOF_WAIT
    return True
