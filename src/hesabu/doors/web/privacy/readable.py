"""What is held on somebody, as a page that anybody can read: the same as the JSON beside it, nothing left out.

One file without scripts, pictures or anything from elsewhere, so that it can be opened from a disk and printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem;margin:.5rem 0}"
    "dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}section{border-top:1px solid;margin-top:1rem}"
)


def page(said: Mapping[str, Any]) -> str:
    title = escape(_("Everything that is held"))
    about = escape(
        _(
            "This page says the same as held.json beside it. Papers stand in the folder next to them."
        )
    )
    return (
        f'<!doctype html><html lang="{get_language() or "en"}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>{about}</p>{_shown(said, 2)}</body></html>"
    )


def _shown(value: Any, depth: int) -> str:
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, list | tuple):
        if not value:
            return "—"
        return "".join(f"<section>{_shown(one, depth)}</section>" for one in value)
    return "—" if value is None or value == "" else escape(str(value))


def _mapping(value: Mapping[str, Any], depth: int) -> str:
    plain = {
        name: one for name, one in value.items() if not isinstance(one, Mapping | list | tuple)
    }
    nested = {name: one for name, one in value.items() if name not in plain}
    said = "".join(
        f"<dt>{_words(name)}</dt><dd>{_shown(one, depth)}</dd>" for name, one in plain.items()
    )
    level = min(depth, 6)
    more = "".join(
        f"<h{level}>{_words(name)}</h{level}>{_shown(one, depth + 1)}"
        for name, one in nested.items()
    )
    return (f"<dl>{said}</dl>" if said else "") + more


def _words(name: str) -> str:
    return escape(str(name).replace("_", " ").capitalize())
