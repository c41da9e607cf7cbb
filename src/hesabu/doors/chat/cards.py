"""What comes that is not words: captions, contact cards, and the kind hint for the rest.

A shared contact card is who an invoice is for: during that question it is the answer, alone it begins one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hesabu.doors.chat import merchant, words
from hesabu.doors.chat.grammar.types import Customer, Intent, Understood
from hesabu.doors.chat.speech import Heard
from hesabu.doors.chat.visit import Visit
from hesabu.kit import phones
from hesabu.messaging.types import Kind

CAPTIONED = (Kind.IMAGE, Kind.VIDEO, Kind.DOCUMENT)
"""What carries words of its own, where it carries any."""
_ASKED_WHO = ("customer", "name", "to")
_ASKED_NUMBER = ("phone",)


def has_words(visit: Visit) -> bool:
    return visit.message.kind in CAPTIONED and bool(visit.message.text.strip())


def hear(visit: Visit) -> bool:
    """Take a contact card for what it says; False where it is none, or says nothing that is asked for."""
    if visit.message.kind is not Kind.CONTACTS:
        return False
    name, phone = _card(visit)
    if not name and not phone:
        return False
    if visit.memory.script is not None:
        return _answered(visit, name, phone)
    if visit.desk is None:
        return False
    shown = Customer(name=name or None, phone=phone)
    missing = () if name else ("customer",)
    said = Understood(Intent.INVOICE, customer=shown, missing=(*missing, "amount", "description"))
    visit.message = replace(visit.message, text=" ".join(filter(None, [name, phone])))
    merchant.begin_invoice(visit, visit.desk, said, "")
    return True


def _answered(visit: Visit, name: str, phone: str | None) -> bool:
    """To the question who, or which number; no other question takes a card."""
    asked = _asked(visit)
    if asked in _ASKED_WHO and _is_about_people(visit):
        visit.answer(Heard(" ".join(filter(None, [name, phone]))))
        return True
    if asked in _ASKED_NUMBER and phone:
        visit.answer(Heard(phone))
        return True
    return False


def _asked(visit: Visit) -> str:
    asked = visit.asked()
    return asked.name if asked else ""


def _is_about_people(visit: Visit) -> bool:
    """Whether "to" asks for a customer: so it does where the customer of a draft is changed."""
    script = visit.memory.script
    assert script is not None
    if _asked(visit) != "to":
        return True
    fields = [script.given.get("field")]
    fields += [value for kind, name, value in script.lines if name == "field"]
    return "customer" in fields


def _card(visit: Visit) -> tuple[str, str | None]:
    """The name and the number of the first card, as far as they can be used."""
    cards: list[Mapping[str, Any]] = visit.message.more.get("contacts") or []
    card = cards[0] if cards else {}
    name = " ".join(str(card.get("name") or "").split())
    return name, _phone(visit, [str(number) for number in card.get("phones") or ()])


def _phone(visit: Visit, numbers: list[str]) -> str | None:
    country = visit.country()
    for number in numbers:
        digits = number.strip()
        for written in (digits, f"+{digits}"):  # WhatsApp's own ids are numbers without a plus
            try:
                return phones.parse_phone(written, country)
            except phones.BadPhone:
                continue
    return None


def hint(visit: Visit) -> None:
    """A kind word for what is not read, and the question once more."""
    is_merchants = visit.desk is not None and visit.message.kind is Kind.IMAGE
    kind = visit.message.kind.value
    visit.say(words.pictures.of_merchant() if is_merchants else words.talk.got_media(kind))
    if visit.memory.script is not None:
        visit.answer(None)
