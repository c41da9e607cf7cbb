"""Whole numbers in words, in each language that papers are written in: one table and one way of joining a language.

A number is read in groups of three digits, the largest first. How the words inside a group, and the groups, are joined is
what languages differ in, so each has its own small reader below its table. Libraries were looked at first (see
docs/dependencies.md): none has Swahili, Macedonian and Albanian as they are written on paper that is paid by.

Words that follow the gender of what is counted (Macedonian: два денари, две илјади) take it as an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

LARGEST = 10**18 - 1
"""No table goes further; an amount in minor units fits, whatever its currency."""


class Gender(StrEnum):
    MASCULINE = "m"
    FEMININE = "f"
    NEUTER = "n"


def in_words(number: int, language: str, gender: Gender = Gender.MASCULINE) -> str:
    """ "ninety-one thousand four hundred and fifty", in small letters, without a unit."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not read out here")
    return _READERS[language](number, gender)


def is_read_in(language: str) -> bool:
    return language in _READERS


def _groups(number: int) -> list[tuple[int, int]]:
    """The groups of three digits that are not nothing, the largest first, each with the power of a thousand it counts."""
    found = []
    power = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            found.append((group, power))
        power += 1
    return found[::-1]


def _table(words: str) -> tuple[str, ...]:
    """A row of words, each at the place of its number; "-" where no word stands alone."""
    return tuple(words.split())


def _side_by_side(
    group: int, hundreds: tuple[str, ...], tens: tuple[str, ...], small: Callable[[int], str]
) -> list[str]:
    """The words of a group in languages that say hundreds, tens and ones one after the other."""
    hundred, rest = divmod(group, 100)
    words = [hundreds[hundred]] if hundred else []
    if rest >= 20:
        words.append(tens[rest // 10])
        rest %= 10
    if rest:
        words.append(small(rest))
    return words


# English, as it is written from London to Lagos: "and" before tens and ones.

_EN_SMALL = _table(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_EN_TENS = _table("- - twenty thirty forty fifty sixty seventy eighty ninety")
_EN_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")


def _english(number: int, _gender: Gender) -> str:
    if not number:
        return _EN_SMALL[0]
    words = [
        f"{_english_group(group)} {_EN_SCALES[power]}".strip() for group, power in _groups(number)
    ]
    if len(words) > 1 and 0 < number % 1000 < 100:
        words.insert(-1, "and")
    return " ".join(words)


def _english_group(group: int) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    below = (
        _EN_SMALL[rest] if rest < 20 else _EN_TENS[tens] + (f"-{_EN_SMALL[ones]}" if ones else "")
    )
    if not hundreds:
        return below
    whole = f"{_EN_SMALL[hundreds]} hundred"
    return f"{whole} and {below}" if rest else whole


# French: "cent" and "quatre-vingt" take an s at the end of a number and before a noun (million), not before "mille".

_FR_SMALL = _table(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_FR_TENS = _table("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
_FR_SCALES = ("", "mille", "million", "milliard", "billion", "billiard")


def _french(number: int, _gender: Gender) -> str:
    if not number:
        return _FR_SMALL[0]
    words = []
    for group, power in _groups(number):
        if power == 1:
            words.append("mille" if group == 1 else f"{_french_group(group, ends=False)} mille")
        else:
            scale = _FR_SCALES[power] + ("s" if power and group > 1 else "")
            words.append(f"{_french_group(group, ends=True)} {scale}".strip())
    return " ".join(words)


def _french_group(group: int, *, ends: bool) -> str:
    hundreds, rest = divmod(group, 100)
    below = _french_below_hundred(rest, ends=ends) if rest else ""
    if not hundreds:
        return below
    head = "cent" if hundreds == 1 else f"{_FR_SMALL[hundreds]} cent"
    if not rest:
        return head + ("s" if hundreds > 1 and ends else "")
    return f"{head} {below}"


def _french_below_hundred(rest: int, *, ends: bool) -> str:
    if rest < 20:
        return _FR_SMALL[rest]
    tens = rest // 10
    # Seventy is sixty and ten, ninety is four twenties and ten.
    ones = rest - 10 * (tens - 1 if tens in (7, 9) else tens)
    if not ones:
        return _FR_TENS[tens] + ("s" if tens == 8 and ends else "")
    if ones in (1, 11) and tens < 8:
        return f"{_FR_TENS[tens]} et {_FR_SMALL[ones]}"
    return f"{_FR_TENS[tens]}-{_FR_SMALL[ones]}"


# Swahili: the scale before its number, "na" before the last word of a group, and a comma between the groups, since
# "elfu ishirini na moja" is 21,000 and "elfu ishirini, na moja" 20,001.

_SW_SMALL = _table("sifuri moja mbili tatu nne tano sita saba nane tisa")
_SW_TENS = _table("- kumi ishirini thelathini arobaini hamsini sitini sabini themanini tisini")
_SW_SCALES = ("", "elfu", "milioni", "bilioni", "trilioni", "kwadrilioni")


def _swahili(number: int, _gender: Gender) -> str:
    if not number:
        return _SW_SMALL[0]
    words = [
        f"{_SW_SCALES[power]} {_swahili_group(group)}".strip() for group, power in _groups(number)
    ]
    if len(words) > 1 and 0 < number % 1000 < 100:
        words[-1] = f"na {words[-1]}"
    return ", ".join(words)


def _swahili_group(group: int) -> str:
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [f"mia {_SW_SMALL[hundreds]}"] if hundreds else []
    words += [_SW_TENS[tens]] if tens else []
    words += [_SW_SMALL[ones]] if ones else []
    return _and_last(words, "na")


# Macedonian: "и" before the last word; one and two follow the gender; thousand and milliard are feminine.

_MK_SMALL = _table(
    "нула еден два три четири пет шест седум осум девет десет единаесет дванаесет тринаесет четиринаесет петнаесет "
    "шеснаесет седумнаесет осумнаесет деветнаесет"
)
_MK_TENS = _table("- - дваесет триесет четириесет педесет шеесет седумдесет осумдесет деведесет")
_MK_HUNDREDS = _table(
    "- сто двесте триста четиристотини петстотини шестотини седумстотини осумстотини деветстотини"
)
_MK_GENDERED: Mapping[int, Mapping[Gender, str]] = {
    1: {Gender.MASCULINE: "еден", Gender.FEMININE: "една", Gender.NEUTER: "едно"},
    2: {Gender.MASCULINE: "два", Gender.FEMININE: "две", Gender.NEUTER: "две"},
}
_MK_SCALES = (
    ("", "", Gender.MASCULINE),
    ("илјада", "илјади", Gender.FEMININE),
    ("милион", "милиони", Gender.MASCULINE),
    ("милијарда", "милијарди", Gender.FEMININE),
    ("билион", "билиони", Gender.MASCULINE),
    ("билијарда", "билијарди", Gender.FEMININE),
)


def _macedonian(number: int, gender: Gender) -> str:
    if not number:
        return _MK_SMALL[0]
    read = []
    for group, power in _groups(number):
        one, many, scale_gender = _MK_SCALES[power]
        words = _macedonian_group(group, scale_gender if power else gender)
        scale = one if counts_as_one(group, "mk") else many
        read.append((words, scale))
    said = [f"{_and_last(words, 'и')} {scale}".strip() for words, scale in read]
    # "илјада и сто", but "илјада сто и еден": a last group of several words has its "и" inside.
    return _and_last(said, "и") if len(read[-1][0]) == 1 else " ".join(said)


def _macedonian_group(group: int, gender: Gender) -> list[str]:
    def small(rest: int) -> str:
        return _MK_GENDERED[rest][gender] if rest in _MK_GENDERED else _MK_SMALL[rest]

    return _side_by_side(group, _MK_HUNDREDS, _MK_TENS, small)


# Albanian: "e" between all words; hundreds are one word.

_SQ_SMALL = _table(
    "zero një dy tre katër pesë gjashtë shtatë tetë nëntë dhjetë njëmbëdhjetë dymbëdhjetë trembëdhjetë katërmbëdhjetë "
    "pesëmbëdhjetë gjashtëmbëdhjetë shtatëmbëdhjetë tetëmbëdhjetë nëntëmbëdhjetë"
)
_SQ_TENS = _table(
    "- - njëzet tridhjetë dyzet pesëdhjetë gjashtëdhjetë shtatëdhjetë tetëdhjetë nëntëdhjetë"
)
_SQ_HUNDREDS = tuple(f"{word}qind" for word in _SQ_SMALL[:10])
_SQ_SCALES = (
    ("", ""),
    ("mijë", "mijë"),
    ("milion", "milionë"),
    ("miliard", "miliardë"),
    ("bilion", "bilionë"),
    ("biliard", "biliardë"),
)


def _albanian(number: int, _gender: Gender) -> str:
    if not number:
        return _SQ_SMALL[0]
    said = []
    for group, power in _groups(number):
        one, many = _SQ_SCALES[power]
        said.append(f"{_albanian_group(group)} {one if group == 1 else many}".strip())
    return " e ".join(said)


def _albanian_group(group: int) -> str:
    return " e ".join(_side_by_side(group, _SQ_HUNDREDS, _SQ_TENS, _SQ_SMALL.__getitem__))


def _and_last(words: list[str], joined_by: str) -> str:
    """All with spaces between, and this word before the last of several."""
    return " ".join([*words[:-1], joined_by, words[-1]] if len(words) > 1 else words)


def counts_as_one(number: int, language: str) -> bool:
    """Whether what is counted is said in the singular: Macedonian says it after 21, too, French after nothing."""
    if language == "mk":
        return number % 10 == 1 and number % 100 != 11
    if language == "fr":
        return number < 2
    return number == 1


_READERS: Mapping[str, Callable[[int, Gender], str]] = {
    "en": _english,
    "fr": _french,
    "sw": _swahili,
    "mk": _macedonian,
    "sq": _albanian,
}
