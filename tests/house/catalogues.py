"""What the rooms say, gathered from the code, and the catalogues of each language held to it.

    python tests/house/catalogues.py          says what is untranslated or out of date
    python tests/house/catalogues.py --write  brings every catalogue up to date; what is new stays empty, to be translated

Gathered are the sentences in gettext calls, in templates, and those that rooms keep as data: the title and the hint of
every error, what each permission allows, and the meanings of providers' codes.
"""

from __future__ import annotations

import ast
import importlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hesabu"
ROOMS = (
    "kit",
    "store",
    "identity",
    "messaging",
    "ledger",
    "payments",
    "invoicing",
    "doors/chat",
    "doors/web",
)
WHOLE = ("sw",)
"""Languages in which everything is said. Others say what a customer reads on paper, and fall back to English elsewhere."""
PARTIAL = {"mk": ("invoicing",), "sq": ("invoicing",), "fr": ("invoicing",)}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
ERROR = re.compile(r"^    (?:code|title)\b[^\n]* = ", re.MULTILINE)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Sentence = tuple[str | tuple[str, str], str | None]
"""(the English, or singular and plural; its context)."""


def sentences(room: str) -> dict[Sentence, list[str]]:
    """Every sentence of a room, and the files that say it."""
    said: dict[Sentence, list[str]] = {}
    for path, sentence in _all(room):
        places = said.setdefault(sentence, [])
        if path not in places:
            places.append(path)
    return dict(sorted(said.items(), key=lambda item: (item[1][0], str(item[0]))))


def _all(room: str) -> Iterator[tuple[str, Sentence]]:
    for path in sorted((SOURCE / room).rglob("*")):
        where = str(path.relative_to(SOURCE))
        if "migrations" in path.parts or "locale" in path.parts:
            continue
        if path.suffix == ".py":
            yield from ((where, s) for s in _calls(path.read_text("utf-8")))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            yield from ((where, s) for s in _tags(_as_python(path)))
    yield from _kept_as_rows(room)


def _calls(source: str) -> Iterator[Sentence]:
    """The sentences in gettext calls, those within an f-string's braces too."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("permission", "platform_permission"):
            words = [one.value for one in node.keywords if one.arg == "words"]
            yield from ((one.value, None) for one in words if isinstance(one, ast.Constant))
        if node.func.id not in KEYWORDS:
            continue
        said = [each.value for each in node.args if isinstance(each, ast.Constant)]
        texts = [text for text in said if isinstance(text, str)]
        yield from _sentence(node.func.id, texts)


def _tags(source: bytes) -> Iterator[Sentence]:
    """The sentences in a template, as Django writes it for the extractor: not quite Python."""
    for _line, function, said, _comments in extract_python(
        io.BytesIO(source), list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        given = said if isinstance(said, tuple) else (said,)
        yield from _sentence(function, [text for text in given if text is not None])


def _sentence(function: str, texts: list[str]) -> Iterator[Sentence]:
    if not texts or not texts[0]:
        return
    if function in ("ngettext", "ngettext_lazy"):
        yield (texts[0], texts[1]), None
    elif function == "pgettext":
        yield texts[1], texts[0]
    elif function == "npgettext":
        yield (texts[1], texts[2]), texts[0]
    else:
        yield texts[0], None


def _as_python(path: Path) -> bytes:
    from django.utils.translation.template import templatize

    return templatize(path.read_text("utf-8"), origin=str(path)).encode()


def _kept_as_rows(room: str) -> Iterator[tuple[str, Sentence]]:
    """Titles and hints of errors, titles of facts, and words that stand in tables of codes."""
    from hesabu.app import wiring
    from hesabu.kit.errors import HesabuError
    from hesabu.payments.providers.mpesa import codes

    package = "hesabu." + room.replace("/", ".") + "."
    for path in sorted((SOURCE / room).rglob("*.py")):  # an error is known once its module is
        if ERROR.search(path.read_text("utf-8")):
            inside = path.relative_to(SOURCE).with_suffix("").parts
            importlib.import_module(".".join(("hesabu", *inside)))
    for error in _below(HesabuError):
        if error.__module__.startswith(package):
            for sentence in (error.title, error.hint):
                if sentence:
                    yield error.__module__.replace(".", "/"), (sentence, None)
    for fact in wiring.fact_types():
        if f"{fact.__module__}.".startswith(f"{package}facts."):
            yield fact.__module__.replace(".", "/"), (fact.title, None)
    if room == "payments":
        tables = (codes.RESULTS, codes.ERRORS, codes.OURS, codes.HEARING)
        meanings = [meaning for table in tables for meaning in table.values()]
        for meaning in (*meanings, codes.UNKNOWN_RESULT, codes.UNKNOWN_ERROR):
            yield "payments/providers/mpesa/codes.py", (meaning.words, None)


def _below(kind: type) -> Iterator[type[Any]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def wanted() -> Iterator[tuple[str, str]]:
    """(room, language) of every catalogue there must be."""
    for language in WHOLE:
        for room in ROOMS:
            if sentences(room):
                yield room, language
    for language, rooms in PARTIAL.items():
        for room in rooms:
            yield room, language


def path_of(room: str, language: str) -> Path:
    return SOURCE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def kept(room: str, language: str) -> Catalog:
    path = path_of(room, language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as text:
        return read_po(text, locale=language)


def written(room: str, language: str) -> str:
    """The catalogue as it must stand: what the code says, with the translations there are."""
    old = kept(room, language)
    new = Catalog(
        locale=language, project="hesabu", charset="utf-8", fuzzy=False, header_comment=""
    )
    for (text, context), places in sentences(room).items():
        was = old.get(text, context)
        new.add(
            text,
            was.string if was is not None and was.id == text else "",
            locations=[(place, None) for place in places],  # type: ignore[list-item]
            context=context,
        )
    out = io.BytesIO()
    write_po(out, new, width=110, include_lineno=False, omit_header=True, sort_output=False)
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {new.plural_forms}\\n"\n\n'
    return head + out.getvalue().decode()


def faults(room: str, language: str) -> list[str]:
    """What is wrong with a catalogue as it stands."""
    path = path_of(room, language)
    where = str(path.relative_to(ROOT))
    if not path.is_file():
        return [f"{where}: missing; python tests/house/catalogues.py --write makes it"]
    found = []
    if path.read_text("utf-8") != written(room, language):
        found.append(f"{where}: out of date; python tests/house/catalogues.py --write mends it")
    catalogue = kept(room, language)
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
        ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
        is_whole = language in WHOLE
        if not all(strings):
            if is_whole:
                found.append(f"{where}: untranslated: {ids[0]!r}")
            continue
        need = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        for text in strings:
            if not set(PLACEHOLDER.findall(text)) <= need:
                found.append(f"{where}: a placeholder of its own: {text!r}")
            if len(ids) == 1 and set(PLACEHOLDER.findall(text)) != need:
                found.append(f"{where}: a placeholder is missing: {text!r}")
            if text.count("*") % 2 != ids[-1].count("*") % 2:
                found.append(f"{where}: an odd star, so that bold never ends: {text!r}")
    return found


def disagreements() -> list[str]:
    """Sentences that two rooms share and translate differently."""
    found = []
    for language in (*WHOLE, *PARTIAL):
        said: dict[Any, tuple[str, Any]] = {}
        for room in ROOMS:
            for message in kept(room, language):
                if not message.id or not message.string:
                    continue
                key = (
                    tuple(message.id) if isinstance(message.id, list) else message.id,
                    message.context,
                )
                first = said.setdefault(key, (room, message.string))
                if first[1] != message.string:
                    found.append(f"{language}: {key[0]!r} in {first[0]} and in {room}")
    return found


def strays() -> list[str]:
    """Sentences handed to gettext that it can never find: built from pieces while the program runs."""
    found = []
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if _is_stray(node):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    return found


def _is_stray(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "gettext", "ngettext")
        and bool(node.args)
        and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp, ast.Call))
    )


def main(arguments: Iterable[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")
    import django

    django.setup()
    if "--write" in list(arguments):
        for room, language in wanted():
            path = path_of(room, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(room, language), "utf-8")
    found = [fault for room, language in wanted() for fault in faults(room, language)]
    found += disagreements() + strays()
    print("\n".join(found) or "Every sentence is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
