"""A message that is being read: its words, and where its courtesies end."""

from __future__ import annotations

from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import Kind, Token, tokens_of, words_of

_SKIPPED_MAX = 12


def _joined_verbs(tokens: list[Token], language: Language) -> list[Token]:
    """ "nime lipa" → nimelipa, where the two together are a word of payment we know."""
    if language.split_verbs.isdisjoint([t.low for t in tokens]):
        return tokens
    read: list[Token] = []
    for token in tokens:
        before = read[-1] if read else None
        if before is not None and before.low in language.split_verbs and token.kind is Kind.WORD:
            word = before.low + token.low
            if word in language.payment_verbs:
                text = before.text + token.text
                read[-1] = Token(Kind.WORD, text, word, before.start, token.end)
                continue
        read.append(token)
    return read


class Message:
    """A cleaned message. Readers look at it from ``start``, behind "Hi, please"."""

    def __init__(self, text: str, setting: Setting, *, is_quoting: bool = False) -> None:
        self.text = text
        self.setting = setting
        self.is_quoting = is_quoting
        self.language: Language = setting.language
        self.tokens = _joined_verbs(tokens_of(text), setting.language)
        self.start = 0

    @property
    def rest(self) -> list[Token]:
        """The tokens behind the courtesies."""
        return self.tokens[self.start :]

    def text_from(self, at: int) -> str:
        """The text from that token behind the start."""
        place = self.start + at
        return self.text[self.tokens[place].start :] if place < len(self.tokens) else ""

    def is_first_person(self) -> bool:
        """Was "I" among what was skipped?"""
        return any(t.low in self.language.first_person for t in self.tokens[: self.start])

    def skip_courtesies(self) -> None:
        """Past "Hi, please"; but never past what may itself be asked for."""
        at = 0
        words = words_of(self.tokens)
        for _ in range(_SKIPPED_MAX):
            if at >= len(words):
                break
            if self.tokens[at].kind in {Kind.COMMA, Kind.BREAK} or words[at] in ".!:*_-•":
                at += 1
            elif self._is_wanted(words, at):
                break
            elif taken := self.language.courtesies_before.at(words, at):
                at += taken[0]
            elif words[at] in self.language.greetings:
                at += 1
            else:
                break
        self.start = at

    def _is_wanted(self, words: list[str], at: int) -> bool:
        """Does an invoice or a promise begin right here ("need an invoice", "let me pay")?"""
        return bool(
            self.language.invoice_starts.at(words, at) or self.language.promise_starts.at(words, at)
        )
