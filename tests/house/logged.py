"""Everything that is logged, gathered from the code, for docs/operations/logs.md.

python tests/house/logged.py --write     writes the table of the page again
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hesabu"
PAGE = ROOT / "docs" / "operations" / "logs.md"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
BEGINS, ENDS = "<!-- table: tests/house/logged.py --write -->", "<!-- end of the table -->"
TELLING = {
    *("name", "phone", "email", "address", "text", "body", "content", "words", "token", "secret"),
    *("password", "pin", "code_sent", "subject_line", "note", "said", "url", "query"),
}
"""Names of fields that would tell of somebody or open something."""


@dataclass(frozen=True, order=True)
class Event:
    name: str
    level: str
    place: str
    fields: tuple[str, ...]


def events() -> list[Event]:
    return sorted({event for path in _sources() for event in _of(path)})


def _sources() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "sandbox" not in path.relative_to(SOURCE).parts:
            yield path


def _of(path: Path) -> Iterator[Event]:
    place = str(path.relative_to(SOURCE).with_suffix(""))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        whose = node.func.value
        if node.func.attr not in LEVELS or not isinstance(whose, ast.Name):
            continue
        if whose.id not in ("log", "logger") or not node.args:
            continue
        said = node.args[0]
        name = said.value if isinstance(said, ast.Constant) else ast.unparse(said)
        fields = tuple(sorted(one.arg or "**" for one in node.keywords))
        yield Event(str(name), node.func.attr, place, fields)


def table() -> str:
    rows = [
        f"| `{one.name}` | {one.level} | {one.place} | {', '.join(one.fields) or '–'} |"
        for one in events()
    ]
    head = "| event | level | where | says |\n|---|---|---|---|"
    return "\n".join([BEGINS, head, *rows, ENDS])


def faults(text: str) -> list[str]:
    """What is wrong with the page, and with what is logged."""
    found = []
    if table() not in text:
        found.append("the table is out of date: python tests/house/logged.py --write")
    for one in events():
        for name in set(one.fields) & TELLING:
            found.append(f"{one.place} logs {name} in {one.name}")
    return found


def main() -> None:
    text = PAGE.read_text("utf-8")
    if "--write" in sys.argv:
        before, _, rest = text.partition(BEGINS)
        PAGE.write_text(before + table() + rest.partition(ENDS)[2], "utf-8")
        return
    print("\n".join(faults(text)))


if __name__ == "__main__":
    main()
