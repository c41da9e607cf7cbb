"""How long somebody has to wait, in words."""

from __future__ import annotations

from django.utils.translation import ngettext

from hesabu.kit.errors import HesabuError


def words(error: HesabuError) -> str:
    """Of a refusal that says for how long."""
    seconds = int(error.extra.get("wait_seconds") or error.extra.get("retry_after_seconds") or 60)
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many wrong tries from here. Wait %(count)d minute, or sign in with a code by e-mail or a passkey.",
        "Too many wrong tries from here. Wait %(count)d minutes, or sign in with a code by e-mail or a passkey.",
        minutes,
    ) % {"count": minutes}
