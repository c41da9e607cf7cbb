"""Two pages that are made: docs/input-rules.md, what is taken from outside; docs/fields.md, who sees which fields."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

MADE = "<!-- made by tests/house/documents.py --write; tests/house/test_docs.py holds it to the code -->"
ROOMS = ("kit", "store", "identity", "messaging", "ledger", "payments", "invoicing", "doors")
LIMIT = re.compile(
    r"^[A-Z][A-Z_]*(_MAX|_MIN|_MOST|_LONGEST|PER_HOUR|PER_MINUTE|PER_DAY|_TIMES|TRIES\w*|_FREE|_LIFE|LIFE|_AHEAD_DAYS|_DAYS"
    r"|_HOURS|_SECONDS|_SECONDS_MAX|_LETTERS|_LIMIT)$|^(MAX|MIN|MOST|LONGEST)_"
)


def described() -> dict[str, Any]:
    from hesabu.doors.api.urls import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return found


def operations() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """(method and path, its description, the function behind it)."""
    from hesabu.doors.api.urls import api

    behind = {
        (method, f"/api/v1{path}"): operation.view_func
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    for path, methods in described()["paths"].items():
        for method, said in methods.items():
            yield f"{method.upper()} {path}", said, behind.get((method.upper(), path))


# --- what is taken


def input_rules_page() -> str:
    import hesabu.app.wiring

    hesabu.app.wiring.connect()
    parts = [
        "# What is taken from outside",
        MADE,
        (
            "Every rule that input is held to, from the code that holds it. Whatever is not named here is not taken: the API refuses\n"
            "names that it does not know, a page reads only the fields of its form. All of it is checked on the server; what a\n"
            "browser checks before is a comfort. Text is Unicode; letters that cannot be printed are refused, and right-to-left\n"
            "marks with them. Amounts are text in major units with a currency, never floating numbers; days are ISO 8601.\n"
            "Telephone numbers and tax numbers are held to the rules of their country ([countries.md](countries.md)), what is\n"
            "written in a chat to the grammar ([phrases](phrases/)), webhooks to their size, their signature or their answer\n"
            "([security-notes.md](security-notes.md)), settings to theirs ([operations/settings.md](operations/settings.md))."
        ),
        "## By programs\n\n" + _shapes(),
        "## On pages\n\n" + _forms(),
        (
            "## Together\n\n"
            "What is fit alone and not together is refused in these words, each from one rule of a room. Codes are stable.\n\n"
            "| code | status | refused when |\n|---|---|---|\n" + "\n".join(_refusals())
        ),
        (
            "## Limits of the trade\n\n"
            "How many, how large, how long, how often: constants of the code, in the unit that their name ends in.\n\n"
            "| where | limit | value |\n|---|---|---|\n" + "\n".join(_limits())
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _shapes() -> str:
    known = described()["components"]["schemas"]
    wanted: list[str] = []

    def walk(shape: Any) -> None:
        if isinstance(shape, dict):
            if "$ref" in shape:
                name = shape["$ref"].rpartition("/")[2]
                if name not in wanted:
                    wanted.append(name)
                    walk(known[name])
            for one in shape.values():
                walk(one)
        elif isinstance(shape, list):
            for one in shape:
                walk(one)

    rows = []
    for name, said, _ in operations():
        for content in said.get("requestBody", {}).get("content", {}).values():
            walk(content["schema"])
        for one in said.get("parameters", []):
            if one["in"] == "query":
                rows.append(f"| `{name}` | `{one['name']}` | {_rule(one['schema'])} |")
    head = "| shape | field | rule |\n|---|---|---|\n"
    for shape in sorted(wanted):
        needed = known[shape].get("required", [])
        for field, rule in known[shape].get("properties", {}).items():
            must = ", needed" if field in needed else ""
            rows.append(f"| `{shape}` | `{field}` | {_rule(rule)}{must} |")
    return head + "\n".join(rows)


def _rule(shape: dict[str, Any]) -> str:
    """A schema in few words."""
    if "$ref" in shape:
        return f"a `{shape['$ref'].rpartition('/')[2]}`"
    if "anyOf" in shape:
        return " or ".join(_rule(one) for one in shape["anyOf"])
    kind = {"null": "nothing", "string": "text", "integer": "whole number"}.get(
        shape.get("type", ""), shape.get("type", "anything")
    )
    said = [kind]
    for key, words in (
        ("format", "as {}"),
        ("minLength", "{} letters or more"),
        ("maxLength", "{} letters at most"),
        ("minItems", "{} or more"),
        ("maxItems", "{} at most"),
        ("minimum", "from {}"),
        ("exclusiveMinimum", "above {}"),
        ("maximum", "to {}"),
    ):
        if key in shape:
            said.append(
                words.format(f"{shape[key]:g}" if isinstance(shape[key], float) else shape[key])
            )
    if "pattern" in shape:
        said.append("like `" + shape["pattern"].replace("|", "\\|") + "`")
    if "enum" in shape:
        said.append("one of " + ", ".join(f"`{one}`" for one in shape["enum"]))
    if "items" in shape:
        said.append("of " + _rule(shape["items"]))
    return ", ".join(said)


def _modules(*names: str) -> Iterator[Any]:
    for name in names:
        package = importlib.import_module(f"hesabu.{name}")
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def _forms() -> str:
    from django import forms
    from django.utils import translation

    rows = set()
    with translation.override("en"):
        for module in _modules("doors.web"):
            for name, kind in inspect.getmembers(module, inspect.isclass):
                is_ours = kind.__module__ == module.__name__ and issubclass(kind, forms.BaseForm)
                if not is_ours:
                    continue
                for field_name, field in {**kind.base_fields, **_made(kind)}.items():
                    most = getattr(field, "max_length", None)
                    rule = type(field).__name__.removesuffix("Field").lower() or "text"
                    rule = {"char": "text", "typedchoice": "choice"}.get(rule, rule)
                    bounds = f", {most} letters at most" if most else ""
                    must = ", needed" if field.required else ""
                    rows.add(
                        f"| `{module.__name__.removeprefix('hesabu.')}.{name}` | `{field_name}` | {rule}{bounds}{must} |"
                    )
    return "| form | field | rule |\n|---|---|---|\n" + "\n".join(sorted(rows))


def _made(kind: Any) -> dict[str, Any]:
    """Fields that a form makes for itself, where it can be made from nothing."""
    try:
        return dict(kind().fields)
    except (TypeError, KeyError, AttributeError, ValueError):  # it wants a person or a request
        return {}


def _refusals() -> list[str]:
    from hesabu.kit.errors import HesabuError

    for _ in _modules(*ROOMS):
        pass

    def below(kind: type) -> Iterator[Any]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    found = {
        one.code: one
        for one in below(HesabuError)
        if one.__module__.startswith(tuple(f"hesabu.{room}." for room in ROOMS))
        and 400 <= one.status < 500
        and "code" in vars(one)
    }
    return [
        f"| `{code}` | {one.status} | {' '.join(filter(None, [str(one.title), str(getattr(one, 'hint', '') or '')]))} |".replace(
            "\n", " "
        )
        for code, one in sorted(found.items())
    ]


def _limits() -> list[str]:
    from datetime import timedelta

    rows = {}
    for module in _modules(*ROOMS):
        for name, value in vars(module).items():
            is_number = isinstance(value, int) and not isinstance(value, bool)
            if not LIMIT.match(name) or not (is_number or isinstance(value, timedelta)):
                continue
            if not re.search(
                rf"^{name}\b.*=|^[A-Z_, ]*\b{name}\b[A-Z_, ]*=",
                inspect.getsource(module),
                re.MULTILINE,
            ):
                continue  # only taken from elsewhere
            where = module.__name__.removeprefix("hesabu.")
            said = f"{value:,}".replace(",", " ") if is_number else str(value)
            rows[f"{where}.{name}"] = f"| `{where}` | `{name}` | {said} |"
    return [rows[key] for key in sorted(rows)]


# --- who sees what


BEYOND = """| who | sees | never |
|---|---|---|
| whoever holds the link of an invoice | what the paper shows: who sells, to whom (the name), what, how much, what is paid; the customer's number with all but its first two and last three figures hidden | other invoices, the number, mail or tax number of the customer, who else paid, how the books stand |
| a customer in a chat | their own invoices and payments with the business that sent them | other customers, the merchant's other sales, who works there |
| somebody signed in | their own name, addresses, factors (never their secrets), sessions, tries to sign in with the place they came from | the same of anybody else |
| a member of a business | what their role may read, by the table below; names and roles of the other members | other members' mail addresses, telephones, factors, sessions |
| support, by the owner's consent | what a viewer sees, for so many hours, each look on record | anything that is not a page for reading |
| the platform's administrators | which businesses there are, and of what state | their customers, invoices, messages |
| whoever reads the database as *staff* | rows as they lie: amounts, days, states, ids | what is sealed |
| nobody | | passwords, PINs, keys and tokens after they were shown once, the sealed words of webhooks |"""


def fields_page() -> str:
    import hesabu.app.wiring
    from hesabu.identity import permissions
    from hesabu.identity.types import Role

    hesabu.app.wiring.connect()
    roles = {
        one.name: [role.value for role in Role if role in one.to] for one in permissions.declared()
    }
    known = described()["components"]["schemas"]
    rows = []
    for name, said, view in operations():
        leave = getattr(view, "leave", "") or ""
        who = ", ".join(roles.get(leave, [])) or leave.removeprefix("open: ")
        fields = sorted(
            {
                field
                for code, one in said["responses"].items()
                if code.isdigit() and int(code) < 300
                for content in one.get("content", {}).values()
                for field in _fields(content.get("schema", {}), known, ())
            }
        )
        shown = ", ".join(f"`{field}`" for field in fields) or (
            "the paper" if name.endswith("/pdf") else "nothing"
        )
        needs = f"`{leave}`" if leave in roles else "nothing"
        rows.append(f"| `{name}` | {needs} | {who} | {shown} |")
    return (
        "\n\n".join(
            [
                "# Who sees which fields",
                MADE,
                (
                    "Who may *do* what stands in [permissions.md](permissions.md); which *rows* somebody reaches is decided by the\n"
                    "database (row-level security). This is about fields. There are no fields that one role of a business sees and\n"
                    "another that may read the same thing does not: whoever may read an invoice reads all of it. What differs is\n"
                    "what may be read at all. An answer of the API is a shape whose fields are named one by one; what is in no shape\n"
                    "does not leave (`tests/doors/api/test_bounds.py`). A page names its fields in its template.\n"
                    "Fields that can be *written* stand in [input-rules.md](input-rules.md)."
                ),
                "## Beside the API\n\n" + BEYOND,
                "## By the API\n\n| operation | needs | roles whose keys may have it | fields of the answer |\n|---|---|---|---|\n"
                + "\n".join(rows),
            ]
        )
        + "\n"
    )


def _fields(shape: dict[str, Any], known: dict[str, Any], before: tuple[str, ...]) -> Iterator[str]:
    """Names of fields, those of inner shapes with their outer's."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        if name in before:
            return
        if name == "Sum":
            yield ""
            return
        yield from _fields(known[name], known, (*before, name))
        return
    for word in ("anyOf", "allOf", "oneOf"):
        for one in shape.get(word, []):
            yield from _fields(one, known, before)
    if shape.get("type") == "array":
        yield from _fields(shape.get("items", {}), known, before)
    for name, one in shape.get("properties", {}).items():
        inner = [found for found in _fields(one, known, before) if found]
        if inner:
            yield from (f"{name}.{found}" for found in inner)
        else:
            yield name
