"""The terms of an invoice, as they are cut out of its message one by one: each leaves a gap, so that the words around it
stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token, span
from hesabu.doors.chat.grammar.types import Discount, Problem, Tax


@dataclass
class Terms:
    """What was cut out so far, and what is left."""

    text: str
    language: Language
    currency: Currency
    today: date
    tokens: list[Token]
    due_on: date | None = None
    tax: Tax | None = None
    discount: Discount | None = None
    discount_said: str = ""
    deposit: Discount | None = None
    deposit_said: str = ""
    total: Token | None = None
    email: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def cut(self, start: int, stop: int) -> None:
        for at in range(start, stop):
            self.tokens[at] = self.tokens[at].becoming(Kind.GAP)

    def object_to(self, code: str, start: int, stop: int) -> None:
        self.problems.append(Problem(code, span(self.text, self.tokens[start:stop])))
