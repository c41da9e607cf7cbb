"""The building code: rules of the house that no library checks, each a function from source to faults.

A fault says where, what, and what to do instead. The tests hold the real sources to every rule, and plant a fault for each
to see it caught.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "hesabu"
ROOMS = ("identity", "messaging", "ledger", "payments", "invoicing")
FRONT_DOOR = {
    "actions",
    "queries",
    "types",
    "errors",
    "facts",
    "permissions",
    "approvals",
    "platform",
    "notices",
}
APP_MAY_ALSO = {"reactions", "jobs"}
"""The app wires rooms together, so it alone sees what they react with."""
MONEY_ROOMS = ("ledger", "payments", "invoicing")


@dataclass(frozen=True, slots=True)
class Source:
    """A module: its path below the package (`payments/actions/claim.py`) and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        return self.path.split("/")[0]


def sources(*without: str) -> Iterator[Source]:
    """Every module of the product but migrations."""
    for path in sorted(SOURCE.rglob("*.py")):
        relative = path.relative_to(SOURCE).as_posix()
        if "migrations/" not in relative and not relative.startswith(without or ("\x00",)):
            yield Source(relative, path.read_text())


def front_doors(source: Source) -> list[str]:
    """A room is entered by its front door."""
    faults = []
    for line, module in _imports(source.tree):
        parts = module.split(".")
        if (
            len(parts) < 3
            or parts[0] != "hesabu"
            or parts[1] not in ROOMS
            or parts[1] == source.room
        ):
            continue
        allowed = FRONT_DOOR | (APP_MAY_ALSO if source.room == "app" else set())
        is_granted = f"{module}.".startswith(tuple(f"{m}." for m in _GRANTED.get(source.room, ())))
        if parts[2] not in allowed and not is_granted:
            faults.append(
                f"{source.path}:{line} enters {parts[1]} by {parts[2]}: use its actions, queries, types, errors, facts or permissions"
            )
    return faults


_GRANTED = {
    "app": (
        "hesabu.messaging.providers.whatsapp.intake",
        "hesabu.messaging.providers.whatsapp.dialog360",
        "hesabu.messaging.providers.africastalking.intake",
        "hesabu.messaging.providers.mail.intake",
        "hesabu.payments.providers.mpesa.intake",
        "hesabu.payments.providers.port",
        "hesabu.invoicing.document",
    ),
}
"""What the app wires by name besides: the intakes of the ingress, the words of a provider that the simulation plays, and the
paper that the benchmark times."""


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
}
WRITING_SQL = re.compile(r"\b(INSERT INTO|UPDATE \w+\s+(AS \w+ |\w+ )?SET|DELETE FROM|TRUNCATE)\b")


def only_actions_write(source: Source) -> list[str]:
    """Only actions write rows. The store writes what is kept for everybody; the bench writes its own scratch database."""
    if source.room in ("store", "sandbox", "kit") or source.path.startswith(
        ("app/bench", "app/embedded")
    ):
        return []
    if re.search(r"(^|/)actions(/|\.py$)", source.path) or source.path.startswith("app/backup"):
        return []
    faults = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            written = ast.unparse(node.func)
            is_row = isinstance(node.func.value, ast.Name)
            if (
                node.func.attr in WRITES
                and ("objects" in written or (node.func.attr == "save" and is_row))
            ) or (node.func.attr == "update" and ".objects" in written):
                faults.append(
                    f"{source.path}:{node.lineno} writes rows ({written}): move it into an action"
                )
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and WRITING_SQL.search(node.value)
        ):
            faults.append(
                f"{source.path}:{node.lineno} holds SQL that writes: move it into an action"
            )
    return faults


def no_floats_near_money(source: Source) -> list[str]:
    """No float in the rooms of money, nor in the grammar that reads amounts."""
    near = (
        source.room in MONEY_ROOMS or source.path in ("kit/money.py",) or "grammar" in source.path
    )
    if not near:
        return []
    faults = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            faults.append(
                f"{source.path}:{node.lineno} has the float {node.value}: use Decimal or minor units"
            )
        if isinstance(node, ast.Name) and node.id == "float":
            faults.append(f"{source.path}:{node.lineno} says float: use Decimal or minor units")
        if isinstance(node, ast.Attribute) and node.attr == "FloatField":
            faults.append(f"{source.path}:{node.lineno} keeps a float: use Minor")
    return faults


def no_second_clock(source: Source) -> list[str]:
    """kit.clock is the only clock."""
    if source.path == "kit/clock.py" or source.room in ("sandbox",):
        return []
    faults = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in (
                "datetime.now",
                "datetime.utcnow",
                "datetime.datetime.now",
                "timezone.now",
                "date.today",
            ):
                faults.append(f"{source.path}:{node.lineno} asks {called}: ask kit.clock")
    return faults


def no_silent_except(source: Source) -> list[str]:
    """An error that is caught is answered."""
    return [
        f"{source.path}:{node.lineno} swallows an error: answer it, or let it go on"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and all(
            isinstance(s, ast.Pass)
            or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            for s in node.body
        )
    ]


BANNED = re.compile(r"(Manager|Helper|Utils?|Service|Data|Info|Handler)$")
BANNED_VERBS = ("process_", "handle_", "do_")
FRAMEWORKS_OWN = {"process_exception", "process_request", "process_view", "do_GET", "do_POST"}
"""Names that Django and http.server call by."""
BANNED_FILES = {
    "utils.py",
    "helpers.py",
    "services.py",
    "service.py",
    "misc.py",
    "common.py",
    "base.py",
}


def names_say_what_things_are(source: Source) -> list[str]:
    """Names that say nothing are not used."""
    faults = []
    if source.path.rsplit("/", 1)[-1] in BANNED_FILES:
        faults.append(f"{source.path}: a file's name says what is in it")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and BANNED.search(node.name):
            faults.append(f"{source.path}:{node.lineno} class {node.name}: name it for what it is")
        if (
            isinstance(node, ast.FunctionDef)
            and node.name.startswith(BANNED_VERBS)
            and node.name not in FRAMEWORKS_OWN
        ):
            faults.append(f"{source.path}:{node.lineno} {node.name}: use the verb of the trade")
    return faults


FUNCTION_LINES_MAX, FILE_LINES_MAX = 90, 460
"""Hard ends in lines of code (comments and docstrings are free); about 40 and 250 are where to look again."""


def sizes(source: Source) -> list[str]:
    """Functions and files that are too long to be read at once."""
    if source.room == "sandbox" or "/grammar/languages/" in source.path:
        return []  # a language is a table of words, as long as the language
    tree = source.tree
    faults = []
    if (count := code_lines(source.text, tree)) > FILE_LINES_MAX:
        faults.append(f"{source.path}: {count} lines of code: split it by noun")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = ast.get_source_segment(source.text, node) or ""
            if (count := code_lines(body, ast.parse(_dedent(body)))) > FUNCTION_LINES_MAX:
                faults.append(
                    f"{source.path}:{node.lineno} {node.name}: {count} lines of code: split it"
                )
    return faults


def _dedent(body: str) -> str:
    import textwrap

    first, _, rest = body.partition("\n")
    return (
        first + "\n" + textwrap.dedent(rest)
        if not rest
        else textwrap.dedent(" " * 0 + first + "\n" + rest)
    )


def code_lines(text: str, tree: ast.AST) -> int:
    """Lines that are neither blank nor comment nor docstring, nor a list of names (imports, `__all__`)."""
    documented: set[int] = set()
    for node in ast.walk(tree):
        if (
            (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            )
            or isinstance(node, ast.Import | ast.ImportFrom)
            or (
                isinstance(node, ast.Assign)
                and [ast.unparse(target) for target in node.targets] == ["__all__"]
            )
        ):
            documented.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return sum(
        1
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in documented
    )


def columns_are_explained(source: Source) -> list[str]:
    """A line under each column says what it means and its unit."""
    if not re.search(r"(^|/)models(/\w+)?\.py$", source.path):
        return []
    faults = []
    for klass in [
        n for n in ast.walk(source.tree) if isinstance(n, ast.ClassDef) and n.name != "Meta"
    ]:
        for here, after in zip(klass.body, [*klass.body[1:], None], strict=True):
            if not (isinstance(here, ast.Assign) and isinstance(here.value, ast.Call)):
                continue
            name = ast.unparse(here.targets[0])
            called = ast.unparse(here.value.func)
            is_column = called.startswith("models.") or called in (
                "Minor",
                "SealedText",
                "SealedJSON",
            )
            explained = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            if is_column and "CompositePrimaryKey" not in called and not explained:
                faults.append(f"{source.path}:{here.lineno} {klass.name}.{name} is not explained")
    return faults


def no_mocks(text: str, path: str) -> list[str]:
    """Fakes at the socket only: our own code is never replaced in a test."""
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"unittest\.mock|from mock |MagicMock|@patch|mocker\.", line):
            faults.append(f"{path}:{number} mocks: put a fake at the socket")
        if re.search(r"monkeypatch\.setattr\(\s*['\"]?hesabu\.", line):
            faults.append(f"{path}:{number} replaces our own code")
    return faults


RULES = (
    front_doors,
    only_actions_write,
    no_floats_near_money,
    no_second_clock,
    no_silent_except,
    names_say_what_things_are,
    sizes,
    columns_are_explained,
)


def faults_of(found: Iterable[Source], rules: Sequence = RULES) -> list[str]:  # type: ignore[type-arg]
    return [fault for source in found for rule in rules for fault in rule(source)]
