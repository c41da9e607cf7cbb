"""Speech: what a flow speaks with, plain things that know no rooms.

    ask    a question, and what reads its answer
    look   what the rooms say, which may be asked again
    act    what the rooms do, once
    say    words, and what can be tapped under them

All of it only describes a step of a flow; the engine takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

Plain = Any
"""What JSON can carry: text, whole numbers, true and false, None, and lists and dicts of them."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be tapped, or chosen by its number or its words. `id` is what the tap brings back."""

    title: str
    id: str = ""
    description: str = ""
    value: Plain = None


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to say: words, what can be tapped under them, and a kept file pinned on top."""

    body: str
    options: tuple[Option, ...] = ()
    list_title: str = ""
    """The words on the button that opens the list, where the options are shown as a list."""
    cause: str = ""
    """Why it is said, where somebody else may say it too: the same cause is said once."""
    business: str = ""
    """The business it is said for, where not for the house."""
    previews_links: bool = False
    about: tuple[str, str] | None = None
    """The business and the invoice it is about, as hex, where it is about one: quoting it means that one."""
    document: tuple[str, str] | None = None
    """A kept file of the business, as hex, and the name it is shown under; the words are its caption."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as a question sees it. `option` is the place of the option that was tapped, from 0."""

    text: str
    option: int | None = None


class Unclear(Exception):
    """An answer that the question cannot take; `hint` says what is wrong with the very thing, in words for people."""

    def __init__(self, hint: str) -> None:
        self.hint = hint
        super().__init__("unclear")


class Refusal(Exception):
    """A room refused an act or a look of the flow. Carries what the room said."""

    def __init__(
        self,
        code: str,
        title: str,
        hint: str = "",
        field: str | None = None,
        more: Mapping[str, Plain] | None = None,
    ) -> None:
        self.code, self.title, self.hint, self.field = code, title, hint, field
        self.more = dict(more or {})
        super().__init__(code)

    @property
    def said(self) -> str:
        """The room's words and what to do next, in the reader's language."""
        return " ".join(_(words) for words in (self.title, self.hint) if words)


Reads = Callable[[Heard], Plain]
"""Turns what was heard into a plain answer; raises Unclear."""
Fits = Callable[[Plain], bool]
"""Whether an answer that was kept is still one."""


@dataclass(frozen=True, slots=True)
class Ask:
    name: str
    question: str
    reads: Reads
    options: tuple[Option, ...] = ()
    list_title: str = ""
    fits: Fits = lambda plain: plain is not None
    takes_anything: bool = False
    """Any words are an answer (a name, a description), so that only "cancel" and the like are not."""


@dataclass(frozen=True, slots=True)
class Do:
    """A look or an act. `run` is called once, or for a look whenever the script has lost its line."""

    name: str
    run: Callable[[], Plain]
    is_act: bool


@dataclass(frozen=True, slots=True)
class Say:
    saying: Saying


Step = Ask | Do | Say
Steps = Generator[Step, Any, Any]


class Chat:
    """What a flow speaks with. All of it only describes a step; `yield` takes it."""

    @staticmethod
    def ask(
        name: str,
        question: str,
        *,
        reads: Reads | None = None,
        options: Sequence[Option] = (),
        list_title: str = "",
        fits: Fits | None = None,
        takes_anything: bool = False,
    ) -> Ask:
        """A question. With options and without `reads` it takes one of the options' values."""
        chosen = tuple(options)
        read = reads or one_of(chosen)
        fit: Fits = fits or (lambda plain: plain is not None)
        return Ask(name, question, read, chosen, list_title, fit, takes_anything)

    @staticmethod
    def look(name: str, run: Callable[[], Plain]) -> Do:
        return Do(name, run, is_act=False)

    @staticmethod
    def act(name: str, run: Callable[[], Plain]) -> Do:
        return Do(name, run, is_act=True)

    @staticmethod
    def say(said: str | Saying) -> Say:
        return Say(said if isinstance(said, Saying) else Saying(said))


def one_of(options: Sequence[Option]) -> Reads:
    """Reads an answer as one of these options: tapped, by its number, or by its words."""

    def read(heard: Heard) -> Plain:
        place = heard.option if heard.option is not None else place_of(heard.text, options)
        if place is None or place >= len(options):
            raise Unclear("")
        option = options[place]
        return option.title if option.value is None else option.value

    return read


def with_taps(saying: Saying, tap_of: Callable[[int], str]) -> Saying:
    """The same words, each option with the tap that brings back its place."""
    options = tuple(
        replace(option, id=tap_of(place)) for place, option in enumerate(saying.options)
    )
    return replace(saying, options=options)


def place_of(text: str, options: Sequence[Option]) -> int | None:
    """Which option these words mean: its number from 1, or its title."""
    said = text.strip().rstrip(".)").casefold()
    if said.isascii() and said.isdigit() and len(said) <= 2 and 1 <= int(said) <= len(options):
        return int(said) - 1
    for place, option in enumerate(options):
        if said == option.title.casefold():
            return place
    return None
