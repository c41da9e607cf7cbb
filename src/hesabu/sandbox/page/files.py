"""Files on a phone: a picture is shown, a document opens."""

from __future__ import annotations

from hesabu.sandbox.page.markup import Html, el
from hesabu.sandbox.page.words import size_words


def picture(href: str, name: str) -> Html:
    shown = el("img", src=href, alt=name or "a picture", loading="lazy")
    return el("a", shown, href=href, target="_blank", rel="noopener", cls="picture")


def document(href: str, name: str, size: int, mime_type: str) -> Html:
    """A PDF opens in a viewer over the page where the browser has one, else in a new tab."""
    extension = name.rsplit(".", 1)[-1][:4].upper() if "." in name else "•"
    return el(
        "a",
        el("span", extension, cls="kind", aria_hidden="true"),
        el("span", el("b", name), el("small", size_words(size))),
        href=href,
        target="_blank",
        rel="noopener",
        cls="doc",
        data_views=mime_type == "application/pdf",
    )
