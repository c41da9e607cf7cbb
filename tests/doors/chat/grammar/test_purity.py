"""The grammar stands alone: no Django, no database, no network, no floats."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

GRAMMAR = Path(__file__).parents[4] / "src" / "hesabu" / "doors" / "chat" / "grammar"
ALLOWED = {"phonenumbers", "hesabu"}


def test_it_imports_only_the_standard_library_and_phonenumbers() -> None:
    for path in GRAMMAR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            for module in modules:
                top = module.split(".")[0]
                assert top in sys.stdlib_module_names | ALLOWED, f"{path.name} imports {module}"
                if top == "hesabu":
                    assert module.startswith("hesabu.doors.chat.grammar"), f"{path.name}: {module}"


def test_it_never_uses_a_float() -> None:
    for path in GRAMMAR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
            assert not (isinstance(node, ast.Name) and node.id == "float"), path.name


def test_reading_a_message_brings_no_django_in() -> None:
    program = (
        "import sys; from datetime import date\n"
        "from hesabu.doors.chat.grammar.parser import parse\n"
        "parse('Invoice Jane 5000 for logo', today=date(2026, 11, 23))\n"
        "assert not {'django', 'socket', 'sqlite3'} & set(sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(GRAMMAR.parents[3])},
    )
    assert result.returncode == 0, result.stderr
