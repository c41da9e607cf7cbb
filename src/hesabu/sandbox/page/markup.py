"""HTML from Python, escaped by construction: text is escaped, and only `Html` is not."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

VOID = frozenset({"input", "img", "br", "link", "meta", "hr"})


class Html(str):
    """Markup that needs no escaping any more."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
Attribute = str | int | bool | None


def el(tag: str, *children: Child, **attributes: Attribute) -> Html:
    """`el("p", "text", cls="note", aria_live="polite")`; False and None leave an attribute out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(children)}</{tag}>")


def joined(child: Child) -> Html:
    if child is None:
        return Html("")
    if isinstance(child, Html):
        return child
    if isinstance(child, str | int):
        return Html(escape(str(child), quote=False))
    return Html("".join(joined(each) for each in child))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    written = {"cls": "class", "for_": "for"}.get(name, name.rstrip("_").replace("_", "-"))
    if value is True:
        return f" {written}"
    return f' {written}="{escape(str(value))}"'
