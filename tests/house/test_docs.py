"""What is written for people agrees with what is built; and each rule catches what is planted.

After a change of facts or commands: python tests/house/documents.py --write
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
documents = importlib.import_module("documents")
DOCS, ROOT = documents.DOCS, documents.ROOT
DECISIONS = DOCS / "decisions"


def read(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text()


@pytest.mark.parametrize("page", documents.MADE_PAGES)
def test_a_page_that_is_made_from_the_code_is_up_to_date(page: str) -> None:
    text = (DOCS / page).read_text()
    assert documents.differences(page, text, documents.MADE_PAGES[page]()) == []


def test_every_fact_of_every_room_is_told_of() -> None:
    from hesabu.app import wiring

    names = [kind.__name__ for kind in wiring.fact_types()]
    assert len(names) > 30
    assert documents.missing("facts.md", read("docs", "facts.md"), names, "fact") == []


def test_a_fact_that_a_room_declares_is_found_in_whichever_file_it_stands() -> None:
    from hesabu.app import wiring
    from hesabu.store.facts import Fact

    files = [*documents.SOURCE.rglob("facts.py"), *documents.SOURCE.rglob("facts/*.py")]
    for file in files:
        inside = file.relative_to(documents.SOURCE).with_suffix("").parts
        importlib.import_module(".".join(("hesabu", *inside)))
    declared = [
        vars(kind)["kind"]
        for kind in Fact.__subclasses__()
        if kind.__module__.startswith("hesabu.") and "kind" in vars(kind)
    ]
    known = [kind.kind for kind in wiring.fact_types()]
    assert len(known) == len(set(known)) > 100
    assert set(declared) - set(known) == set()


def test_every_fact_says_what_it_means() -> None:
    from hesabu.app import wiring

    silent = [k.__name__ for k in wiring.fact_types() if (k.__doc__ or "").startswith(k.__name__)]
    assert silent == []


def test_every_fact_has_a_short_sentence_of_its_own_for_people() -> None:
    from hesabu.app import wiring

    titles = {kind.kind: vars(kind).get("title", "") for kind in wiring.fact_types()}
    ill = [k for k, said in titles.items() if not re.fullmatch(r"[A-Z][^.]{8,69}", said)]
    assert ill == []
    assert len(set(titles.values())) == len(titles)


def test_every_command_is_told_of() -> None:
    paths = [path for path, _ in documents.commands() if path != "hesabu"]
    assert len(paths) > 20
    assert documents.missing("commands.md", read("docs", "commands.md"), paths, "command") == []


def test_every_switch_is_told_of_and_asked_by_somebody() -> None:
    from hesabu.store import flags

    rows = documents.rows_of(read("docs", "operations", "flags.md"))
    assert {name: rows.get(name) for name in flags.KNOWN} == flags.KNOWN
    text = read("docs", "operations", "flags.md")
    pattern = r"^\| `([a-z]+\.[a-z_]+)`"
    assert documents.strangers("flags.md", text, pattern, flags.KNOWN, "switch") == []
    sources = [p for p in documents.SOURCE.rglob("*.py") if p.name != "flags.py"]
    asked = "".join(path.read_text() for path in sources)
    assert [name for name in flags.KNOWN if name not in asked] == []


def test_every_setting_is_told_of_and_stands_in_the_example() -> None:
    from hesabu.app.config import settings_in_order

    names = list(settings_in_order())
    text = read("docs", "operations", "settings.md")
    assert documents.missing("settings.md", text, names, "setting") == []
    assert documents.strangers("settings.md", text, r"^### (HESABU_\w+)", names, "setting") == []
    example = read(".env.example")
    given = re.findall(r"^(?:# )?(HESABU_\w+)=", example, re.M)
    assert sorted(given) == sorted(names)


@pytest.mark.parametrize("folder", ["", "operations"])
def test_every_page_is_in_the_index_of_its_folder(folder: str) -> None:
    index = read("docs", folder, "README.md")
    pages = [page.name for page in (DOCS / folder).glob("*.md") if page.name != "README.md"]
    assert len(pages) > 10
    assert [page for page in sorted(pages) if f"({page})" not in index] == []


def test_every_dependency_has_its_reason() -> None:
    names = documents.dependencies(read("pyproject.toml"))
    rows = documents.rows_of(read("docs", "dependencies.md"))
    assert [name for name in names if not rows.get(name)] == []
    taken = read("docs", "dependencies.md").split("## Not taken")[0]
    assert set(documents.rows_of(taken)) - set(names) == {"package"}


def test_every_sealed_column_is_told_of() -> None:
    text = read("docs", "security-notes.md")
    columns = documents.sealed_columns()
    assert len(columns) > 25
    assert documents.missing("security-notes.md", text, columns, "sealed column") == []
    pattern = r"^\| `(\w+\.\w+)` \|"
    assert documents.strangers("security-notes.md", text, pattern, columns, "sealed column") == []


def test_every_decision_is_listed_and_enforced_by_something_that_is_there() -> None:
    pages = {page.name: page.read_text() for page in DECISIONS.glob("[0-9]*.md")}
    assert len(pages) >= 10
    assert documents.decision_faults(read("docs", "decisions", "README.md"), pages) == []


@pytest.mark.parametrize("room", documents.ESSAYS)
def test_every_room_begins_with_its_essay(room: str) -> None:
    assert documents.essay_faults(room, read("src", "hesabu", room, "__init__.py")) == []


@pytest.mark.parametrize("room", documents.ROOMS)
def test_the_life_that_an_essay_draws_is_the_one_in_its_tables(room: str) -> None:
    table = documents.moves_of(room)
    essay = read("src", "hesabu", room, "__init__.py")
    assert documents.picture_faults(room, essay, table) == []


def test_the_rooms_with_a_life_have_their_tables_found() -> None:
    found = {room: len(documents.moves_of(room)) for room in documents.ROOMS}
    assert all(found[room] > 10 for room in ("payments", "invoicing", "messaging"))


@pytest.mark.parametrize("page", documents.pages(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_a_page_points_at_is_there(page: Path) -> None:
    assert documents.link_faults(page, page.read_text()) == []


DECISION = "**Decision.** *One.*\n\n**Enforced by** `tests/house`."


@pytest.mark.parametrize(
    ("readme", "text"),
    [
        ("", DECISION),
        ("(0001-x.md)", "**Decision.** One.\n\n**Enforced by** `tests/house`."),
        ("(0001-x.md)", "**Decision.** *One.*"),
        ("(0001-x.md)", "**Decision.** *One.*\n\n**Enforced by** `lint` and good will."),
        ("(0001-x.md)", "**Decision.** *One.*\n\n**Enforced by** `tests/none/test_x.py`."),
    ],
)
def test_a_decision_that_is_a_wish_is_caught(readme: str, text: str) -> None:
    assert len(documents.decision_faults(readme, {"0001-x.md": text})) == 1
    assert documents.decision_faults("(0001-x.md)", {"0001-x.md": DECISION}) == []


@pytest.mark.parametrize("text", ['"""Short."""', f'"""{"word " * 50}"""\nimport os', "x = 1", ""])
def test_a_room_without_its_essay_or_with_imports_is_caught(text: str) -> None:
    assert len(documents.essay_faults("x/__init__.py", text)) == 1


@pytest.mark.parametrize(
    ("essay", "faults"),
    [
        ("  a ── go ──▶ b", []),
        ("  a, b ── go ──▶ b", ["x draws b ── go ──▶ b, which is no move"]),
        ("  a ── run ──▶ b", ["x does not draw a ── go ──▶ b", "x draws a ── run ──▶ b, which is no move"]),
        ("  none", ["x does not draw a ── go ──▶ b"]),
    ],
)  # fmt: skip
def test_a_picture_that_lies_is_caught(essay: str, faults: list[str]) -> None:
    assert documents.picture_faults("x", essay, {("a", "go", "b")}) == faults


def test_a_page_that_is_out_of_date_is_caught() -> None:
    made = documents.MADE_PAGES["facts.md"]()
    assert documents.differences("p", made, made) == []
    without = made.replace("| `InvoicePaid` |", "| `InvoicePayed` |")
    assert len(documents.differences("p", without, made)) == 2
    unread = made.replace("`ledger.open_book`", "")
    assert len(documents.differences("p", unread, made)) == 2
    assert documents.differences("p", "b\na", "a\nb") == ["p is in another order"]


def test_what_is_missing_and_what_is_not_there_is_caught() -> None:
    assert documents.missing("p", "`one`\n### two\nthree", ["one", "two", "three"], "word") == [
        "p does not tell of the word three"
    ]
    assert documents.strangers("p", "### A\n### B", r"^### (\w+)", ["A"], "word") == [
        "p tells of the word B, which is not there"
    ]


def test_a_dependency_without_a_reason_is_seen() -> None:
    project = '[project]\ndependencies = ["a-b>=1", "c[x]==2.*"]\n[dependency-groups]\ndev = ["d"]'
    assert documents.dependencies(project) == ["a-b", "c", "d"]
    assert documents.rows_of("| package | for |\n|---|---|\n| a-b | reasons |\n| c |  |\n") == {
        "package": "for",
        "a-b": "reasons",
        "c": "",
    }


@pytest.mark.parametrize(
    "text",
    [
        "[x](nowhere.md)",
        "`tests/none/test_none.py`",
        "`tests/house/test_docs.py::test_that_nobody_wrote`",
    ],
)
def test_a_page_that_points_nowhere_is_caught(text: str) -> None:
    assert len(documents.link_faults(DOCS / "x.md", text)) == 1
    here = "[x](facts.md) [y](https://example.org) ![z](pictures/none.png) `tests/conftest.py`"
    assert documents.link_faults(DOCS / "x.md", here) == []
