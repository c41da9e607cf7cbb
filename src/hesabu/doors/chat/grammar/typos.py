"""Slips of the finger in the first word: invioce, staus, canel."""

from __future__ import annotations

from collections.abc import Iterable

_LONG = 6


def nearest(word: str, keywords: Iterable[str]) -> str | None:
    """The one keyword that this can only be a slip of; None if none or more than one is as near."""
    best: list[str] = []
    least = 3
    for keyword in keywords:
        if not is_slip_of(word, keyword):
            continue
        far = distance(word, keyword)
        if far < least:
            best, least = [keyword], far
        elif far == least:
            best.append(keyword)
    return best[0] if len(best) == 1 else None


def is_slip_of(word: str, keyword: str) -> bool:
    """Can the one be meant by the other, a slip apart?"""
    if abs(len(keyword) - len(word)) > 2 or not _begins_alike(word, keyword):
        return False
    return distance(word, keyword) <= _allowed(word, keyword)


def _begins_alike(word: str, keyword: str) -> bool:
    return word[:1] == keyword[:1] or word[:2] == keyword[1::-1]


def _allowed(word: str, keyword: str) -> int:
    """Two slips in a long word, one in a middling one; in a short word only letters in the wrong order."""
    if len(keyword) > _LONG:
        return 2
    if len(keyword) > 4:
        return 1
    return 1 if sorted(word) == sorted(keyword) or len(word) > len(keyword) else 0


def distance(left: str, right: str) -> int:
    """Optimal string alignment: insert, delete, change, or swap two neighbours, each once."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        following = [i]
        for j, b in enumerate(right, start=1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
