"""`hesabu story chat-to-cash`: the main job without a browser, on real processes, over HTTP, from "Hi" to the books.
`hesabu story --list` names the others, one for each act of the conversation; `hesabu story all` plays those.

    stage    a fresh database and processes of its own on free ports (or, with --here, what is up already)
    phones   two people, played through the sandbox's control desk: they say, tap, enter a PIN, and read
    chat_to_cash   the story itself, told as what each of them does and waits for
    acts     one story for each act of the merchant and of the customer, in each language; `script` is what they are made of
    proof    what must be true at the end, asked of the rooms: one invoice, paid once, sound books

With --faults SEED the sandbox is in a storm whose chance derives from the seed: webhooks are lost, late, doubled, damaged,
requests time out or fail after they were carried out. A person who gets no answer does what a person does: they say it
again, or ask for the link. The end must be the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

CHAT_TO_CASH, ALL = "chat-to-cash", "all"
LANGUAGES = ("en", "sw")


def main(argv: Sequence[str]) -> int:
    """Tell a story; 0 when it ended right."""
    asked = _parser().parse_args(argv)
    if asked.list or asked.story is None:
        _list()
        return 0
    from hesabu.app.story import telling

    return telling.tell(
        asked.story,
        language=asked.language,
        is_here=asked.here,
        faults=asked.faults,
        as_json=asked.json,
        timeout_seconds=asked.timeout,
    )


def _stories() -> dict[str, str]:
    """Every story by its name, with one line about it."""
    from hesabu.app.story import acts

    told = {CHAT_TO_CASH: "From “Hi” to the books: the main job, whole."}
    told[ALL] = "Every story below, one after the other on one stage."
    return told | {name: (act.__doc__ or "").strip() for name, act in acts.ACTS.items()}


def _list() -> None:
    for name, about in _stories().items():
        print(f"{name:<14}{about}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hesabu story", description="Play a whole path through the sandbox, and check its end."
    )
    parser.add_argument("story", nargs="?", choices=list(_stories()))
    parser.add_argument("--list", action="store_true", help="all stories, one line each")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="what both are written to in"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--faults", type=int, metavar="SEED", help="play it in a storm")
    parser.add_argument(
        "--here", action="store_true", help="on what `hesabu up` runs, not on a database of its own"
    )
    parser.add_argument(
        "--timeout", type=int, default=420, metavar="SECONDS", help="give up after (default 420)"
    )
    return parser
