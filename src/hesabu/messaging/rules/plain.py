"""Content as plain words, for channels that have no buttons, lists, templates or marks."""

from __future__ import annotations

import re
import unicodedata

from hesabu.messaging.types import Buttons, Choices, Content, Document, Text

_ADDRESS = re.compile(r"(https?://\S+|\S+@\S+)")
_MARKS = [
    re.compile(r"(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])"),
    re.compile(r"(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])"),
    re.compile(r"(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])"),
]
_MONOSPACE = re.compile(r"```(.+?)```", re.DOTALL)


def plain_text(content: Content) -> str:
    """The words of it, what can be tapped as numbered lines: the number is the answer. Empty where it has no words of its
    own: a template's stand at the provider."""
    if isinstance(content, Text):
        return without_marks(content.body)
    if isinstance(content, Buttons):
        return _with_options(content.body, [title for _, title in content.buttons])
    if isinstance(content, Choices):
        rows = [f"{title} - {more}" if more else title for _, title, more in content.rows]
        return _with_options(content.body, rows)
    if isinstance(content, Document):
        return _with_options(content.caption, [title for _, title in content.buttons])
    return ""


def _with_options(body: str, titles: list[str]) -> str:
    """Numbered from 1 in the order in which they are shown, as the conversation reads them back."""
    numbered = [f"{place} {without_marks(title)}" for place, title in enumerate(titles, 1)]
    return "\n".join(filter(None, [without_marks(body), *numbered]))


def without_marks(text: str) -> str:
    """Without WhatsApp's *bold*, _italic_, ~struck~ and ```fixed```; addresses, and stars that stand alone, stay."""
    parts = _ADDRESS.split(_MONOSPACE.sub(r"\1", text))
    return "".join(part if place % 2 else _unmarked(part) for place, part in enumerate(parts))


def _unmarked(text: str) -> str:
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return text


GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
"""They take two places each."""
_SAFE = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·●▪‣", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f", ""),
    "…": "...",
    "×": "x",
    "→": "->",
    "ç": "c",
}


def gsm_safe(text: str) -> str:
    """The same words in the letters of GSM-7 where that loses no meaning: one typographic dash would more than halve what
    a text message holds. Pictures go; letters of other scripts stay."""
    said = "".join(_safe(letter) for letter in unicodedata.normalize("NFC", text))
    lines = [" ".join(line.split()) for line in said.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _safe(letter: str) -> str:
    if letter in GSM_BASIC or letter in GSM_EXTENDED:
        return letter
    if letter in _SAFE:
        return _SAFE[letter]
    if unicodedata.category(letter) in ("So", "Sk", "Cs", "Cc", "Cf", "Co", "Cn"):
        return ""
    bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return bare if bare and all(c in GSM_BASIC for c in bare) else letter


def is_gsm(text: str) -> bool:
    return all(letter in GSM_BASIC or letter in GSM_EXTENDED for letter in text)


def sms_parts(text: str) -> int:
    """How many text messages a network makes of it, which is what is paid for."""
    if is_gsm(text):
        septets = sum(2 if letter in GSM_EXTENDED else 1 for letter in text)
        return 1 if septets <= 160 else -(-septets // 153)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


SMS_PARTS_MAX = 5


def sms_text(body: str, link: str = "") -> str:
    """What goes as a text message: at most so many parts, and a link is never cut."""
    body = gsm_safe(body)
    if link and link in body:
        link = ""
    cut = len(body)
    whole = _joined(body, link)
    while sms_parts(whole) > SMS_PARTS_MAX and cut > 0:
        cut -= max(1, min(cut, 20))
        whole = _joined(body[:cut].rstrip() + "...", link)
    return whole


def _joined(body: str, link: str) -> str:
    return "\n".join(filter(None, [body, link]))
