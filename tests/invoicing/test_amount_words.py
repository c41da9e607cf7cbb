"""Amounts in words: each language by its own hand-written examples, and what must hold of every number."""

from __future__ import annotations

import random

import pytest

from hesabu.invoicing.document import LANGUAGES
from hesabu.invoicing.rules import legal
from hesabu.invoicing.rules.amount_words import FRACTIONS, NAMES, SENTENCES, amount_in_words, spoken
from hesabu.invoicing.rules.number_words import LARGEST, Gender, in_words, is_read_in
from hesabu.kit.countries import COUNTRIES
from hesabu.kit.money import LARGEST_MINOR, Money

NUMBERS = {
    "en": {
        0: "zero",
        13: "thirteen",
        40: "forty",
        99: "ninety-nine",
        100: "one hundred",
        342: "three hundred and forty-two",
        1_005: "one thousand and five",
        1_500: "one thousand five hundred",
        21_012: "twenty-one thousand and twelve",
        1_234_567: "one million two hundred and thirty-four thousand five hundred and sixty-seven",
        7_000_000_001: "seven billion and one",
    },
    "fr": {
        0: "zéro",
        21: "vingt et un",
        70: "soixante-dix",
        71: "soixante et onze",
        72: "soixante-douze",
        80: "quatre-vingts",
        81: "quatre-vingt-un",
        90: "quatre-vingt-dix",
        91: "quatre-vingt-onze",
        99: "quatre-vingt-dix-neuf",
        200: "deux cents",
        201: "deux cent un",
        280: "deux cent quatre-vingts",
        1_000: "mille",
        1_101: "mille cent un",
        80_000: "quatre-vingt mille",
        200_000: "deux cent mille",
        200_000_000: "deux cents millions",
        80_000_000: "quatre-vingts millions",
        1_000_000: "un million",
        3_000_000_071: "trois milliards soixante et onze",
    },
    "sw": {
        0: "sifuri",
        11: "kumi na moja",
        45: "arobaini na tano",
        100: "mia moja",
        101: "mia moja na moja",
        110: "mia moja na kumi",
        455: "mia nne hamsini na tano",
        1_500: "elfu moja, mia tano",
        20_001: "elfu ishirini, na moja",
        21_000: "elfu ishirini na moja",
        350_750: "elfu mia tatu na hamsini, mia saba na hamsini",
        2_000_003: "milioni mbili, na tatu",
        4_000_900_000: "bilioni nne, elfu mia tisa",
    },
    "mk": {
        0: "нула",
        14: "четиринаесет",
        22: "дваесет и два",
        101: "сто и еден",
        120: "сто и дваесет",
        345: "триста четириесет и пет",
        1_000: "една илјада",
        1_011: "една илјада и единаесет",
        2_000: "две илјади",
        11_000: "единаесет илјади",
        21_000: "дваесет и една илјада",
        91_450: "деведесет и една илјада четиристотини и педесет",
        1_100_000: "еден милион и сто илјади",
        2_002_002: "два милиони две илјади и два",
        2_000_000_000: "две милијарди",
        1_000_621_916: "една милијарда шестотини дваесет и една илјада деветстотини и шеснаесет",
    },
    "sq": {
        0: "zero",
        12: "dymbëdhjetë",
        21: "njëzet e një",
        40: "dyzet",
        100: "njëqind",
        348: "treqind e dyzet e tetë",
        1_000: "një mijë",
        2_600: "dy mijë e gjashtëqind",
        1_000_000: "një milion",
        5_000_001: "pesë milionë e një",
        3_000_000_000: "tre miliardë",
    },
}


@pytest.mark.parametrize("language", list(NUMBERS))
def test_numbers_are_read_as_people_of_the_language_write_them(language: str) -> None:
    expected = NUMBERS[language]
    assert {number: in_words(number, language) for number in expected} == expected


@pytest.mark.parametrize("language", list(NUMBERS))
def test_no_two_numbers_are_read_alike(language: str) -> None:
    chance = random.Random(16)
    numbers = {*range(100_200), *(10**power for power in range(18)), LARGEST}
    numbers |= {chance.randrange(10 ** chance.randint(6, 18)) for _ in range(20_000)}
    read = {in_words(number, language) for number in numbers}
    assert len(read) == len(numbers)
    assert all(words == " ".join(words.split()) and words[0] != "-" for words in read)
    assert not any(" - " in f" {words} " for words in read)


def test_macedonian_ones_and_twos_follow_what_is_counted() -> None:
    read = {gender: in_words(2_021, "mk", gender) for gender in Gender}
    assert read == {
        Gender.MASCULINE: "две илјади дваесет и еден",
        Gender.FEMININE: "две илјади дваесет и една",
        Gender.NEUTER: "две илјади дваесет и едно",
    }


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_a_number_beyond_the_tables_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        in_words(number, "en")


AMOUNTS = [
    (
        "NGN",
        "en",
        8_331_250,
        "Eighty-three thousand three hundred and twelve naira and fifty kobo only",
    ),
    ("NGN", "en", 100, "One naira only"),
    ("NGN", "en", 1, "Zero naira and one kobo only"),
    ("NGN", "en", 250_000_000_000, "Two billion five hundred million naira only"),
    ("USD", "en", 100, "One US dollar only"),
    ("USD", "en", 201, "Two US dollars and one cent only"),
    ("TZS", "en", 500_000, "Five thousand Tanzania shillings only"),
    ("TZS", "sw", 9_145_000, "Shilingi za Tanzania elfu tisini na moja, mia nne na hamsini tu"),
    ("TZS", "sw", 500_050, "Shilingi za Tanzania elfu tano na senti hamsini tu"),
    ("MKD", "mk", 100, "Еден денар"),
    ("MKD", "mk", 2_100, "Дваесет и еден денар"),
    ("MKD", "mk", 1_100, "Единаесет денари"),
    ("MKD", "mk", 123_456, "Една илјада двесте триесет и четири денари и педесет и шест дени"),
    ("MKD", "mk", 300_000_000_002, "Три милијарди денари и две дени"),
    ("EUR", "mk", 10_001, "Сто евро и еден цент"),
    (
        "MKD",
        "sq",
        9_145_050,
        "Nëntëdhjetë e një mijë e katërqind e pesëdhjetë denarë e pesëdhjetë deni",
    ),
    ("MKD", "sq", 100, "Një denar"),
    ("RWF", "fr", 91_568, "Quatre-vingt-onze mille cinq cent soixante-huit francs rwandais"),
    ("RWF", "fr", 1, "Un franc rwandais"),
    ("RWF", "fr", 2_000_000, "Deux millions de francs rwandais"),
    ("EUR", "fr", 100_000_001, "Un million d'euros et un centime"),
    ("USD", "fr", 0, "Zéro dollar américain"),
]


@pytest.mark.parametrize(("currency", "language", "minor", "words"), AMOUNTS)
def test_an_amount_is_said_with_its_currency(
    currency: str, language: str, minor: int, words: str
) -> None:
    assert amount_in_words(Money(minor, currency), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "One hundred CHF and 05/100 only"),
        ("fr", "Cent CHF et 05/100"),
        ("sw", "CHF mia moja na 05/100 tu"),
        ("mk", "Сто CHF и 05/100"),
        ("sq", "Njëqind CHF e 05/100"),
    ],
)
def test_a_currency_without_a_name_is_said_by_its_code_and_a_fraction(
    language: str, words: str
) -> None:
    assert amount_in_words(Money(10_005, "CHF"), language) == words


def test_what_cannot_be_said_is_left_out() -> None:
    assert amount_in_words(Money(-1, "NGN"), "en") == ""
    assert amount_in_words(Money(100, "NGN"), "yo") == ""
    assert amount_in_words(Money(LARGEST_MINOR, "NGN"), "en") != ""
    assert amount_in_words(Money(LARGEST_MINOR, "RWF"), "fr") == ""


def test_every_language_of_paper_has_its_tables() -> None:
    assert set(NAMES) == set(SENTENCES) == set(FRACTIONS) == set(LANGUAGES) == set(NUMBERS)
    assert all(is_read_in(language) for language in LANGUAGES)
    assert [spoken(tag) for tag in ("sw-KE", "MK_mk", "yo", "")] == ["sw", "mk", "en", "en"]


def test_every_place_that_wants_words_has_a_name_for_its_money_in_each_of_their_languages() -> None:
    assert set(legal.IN_WORDS) <= set(COUNTRIES)
    for country, languages in legal.IN_WORDS.items():
        place = COUNTRIES[country]
        assert set(languages) <= set(place.languages)
        for language in languages:
            assert set(place.currencies) <= set(NAMES[language])
