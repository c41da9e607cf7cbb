"""The same words for channels without buttons and marks, and what they cost as a text message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit import ids
from hesabu.messaging import rules
from hesabu.messaging.rules.plain import SMS_PARTS_MAX
from hesabu.messaging.types import Buttons, Choices, Document, Letter, Template, Text

LINK = "https://pay.example.com/i/a_b_c*d*"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*Paid.* KES _75,000_ from ~Jim~ Jane", "Paid. KES 75,000 from Jim Jane"),
        ("```SKL4T7QX2P```", "SKL4T7QX2P"),
        ("*bold _and slanted_*", "bold and slanted"),
        ("(*5*), *a*, *b*.", "(5), a, b."),
        ("3 * 4 * 5 and 2*3*4", "3 * 4 * 5 and 2*3*4"),
        ("snake_case_name and _ alone", "snake_case_name and _ alone"),
        ("two * stars\nand * lines", "two * stars\nand * lines"),
        (f"pay at {LINK} *now*", f"pay at {LINK} now"),
        ("write to a_b_c@example.com", "write to a_b_c@example.com"),
        ("**", "**"),
        ("", ""),
    ],
)
def test_marks_go_and_what_only_looks_like_one_stays(marked: str, plain: str) -> None:
    assert rules.plain_text(Text(marked)) == plain


def test_what_can_be_tapped_is_numbered_from_one() -> None:
    buttons = Buttons("Send *it*?", [("s", "Send"), ("c", "Change"), ("x", "Cancel")])
    assert rules.plain_text(buttons) == "Send it?\n1 Send\n2 Change\n3 Cancel"
    rows = Choices("Which?", "Choose", [("a", "INV-1", "KES 500"), ("b", "INV-2", "")])
    assert rules.plain_text(rows) == "Which?\n1 INV-1 - KES 500\n2 INV-2"
    paper = Document(ids.new_id(), "a.pdf", "Your invoice", [("p", "Pay")])
    assert rules.plain_text(paper) == "Your invoice\n1 Pay"


def test_a_template_has_no_words_here() -> None:
    assert rules.plain_text(Template("x", "en", ["Jane"])) == ""
    assert rules.letter_of(Template("x", "en"), None) is None


def test_content_without_a_letter_makes_one_of_its_own_words() -> None:
    file_id = ids.new_id()
    made = rules.letter_of(
        Buttons("Your *invoice*\nPay soon", [("p", "Pay")], file_id, "a.pdf"), None
    )
    assert made == Letter("Your invoice", "Your invoice\nPay soon\n1 Pay", "", [(file_id, "a.pdf")])


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("“Kamau’s” – shop…", '"Kamau\'s" - shop...'),
        ("KES\u00a01\u202f500", "KES 1 500"),
        ("Paid ✅ 🎉 thanks", "Paid thanks"),
        ("façade, Muñoz, Zoë, Åse", "facade, Muñoz, Zoe, Åse"),
        ("ț ş ğ", "t s g"),
        ("• one\n• two", "- one\n- two"),
        ("Фактура 7", "Фактура 7"),
        ("a\u200bb\ufeff", "ab"),
        ("x\n\n\n\ny", "x\n\ny"),
        ("5 € [a] {b}", "5 € [a] {b}"),
    ],
)
def test_a_text_is_written_in_letters_that_cost_least(written: str, safe: str) -> None:
    assert rules.gsm_safe(written) == safe


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("Ж" * 70, 1),
        ("Ж" * 71, 2),
        ("Ж" * 134, 2),
        ("Ж" * 135, 3),
        ("", 1),
    ],
)
def test_parts_are_counted_as_networks_count_them(text: str, parts: int) -> None:
    assert rules.sms_parts(text) == parts


@given(st.text(max_size=3000), st.booleans())
def test_a_text_is_never_longer_than_is_paid_for_and_never_loses_its_link(
    body: str, has_link: bool
) -> None:
    link = LINK if has_link else ""
    text = rules.sms_text(body, link)
    assert rules.sms_parts(text) <= SMS_PARTS_MAX
    assert link in text
    assert rules.gsm_safe(text) == text


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=400))
def test_ascii_stays_in_the_cheap_alphabet(body: str) -> None:
    assert rules.is_gsm(rules.gsm_safe(body))


def test_a_link_that_stands_in_the_words_is_not_repeated() -> None:
    assert rules.sms_text(f"Pay: {LINK}", LINK) == f"Pay: {LINK}"


def test_every_code_of_a_provider_is_explained_to_who_runs_the_house() -> None:
    from pathlib import Path

    from hesabu.messaging.providers.africastalking import codes as texts
    from hesabu.messaging.providers.mail import events
    from hesabu.messaging.providers.whatsapp import codes as whatsapp

    said = {word for word, _ in whatsapp.CODES.values()} | set(events.CODES.values())
    said |= {word for word, _ in [*texts.CODES.values(), *texts.REASONS.values()]}
    said |= {word for word, _ in texts.ENDINGS.values()} | set(events.SUPPRESSED.values())
    said |= {code for codes in rules.CLOSING.values() for code in codes}
    assert sorted(said - set(rules.REASONS)) == []
    page = Path(__file__).parents[2] / "docs" / "operations" / "messages.md"
    text = page.read_text()
    for code, (meaning, remedy) in rules.REASONS.items():
        assert f"| `{code}` | {meaning} | {remedy} |" in text
