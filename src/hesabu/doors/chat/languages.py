"""Languages: which one a reader is spoken to in, and how they change it.

    what they chose ("kiswahili")                        kept on the contact; it holds on every channel
    else what they last wrote clearly in                 remembered in the conversation
    else their own as a person, the customer's, English

A message written clearly in another language is answered in that one, whatever was chosen; the first time it is said how
to stay with it. After that one word is not clear: "sawa" and "ok" belong to everybody here.
What M-PESA wrote says nothing of who pasted it.
"""

from __future__ import annotations

from dataclasses import replace

from babel.core import Locale
from django.conf import settings
from django.utils.translation import activate, get_language

from hesabu.doors.chat import taps, telling, words
from hesabu.doors.chat.grammar.switching import LANGUAGES
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import Memory
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.visit import Visit
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Contact
from hesabu.store.tenancy import HOUSE

IN_FLOW_WORDS_MIN = 3
"""An answer shorter than this is a name or a day, and no change of language."""


def spoken() -> list[str]:
    """What is both understood and said here, in a fixed order."""
    said = {code for code, _ in settings.LANGUAGES}
    return [code for code in LANGUAGES if code in said]


def name_of(code: str) -> str:
    """As its speakers call it: Kiswahili."""
    name = Locale.parse(code).get_language_name(code) or code
    return name[:1].upper() + name[1:]


def of_reader(contact: Contact, memory: Memory) -> str:
    """What they are answered in unless they write otherwise."""
    known = contact.language or memory.language
    return telling.spoken(known) if known else telling.language_of(contact)


def follow(visit: Visit, said: Understood) -> None:
    """Answer in the language the message was written in; the first time, say how to stay with it."""
    code, memory = said.language or _greeted_in(visit, said), visit.memory
    if code is None or code == get_language() or code not in spoken():
        return
    is_settled = bool(visit.contact.language) or memory.is_language_offered
    is_known = is_settled or bool(memory.language or visit.contact.person_id)
    count = len(visit.message.text.split())
    is_pasted = said.payment is not None and said.payment.code is not None
    least = IN_FLOW_WORDS_MIN if memory.script is not None else 1 + is_settled
    if is_pasted or asked(said) or count < least:
        return
    activate(code)
    memory.language = code
    if is_known and not memory.is_language_offered:
        memory.is_language_offered = True
        visit.say(words.talk.stay_with(name_of(code)))


_GREETS_IN = dict.fromkeys(
    ["niaje", "mambo", "sasa", "vipi", "habari", "hujambo", "jambo", "sema", "shikamoo", "xaxa"],
    "sw",
)
"""First words of a greeting, and their language. English speakers of Nairobi use them too, so they tell it only of
somebody who has said nothing yet."""


def _greeted_in(visit: Visit, said: Understood) -> str | None:
    """The language of the very first greeting."""
    is_new = visit.desk is None and visit.memory.script is None and not visit.memory.bills
    is_new = is_new and not (visit.contact.language or visit.memory.language)
    if not is_new or said.intent is not Intent.GREETING:
        return None
    return _GREETS_IN.get(visit.plain_words().split(" ")[0].strip(".,!?"))


def asked(said: Understood) -> bool:
    """Whether they speak of the language itself."""
    return said.intent is Intent.LANGUAGE or (
        said.intent is Intent.CHANGE and said.topic == "language"
    )


def answer(visit: Visit, said: Understood) -> None:
    """ "kiswahili", "switch to English", "language"."""
    known = spoken()
    if said.topic in known:
        choose(visit, str(said.topic))
        return
    options = [Option(name_of(code), _tap(visit, place)) for place, code in enumerate(known)]
    visit.say(Saying(words.talk.which_language(), tuple(options)))


def tap(visit: Visit, tapped: taps.Tap) -> bool:
    """A tap on a language; False for any other."""
    known = spoken()
    if tapped.verb != "speak":
        return False
    if tapped.version < len(known):
        choose(visit, known[tapped.version])
    else:
        visit.say(words.talk.old_button())
    return True


def choose(visit: Visit, code: str) -> None:
    """Keep to it from now on, and say so in it."""
    messaging.speak(visit.contact.id, code)
    visit.contact = replace(visit.contact, language=code)
    visit.memory.language, visit.memory.is_language_offered = code, True
    activate(code)
    visit.say(words.talk.speaking_now(name_of(code)))


def _tap(visit: Visit, place: int) -> str:
    return taps.written("speak", HOUSE, visit.contact.id, place)
