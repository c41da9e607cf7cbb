"""Names as they are compared: what people would call the same name is one."""

from __future__ import annotations

import unicodedata

from hesabu.invoicing import errors
from hesabu.invoicing.rules.totals import clean

NAME_MAX = 120


def fold(name: str) -> str:
    """The name for comparing: capitals, spaces and ways of writing a letter folded."""
    return " ".join(unicodedata.normalize("NFKC", clean(name)).casefold().split())


def checked(name: str) -> str:
    """The name as it is kept. Raises CustomerNameMissing."""
    kept = clean(name)
    if not kept or len(kept) > NAME_MAX or not any(letter.isalnum() for letter in kept):
        raise errors.CustomerNameMissing(field="name")
    return kept
