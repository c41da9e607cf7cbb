"""What `make mutants` takes out is there to be taken out, and stands for a row that is met by that test."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
mutants = importlib.import_module("mutants")
ROOT = Path(__file__).resolve().parents[2]


def test_every_defence_stands_where_it_is_said_to_once() -> None:
    for one in mutants.MUTANTS:
        whole = (ROOT / mutants.SOURCE / one.file).read_text()
        assert whole.count(one.defence) == 1, (one.requirement, one.file, one.defence)
        assert one.defence not in one.instead or one.instead != one.defence


def test_every_defence_is_of_a_row_that_names_its_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    rows = {line.split(" ")[1]: line for line in page.splitlines() if line.startswith("| v5.0.0-")}
    for one in mutants.MUTANTS:
        assert " met (" in rows[one.requirement], one.requirement
        assert f"`{one.test}`" in rows[one.requirement], (one.requirement, one.test)


def test_enough_rows_of_weight_are_proven() -> None:
    chapters = {one.row.partition(".")[0] for one in mutants.MUTANTS}
    assert len({one.row for one in mutants.MUTANTS}) >= 45
    assert {"1", "3", "4", "5", "6", "7", "8", "9", "10"} <= chapters
