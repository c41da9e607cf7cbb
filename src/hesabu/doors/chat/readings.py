"""Readings: what an answer to one question says. Each is given to `chat.ask` and raises Unclear with a hint at the thing.

The words themselves are read by the grammar, here asked for one thing only. A reading runs when the answer comes, once;
what it returns is plain and goes into the script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from hesabu.doors.chat import proof, words
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.grammar import answers
from hesabu.doors.chat.grammar.parser import parse, to_json
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Heard, Option, Plain, Reads, Unclear, one_of, place_of
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import BadPin, PinLocked, WrongPin
from hesabu.invoicing import queries as invoices
from hesabu.kit import clock, phones
from hesabu.kit.countries import country as country_of
from hesabu.kit.errors import NotFound

NAME_MAX, WORDS_MAX, NOTE_MAX = 80, 200, 500
_NOTHING = frozenset({"-", "–", "—", "none", "nothing", "no", "hakuna", "hamna", "hapana"})


def understood(
    text: str, country: str, *, today: date | None = None, currency: str | None = None
) -> Understood:
    """The grammar's reading of a whole message."""
    place = country_of(country)
    return parse(
        text,
        today=today or clock.today(place.timezone),
        country=country,
        language=_language(),
        currency=currency or place.currency,
    )


def _language() -> str:
    return get_language() or "en"


def _spaced(text: str) -> str:
    return " ".join(text.split())


def never(plain: Plain) -> bool:
    """For `fits`: an answer that is asked for anew whatever was answered before."""
    return False


# --- one of several, in their own words -------------------------------------------------------------------------------


def yes_or_no(options: Sequence[Option]) -> Reads:
    """One of these options, or True and False as people say them: "yes please", "sawa", "not yet"."""
    return _in_their_words(
        options, lambda said: answers.parse_yes_no(said, language=_language())[0]
    )


def how_taxed(options: Sequence[Option]) -> Reads:
    """One of these options, or how prices stand to tax: "it's on top", "in it", "without"."""

    def mode_of(said: str) -> Plain:
        tax, _ = answers.parse_tax(said, language=_language())
        return tax.mode.value if tax is not None and tax.percent is None else None

    return _in_their_words(options, mode_of)


def _in_their_words(options: Sequence[Option], meaning: Callable[[str], Plain]) -> Reads:
    read_one = one_of(options)

    def read(heard: Heard) -> Plain:
        if heard.option is None and place_of(heard.text, options) is None:
            meant = meaning(heard.text)
            if meant in [option.value for option in options]:
                return meant
        return read_one(heard)

    return read


# --- words ------------------------------------------------------------------------------------------------------------


def a_name(heard: Heard) -> str:
    name = _spaced(heard.text)
    if not 2 <= len(name) <= NAME_MAX or not any(letter.isalpha() for letter in name):
        raise Unclear(words.asking.not_a_name())
    return name


def a_business_name(heard: Heard) -> str:
    """No business is called "ok": that answers what was said before."""
    name = a_name(heard)
    if understood(name, "KE").intent in _NO_NAMES:
        raise Unclear(words.welcome.not_a_business_name())
    return name


_NO_NAMES = frozenset(
    [
        Intent.YES,
        Intent.NO,
        Intent.GREETING,
        Intent.THANKS,
        Intent.PAY,
        Intent.HAVE_PAID,
        Intent.PROMISE,
        Intent.WRONG_AMOUNT,
        Intent.CALL_ME,
    ]
)
"""Nor "I have paid": whoever greeted us first and was sent a bill since is heard as who owes."""


def some_words(heard: Heard) -> str:
    said = _spaced(heard.text)
    if not any(letter.isalnum() for letter in said):
        raise Unclear(words.asking.what_for())
    if len(said) > WORDS_MAX:
        raise Unclear(words.asking.too_long())
    return said[:1].upper() + said[1:]


def a_note(heard: Heard) -> str:
    said = _spaced(heard.text)
    if len(said) > NOTE_MAX:
        raise Unclear(words.asking.too_long())
    return "" if said.lower() in _NOTHING else said


def a_detail(heard: Heard) -> str:
    """An address, a name, a number: what it must look like is identity's to say. "" for later."""
    said = _spaced(heard.text)
    if heard.option is not None or said.lower() == words.welcome.later().lower():
        return ""
    if len(said) > WORDS_MAX or not any(letter.isalnum() for letter in said):
        raise Unclear(words.asking.too_long() if len(said) > WORDS_MAX else "")
    return said


def a_tax_id(heard: Heard) -> str:
    said = _spaced(heard.text).upper()
    if not 5 <= len(said) <= 20 or not any(letter.isdigit() for letter in said):
        raise Unclear(words.asking.too_long() if len(said) > 20 else "")
    return said


# --- who --------------------------------------------------------------------------------------------------------------


def a_customer(country: str) -> Reads:
    """{"name", "phone"}, one of them at least."""

    def read(heard: Heard) -> Plain:
        said = _spaced(heard.text)
        found = understood(f"invoice {said}", country)
        for problem in found.problems:
            if problem.code == "phone_invalid":
                raise Unclear(words.asking.not_a_phone(problem.at))
        name, phone = found.customer.name, found.customer.phone
        if phone is None and (name is None or found.lines):
            name, _ = answers.parse_name(said, language=_language())
            if name is None:
                raise Unclear(words.asking.not_a_name())
        return {"name": name, "phone": phone}

    return read


def a_phone(country: str) -> Reads:
    def read(heard: Heard) -> str:
        phone, problem = answers.parse_phone(heard.text, country)
        if phone is None:
            raise Unclear(words.asking.not_a_phone(problem.at if problem else _spaced(heard.text)))
        return phone

    return read


def a_phone_or_none(country: str, none: str) -> Reads:
    """A number, or "" for whoever has none."""

    def read(heard: Heard) -> str:
        option = heard.option if heard.option is not None else place_of(heard.text, [Option(none)])
        if option == 0 or understood(heard.text, country).intent in (Intent.SKIP, Intent.NO):
            return ""
        return str(a_phone(country)(heard))

    return read


# --- how much, what ---------------------------------------------------------------------------------------------------


def an_amount(country: str, currency: str) -> Reads:
    """Major units as text: "75000.00"."""

    def read(heard: Heard) -> str:
        amount, problem = answers.parse_money(heard.text, currency, language=_language())
        if problem is not None:
            raise Unclear(words.asking.problem(problem.code, problem.at, currency))
        if amount is None:
            raise Unclear(words.asking.not_an_amount(_spaced(heard.text), currency))
        return str(amount)

    return read


def some_lines(country: str, currency: str) -> Reads:
    """Lines as the grammar's published shape has them, each with its price."""

    def read(heard: Heard) -> Plain:
        found = understood(f"invoice Name: Customer\n{heard.text}", country, currency=currency)
        for problem in found.problems:
            raise Unclear(words.asking.problem(problem.code, problem.at, currency))
        lines: list[dict[str, Any]] = to_json(found)["lines"]
        if found.total is None or not lines or not all(line["description"] for line in lines):
            raise Unclear(words.asking.write_it_again())
        return lines

    return read


def a_discount(country: str, currency: str) -> Reads:
    """{"percent"} or {"amount"}, {} for none."""

    def read(heard: Heard) -> Plain:
        said = _spaced(heard.text)
        if said.lower() in _NOTHING | {"0", "0%"}:
            return {}
        found = understood(f"change discount to {said}", country, currency=currency)
        kept: dict[str, str] | None = to_json(found)["discount"]
        if found.problems or not kept:
            amount = an_amount(country, currency)
            try:
                return {"amount": amount(heard)}
            except Unclear:
                raise Unclear(words.asking.not_a_discount(said)) from None
        return kept

    return read


def a_quantity(heard: Heard) -> str:
    """How many, as text."""
    quantity, problem = answers.parse_quantity(heard.text, language=_language())
    if quantity is None or problem is not None:
        raise Unclear(words.asking.not_a_quantity(_spaced(heard.text)))
    return f"{quantity:f}"


def some_value(heard: Heard) -> str:
    """As it is written."""
    said = _spaced(heard.text)
    if not said or len(said) > NAME_MAX:
        raise Unclear(words.asking.too_long() if said else "")
    return said


# --- when -------------------------------------------------------------------------------------------------------------


def a_due_day(desk: Desk, options: Sequence[Option]) -> Reads:
    """An ISO day; the options' values are days from today."""

    def read(heard: Heard) -> str:
        business, today = desk.business(), desk.today()
        option = heard.option if heard.option is not None else _titled(heard.text, options)
        if option is not None and option < len(options):
            return (today + timedelta(days=int(options[option].value))).isoformat()
        said = _spaced(heard.text)
        due_on, problem = answers.parse_due(said, today, language=_language())
        if problem is not None and problem.code != "date_unclear":
            raise Unclear(words.asking.problem(problem.code, problem.at, business.currency))
        if due_on is None:
            raise Unclear(words.asking.not_a_day(said))
        return due_on.isoformat()

    return read


def _titled(text: str, options: Sequence[Option]) -> int | None:
    """By its words only: "7" is a day."""
    return None if text.strip().isdigit() else place_of(text, options)


# --- how one is paid --------------------------------------------------------------------------------------------------


_OWN_NUMBER = frozenset(
    {"1", "phone", "my phone", "my number", "my phone number", "phone number", "this number", "this phone", "my own number"}
    | {"simu", "simu yangu", "namba yangu", "nambari yangu", "namba yangu ya simu", "nambari yangu ya simu", "namba hii"}
    | {"nambari hii", "number yangu", "simu hii"}
)  # fmt: skip
"""Who is asked how customers pay, and means the number they write from."""


def a_way_to_be_paid(country: str, own_phone: str | None) -> Reads:
    """{"kind", "number", "account", "label"}; "later" for somebody who says so. Their own number is a way only where money
    can be sent to one."""
    own_phone = own_phone if country_of(country).takes("phone") else None

    def read(heard: Heard) -> Plain:
        said = heard.text.strip().lower().rstrip(".")
        if heard.option is not None:
            is_own = own_phone is not None and heard.option == 0
            said = "phone" if is_own else "later"
        if own_phone and said in _OWN_NUMBER | {words.welcome.my_number().lower()}:
            return {"kind": "phone", "number": own_phone}
        last = "2" if own_phone else "1"
        found = understood(heard.text, country)
        if said in ("later", last, words.welcome.later().lower()) or found.intent is Intent.SKIP:
            return {"kind": "later"}
        return _way(heard.text, found, said, country)

    return read


_ASKED_FOR: dict[str, Callable[[], str]] = {
    "till": words.welcome.which_till,
    "paybill": words.welcome.which_paybill,
    "bank": words.welcome.which_bank,
    "phone": words.welcome.which_phone,
}


def _way(text: str, found: Understood, said: str, country: str) -> Plain:
    place = country_of(country)
    asked_for, unclear = _ASKED_FOR, words.welcome.way_unclear
    if not place.takes("till"):
        unclear = partial(words.welcome.which_bank, country)
        asked_for = {"bank": unclear}
    if found.intent is not Intent.PAYMENT_SETUP and not place.takes("till"):
        found = understood(f"bank {text}", country)  # it was the bank that was asked for
    payment = found.payment
    if found.intent is not Intent.PAYMENT_SETUP or payment is None:
        if place.takes("phone") and _is_phone(text, country):
            return {"kind": "phone", "number": phones.parse_phone(text, country)}
        for word, hint in asked_for.items():
            if word in said.split():
                raise Unclear(hint())
        raise Unclear(unclear())
    method = payment.method or ""
    if not place.takes(method):
        raise Unclear(unclear())
    if found.problems:
        currency = country_of(country).currency
        problem = found.problems[0]
        raise Unclear(words.asking.problem(problem.code, problem.at, currency))
    number = payment.phone if method == "phone" else payment.number
    if not number or (found.missing and method == "bank"):
        raise Unclear(asked_for.get(method, unclear)())
    return {
        "kind": method,
        "number": number,
        "account": payment.account,
        "label": payment.bank,
    }


def way_in(found: Understood) -> Plain:
    """The way that a message named whole, or None where it must be asked for."""
    payment = found.payment
    if payment is None or payment.method is None or found.problems:
        return None
    number = payment.phone if payment.method == "phone" else payment.number
    if not number or (payment.method == "bank" and found.missing):
        return None
    return {
        "kind": payment.method,
        "number": number,
        "account": payment.account,
        "label": payment.bank,
    }


def _is_phone(text: str, country: str) -> bool:
    try:
        phones.parse_phone(text, country)
    except phones.BadPhone:
        return False
    return True


# --- the PIN ----------------------------------------------------------------------------------------------------------


def the_pin(person_id: UUID, *, to_change_it: bool = False) -> Reads:
    """True for the right one. The PIN itself goes nowhere. One that was first set by the number alone, less than a day ago or
    untold, is no proof of anything yet: good enough `to_change_it`, and for nothing else."""

    def read(heard: Heard) -> bool:
        if not any(letter.isdigit() for letter in heard.text):
            raise Unclear(words.stepping.not_a_pin())  # a word is no try
        proof.need()
        try:
            identity.check_pin(person_id, _spaced(heard.text))
        except WrongPin as error:
            raise Unclear(words.house.wrong_pin(error.tries_left)) from None
        except PinLocked as error:
            raise Unclear(words.house.pin_locked(error.wait_seconds)) from None
        if not to_change_it and people.is_pin_doubted(person_id):
            raise Unclear(words.house.pin_counts_later())
        return True

    return read


def a_new_pin(person_id: UUID, *, is_checked: bool = False) -> Reads:
    """Sets it; True. `is_checked`: the present one was just given, so it may be replaced."""

    def read(heard: Heard) -> bool:
        if not any(letter.isdigit() for letter in heard.text):
            raise Unclear(words.stepping.not_a_pin())
        proof.need()

        def put() -> None:
            identity.set_pin(person_id, _spaced(heard.text), is_proved=is_checked, in_chat=True)

        try:
            attempt(put)
        except BadPin as error:
            raise Unclear(
                f"{words.figures.translated(error.title)} {words.figures.translated(error.hint)}"
            ) from None
        return True

    return read


# --- documents --------------------------------------------------------------------------------------------------------


def an_open_invoice(desk: Desk) -> Reads:
    """The id of the invoice that a number or a name means."""

    def read(heard: Heard) -> str:
        def look() -> str:
            with desk.open():
                return invoices.by_number(heard.text.strip()).id.hex

        try:
            return attempt(look)
        except NotFound:
            raise Unclear(words.standing.no_such_invoice(_spaced(heard.text))) from None

    return read
