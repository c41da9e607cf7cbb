"""Cleaning a message and cutting it into tokens, once, from left to right.

A token remembers where it stood, so names and descriptions are the writer's own words, not ours.
Every expression here has bounded or possessive repeats: the time is linear in the length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from hesabu.doors.chat.grammar.countries import CURRENCIES, LOCAL_SIGNS

LENGTH_MAX = 4096
"""WhatsApp's own limit for a text."""
TOKENS_MAX = 1000
"""More than any text of that length by a person has; what lies behind is not read, and that is said."""


class Kind(StrEnum):
    WORD = "word"
    CHUNK = "chunk"  # begins with a digit or a sign; ``numbers`` says what it is
    NUMBER = "number"
    PERCENT = "percent"
    BAD = "bad"  # stands where a number would, and cannot be taken; ``problem`` says why
    COMMA = "comma"  # comma, semicolon
    BREAK = "break"  # a new line
    MARK = "mark"
    PHONE = "phone"
    EMAIL = "email"
    GAP = "gap"  # something was read here and cut out


NUMBERS = frozenset({Kind.NUMBER, Kind.BAD})
"""What is written as a number, also one that is none ("1,50,000")."""


@dataclass(slots=True)  # not frozen, only because making them is most of what a message costs
class Token:
    """A word, number or mark of a message. It is never changed: ``becoming`` makes another."""

    kind: Kind
    text: str
    low: str
    start: int
    end: int
    value: Decimal | None = None
    currency: str | None = None
    is_marked: bool = False
    problem: str | None = None

    def becoming(self, kind: Kind) -> Token:
        return Token(
            kind,
            self.text,
            self.low,
            self.start,
            self.end,
            self.value,
            self.currency,
            self.is_marked,
            self.problem,
        )

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()


_REPLACED = {
    **{ord(c): "'" for c in "’‘`´ʼ"},
    **{ord(c): '"' for c in "“”„«»"},
    **{ord(c): "-" for c in "‐‑‒–—−"},
    **{ord(c): " " for c in "\u00a0\u202f\u2009\u2007\t"},
    ord("\r"): "\n",
    ord("\u2028"): "\n",
    ord("\u2029"): "\n",
    ord("、"): ",",
    ord("，"): ",",
    ord("،"): ",",
    ord("；"): ";",
    ord("．"): ".",
    ord("＋"): "+",
}


def clean(text: str) -> str:
    """The same words with plain quotes, dashes, spaces and digits, and nothing invisible."""
    if text.isascii() and text.isprintable():
        return _EMPHASIS.sub("", _less_copied(text[:LENGTH_MAX])).strip()
    text = text[: LENGTH_MAX * 2].replace("\r\n", "\n").translate(_REPLACED)
    text = unicodedata.normalize("NFC", text)
    return _EMPHASIS.sub("", _less_copied("".join(map(_seen, text))[:LENGTH_MAX])).strip()


# WhatsApp's *bold*, _italic_ and ~struck~: the marks go, a lone * between numbers stays.
_COPIED = re.compile(
    r"^[^\S\n]*+\[\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?,? \d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?\] [^:\n]{1,60}+: ",
    re.MULTILINE,
)
"""What WhatsApp puts before messages that are copied: "[23/11, 08:14] Jane: "."""


def _less_copied(text: str) -> str:
    return _COPIED.sub("", text) if "[" in text and "] " in text else text


_EMPHASIS = re.compile(r"(?<![^\s(])[*_~]+(?=\w)|(?<=[^\s\d*_~])[*_~]+(?![^\s).,!?])")
# Emoji variation selectors and skin tones: a thumb is a thumb.
_VARIANTS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400))))


def _seen(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Cf", "Cs", "Co", "Cn"} or character in _VARIANTS:
        return ""
    return " " if category in {"Cc", "Zs", "Zl", "Zp"} else character


_SIGNS = (
    "|".join(
        f"(?i:{re.escape(sign)})"
        for sign in sorted(
            {
                s
                for c in CURRENCIES.values()
                for s in c.signs
                if s.isalnum() or s.endswith(("$", "₵", "¢"))
            }
            | set(LOCAL_SIGNS),
            key=len,
            reverse=True,
        )
    )
    + "|N|R"
)
_TOKEN = re.compile(
    r"""
      (?P<break>\n[\s]*+)
    | (?P<space>[^\S\n]++)
    | (?P<email>[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}+@[A-Za-z0-9][A-Za-z0-9-]{0,40}+(?:\.[A-Za-z0-9-]{1,20}+){1,4}+)
    | (?P<chunk>(?:(?<![\w.)])[-+](?=\.?\d))?+(?:\.(?=\d))?+\d\w*+(?:[.,'/:-]\d\w*+)*+(?:/[=-]|%|(?<=\w)=(?=\s|$))?+)
    | (?P<times>(?:[xX](?=[\d])|[×*](?=\s*+\d)))
    | (?P<glued>(?:"""
    + _SIGNS
    + r""")\.?+(?=-?\d))
    | (?P<word>(?i:gh)[₵¢]|[^\W\d_](?:[^\W_]|[\u0300-\u036f])*+(?:['.&-][^\W_](?:[^\W_]|[\u0300-\u036f])*+)*+)
    | (?P<comma>[,;])
    | (?P<mark>.)
    """,
    re.VERBOSE,
)


def tokens_of(text: str, phones: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The text in tokens. ``phones`` are spans that were already read as telephone numbers."""
    found: list[Token] = []
    at = 0
    for start, end in phones:
        _cut(text, at, start, found)
        found.append(Token(Kind.PHONE, text[start:end], text[start:end], start, end))
        at = end
    _cut(text, at, len(text), found)
    return found[:TOKENS_MAX]


def _cut(text: str, at: int, stop: int, into: list[Token]) -> None:
    for match in _TOKEN.finditer(text, at, stop):
        kind = match.lastgroup
        if kind == "space":
            continue
        word = match.group()
        if len(into) > TOKENS_MAX:
            return
        into.append(Token(_KINDS[kind or "mark"], word, word.lower(), match.start(), match.end()))


_KINDS = {
    "break": Kind.BREAK,
    "email": Kind.EMAIL,
    "chunk": Kind.CHUNK,
    "times": Kind.MARK,
    "glued": Kind.WORD,
    "word": Kind.WORD,
    "comma": Kind.COMMA,
    "mark": Kind.MARK,
}


def words_of(tokens: Sequence[Token]) -> list[str]:
    """Their lower-case words, place by place, for comparing with phrases. No phrase spans a gap."""
    return ["\0" if t.kind is Kind.GAP else t.low for t in tokens]


_EDGES = " \t\n.,;:!?-–=*_~|\"'()[]<>/\\+@#"


def said(tokens: Sequence[Token]) -> str:
    """What the writer wrote, with what was cut out left out."""
    parts: list[str] = []
    end = -1
    for token in tokens:
        if token.kind is Kind.GAP:
            continue
        if parts and token.start != end:
            parts.append(" ")
        parts.append(" " if token.kind is Kind.BREAK else token.text)
        end = token.end
    return " ".join("".join(parts).split())


def span(text: str, tokens: Sequence[Token]) -> str:
    """The very text from the first to the last of them."""
    if not tokens:
        return ""
    return text[min(t.start for t in tokens) : max(t.end for t in tokens)].strip()


_TRIMMED = " \t\n,;:!?-=*_~|\"'<>/\\+@#"
_MEANT_SIGNS = frozenset("°©®™")


def is_ornament(character: str) -> bool:
    """A picture or a bullet: 🎂, ✅, •, ▪."""
    if character.isascii() or character in _MEANT_SIGNS:
        return False
    return character in "•·▪●‣⁃" or unicodedata.category(character) in {"So", "Sk"}


def _less_ornaments(words: str) -> str:
    """Without the pictures in front of it and behind it; one in its midst is the writer's."""
    start, stop = 0, len(words)
    while start < stop and (is_ornament(words[start]) or words[start] in _TRIMMED):
        start += 1
    while stop > start and (is_ornament(words[stop - 1]) or words[stop - 1] in _TRIMMED):
        stop -= 1
    return words[start:stop]


def trimmed(words: str) -> str:
    """Without the punctuation around it; a bracket or a dot that belongs to it stays."""
    bare = words.strip(_TRIMMED)
    if not bare.isascii():
        bare = _less_ornaments(bare)
    if bare.startswith("(") and ")" not in bare:
        bare = bare[1:]
    if bare.endswith(")") and "(" not in bare:
        bare = bare[:-1]
    if bare.endswith(".") and len(bare.rsplit(" ", 1)[-1]) > 4:
        bare = bare.rstrip(".")
    return bare.strip(" .") if set(bare) <= set(_EDGES) else bare.strip()


def has_letters(words: str) -> bool:
    return any(c.isalpha() for c in words)
