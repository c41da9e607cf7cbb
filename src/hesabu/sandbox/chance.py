"""All chance in the box, from one seed.

Two kinds of draw. A *stream* gives the next id of its kind, so ids depend only on how many came
before; a box that is opened again for a product that remembers the last time is told another
`run`, so that no id comes twice. A *keyed* draw depends on what it is about (which webhook, which attempt), not on when it
is asked, so that two requests that race each other meet the same luck in either order.
"""

from __future__ import annotations

import random
import string

RECEIPT_ALPHABET = string.ascii_uppercase + string.digits


class Chance:
    def __init__(self, seed: int, run: str = "") -> None:
        self._run = run
        self._beginnings = 0
        self.begin(seed)

    def begin(self, seed: int) -> None:
        self.seed = seed
        self._beginnings += 1
        self._streams: dict[str, random.Random] = {}

    def stream(self, name: str) -> random.Random:
        if name not in self._streams:
            opening = (self._run, self._beginnings) if self._run else ()
            self._streams[name] = self.about(*opening, name)
        return self._streams[name]

    def about(self, *key: object) -> random.Random:
        return random.Random("/".join(str(part) for part in (self.seed, *key)))

    def happens(self, probability: float, *key: object) -> bool:
        return probability > 0 and self.about(*key).random() < probability

    def digits(self, name: str, count: int) -> str:
        draw = self.stream(name)
        first = draw.choice("123456789")
        return first + "".join(draw.choice(string.digits) for _ in range(count - 1))

    def letters(self, name: str, count: int, alphabet: str = RECEIPT_ALPHABET) -> str:
        draw = self.stream(name)
        return "".join(draw.choice(alphabet) for _ in range(count))

    def hexadecimal(self, name: str, count: int) -> str:
        return self.letters(name, count, "0123456789abcdef")
