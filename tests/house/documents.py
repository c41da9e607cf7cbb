"""The documents of the house: what each page has to hold, as functions from text to faults; and pages that are made.

    python tests/house/documents.py          says what is out of date
    python tests/house/documents.py --write  writes docs/facts.md, commands.md, countries.md, permissions.md, input-rules.md and fields.md again

A page that is made is made from the code, so that a test can hold it to the code. Everything else is written by people and
only looked over here: what it must name, and that what it points at is there.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import os
import pkgutil
import re
import sys
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "hesabu"
ROOMS = ("kit", "store", "identity", "messaging", "ledger", "payments", "invoicing")
DOORS = ("doors", "doors/chat", "doors/web")
ESSAYS = (*ROOMS, *DOORS, "app", "sandbox")
MADE = "<!-- made by tests/house/documents.py --write; tests/house/test_docs.py holds it to the code -->"
Move = tuple[str, str, str]


# Facts


def facts_page() -> str:
    """docs/facts.md, from the rooms' facts and the app's wiring."""
    from hesabu.app import wiring as app
    from hesabu.store.wiring import wiring

    parts = [
        "# Facts",
        MADE,
        (
            "What happened, past tense, written in the transaction that made it true and kept for ever. *Now* readers run in\n"
            "the same transaction, *later* readers in a job, once for each fact (`src/hesabu/store/facts.py`). Every fact\n"
            "carries its business, its subject, who acted, why and when; the fields are what it carries besides. They are\n"
            "ids, whole numbers, days and short codes, never personal data. Who reads what is declared in\n"
            "`src/hesabu/app/wiring.py` and nowhere else."
        ),
    ]
    by_room: dict[str, list[str]] = {}
    for kind in app.fact_types():
        by_room.setdefault(kind.kind.split(".")[0], []).append(
            fact_row(kind, wiring.now_readers(kind), wiring.later_readers(kind))
        )
    for room, rows in by_room.items():
        head = "| fact | in words | means | about | fields | read now by | read later by |\n|---|---|---|---|---|---|---|"
        parts.append(f"## {room}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def fact_row(kind: typing.Any, now: Iterable[typing.Any], later: Iterable[str]) -> str:
    """One line of the table."""
    names = [f.name for f in dataclasses.fields(kind)]
    fields = [n for n in names if n not in ("business_id", "subject_id", "subject_kind")]
    about = "whatever `send` was given" if "subject_kind" in names else kind.subject_kind
    readers_now = [f"{reader.__module__}.{reader.__name__}" for reader in now]
    cells = (
        f"`{kind.__name__}`",
        kind.title,
        " ".join((inspect.getdoc(kind) or "").split()).replace("|", "\\|"),
        about,
        ", ".join(f"`{name}`" for name in fields),
        ", ".join(f"`{_short(name)}`" for name in readers_now),
        ", ".join(f"`{_short(name)}`" for name in later),
    )
    return "| " + " | ".join(cells) + " |"


def _short(name: str) -> str:
    return name.removeprefix("hesabu.").replace(".reactions.", ".")


# Commands


def commands() -> Iterator[tuple[str, typing.Any]]:
    """Every command of the tree that can be run here: (`hesabu backup create`, click's command)."""
    import click

    from hesabu.app import cli

    def walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield path, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                if found is not None:
                    yield from walk(f"{path} {name}", found)

    yield from walk("hesabu", cli.commands)


def commands_page() -> str:
    """docs/commands.md, from the command line itself."""
    parts = [
        "# Commands",
        MADE,
        (
            "Run them as `.venv/bin/hesabu …`, or `hesabu …` with the environment active. `--help` works everywhere. A refusal\n"
            "is printed in its own words; the exit code is 0 when all is well, 1 when something was refused or found wrong, 2\n"
            "when it could not be tried (settings, database, usage)."
        ),
    ]
    parts += [command_part(path, command) for path, command in commands() if path != "hesabu"]
    return "\n\n".join(parts) + "\n"


def command_part(path: str, command: typing.Any) -> str:
    """One command: how it is called, what it does, its options."""
    import click

    depth = "##" if path.count(" ") == 1 else "###"
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    call = " ".join([path, *(f"{a.make_metavar(click.Context(command))}" for a in arguments)])
    call_line = f"\n\n    {call}" if call != path else ""
    text = inspect.cleandoc(command.help or "").replace("\x08", "").strip()
    lines = [f"| `{', '.join(option.opts)}` | {option_words(option)} |" for option in options]
    table = "\n\n| option | |\n|---|---|\n" + "\n".join(lines) if lines else ""
    return f"{depth} {path}{call_line}\n\n{text}{table}"


def option_words(option: typing.Any) -> str:
    """What an option does, and what it is by itself."""
    words = " ".join((option.help or "").split())
    if option.required:
        return f"{words} Needed."
    default = option.default
    is_plain = isinstance(default, str | int) and not isinstance(default, bool)
    return f"{words} By itself `{default}`." if is_plain and default != "" else words


# Countries

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGES = {
    "en": "English",
    "sw": "Swahili",
    "mk": "Macedonian",
    "sq": "Albanian",
    "fr": "French",
}
_WAYS = {"till": "M-PESA till", "paybill": "M-PESA paybill", "phone": "M-PESA to a number"}
_WAYS |= {
    "stk_till": "M-PESA prompt",
    "stk_paybill": "M-PESA prompt",
    "bank": "bank",
    "cash": "cash",
}


def countries_page() -> str:
    """docs/countries.md, from kit's countries, invoicing's rates and legal fields, and the ledger's charts."""
    from hesabu.kit.countries import COUNTRIES

    parts = [
        "# Countries",
        MADE,
        (
            "Where a business can keep its books with Hesabu, and what is different there. A rate is chosen by the day of\n"
            'issue; rates before 2015 are not kept, so 2015-01-01 stands for "was in force before". Sources are where a\n'
            "fact was looked up; the law itself always wins. What was not certain is left out, and said. Nothing here is\n"
            "advice: a business asks its accountant which of its sales are taxed, and how.\n\n"
            "Names, weeks and figures come from CLDR, telephone numbers from libphonenumber, tax numbers from python-stdnum\n"
            "where it knows them. Papers are written in English, Swahili, Macedonian, Albanian and French.\n\n"
            "Where the law wants invoices with tax to pass a certified device or the authority itself, Hesabu does not do\n"
            "that yet and nothing on its papers claims it: the table says which."
        ),
        "## In short\n\n"
        "| country | currency | calling code | time zone | languages | figures | week begins | ways to be paid |\n"
        "|---|---|---|---|---|---|---|---|\n"
        + "\n".join(_country_row(place) for place in COUNTRIES.values()),
    ]
    parts += [_country_part(place) for place in COUNTRIES.values()]
    parts.append(_charts_part())
    return "\n\n".join(parts) + "\n"


def _country_row(place: typing.Any) -> str:
    from hesabu.kit.money import exponent

    names = {place.name_in(language) for language in place.languages} - {place.name}
    figures = f"1{place.thousands_mark}250" + (f"{place.decimal_mark}50" if place.decimals else "")
    cells = (
        f"**{place.name}** ({place.code})" + "".join(f"<br>{name}" for name in sorted(names)),
        ", ".join(f"{code} ({exponent(code)} decimals)" for code in place.currencies),
        f"+{place.calling_code}",
        place.timezone,
        ", ".join(_LANGUAGES[language] for language in place.languages),
        figures,
        _DAYS[place.week_starts_on],
        ", ".join(dict.fromkeys(_WAYS[way] for way in place.ways)),
    )
    return "| " + " | ".join(cells) + " |"


def _country_part(place: typing.Any) -> str:
    from hesabu.invoicing.rules import legal, tax_rates
    from hesabu.kit import tax_ids

    shape = tax_ids.TAX_IDS[place.code]
    rows = [
        f"- {place.tax_id_name}: such as `{shape.example}`. {shape.source}.",
    ]
    if place.vat_number_name:
        other = tax_ids.VAT_NUMBERS[place.code]
        rows.append(f"- {place.vat_number_name}: such as `{other.example}`. {other.source}.")
    asked = legal.TAX_INVOICES[place.code]
    rows.append(f"- An invoice with tax needs of the seller: {_details(asked.needed)}.")
    if asked.printed:
        rows.append(f"- Asked for and printed, not insisted on: {_details(asked.printed)}.")
    above = (
        f" above {asked.buyer_above_minor // 100:,} {place.currency}"
        if asked.buyer_above_minor
        else ""
    )
    rows.append(f"- Of the buyer it says{above}: {_details(asked.buyer)}.")
    if asked.says_day_of_supply:
        rows.append("- It says the day of supply.")
    if asked.is_signed:
        rows.append("- It has a line to sign on, with the name of who signs.")
    rows.append(f"- By {asked.law}. ({asked.source})")
    if place.code in legal.IN_WORDS:
        spelled = ", ".join(_LANGUAGES[language] for language in legal.IN_WORDS[place.code])
        rows.append(f"- By custom, its papers say the total in words: {spelled}.")
    if place.code in legal.BY_DEVICE:
        rows.append(
            f"- The law wants besides, and Hesabu does not do yet: {legal.BY_DEVICE[place.code]}."
        )
    unasked = ", ".join(f"{code} {most:,}" for code, most in place.pin_above.items())
    rows.append(
        f"- Counted as received in a chat without the PIN, in a day, unless set otherwise: {unasked}."
    )
    rows += [f"- Left out: {note}" for note in tax_rates.LEFT_OUT.get(place.code, ())]
    rates = [row for row in tax_rates.RATES if row.country == place.code]
    table = "| since | code | rate | by | looked up |\n|---|---|---|---|---|\n" + "\n".join(
        f"| {row.since_on.isoformat()} | `{row.code}` | {_rate(row)} | {row.law} | {row.source} |"
        for row in rates
    )
    return f"## {place.name}\n\n" + "\n".join(rows) + f"\n\n{table}"


def _rate(row: typing.Any) -> str:
    """ "18 %", with its levies where it is several: how each is reckoned is in the rules."""
    from hesabu.invoicing.rules.taxes import effective

    if row.code == "reverse":
        return "0 %, the buyer pays it over"
    whole = effective(row) * 100
    said = f"{Decimal(whole.numerator) / whole.denominator:f} %"
    if not row.levies:
        return said
    levies = ", ".join(
        f"{levy.label}{' on the price and the levies' if levy.is_on_the_others else ''}"
        for levy in row.levies
    )
    return f"{said}: {levies}"


def _details(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ").replace("tax id", "tax number") for name in names)


def _charts_part() -> str:
    from hesabu.ledger.charts import BY_LAW, CHARTS

    roles = [role for *_, role in CHARTS["KE"]]
    head = "| account | " + " | ".join(CHARTS) + " |\n|---|" + "---|" * len(CHARTS)
    rows = []
    for role in roles:
        cells = []
        for lines in CHARTS.values():
            code, name = next((code, name) for code, name, _, its in lines if its == role)
            cells.append(f"{code} {name}")
        rows.append(f"| `{role}` | " + " | ".join(cells) + " |")
    laws = " ".join(f"{code}: {law}." for code, law in BY_LAW.items())
    return (
        "## Charts of accounts\n\nThe codes are prescribed in one country and custom in the others."
        f" {laws}\n\n{head}\n" + "\n".join(rows)
    )


# Permissions


def permissions_page() -> str:
    """docs/permissions.md, from the rooms' permissions, their actions and the chat's leaves."""
    import hesabu.app.wiring
    from hesabu.doors.chat import leaves as chat
    from hesabu.identity import approvals, permissions
    from hesabu.identity.types import Role

    hesabu.app.wiring.connect()
    declared = [one for one in permissions.declared() if not one.name.startswith("test_")]
    head = "| permission | allows | " + " | ".join(role.value for role in Role) + " | customer |\n"
    head += "|---|---|" + "---|" * (len(Role) + 1)
    rows = [
        f"| `{one.name}`{' ⚠' if one.is_dangerous else ''}{' ¤' if one.moves_money else ''} | {one.words} | "
        + " | ".join("yes" if role in one.to else "" for role in Role)
        + f" | {'theirs' if one.is_customers else ''} |"
        for one in declared
    ]
    acts = {name: found.leave for name, found in _actions()}
    needed = sorted(
        (name, leave.name) for name, leave in acts.items() if not isinstance(leave, str)
    )
    across = sorted(
        (name, leave.removeprefix("platform "))
        for name, leave in acts.items()
        if isinstance(leave, str) and leave.startswith("platform ")
    )
    free = sorted(
        (n, x.removeprefix("anybody: "))
        for n, x in acts.items()
        if isinstance(x, str) and not x.startswith("platform ")
    )
    outer = [(name, why) for name, why in free if why != "inner"]
    inner = ", ".join(f"`{name}`" for name, why in free if why == "inner")
    taps = [(verb, leave) for verb, leave in {**chat.TAPS, **chat.CUSTOMERS_TAPS}.items()]
    said = [(str(intent), leave) for intent, leave in chat.INTENTS.items()]
    kinds = [
        f"| `{one.name}` | {one.words} | `{one.asks.name}` | `{one.approves.name}` |"
        f" {'above the amount that the owner sets' if one.is_by_amount else 'always'} |"
        for one in approvals.kinds()
    ]
    return (
        "\n\n".join(
            [
                "# Permissions",
                MADE,
                (
                    "Who may do what in a business. Each room declares its own (`permissions.py`), every action asks for the one it\n"
                    "needs whichever door it is called through, and a test walks every action, address, operation, word and tap\n"
                    "(`tests/house/test_permissions.py`). A key may what its scopes say, and of that what who made it\n"
                    "may there today; an app no more than the person it acts for. Who leaves, or may no more, leaves no key, app or open\n"
                    "invitation behind, and what they asked to be approved is approved no more.\n"
                    "⚠ is dangerous: on the web whoever may do it needs a second factor, and shows afresh that it is them; in the chat,\n"
                    "what is about where money goes asks for the PIN. ¤ moves money: whoever may do it needs a second factor, too."
                ),
                "## By role\n\n" + head + "\n" + "\n".join(rows),
                (
                    "## With a second person\n\n"
                    "| what | in words | whoever asks needs | whoever approves needs | when |\n|---|---|---|---|---|\n"
                    + "\n".join(kinds)
                ),
                "## Actions\n\n| action | needs |\n|---|---|\n"
                + "\n".join(f"| `{name}` | `{leave}` |" for name, leave in needed),
                platform_part(across),
                "### Without a permission\n\n| action | why |\n|---|---|\n"
                + "\n".join(f"| `{name}` | {why} |" for name, why in outer),
                f"Never a person's or a key's to call, only of jobs, readers and other actions: {inner}.",
                "## In the chat\n\n| said | needs |\n|---|---|\n"
                + "\n".join(f"| {name} | {_leave(leave)} |" for name, leave in said),
                "| tapped | needs |\n|---|---|\n"
                + "\n".join(f"| {name} | {_leave(leave)} |" for name, leave in taps),
            ]
        )
        + "\n"
    )


def platform_part(acts: Iterable[tuple[str, str]]) -> str:
    """What the platform's own people may, across businesses."""
    from hesabu.identity import platform
    from hesabu.identity.types import PlatformRole

    head = "| permission | allows | " + " | ".join(role.value for role in PlatformRole) + " |\n"
    head += "|---|---|" + "---|" * len(PlatformRole)
    rows = [
        f"| `{one.name}` | {one.words} | "
        + " | ".join("yes" if role in one.to else "" for role in PlatformRole)
        + " |"
        for one in platform.declared()
        if not one.name.startswith("test_")
    ]
    return "\n\n".join(
        [
            "## Across businesses",
            (
                "Roles on the platform open no business by themselves. Whoever has one needs a second factor, and each page of the\n"
                "platform that they look at is a fact. *admin* keeps the platform. *support* looks into a business by its owner's\n"
                "consent alone. An *agent* sees of the businesses whose owners named them that they are there and whether they are at\n"
                "work. A *partner* is an accountant whom owners may bring in with the role partner; who is one no more leaves all\n"
                "clients at once. [platform.md](platform.md) tells more."
            ),
            head + "\n" + "\n".join(rows),
            "| action | needs |\n|---|---|\n"
            + "\n".join(f"| `{name}` | `{leave}` |" for name, leave in acts),
        ]
    )


def _leave(leave: typing.Any) -> str:
    return leave if isinstance(leave, str) else f"`{leave.name}`"


def _actions() -> Iterator[tuple[str, typing.Any]]:
    for room in ("identity", "messaging", "ledger", "payments", "invoicing"):
        module = importlib.import_module(f"hesabu.{room}.actions")
        for name in module.__all__:
            if not inspect.isclass(getattr(module, name)):
                yield f"{room}.{name}", getattr(module, name)


def differences(page: str, text: str, made: str) -> list[str]:
    """Lines that a made page lacks, and lines that are no longer true."""
    there, wanted = text.splitlines(), made.splitlines()
    faults = [f"{page} lacks: {line}" for line in wanted if line not in there]
    faults += [f"{page} is out of date: {line}" for line in there if line not in wanted]
    return faults or ([f"{page} is in another order"] if there != wanted else [])


MADE_PAGES = {
    "facts.md": facts_page,
    "commands.md": commands_page,
    "countries.md": countries_page,
    "permissions.md": permissions_page,
    "input-rules.md": lambda: importlib.import_module("rules_pages").input_rules_page(),
    "fields.md": lambda: importlib.import_module("rules_pages").fields_page(),
}


# Rules


def missing(page: str, text: str, wanted: Iterable[str], what: str) -> list[str]:
    """Words that a page has to hold, each in backticks or as a heading."""
    return [
        f"{page} does not tell of the {what} {name}"
        for name in wanted
        if not re.search(rf"(`{re.escape(name)}`|^#+ {re.escape(name)}$)", text, re.M)
    ]


def strangers(page: str, text: str, pattern: str, known: Iterable[str], what: str) -> list[str]:
    """Words of a kind that a page tells of though there is no such thing."""
    found = set(re.findall(pattern, text, re.M))
    return [
        f"{page} tells of the {what} {name}, which is not there"
        for name in sorted(found - set(known))
    ]


def dependencies(pyproject: str) -> list[str]:
    """Names of what is installed, for running and for development."""
    read = tomllib.loads(pyproject)
    listed = [*read["project"]["dependencies"], *read["dependency-groups"]["dev"]]
    return [re.split(r"[\[=<>~! ;]", one)[0] for one in listed]


def rows_of(text: str) -> dict[str, str]:
    """First and second cell of every row of every table of a page, without backticks."""
    rows = re.findall(r"^\| *([^|\n]+?) *\| *([^|\n]*?) *\|", text, re.M)
    return {first.strip("`"): second for first, second in rows if not set(first) <= set("-: ")}


def decision_faults(readme: str, pages: Mapping[str, str]) -> list[str]:
    """Every decision is listed, quotable in one line, and enforced by something that is there."""
    faults = [f"{name} is not listed" for name in pages if f"({name})" not in readme]
    for name, text in pages.items():
        if not re.search(r"\*\*Decision\.\*\* \*[^*]+\*", text):
            faults.append(f"{name} has no decision in one quotable line")
        enforced = re.search(r"\*\*Enforced by\*\* (.+)", text, re.S)
        paths = (
            [p for p in re.findall(r"`([^`]+)`", enforced[1]) if _is_path(p)] if enforced else []
        )
        if not paths:
            faults.append(f"{name} names nothing that enforces it")
        faults += [
            f"{name} is enforced by {p}, which is not there" for p in paths if not _is_there(p)
        ]
    return faults


def _is_path(word: str) -> bool:
    return bool(re.fullmatch(r"[\w.]+(/[\w.*-]+)+/?|[\w-]+\.(toml|md)|Makefile", word))


def _is_there(path: str) -> bool:
    return (ROOT / path.split("::")[0]).exists()


def essay_faults(path: str, text: str) -> list[str]:
    """A room begins with its essay and imports nothing."""
    tree = ast.parse(text)
    faults = []
    essay = ast.get_docstring(tree) or ""
    if len(essay.split()) < 40:
        faults.append(f"{path} has no essay: what it is, its words, its life, what it never does")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            faults.append(f"{path}:{node.lineno} imports: the essay stands alone")
    return faults


_DRAWN = re.compile(r"((?:\w+, )*\w+) ── (\w+) ──▶ (\w+)")


def moves_drawn(essay: str) -> set[Move]:
    """The moves of lines such as `draft ── issue ──▶ issued` and `sent, failed ── see ──▶ seen`."""
    return {
        (source, verb, target)
        for sources, verb, target in _DRAWN.findall(essay)
        for source in sources.split(", ")
    }


def picture_faults(room: str, essay: str, table: set[Move]) -> list[str]:
    """The life that an essay draws is the life that the tables allow."""
    drawn = moves_drawn(essay)
    arrow = "{} ── {} ──▶ {}".format
    return [
        *(f"{room} does not draw {arrow(*move)}" for move in sorted(table - drawn)),
        *(f"{room} draws {arrow(*move)}, which is no move" for move in sorted(drawn - table)),
    ]


def sealed_columns() -> list[str]:
    """Every column that is sealed at rest, as `table.column`."""
    from django.apps import apps

    from hesabu.store.fields import SealedBytes, SealedText

    return [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedText | SealedBytes)
    ]


def moves_of(room: str) -> set[Move]:
    """All moves of all tables in a room's rules."""
    from hesabu.kit.moves import Moves

    try:
        rules = importlib.import_module(f"hesabu.{room}.rules")
    except ModuleNotFoundError:
        return set()
    inner = getattr(rules, "__path__", [])
    names = [f"{rules.__name__}.{found.name}" for found in pkgutil.iter_modules(inner)]
    modules = [rules, *map(importlib.import_module, names)]
    tables = [v for m in modules for v in vars(m).values() if isinstance(v, Moves)]
    return {(str(a), verb, str(b)) for table in tables for a, verb, b in table}


def link_faults(page: Path, text: str) -> list[str]:
    """What a page points at inside the repository is there: links, and tests by name."""
    faults = []
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
            faults.append(f"{page.name} links to {target}, which is not there")
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text):
        if not _is_there(file):
            faults.append(f"{page.name} names {file}, which is not there")
        elif name and f"def {name}(" not in (ROOT / file).read_text():
            faults.append(f"{page.name} names {file}::{name}, which is not there")
    return faults


def pages() -> list[Path]:
    """All that is written for people."""
    return [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]


def main() -> None:
    os.environ.setdefault("HESABU_ENV", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")
    sys.path.insert(0, str(SOURCE.parent))
    import django

    django.setup()
    for name, make in MADE_PAGES.items():
        page, made = DOCS / name, make()
        if page.exists() and page.read_text() == made:
            continue
        if "--write" in sys.argv:
            page.write_text(made)
        print(f"docs/{name} {'written' if '--write' in sys.argv else 'is out of date'}")


if __name__ == "__main__":
    main()
