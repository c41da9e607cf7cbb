"""What the people of the stories write, in the language of the story. In English it is as the story has it; in another
language the beginnings below are put in its place, and what has none stays, as people mix them."""

from __future__ import annotations

from collections.abc import Mapping

SWAHILI = {
    "Invoice": "Ankara",
    " for ": " kwa ",
    "remind all": "kumbusha wote",
    "remind": "kumbusha",
    "status": "hali",
    "list": "orodha",
    "cancel": "ghairi",
    "resend": "tuma tena",
    "undo": "tengua",
    "repeat last for": "rudia",
    "products": "bidhaa",
    "search": "tafuta",
    "summary": "muhtasari",
    "settings": "mipangilio",
    "change INV-0001 amount to": "badilisha INV-0001 kiasi",
    "make it": "iwe",
    "paid INV-0001": "imelipwa INV-0001",
    "paid SKL4T7QX2P": "nimelipa SKL4T7QX2P",
    " cash": " taslimu",
    "the amount is wrong": "kiasi si sahihi",
    "call me": "nipigie",
    "I will pay on Friday": "nitalipa Ijumaa",
}
LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": {}, "sw": SWAHILI}


def said_in(language: str, text: str) -> str:
    """The words in that language. A beginning is replaced at the beginning, the longest first; what has spaces around it,
    anywhere."""
    table = LANGUAGES[language]
    starts = [one for one in table if not one.startswith(" ") and text.startswith(one)]
    if starts:
        longest = max(starts, key=len)
        text = table[longest] + text[len(longest) :]
    for inside in (one for one in table if one.startswith(" ")):
        text = text.replace(inside, table[inside])
    return text
