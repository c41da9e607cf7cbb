"""The sources keep the building code, and the building code catches what is planted."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
code = importlib.import_module("building_code")
TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("rule", code.RULES, ids=lambda rule: rule.__name__)
def test_the_sources_keep_the_rule(rule) -> None:  # type: ignore[no-untyped-def]
    assert code.faults_of(code.sources(), [rule]) == []


def test_no_test_mocks_our_own_code() -> None:
    faults = [
        fault
        for path in TESTS.rglob("*.py")
        if path.name not in ("building_code.py", "test_building_code.py")
        for fault in code.no_mocks(path.read_text(), path.relative_to(TESTS).as_posix())
    ]
    assert faults == []


PLANTED = [
    (code.front_doors, "doors/chat/x.py", "from hesabu.payments.models import Claim"),
    (code.front_doors, "invoicing/actions/x.py", "from hesabu.payments.rules import code"),
    (code.front_doors, "invoicing/x.py", "import hesabu.ledger.models"),
    (code.only_actions_write, "payments/queries.py", "Claim.objects.create(id=1)"),
    (code.only_actions_write, "doors/web/pay/views.py", "row.save()"),
    (
        code.only_actions_write,
        "invoicing/reactions.py",
        "Invoice.objects.filter(id=1).update(state='paid')",
    ),
    (
        code.only_actions_write,
        "ledger/queries.py",
        "q = 'INSERT INTO ledger_entry (id) VALUES (1)'",
    ),
    (code.only_actions_write, "ledger/queries.py", "q = 'UPDATE ledger_book SET x = 1'"),
    (code.no_floats_near_money, "payments/rules.py", "fee = 0.5"),
    (code.no_floats_near_money, "invoicing/rules/x.py", "amount = float('1')"),
    (code.no_floats_near_money, "doors/chat/grammar/amounts.py", "x = 1e3"),
    (code.no_second_clock, "payments/jobs.py", "from datetime import datetime\nx = datetime.now()"),
    (code.no_silent_except, "kit/http.py", "try:\n    x()\nexcept ValueError:\n    pass"),
    (code.names_say_what_things_are, "kit/x.py", "class InvoiceManager: ..."),
    (code.names_say_what_things_are, "kit/x.py", "def process_letters(): ..."),
    (code.names_say_what_things_are, "payments/utils.py", "x = 1"),
    (code.sizes, "kit/x.py", "def long():\n" + "    x = 1\n" * 120),
    (code.sizes, "kit/x.py", "x = 1\n" * 500),
    (
        code.columns_are_explained,
        "payments/models.py",
        "class A(M):\n    a = models.TextField()\n    b = Minor()\n    '''In minor units.'''",
    ),
    (code.columns_are_explained, "identity/models/x.py", "class A(M):\n    a = SealedText()"),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_fault_is_caught(rule, path: str, text: str) -> None:  # type: ignore[no-untyped-def]
    assert len(rule(code.Source(path, text))) == 1


@pytest.mark.parametrize(
    "line",
    ["from unittest.mock import patch", "monkeypatch.setattr('hesabu.kit.clock.now', x)"],
)
def test_a_planted_mock_is_caught(line: str) -> None:
    assert code.no_mocks(line, "x.py")
