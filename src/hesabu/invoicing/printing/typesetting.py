"""The typesetter: one compiler a process, and a paper drawn whatever letters it was given.

The house fonts cover Latin, Greek and Cyrillic. A name in another script is set with a font of the host where there is
one, and shows an empty box for each letter where there is none: an archival file may not leave a letter undrawn, and a
paper that is late is worse than a box in a name.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import typst

_TEMPLATES = Path(__file__).parents[1] / "templates" / "invoicing"
_COMPILING = (
    threading.Lock()
)  # one compiler per process; it keeps its fonts and its parsed source, and takes one at a time
_BOX = "□"
_RUN_LONGEST = (
    32  # letters without a place to break; a longer run gets places, or it would leave the paper
)
_ROUNDS_MAX = 24
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_NOT_SURELY_DRAWN = re.compile(r"[^\x20-\u024f\u0370-\u052f\u2010-\u2027\u2212\n]")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3\U000e0020-\U000e007f]\u200d?")
_FORBIDDEN = re.compile(r'contains the codepoint `"(.+?)"`')


@cache
def _compiler(*, with_host_fonts: bool) -> typst.Compiler:
    return typst.Compiler(
        input=str(_TEMPLATES / "document.typ"),
        root=str(_TEMPLATES),
        font_paths=[str(_TEMPLATES / "fonts")],
        ignore_system_fonts=not with_host_fonts,
    )


def compile_pdf(inputs: dict[str, str], stamp: int) -> bytes:
    """First with the house fonts; then with the host's; then with a box for what neither can draw."""
    with_host_fonts = False
    for _ in range(_ROUNDS_MAX):
        try:
            return typeset(inputs, stamp, with_host_fonts=with_host_fonts)
        except typst.TypstError as error:
            undrawn = _UNDRAWN.search(str(error)) or _FORBIDDEN.search(str(error))
            if undrawn is None:
                raise
            if with_host_fonts:
                inputs = inputs | {"page": _boxed(inputs["page"], _letters(undrawn[1]))}
            with_host_fonts = True
    return typeset(inputs | {"page": _NOT_SURELY_DRAWN.sub(_BOX, inputs["page"])}, stamp)


def typeset(inputs: dict[str, str], stamp: int, *, with_host_fonts: bool = False) -> bytes:
    """The typesetter's bare call."""
    with _COMPILING:
        compiled = _compiler(with_host_fonts=with_host_fonts).compile(
            sys_inputs=inputs, pdf_standards=["a-3a"], timestamp=stamp, format="pdf"
        )
    if not isinstance(compiled, bytes):
        raise TypeError("a PDF is one file")
    return compiled


def _letters(shown: str) -> str:
    r"""The letters a compiler's message speaks of; it writes the invisible ones as \u{1f}."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), shown)


def _boxed(text: str, undrawn: str) -> str:
    """A box for these letters and for all of their script, so that a page of them takes one round and not hundreds."""
    scripts = {_script(letter) for letter in undrawn}
    return "".join(
        _BOX
        if letter in undrawn or (ord(letter) > 0x24F and _script(letter) in scripts)
        else letter
        for letter in text
    )


def _script(letter: str) -> str:
    if unicodedata.category(letter) in ("So", "Sk"):
        return "symbol"
    return unicodedata.name(letter, "unnamed").split(" ", 1)[0]


def drawable(value: Any) -> Any:
    """Text without what cannot be drawn or would mislead: control letters, marks that turn the reading order, and emoji,
    which no house font has and which a box would only make worse."""
    if isinstance(value, dict):
        return {key: drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [drawable(item) for item in value]
    if not isinstance(value, str):
        return value
    shown = value
    if _EMOJI.search(value):  # a name of nothing else keeps its boxes
        shown = re.sub(r" {2,}", " ", _EMOJI.sub("", value)).strip() or value
    kept = "".join(letter for letter in shown if letter in "\n\u200c\u200d" or _is_drawn(letter))
    return re.sub(rf"\S{{{_RUN_LONGEST},}}", _with_breaks, kept)


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in (
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    )


def _with_breaks(run: re.Match[str]) -> str:
    letters = run[0]
    if letters.startswith(("https://", "http://")):
        return letters
    return "\u200b".join(letters[i : i + 8] for i in range(0, len(letters), 8))
