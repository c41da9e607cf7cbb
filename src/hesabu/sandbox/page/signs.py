"""Small drawings: ticks as WhatsApp draws them, and the marks on buttons. Each is hidden from screen readers."""

from __future__ import annotations

from hesabu.sandbox.page.markup import Html, el

TICK = "M1.5 6.2 4.6 9.3 10.4 2.7"
SECOND_TICK = "M6.6 8.4 7.5 9.3 13.3 2.7"
STATES = {
    "sent": (TICK,),
    "delivered": (TICK, SECOND_TICK),
    "read": (TICK, SECOND_TICK),
}
WORDS = {"sent": "sent", "delivered": "delivered", "read": "seen"}


def ticks(status: str) -> Html | None:
    """One grey tick: sent. Two: it is there. Two blue ones: it was seen."""
    paths = STATES.get(status)
    if paths is None:
        return None
    drawn = [el("path", d=path) for path in paths]
    svg = el("svg", drawn, viewBox="0 0 15 12", aria_hidden="true", focusable="false")
    return el("span", svg, el("span", WORDS[status], cls="unseen"), cls=f"ticks {WORDS[status]}")


def _sign(*paths: str) -> Html:
    drawn = [el("path", d=path) for path in paths]
    return el("svg", drawn, viewBox="0 0 20 20", cls="sign", aria_hidden="true", focusable="false")


CLIP = _sign(
    "M14.5 8.5 9 14a3.2 3.2 0 0 1-4.6-4.5l6-6a2.2 2.2 0 0 1 3.1 3.1L8 12a1 1 0 0 1-1.5-1.4L11.5 5.6"
)
SEND = _sign("M3 10 17 3.6 12.4 17 9.8 11.4Z", "M9.8 11.4 17 3.6")
REPLY = _sign("M8 4 3 9l5 5", "M3 9h8a6 6 0 0 1 6 6v1")
INSIDE = _sign("M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z", "M13 13l4 4")
CLOSE = _sign("M5 5l10 10", "M15 5 5 15")
DOTS = el("span", el("i"), el("i"), el("i"), cls="dots", aria_hidden="true")
