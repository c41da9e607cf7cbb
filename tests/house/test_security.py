"""docs/security.md claims nothing that no test shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| (v5\.0\.0-\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LEVELS = {"1": 70, "2": 183}
"""How many requirements of each level the standard has."""


def rows(text: str) -> list[tuple[str, str, str, str]]:
    return ROW.findall(text)


def faults_of(text: str) -> list[str]:
    faults = []
    for name, _, _, answer in rows(text):
        kind, _, said = answer.partition(" (")
        if kind not in ("met", "not applicable", "open") or len(said) < 4:
            faults.append(f"{name} says neither met, not applicable nor open, with what or why")
        named = NAMED.findall(answer)
        if kind == "met" and not named:
            faults.append(f"{name} is met by no test")
        for path, test in named:
            file = ROOT / path
            if not file.is_file() or not re.search(rf"def {test}\(", file.read_text()):
                faults.append(f"{name} names {path}::{test}, which is not there")
    return faults


def test_every_requirement_of_the_first_two_levels_has_its_row() -> None:
    found = rows(PAGE.read_text())
    assert len({name for name, *_ in found}) == len(found)
    assert {level: sum(one[1] == level for one in found) for level in LEVELS} == LEVELS


def test_what_is_met_names_a_test_that_is_there() -> None:
    assert faults_of(PAGE.read_text()) == []


def test_the_page_counts_rightly() -> None:
    text = PAGE.read_text()
    kinds = [answer.partition(" (")[0] for *_, answer in rows(text)]
    said = re.search(
        r"Of (\d+) requirements (\d+) are met, (\d+) do not apply, and (\d+) are open", text
    )
    assert said
    counted = (len(kinds), *(kinds.count(kind) for kind in ("met", "not applicable", "open")))
    assert tuple(map(int, said.groups())) == counted


@pytest.mark.parametrize(
    "planted",
    [
        "| v5.0.0-1.1.1 | 1 | x | met (we are sure) |",
        "| v5.0.0-1.1.1 | 1 | x | met (`tests/house/test_security.py::test_the_moon`) |",
        "| v5.0.0-1.1.1 | 1 | x | met (`tests/house/test_nowhere.py::test_x`) |",
        "| v5.0.0-1.1.1 | 1 | x | nearly (soon) |",
        "| v5.0.0-1.1.1 | 1 | x | open () |",
    ],
)
def test_a_claim_without_its_test_is_caught(planted: str) -> None:
    assert len(faults_of(planted)) == 1
