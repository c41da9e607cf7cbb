"""No test depends on how fast the machine is, on the second in which it runs, or on a port that somebody else may take.

`steady` waits and finds ports for all of them; what would race is refused here, each rule with a planted fault.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
STEADY = "steady.py"
AT_LEAST_SECONDS = 30
"""An upper bound below this says something of the machine."""
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.datetime.now", "date.today", "timezone.now"}
BELOW = (ast.Lt, ast.LtE)
WALL = ("time.monotonic()", "time.perf_counter()", "time.time()")


def no_sleeping(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Nobody waits for a time in which something may come about."""
    for node in _calls(tree):
        slept = _name(node) == "sleep" and ast.unparse(node.func) == "time.sleep"
        if slept or _name(node) == "wait_for_timeout":
            yield node.lineno, "sleeps: wait for what shall come about, with steady.eventually"


def no_other_clock(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What a test calls now is what the product calls now."""
    for node in _calls(tree):
        if _name(node) in ("now", "utcnow", "today") and ast.unparse(node.func) in CLOCKS:
            yield node.lineno, "asks another clock: ask kit.clock"


def no_port_let_go(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """A port that the system chose is used while it is held, or anybody may have it."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name.strip("_").startswith("free_port"):
            yield function.lineno, "finds a port of its own: steady.free_port keeps one"
        if not any(_name(call) == "getsockname" for call in _calls(function)):
            continue
        for block in ast.walk(function):
            if not isinstance(block, ast.With) or "socket.socket(" not in ast.unparse(
                block.items[0]
            ):
                continue
            for line in _port_leaves(function, block):
                yield line, "lets a port go before it is used: steady.free_port keeps one"


def _port_leaves(function: ast.AST, block: ast.With) -> Iterator[int]:
    names: set[str] = set()
    for node in ast.walk(block):
        if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
            if "getsockname()" not in ast.unparse(node.value):
                continue
            if isinstance(node, ast.Return):
                yield node.lineno
            else:
                names |= {ast.unparse(target) for target in node.targets}
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Name)
            and node.id in names
            and node.lineno > (block.end_lineno or 0)
        ):
            yield node.lineno


def no_race(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Nothing has to be done within few seconds by the clock on the wall."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not any(isinstance(n, BELOW) for n in node.ops):
            continue
        if not any(wall in ast.unparse(node) for wall in WALL):
            continue
        for sign, bound in zip(node.ops, node.comparators, strict=True):
            if isinstance(sign, BELOW) and _is_short(bound):
                yield node.lineno, "bounds a time on the wall: look at what was done instead"


def no_impatience(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Whoever waits for a thread, a process or an answer waits long enough for a busy machine."""
    meant = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.With) and any(_name(c) == "raises" for c in _calls(node)))
        or isinstance(node, ast.While)
        for inner in ast.walk(node.test if isinstance(node, ast.While) else node)
    }
    for node in _calls(tree):
        waits = _name(node) in ("wait", "join", "result", "settimeout", "acquire")
        given = list(node.args[:1]) if waits else []
        given += [one.value for one in node.keywords if one.arg == "timeout"]
        if id(node) not in meant and any(_is_short(one) for one in given):
            yield node.lineno, "is impatient: wait for steady.PATIENCE_SECONDS"


@cache
def _trees() -> list[tuple[str, ast.AST]]:
    """Every file of tests: its path below tests/, and what stands in it."""
    found = sorted(TESTS.rglob("*.py"))
    return [(path.relative_to(TESTS).as_posix(), ast.parse(path.read_text())) for path in found]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_short(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value < AT_LEAST_SECONDS
    )


RULES = (no_sleeping, no_other_clock, no_port_let_go, no_race, no_impatience)
MAY = {
    (no_other_clock, "kit/test_clock.py"),  # the clock against the other
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_test_depends_on_the_machine(rule: object) -> None:
    faults = [
        f"tests/{at}:{line} {what}"
        for at, tree in _trees()
        if at != STEADY and (rule, at) not in MAY
        for line, what in rule(tree)  # type: ignore[operator]
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (no_sleeping, "time.sleep(0.3)"),
        (no_sleeping, "page.wait_for_timeout(300)"),
        (no_other_clock, "day = date.today()"),
        (
            no_port_let_go,
            "def free():\n with socket.socket() as s:\n  s.bind(('', 0))\n  return s.getsockname()[1]",
        ),
        (
            no_port_let_go,
            "def made():\n with socket.socket() as s:\n  port = s.getsockname()[1]\n start(port)",
        ),
        (no_port_let_go, "def free_ports(count):\n return [any_port() for _ in range(count)]"),
        (no_race, "assert time.monotonic() - began < 0.5"),
        (no_race, "assert 0.1 < time.perf_counter() - began <= 2"),
        (no_impatience, "thread.join(5)"),
        (no_impatience, "assert begun.wait(10)"),
        (no_impatience, "httpx.get(url, timeout=1)"),
    ],
)
def test_what_would_race_is_refused(rule: object, code: str) -> None:
    assert list(rule(ast.parse(code)))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (
            no_port_let_go,
            "def f():\n with socket.socket() as s:\n  p = s.getsockname()[1]\n  go(p)",
        ),
        (no_race, "assert time.monotonic() - began > 0.5"),
        (no_race, "assert time.process_time() - began < 2"),
        (no_impatience, "while not done.wait(0.05):\n    look()"),
        (no_impatience, "with pytest.raises(TimeoutError):\n    SMTP(host, timeout=0.5)"),
        (no_impatience, "' '.join(words)"),
    ],
)
def test_what_does_not_race_is_allowed(rule: object, code: str) -> None:
    assert not list(rule(ast.parse(code)))  # type: ignore[operator]
