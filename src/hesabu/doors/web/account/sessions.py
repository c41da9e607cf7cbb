"""What becomes of a session when somebody shows once more who they are, and who may end the others.

shown once more   the session goes on under another key: one that was read before the proof is worth nothing after it
ending others     asks for a factor first, unless one was shown within ten minutes; whoever found a browser open ends nothing
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from django.http import HttpRequest


def listen() -> None:
    """Called once, when the door is ready."""
    signals.authentication_step_completed.connect(_shown)


def _shown(sender: Any, request: HttpRequest, reauthenticated: bool = False, **rest: Any) -> None:
    if reauthenticated:
        request.session.cycle_key()
