"""Listening: what one message means, and what is said back. Nothing is ever answered with silence.

    a tap ─────────────▶ the question it answers · the merchant's act · the customer's act
    words ─▶ offered? ─▶ the same as the tap they stand for ("1", "Send", "yes")
          ─▶ in a flow? ─▶ cancel · menu · help · back · another clear act · the answer      (`in_flow`)
          ─▶ else ─▶ the merchant's desk, the customer's bills, or a newcomer's welcome      (`at_home`)

Who is meant is decided by the button or the message that was quoted; where money could be either side's, it is asked.
"""

from __future__ import annotations

import copy
import unicodedata
from dataclasses import replace
from functools import partial

from hesabu.doors.chat import (
    aside,
    at_home,
    cards,
    customer,
    flows,
    in_flow,
    joining,
    languages,
    memory,
    merchant,
    pictures,
    proof,
    replies,
    speech,
    taps,
    till,
    words,
)
from hesabu.doors.chat.desk import attempt
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import LastDraft
from hesabu.doors.chat.speech import Heard, Option
from hesabu.doors.chat.understanding import understood
from hesabu.doors.chat.visit import Visit
from hesabu.kit.errors import HesabuError
from hesabu.messaging.types import Channel, Kind

assert flows.__all__  # importing the package declares the flows

_WORDS = (Kind.TEXT, Kind.BUTTON, Kind.CHOICE)
_SAYS_YES = ("send", "confirm", "void", "credit", "again")


def listen(visit: Visit) -> None:
    """Fill `visit.said` and change `visit.memory`. In a house transaction that holds the memory's lock."""
    visit.message = replace(visit.message, text=legible(visit.message.text))
    try:
        attempt(lambda: _heard_if_sure(visit))
    except HesabuError as error:
        visit.say(_refused(error))
    if not visit.said:
        visit.say(words.talk.not_understood())
    aside.offer(visit)
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
        visit.say(
            words.house.prove_it(_called(visit), asked.code)
            if asked
            else words.house.prove_elsewhere()
        )


def _called(visit: Visit) -> str:
    """What their words mean, to be told what they prove: the option behind a number. "" for what may be a secret."""
    text = visit.message.text.strip().rstrip(".)")
    if not text.isdigit():
        return words.figures.shortened(" ".join(text.split()), 60)
    asked = visit.asked()
    shown = asked.options if asked is not None else [Option(title) for title in _titles(visit)]
    place = speech.place_of(text, shown)
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
    said = (words.figures.translated(error.title), words.figures.translated(error.hint))
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
    elsewhere = partial(memory.passed_elsewhere, visit.contact)
    with till.at(visit.memory.till, till.mark_of(visit.contact, visit.message), elsewhere):
        _taken(visit)


def _taken(visit: Visit) -> None:
    message = visit.message
    if visit.contact.is_doubted and visit.memberships:
        _doubted(visit)
        return
    is_picture = pictures.is_customers(visit)
    if message.kind not in _WORDS and not cards.has_words(visit):
        if is_picture:
            pictures.take(visit)
            return
        if cards.hear(visit):
            return
        cards.hint(visit)
        if visit.memory.script is None and visit.desk is None and not visit.memory.bills:
            at_home.begin_sign_up(visit, "")
        return
    tapped = taps.read(message.button_id) if message.button_id else None
    if tapped is not None:
        _tapped(visit, tapped)
    elif message.button_id:
        visit.say(words.talk.old_button())
        at_home.hear(visit, understood(visit))
    else:
        _said(visit)
    if is_picture:
        pictures.take(visit)


def _doubted(visit: Visit) -> None:
    """Their number changed hands, or was silent for half a year: it acts for no business before they proved who they are."""
    script = visit.memory.script
    if script is not None and script.flow == "prove" and visit.message.button_id is None:
        visit.answer(visit.heard())
        return
    visit.memory.till.close()
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
    if joining.tap(visit, tapped) or aside.tap(visit, tapped):
        return
    desk = visit.desk_at(tapped.business_id)
    if desk is not None and (merchant.tap(visit, desk, tapped) or replies.tap(visit, desk, tapped)):
        return
    if not customer.tap(visit, tapped):
        visit.say(words.talk.old_button())


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
        in_flow.after(visit)
        return
    visit.say(words.talk.old_question())
    if script is not None:
        visit.answer(None)


def _said(visit: Visit) -> None:
    if _asks_for_more(visit):
        return
    if _locks(visit):
        return
    said = understood(visit)
    languages.follow(visit, said)
    if visit.memory.script is not None:
        in_flow.hear(visit, said)
        return
    option = _offered(visit, said)
    if option is None:
        at_home.hear(visit, said)
        return
    tapped = taps.read(option)
    if tapped is None:
        _ask_which_tap(visit)
    else:
        _tapped(visit, tapped)


def _asks_for_more(visit: Visit) -> bool:
    """The rest of what was too long for a text message."""
    rest, visit.memory.more = visit.memory.more, ""
    if visit.message.text.strip().rstrip(".").casefold() not in words.talk.more_words():
        return False
    is_plain = visit.message.channel is Channel.SMS and visit.memory.script is None
    if not rest and not is_plain:
        return False
    visit.say(rest or words.talk.nothing_more())
    return True


def _locks(visit: Visit) -> bool:
    """ "lock", whatever is asked just now. Where any words would answer the question that waits, it may be what is sold."""
    if visit.plain_words() not in LOCKS or visit.desk is None:
        return False
    asked = visit.asked()
    if asked is not None and asked.takes_anything:
        return False
    merchant.COMMANDS["lock"](visit, visit.desk)
    if visit.memory.script is not None:
        visit.answer(None)
    return True


LOCKS = ("lock", "funga")


def _ask_which_tap(visit: Visit) -> None:
    titles = [title for group in visit.memory.offers for title, _ in group]
    is_plain = visit.message.channel is Channel.SMS
    visit.say(
        words.talk.which_of(list(dict.fromkeys(titles))) if is_plain else words.talk.which_tap()
    )


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
        place = speech.place_of(text, [Option(title) for title, _ in group])
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
