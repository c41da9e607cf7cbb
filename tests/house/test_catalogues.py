"""All that is said is said in every language that is kept whole, fits its place, and is understood when it is typed back.

After a change of words: python tests/house/catalogues.py --write, then translate what it left empty.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
catalogues = importlib.import_module("catalogues")
CHAT = catalogues.SOURCE / "doors" / "chat"
BUTTON, ROW = 20, 24
"""Letters that WhatsApp shows of a button's title, and of a row's in a list."""


@pytest.mark.parametrize(("room", "language"), list(catalogues.wanted()))
def test_a_catalogue_is_up_to_date_and_where_it_must_be_whole_it_is(
    room: str, language: str
) -> None:
    assert catalogues.faults(room, language) == []


def test_rooms_that_say_the_same_sentence_say_it_alike() -> None:
    assert catalogues.disagreements() == []


def test_no_sentence_is_built_where_no_catalogue_can_find_it() -> None:
    assert catalogues.strays() == []


def test_an_empty_catalogue_a_lost_place_and_an_odd_star_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = catalogues.path_of("doors/chat", "sw")
    text = path.read_text("utf-8")
    planted = tmp_path / "django.po"
    monkeypatch.setattr(catalogues, "path_of", lambda room, language: planted)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    for said, instead, fault in (
        ("Nifanye nini?", "", "untranslated"),
        ("kwenda kwa %(name)s", "kwenda", "a placeholder is missing"),
        ("kwenda kwa %(name)s", "kwenda kwa %(nane)s", "a placeholder of its own"),
        ("*%(number)s* iko njiani kwenda", "%(number)s* iko njiani kwenda", "an odd star"),
    ):
        assert said in text
        planted.write_text(text.replace(said, instead), "utf-8")
        assert [found for found in catalogues.faults("doors/chat", "sw") if fault in found], fault


@pytest.mark.parametrize(
    ("source", "is_stray"),
    [
        ('_(f"Paid {name}")', True),
        ('_("Paid " + name)', True),
        ('_("Paid %(name)s") % {"name": name}', False),
        ("f\"*{_('Total')}*\"", False),
    ],
)
def test_a_glued_sentence_is_told_from_a_whole_one(source: str, is_stray: bool) -> None:
    nodes = list(ast.walk(ast.parse(source)))
    assert any(catalogues._is_stray(node) for node in nodes) is is_stray


def test_a_sentence_within_braces_is_gathered() -> None:
    source = "f\"{_('Total')} {ngettext('one', 'many', n)}\"; pgettext('paper', 'Due')"
    assert set(catalogues._calls(source)) == {
        ("Total", None),
        (("one", "many"), None),
        ("Due", "paper"),
    }


def test_the_compiled_catalogue_speaks_swahili() -> None:
    from django.utils.translation import gettext, ngettext, override

    with override("sw"):
        assert gettext("Shall I send it?") == "Niitume?"
        assert (
            ngettext("%(count)d day late", "%(count)d days late", 3) == "imechelewa siku %(count)d"
        )
    with override("en"):
        assert gettext("Shall I send it?") == "Shall I send it?"


def test_days_and_money_in_swahili() -> None:
    from django.utils.translation import override

    from hesabu.doors.chat.words.figures import day, short_money
    from hesabu.invoicing import wording
    from hesabu.kit.money import Money

    with override("sw"):
        assert day(date(2026, 11, 27), date(2026, 11, 23)) == "Ijumaa 27 Novemba"
        assert day(date(2027, 1, 4), date(2026, 11, 23)) == "Jumatatu 4 Januari 2027"
        assert short_money(Money(7_500_000, "KES")) == "KES 75,000"
    assert wording.day_in_full(date(2026, 11, 27), "sw") == "Ijumaa 27 Novemba 2026"


# --- titles fit -------------------------------------------------------------------------------------------------------


def kes(major: int) -> Any:
    from hesabu.kit.money import Money

    return Money(major * 100, "KES")


TITLES: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "add_item": (BUTTON, lambda w: w.selling.add_item()),
    "all_of_them": (BUTTON, lambda w: w.bills.all_of_them()),
    "another_invoice": (BUTTON, lambda w: w.standing.another_invoice()),
    "approval_buttons": (BUTTON, lambda w: w.approving.approval_buttons()),
    "another_one": (BUTTON, lambda w: w.sending.another_one()),
    "as_whom_choices": (BUTTON, lambda w: w.bills.as_whom_choices()),
    "call_button": (BUTTON, lambda w: w.bills.call_button()),
    "change_fields": (ROW, lambda w: w.asking.change_fields().values()),
    "choose_button": (BUTTON, lambda w: w.talk.choose_button()),
    "claim_buttons": (BUTTON, lambda w: w.money.claim_buttons()),
    "credit_buttons": (BUTTON, lambda w: w.money.credit_buttons()),
    "go_on_buttons": (BUTTON, lambda w: w.talk.go_on_buttons()),
    "dispute_buttons": (BUTTON, lambda w: w.bills.dispute_buttons()),
    "due_days": (BUTTON, lambda w: w.asking.due_days()),
    "each_or_together": (BUTTON, lambda w: w.asking.each_or_together(kes(99_000), Decimal(144))),
    "end_button": (BUTTON, lambda w: w.support.end_button()),
    "i_have_paid": (BUTTON, lambda w: w.bills.i_have_paid()),
    "item_buttons": (BUTTON, lambda w: w.selling.item_buttons()),
    "join_buttons": (BUTTON, lambda w: w.joining.join_buttons()),
    "keep_prices": (BUTTON, lambda w: w.selling.keep_prices()),
    "later": (BUTTON, lambda w: w.welcome.later()),
    "menu_button": (BUTTON, lambda w: w.talk.menu_button()),
    "menu_rows": (ROW, lambda w: w.talk.menu_rows().values()),
    "methods": (BUTTON, lambda w: w.money.methods("KES").values()),
    "more": (BUTTON, lambda w: w.standing.more()),
    "my_number": (BUTTON, lambda w: w.welcome.my_number()),
    "no_button": (BUTTON, lambda w: w.reminding.no_button()),
    "no_number": (BUTTON, lambda w: w.asking.no_number()),
    "none_of_these": (ROW, lambda w: w.money.none_of_these()),
    "only_or_also": (BUTTON, lambda w: w.house.only_or_also()),
    "pass_on_button": (BUTTON, lambda w: w.bills.pass_on_button()),
    "pay_again": (BUTTON, lambda w: w.bills.pay_again()),
    "pay_button": (BUTTON, lambda w: [w.bills.pay_button("KES"), w.bills.pay_button("NGN")]),
    "pay_part_button": (
        BUTTON,
        lambda w: [w.working.pay_part_button(kes(m)) for m in (1, 999_999)],
    ),
    "preview_buttons": (BUTTON, lambda w: w.sending.preview_buttons()),
    "remind_button": (
        BUTTON,
        lambda w: [w.reminding.remind_button(99, is_late=late) for late in (0, 1)],
    ),
    "set_otherwise": (BUTTON, lambda w: w.house.set_otherwise()),
    "settings_rows": (ROW, lambda w: w.house.settings_rows().values()),
    "show_button": (BUTTON, lambda w: w.pictures.show_button()),
    "somebody_new": (ROW, lambda w: w.asking.somebody_new()),
    "standing_buttons": (BUTTON, lambda w: w.standing.standing_buttons()),
    "tax_choices": (BUTTON, lambda w: w.asking.tax_choices()),
    "tell_part_button": (BUTTON, lambda w: w.working.tell_part_button()),
    "same_buttons": (BUTTON, lambda w: w.money.same_buttons()),
    "turn_off": (BUTTON, lambda w: w.house.turn_off()),
    "turn_on": (BUTTON, lambda w: w.house.turn_on()),
    "view_button": (BUTTON, lambda w: w.bills.view_button()),
    "void_buttons": (BUTTON, lambda w: w.money.void_buttons()),
    "who_owes_button": (BUTTON, lambda w: w.selling.who_owes_button()),
    "withdraw_buttons": (BUTTON, lambda w: w.undoing.withdraw_buttons()),
    "yes_no": (BUTTON, lambda w: w.house.yes_no()),
}


@pytest.mark.parametrize("language", ["en", *catalogues.WHOLE])
@pytest.mark.parametrize("name", TITLES)
def test_a_title_fits_its_button(name: str, language: str) -> None:
    from django.utils.translation import override

    from hesabu.doors.chat import words

    most, say = TITLES[name]
    with override(language):
        said = say(words)
    titles = [said] if isinstance(said, str) else list(said)
    assert titles
    assert [title for title in titles if not 0 < len(title) <= most] == []
    assert len(set(titles)) == len(titles), "two buttons that say the same"


def test_every_function_that_makes_titles_is_measured() -> None:
    found = set(_titled())
    assert len(found) > 15
    assert found - set(TITLES) == set()


def _titled() -> Iterator[str]:
    """Functions of the words whose name says that they make titles, or whose words are given straight to an option."""
    for path in sorted(CHAT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and path.parent.name == "words":
                is_told = node.name in ("old_button",)  # a sentence about a button
                if re.search(r"_buttons?$|_rows$", node.name) and not is_told:
                    yield node.name
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Option", "_option"):
                yield from (name for each in node.args for name in _said_by(each))


def _said_by(node: ast.AST) -> Iterator[str]:
    said = ast.unparse(node.func).split(".") if isinstance(node, ast.Call) else [""]
    if said[0] == "words" and said[-1] not in ("shortened", "short_money"):
        yield said[-1]


@pytest.mark.parametrize("language", ["en", *catalogues.WHOLE])
def test_the_buttons_below_an_invoice_and_a_reminder_fit(language: str) -> None:
    from hesabu.invoicing import wording
    from hesabu.invoicing.reminders import words as reminders

    titles = [
        *wording.invoice_buttons(language, "KES"),
        *wording.invoice_buttons(language, "NGN"),
        *reminders.pay_buttons(["INV-123456", "INV-123457"], language, "KES"),
        reminders.choose_one(language),
    ]
    assert [title for title in titles if len(title) > BUTTON] == []


@pytest.mark.parametrize("language", catalogues.WHOLE)
def test_what_is_done_by_itself_has_names_that_fit_a_row(language: str) -> None:
    from django.utils.translation import override

    from hesabu.invoicing.reminders import words as reminders
    from hesabu.invoicing.types import HabitName

    with override(language):
        titles = [reminders.habit_title(name) for name in HabitName]
    assert [title for title in titles if len(title) > ROW] == []


# --- what is said to be typed is understood when it is typed --------------------------------------------------------------


QUOTED = re.compile(r"“([^”%]+)”")
TYPED = re.compile(r"(?:[Ww]rite|andika|Andika): (?:“?)([^%\n]+)$")


def to_be_typed() -> list[tuple[str, str]]:
    """(English, Swahili) of every word that somebody is told to write."""
    found = set()
    for message in catalogues.kept("doors/chat", "sw"):
        if not isinstance(message.id, str) or not message.id:
            continue
        for pattern in (QUOTED, TYPED):
            english, swahili = (
                [one for said in pattern.findall(text) for one in said.split(" · ")]
                for text in (message.id, message.string)
            )
            assert len(english) == len(swahili), message.string
            found |= set(zip(english, swahili, strict=True))
    return sorted(found)


@pytest.mark.parametrize(("english", "swahili"), to_be_typed())
def test_what_somebody_is_told_to_write_means_the_same_in_both_languages(
    english: str, swahili: str
) -> None:
    from hesabu.doors.chat import merchant

    if english in merchant.COMMANDS:
        assert merchant.COMMANDS[swahili] is merchant.COMMANDS[english]
        return
    first, second = (_read(text, to) for text, to in ((english, "en"), (swahili, "sw")))
    assert first.intent is not first.intent.UNKNOWN
    assert (second.intent, second.topic) == (first.intent, first.topic)
    assert (second.reference, second.due_on) == (first.reference, first.due_on)


def _read(text: str, language: str) -> Any:
    from hesabu.doors.chat.grammar.parser import parse

    return parse(text, today=date(2026, 11, 23), country="KE", language=language)


@pytest.mark.parametrize("country", ["KE", "TZ", "UG", "NG", "MK", "ZW", "GH", "RW"])
def test_the_example_is_a_whole_invoice_in_every_language(country: str) -> None:
    from django.utils.translation import override

    from hesabu.doors.chat.grammar.parser import parse
    from hesabu.doors.chat.words.welcome import example
    from hesabu.kit.countries import COUNTRIES

    for language in ("en", *catalogues.WHOLE):
        with override(language):
            said = parse(
                example(country),
                today=date(2026, 11, 23),
                country=country,
                language=language,
                currency=COUNTRIES[country].currency,
            )
        assert said.customer.name == "Jane Wanjiku"
        assert said.customer.phone
        assert said.total is not None
        assert (said.total.amount, said.due_on) == (Decimal(75_000), date(2026, 11, 27))
        assert (said.missing, said.problems) == ((), ())


@pytest.mark.parametrize("language", ["en", *catalogues.WHOLE])
def test_the_ways_to_be_paid_that_are_shown_are_understood(language: str) -> None:
    from django.utils.translation import override

    from hesabu.doors.chat import words
    from hesabu.doors.chat.grammar.types import Intent

    with override(language):
        shown = words.house.how_to_change_ways("KE").splitlines()[1:]
        shown += words.welcome.how_paid("Jane", False, "KE").split("\n\n", 1)[1].splitlines()
    understood = [_read(row, language) for row in shown]
    assert {said.intent for said in understood} == {Intent.PAYMENT_SETUP}
    assert [said.payment.method for said in understood] == ["till", "paybill", "phone"] * 2
