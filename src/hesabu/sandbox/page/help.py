"""The keys, in a window of their own."""

from __future__ import annotations

from hesabu.sandbox.page.markup import Html, el

KEYS = (
    ("1", "Write on the left phone"),
    ("2", "Write on the right phone"),
    ("c", "Chat, on the phone you used last"),
    ("s", "SMS"),
    ("m", "Mail"),
    ("p", "M-PESA"),
    ("r", "Reply to the last message"),
    ("i", "What happened inside"),
    ("t", "Start or stop the tour"),
    ("?", "These keys"),
    ("Esc", "Close what lies on top"),
)


def keys() -> Html:
    rows = [el("div", el("dt", el("kbd", key)), el("dd", words)) for key, words in KEYS]
    return el(
        "dialog",
        el("h2", "Keys", id="keys-title"),
        el("dl", rows),
        el(
            "label",
            el("input", type="checkbox", id="keys-on", checked=True),
            el("span", "Single keys are on"),
        ),
        el(
            "form",
            el("button", "Close", cls="btn primary", autofocus=True),
            method="dialog",
        ),
        id="keys",
        aria_labelledby="keys-title",
    )


def viewer() -> Html:
    """A document over the page, for browsers that can show one."""
    return el(
        "dialog",
        el(
            "div",
            el("h2", "Document", id="viewer-title"),
            el("a", "Open in a new tab ↗", href="#", target="_blank", rel="noopener"),
            el("form", el("button", "Close", cls="btn", autofocus=True), method="dialog"),
            cls="viewer-top",
        ),
        el("div", cls="viewer-page"),
        id="viewer",
        aria_labelledby="viewer-title",
    )
