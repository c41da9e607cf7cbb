"""Secrets for development: made once, kept in one file only its owner reads, never used in production."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path


def new_keys() -> dict[str, str]:
    """Fresh keys of the installation's own, ready for an environment file."""
    return {
        "secret_key": secrets.token_urlsafe(48),
        "field_keys": f"k1:{_key()}",
        "blind_key": _key(),
    }


def keep(path: Path) -> dict[str, str]:
    """The kept secrets; made first if there are none. Safe when several processes start at once."""
    values = kept(path)
    missing = {name: value for name, value in _all_new().items() if name not in values}
    if not missing:
        return values
    return _written(path, values | missing, is_first=not path.exists())


def change(path: Path, **values: str) -> None:
    """Put other values into the file; all others stay."""
    _written(path, kept(path) | values, is_first=False)


def _written(path: Path, values: dict[str, str], *, is_first: bool) -> dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    lines = ["# Made once for development. Delete to start over; what was sealed is then lost."]
    lines += [f"HESABU_{name.upper()}={value}" for name, value in values.items()]
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
    if not is_first:
        draft.replace(path)
        return values
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first; its secrets are the secrets
        return kept(path)
    finally:
        draft.unlink()
    return values


def kept(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if line[:1] != "#")
    return {name.removeprefix("HESABU_").lower(): value for name, _, value in pairs if value}


def _all_new() -> dict[str, str]:
    return new_keys() | {
        "whatsapp_token": secrets.token_urlsafe(32),
        "whatsapp_phone_number_id": str(10**14 + secrets.randbelow(9 * 10**14)),
        "whatsapp_app_secret": secrets.token_hex(16),
        "whatsapp_verify_token": secrets.token_urlsafe(18),
        "dialog360_api_key": secrets.token_urlsafe(24),
        "africastalking_api_key": f"atsk_{secrets.token_hex(32)}",
        "mailgun_api_key": f"key-{secrets.token_hex(16)}",
        "mailgun_signing_key": secrets.token_hex(16),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def inside_token(secret_key: str) -> str:
    """What the sandbox shows to look inside the product (see `inside`), made from the key that signs sessions."""
    made = hmac.new(secret_key.encode(), b"hesabu inside", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made)[:32].decode()
