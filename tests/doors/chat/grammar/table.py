"""A published table of phrases, row by row, and what each row promises."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

PHRASES = Path(__file__).parents[4] / "docs" / "phrases"
COLUMNS = ["message", "intent", "customer", "lines", "total", "due", "missing", "problems", "also"]
_KNOWN = {"Country: ": "country", "Customers: ": "customers", "Items: ": "items"}


class Row(NamedTuple):
    section: str
    number: int
    cells: dict[str, str]
    known: dict[str, Any]
    """What the section says is known: country, customers, items, quoted."""

    @property
    def message(self) -> str:
        return self.cells["message"].replace("⏎", "\n")

    @property
    def name(self) -> str:
        return f"{self.number}: {self.cells['message'][:60]}"


def rows_of(table: Path) -> list[Row]:
    found: list[Row] = []
    section = ""
    known: dict[str, Any] = {}
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
        told = next((lead for lead in _KNOWN if line.startswith(lead)), None)
        if line.startswith("## "):
            section, known = line[3:], {}
        elif told is not None:
            said = line.removeprefix(told).strip()
            value = said if told == "Country: " else tuple(said.split("; "))
            known = known | {_KNOWN[told]: value}
        elif line.startswith("Quoted: "):
            known = known | {"quoted": True}
        elif line.startswith("| ") and not line.startswith("| message "):
            cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            assert len(cells) == len(COLUMNS), f"line {number} has {len(cells)} cells"
            found.append(Row(section, number, dict(zip(COLUMNS, cells, strict=True)), known))
    return found


def _customer(cell: str) -> dict[str, str | None]:
    phone = re.search(r"\+\d+$", cell)
    name = cell[: phone.start()].strip() if phone else cell
    return {"name": name or None, "phone": phone[0] if phone else None}


def _line(cell: str) -> dict[str, str | None]:
    quantity, _, rest = cell.partition(" × ")
    price, _, description = rest.partition(" ")
    return {
        "description": None if description == "?" else description,
        "quantity": quantity,
        "unit_price": None if price == "?" else price,
    }


def _problem(cell: str) -> dict[str, Any]:
    code, _, at = cell.partition(": ")
    at, _, choices = at.partition(" = ") if code.startswith("which_") else (at, "", "")
    told: dict[str, Any] = {"code": code, "at": at}
    return told | {"choices": choices.split(" / ")} if choices else told


def promised(cells: dict[str, str]) -> dict[str, Any]:
    """The JSON of what a row says."""
    currency, _, amount = cells["total"].partition(" ")
    told: dict[str, Any] = {
        "intent": cells["intent"],
        "customer": _customer(cells["customer"]),
        "lines": [_line(c) for c in cells["lines"].split("; ") if c],
        "discount": None,
        "tax": None,
        "total": {"amount": amount, "currency": currency} if amount else None,
        "due_on": cells["due"] or None,
        "missing": [c for c in cells["missing"].split(", ") if c],
        "problems": [_problem(c) for c in cells["problems"].split("; ") if c],
    }
    return told | json.loads("{" + cells["also"] + "}")
