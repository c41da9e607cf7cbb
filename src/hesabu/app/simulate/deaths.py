"""Workers that die: an act is broken off anywhere in our own code, between any two calls, and its connection is lost.

The interpreter's own profiler counts the calls and returns of the product's functions and raises at the one that was chosen.
Nothing of the product is replaced or wrapped, so there is no place that cannot be hit: before the first statement, between
the last one and the commit, after the commit and before the answer.
"""

from __future__ import annotations

import contextvars
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

from django.db import connection, connections

PRODUCT = str(Path(__file__).resolve().parents[2])
NEVER_HIT = (
    str(Path(__file__).parent),
    str(Path(PRODUCT) / "kit"),
    str(Path(PRODUCT) / "identity" / "permissions.py"),
)
"""The simulation itself; the kit: pure, it holds nothing that could be left halfway; and what asks for permissions around an
act: its last step comes after the act's own commit."""

Answer = TypeVar("Answer")


class Killed(BaseException):
    """The process is gone. Not an Exception: no code of ours may catch it and go on."""


class Broken(Exception):
    """Something failed, as a database or a bug may, in a process that lives on."""


def broken_off(
    act: Callable[[], Answer],
    after: int,
    *,
    error: type[BaseException] = Killed,
    may_be_done: bool = True,
) -> Answer:
    """Run `act`, and raise `error` at the step of our code that has the number `after`, if it gets there. With `may_be_done`
    that may be after the commit, so that whoever asked cannot know."""
    left = after

    def watch(frame: FrameType, event: str, _: Any) -> None:
        nonlocal left
        if event != "call" and not (may_be_done and event == "return"):
            return
        code = frame.f_code
        if not code.co_filename.startswith(PRODUCT) or code.co_filename.startswith(NEVER_HIT):
            return
        if code.co_name in ("<module>", "<genexpr>"):  # the latter are also "called" to be closed
            return
        if event == "return" and inspect.CO_GENERATOR & code.co_flags:  # a yield looks like it
            return
        left -= 1
        if left == 0:
            raise error(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")

    def watched() -> Answer | Killed:
        sys.setprofile(watch)
        try:
            answer = act()
            if not (may_be_done and error is Killed and left % 5 == 1):
                return answer
            killed = Killed("with all done, before anybody heard of it")
        except Killed as death:
            killed = Killed(str(death))
        finally:
            sys.setprofile(None)
        return killed

    # What the process held in memory (the open binding, its transaction) goes with this copy of its context.
    answer = contextvars.copy_context().run(watched)
    if isinstance(answer, Killed):
        connection.close()
        # Nor is anybody left who knows in which transaction it was.
        del connections["default"]
        raise answer
    return answer
