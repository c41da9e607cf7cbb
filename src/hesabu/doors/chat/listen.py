"""Listening: what one message means, and what is said back. Nothing is ever answered with silence.

    a tap ─────────────▶ the question it answers · the merchant's act · the customer's act
    words ─▶ offered? ─▶ the same as the tap they stand for ("1", "Send", "yes")
          ─▶ in a flow? ─▶ cancel · menu · help · back · a question of another kind, answered · the answer
          ─▶ else ─▶ the merchant's desk, the customer's bills, or a newcomer's welcome

Who is meant is decided by the button or the message that was quoted; where money could be either side's, it is asked.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import get_language

from hesabu.doors.chat import (
    cards,
    customer,
    engine,
    flows,
    joining,
    languages,
    lists,
    merchant,
    proof,
    readings,
    replies,
    taps,
    words,
)
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.engine import Heard, Option, Saying
from hesabu.doors.chat.grammar.parser import parse
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import LastDraft
from hesabu.doors.chat.visit import COUNTRY, Visit
from hesabu.invoicing import queries as invoices
from hesabu.kit import clock, phones
from hesabu.kit.countries import COUNTRIES
from hesabu.kit.errors import HesabuError
from hesabu.messaging.types import Channel, Kind

assert flows  # importing the package declares the flows

_WORDS = (Kind.TEXT, Kind.BUTTON, Kind.CHOICE)
_SAYS_YES = ("send", "confirm", "void", "credit", "again")
_OF_CUSTOMERS = (
    Intent.PAY,
    Intent.HAVE_PAID,
    Intent.PROMISE,
    Intent.WRONG_AMOUNT,
    Intent.CALL_ME,
)


def listen(visit: Visit) -> None:
    """Fill `visit.said` and change `visit.memory`. In a house transaction that holds the memory's lock."""
    visit.message = replace(visit.message, text=legible(visit.message.text))
    try:
        attempt(lambda: _heard_if_sure(visit))
    except HesabuError as error:
        visit.say(_refused(error))
    if not visit.said:
        visit.say(words.not_understood())
    _remember_offers(visit)


def _heard_if_sure(visit: Visit) -> None:
    """A text message says nothing sure about who wrote it (see `proof`): what needs proof is held until its code comes."""
    held, visit.memory.held = visit.memory.held, proof.forgotten(visit.memory.held)
    text = visit.message.text
    if visit.message.channel is not Channel.SMS:
        _heard(visit)
        return
    if held is not None and proof.is_answered(held, text):
        visit.memory.held = None
        visit.message = replace(visit.message, text=held.text)
        _heard(visit)
        return
    before = copy.deepcopy(visit.memory)
    try:
        with proof.doubted():
            attempt(lambda: _heard(visit))
    except proof.Unproven:
        visit.forget(before)
        asked = proof.hold(text, held)
        visit.memory.held = asked or proof.forgotten(held)
        visit.say(words.prove_it(_called(visit), asked.code) if asked else words.prove_elsewhere())


def _called(visit: Visit) -> str:
    """What their words mean, to be told what they prove: the option behind a number. "" for what may be a secret."""
    text = visit.message.text.strip().rstrip(".)")
    if not text.isdigit():
        return words.shortened(" ".join(text.split()), 60)
    asked = visit.asked()
    shown = asked.options if asked is not None else [Option(title) for title in _titles(visit)]
    place = engine.place_of(text, shown)
    return shown[place].title if place is not None else ""


def _titles(visit: Visit) -> list[str]:
    return [title for title, _ in visit.memory.offers[-1]] if visit.memory.offers else []


def legible(text: str) -> str:
    """What people see of it: letters of every script, and no marks that would turn other words around, or end them."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t"
        or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _TURNING)
    )


_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _refused(error: HesabuError) -> str:
    said = (words.translated(error.title), words.translated(error.hint))
    return " ".join(filter(None, said))


def _remember_offers(visit: Visit) -> None:
    """What can be tapped now can be said in words; a draft that is shown is the one that "cancel" means."""
    offered = [saying.options for saying in visit.said if saying.options]
    own = [group for group in offered if not group[0].id.startswith("pick:")]
    if own:
        visit.memory.offers = []
    for group in own:
        visit.memory.offer(group)
        tapped = taps.read(group[0].id)
        if tapped is not None and tapped.verb == "send":
            kept = visit.memory.last_draft
            same = kept is not None and kept.invoice_id == tapped.subject_id
            known = kept.digest if same and kept else visit.digest
            visit.memory.last_draft = LastDraft(tapped.business_id, tapped.subject_id, known)


# --- what came --------------------------------------------------------------------------------------------------------


def _heard(visit: Visit) -> None:
    message = visit.message
    if visit.contact.is_doubted and visit.memberships:
        _doubted(visit)
        return
    if message.kind not in _WORDS and not cards.has_words(visit):
        if cards.hear(visit):
            return
        cards.hint(visit)
        if visit.memory.script is None and visit.desk is None and not visit.memory.bills:
            _begin_sign_up(visit, "")
        return
    tapped = taps.read(message.button_id) if message.button_id else None
    if tapped is not None:
        _tapped(visit, tapped)
    elif message.button_id:
        visit.say(words.old_button())
        _home(visit, _parsed(visit))
    else:
        _said(visit)


def _doubted(visit: Visit) -> None:
    """Their number changed hands, or was silent for half a year: it acts for no business before they proved who they are."""
    script = visit.memory.script
    if script is not None and script.flow == "prove" and visit.message.button_id is None:
        visit.answer(visit.heard())
        return
    given = {"person": visit.contact.person_id.hex, "contact": visit.contact.id.hex}  # type: ignore[union-attr]
    visit.begin("prove", dict(given))


def _tapped(visit: Visit, tapped: taps.Tap) -> None:
    if tapped.verb == "pick":
        _picked(visit, tapped)
        return
    _used(visit, tapped)
    if languages.tap(visit, tapped):
        if visit.memory.script is not None:
            visit.answer(None)
        return
    if joining.tap(visit, tapped):
        return
    desk = visit.desk_at(tapped.business_id)
    if desk is not None and (merchant.tap(visit, desk, tapped) or replies.tap(visit, desk, tapped)):
        return
    if not customer.tap(visit, tapped):
        visit.say(words.old_button())


def _used(visit: Visit, tapped: taps.Tap) -> None:
    """A message whose button was used offers nothing more to words."""
    visit.memory.offers = [
        group
        for group in visit.memory.offers
        if all(_subject(option) != tapped.subject_id for _, option in group)
    ]


def _subject(button_id: str) -> object:
    tapped = taps.read(button_id)
    return tapped.subject_id if tapped else None


def _picked(visit: Visit, tapped: taps.Tap) -> None:
    """A tap on an option of a question: the one that waits, or an old one."""
    script = visit.memory.script
    is_current = (
        script is not None
        and tapped.subject_id.hex == script.run_id
        and tapped.version == len(script.lines)
    )
    if is_current:
        visit.answer(Heard(visit.message.text, tapped.choice))
        _after(visit)
        return
    visit.say(words.old_question())
    if script is not None:
        visit.answer(None)


def _said(visit: Visit) -> None:
    if _asks_for_more(visit):
        return
    said = _parsed(visit)
    languages.follow(visit, said)
    if visit.memory.script is not None:
        _said_in_flow(visit, said)
        return
    option = _offered(visit, said)
    if option is None:
        _home(visit, said)
        return
    tapped = taps.read(option)
    if tapped is None:
        _ask_which_tap(visit)
    else:
        _tapped(visit, tapped)


def _asks_for_more(visit: Visit) -> bool:
    """The rest of what was too long for a text message."""
    rest, visit.memory.more = visit.memory.more, ""
    if visit.message.text.strip().rstrip(".").casefold() not in words.more_words():
        return False
    is_plain = visit.message.channel is Channel.SMS and visit.memory.script is None
    if not rest and not is_plain:
        return False
    visit.say(rest or words.nothing_more())
    return True


def _ask_which_tap(visit: Visit) -> None:
    titles = [title for group in visit.memory.offers for title, _ in group]
    is_plain = visit.message.channel is Channel.SMS
    visit.say(words.which_of(list(dict.fromkeys(titles))) if is_plain else words.which_tap())


def _offered(visit: Visit, said: Understood) -> str | None:
    """The tap that the words stand for; "" where it could be two messages'."""
    groups = visit.memory.offers
    text = visit.message.text
    named = [tap for group in groups for title, tap in group if _same(text, title)]
    if named:
        return named[-1]
    group = groups[-1] if groups else []
    place: int | None = None
    if said.intent is Intent.NUMBER:
        place = engine.place_of(text, [Option(title) for title, _ in group])
    elif said.intent in (Intent.YES, Intent.NO) and _is_yes_or_no(group):
        place = 0 if said.intent is Intent.YES else len(group) - 1
    if place is None:
        return None
    return group[place][1] if len(groups) == 1 else ""


def _same(text: str, title: str) -> bool:
    return text.strip().rstrip(".").casefold() == title.casefold()


def _is_yes_or_no(group: list[tuple[str, str]]) -> bool:
    """ "Keep it" beside one other button is the no to its yes."""
    tapped = taps.read(group[0][1]) if group else None
    other = taps.read(group[-1][1]) if len(group) == 2 else None
    is_kept = other is not None and other.verb == "keep"
    return tapped is not None and (is_kept or tapped.verb in _SAYS_YES)


# --- in a flow --------------------------------------------------------------------------------------------------------


def _said_in_flow(visit: Visit, said: Understood) -> None:
    script = visit.memory.script
    assert script is not None
    if languages.asked(said):
        languages.answer(visit, said)
        visit.answer(None)
    elif said.intent is Intent.STOP:
        visit.memory.script = None
        visit.say(words.stopped())
        visit.say(words.stopped_but_not_reminders())
    elif said.intent is Intent.CANCEL and not said.reference:
        visit.memory.script = None
        visit.say(words.stopped())
    elif said.intent is Intent.MENU:
        visit.memory.script = None
        visit.say(words.set_aside())
        _home(visit, said)
    elif said.intent is Intent.HELP:
        visit.say(words.help_in_flow())
        visit.answer(None)
    elif said.intent is Intent.UNDO:
        _back(visit, script)
    elif _begins_anew(visit, said):
        visit.memory.script = None
        _home(visit, said)
    else:
        _answered(visit, said)


def _back(visit: Visit, script: engine.Script) -> None:
    before = engine.undone(script)
    if before is None:
        visit.say(words.nothing_to_undo())
    else:
        visit.memory.script = before
    visit.answer(None)


def _begins_anew(visit: Visit, said: Understood) -> bool:
    """A whole invoice, written where something else was asked."""
    is_whole = said.intent is Intent.INVOICE and not said.missing and bool(said.customer.name)
    return is_whole and visit.desk is not None


def _answered(visit: Visit, said: Understood) -> None:
    """The answer; what is none, but a question of another kind, is answered before the flow's is put again."""
    desk, before = visit.desk, len(visit.said)
    if desk is not None and _is_surely_aside(visit, said):
        merchant.hear(visit, desk, said)
        visit.answer(None)
    elif visit.answer(visit.heard()):
        _after(visit)
    elif desk is not None and said.intent in (Intent.LIST, Intent.WHO_OWES):
        question = visit.said[-1]
        del visit.said[before:]
        merchant.hear(visit, desk, said)
        visit.say(question)
    elif said.intent in _OF_CUSTOMERS and visit.memory.bills:
        del visit.said[before:]
        visit.memory.script = None
        _home(visit, said)
    elif (
        len(visit.said) == before + 1
    ):  # the same question alone would say nothing of what was wrong
        visit.said.insert(before, Saying(words.help_in_flow()))


def _is_surely_aside(visit: Visit, said: Understood) -> bool:
    """Nobody is called "who owes me" or "status INV-0007"."""
    if said.intent is Intent.WHO_OWES:
        return "owe" in visit.message.text.lower()
    return said.intent is Intent.STATUS and "inv" in visit.message.text.lower()


def _after(visit: Visit) -> None:
    """Somebody who signed up in order to say something has it said now."""
    then = visit.then
    if visit.memory.script is not None or not then:
        return
    visit.then = ""
    visit.refresh()
    said = _understood(visit, then)
    if visit.desk is not None and said.intent is Intent.INVOICE and said.lines:
        merchant.begin_invoice(visit, visit.desk, said, "")


# --- outside of any flow ----------------------------------------------------------------------------------------------


def _home(visit: Visit, said: Understood) -> None:
    desk, text = visit.desk, visit.message.text.strip().casefold()
    if languages.asked(said):
        languages.answer(visit, said)
        if said.topic and desk is None and not visit.memory.bills:
            _begin_sign_up(visit, "")
        return
    if desk is None:
        _without_business(visit, said)
        return
    if _heard_as_customer(visit, desk, said):
        return
    if said.intent in (Intent.YES, Intent.NO):
        visit.say(words.nothing_asked())
        return
    if merchant.command(visit, desk, " ".join(text.split())):
        return
    if not merchant.hear(visit, desk, said):
        visit.say(words.not_understood())
        visit.say(lists.menu(visit, desk))


def _heard_as_customer(visit: Visit, desk: Desk, said: Understood) -> bool:
    """Whether somebody who sells and buys here spoke as the buyer. Of money it is never guessed: it is asked."""
    if said.intent not in _OF_CUSTOMERS or not customer.open_bills(visit):
        return False
    has_payee = said.payment is not None and said.payment.payee is not None
    is_sure = said.intent is not Intent.HAVE_PAID or has_payee or customer.quotes_bill(visit)
    if is_sure:
        return customer.hear(visit, said)
    visit.begin(
        "as_whom",
        {
            "claim": customer.claim_given(visit, customer.open_bills(visit), said),
            "payment": merchant.payment_given(visit, desk, said, None),
        },
    )
    return True


def _without_business(visit: Visit, said: Understood) -> None:
    """Somebody who was sent a bill, or somebody new."""
    if customer.hear_about_writing(visit, said):
        return
    if visit.memory.bills and said.intent in (Intent.YES, Intent.NO):
        visit.say(words.nothing_asked())
        customer.greet(visit)
        return
    if visit.memory.bills and said.intent not in (Intent.START, Intent.INVOICE):
        if not customer.hear(visit, said):
            customer.puzzle(visit)
        return
    is_whole = said.intent is Intent.INVOICE and bool(said.lines)
    _begin_sign_up(visit, visit.message.text if is_whole else "")


def _begin_sign_up(visit: Visit, then: str) -> None:
    """`then`: what they wanted to say, and say once they have signed up."""
    phone = visit.contact.phone
    place = phones.country_of(phone) if phone else None
    visit.begin(
        "sign_up",
        {
            "contact": visit.contact.id.hex,
            "country": place if place in COUNTRIES else None,
            "has_phone": phone is not None,
            "phone": phone,
            "then": then,
        },
    )


# --- understanding ----------------------------------------------------------------------------------------------------


def _parsed(visit: Visit) -> Understood:
    return _understood(visit, visit.message.text)


def _understood(visit: Visit, text: str) -> Understood:
    desk = visit.desk
    if desk is None:
        return readings.understood(text, COUNTRY)
    business, quoted = desk.business(), visit.quoted() is not None

    def read(names: Sequence[str], sold: Sequence[str]) -> Understood:
        return parse(
            text,
            today=clock.today(business.timezone),
            country=business.country,
            language=get_language() or business.language,
            currency=business.currency,
            customers=names,
            items=sold,
            quoted=quoted,
        )

    said = read((), ())
    if said.intent not in _NAMING:
        return said
    with desk.open():
        names, sold = invoices.customer_names(), [item.name for item in invoices.items()]
    return read(names, sold) if names or sold else said


_NAMING = (Intent.INVOICE, Intent.UNKNOWN, Intent.REPEAT, Intent.REMIND, Intent.STATUS)
"""What may name a customer or a thing sold: read again, knowing them."""
