"""In a flow: what words mean while a question is open.

    cancel · stop · menu · help · back ─▶ that
    another clear act ───────────────▶ it is done, and the question stays (see `aside`)
    else ────────────────────────────▶ the answer; one that is not understood gets a hint and the question again

What answers the question is its answer: only where any words would be one (a name, what something is for) is an act that
cannot be meant as such an answer taken before it. Numbers and short words answer.
"""

from __future__ import annotations

from hesabu.doors.chat import aside, at_home, engine, languages, merchant, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.engine import Script
from hesabu.doors.chat.grammar.invoicing import NAME_GUESSED
from hesabu.doors.chat.grammar.parser import begins_invoice, to_json
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.understanding import understood
from hesabu.doors.chat.visit import Visit

_SHOWING = frozenset(
    [
        Intent.LIST,
        Intent.WHO_OWES,
        Intent.STATUS,
        Intent.VIEW,
        Intent.SUMMARY,
        Intent.PRODUCTS,
    ]
)
"""What only shows something: the question is put again below it."""
_OF_SOMETHING = frozenset(
    [
        Intent.STATUS,
        Intent.VIEW,
        Intent.REMIND,
        Intent.RESEND,
        Intent.VOID,
        Intent.REPEAT,
        Intent.PAID,
        Intent.HAVE_PAID,
        Intent.CHANGE,
        Intent.CANCEL,
        Intent.PAY,
    ]
)
"""Clear only with what they are about."""
_CLEAR = frozenset(
    [
        Intent.LIST,
        Intent.WHO_OWES,
        Intent.SUMMARY,
        Intent.PRODUCTS,
        Intent.SETTINGS,
        Intent.PAYMENT_SETUP,
    ]
)
"""Clear by themselves."""


def hear(visit: Visit, said: Understood) -> None:
    script = visit.memory.script
    assert script is not None
    if languages.asked(said):
        languages.answer(visit, said)
        visit.answer(None)
    elif said.intent is Intent.STOP and not said.topic:
        visit.memory.script = None
        visit.say(words.talk.stopped())
        visit.say(words.talk.stopped_but_not_reminders())
    elif said.intent is Intent.CANCEL and not said.reference and not said.customer.name:
        visit.memory.script = None
        visit.say(words.talk.stopped())
    elif said.intent is Intent.MENU:
        aside.put(visit)
        visit.say(words.talk.set_aside())
        at_home.hear(visit, said)
    elif said.intent is Intent.HELP and not said.topic:
        visit.say(words.talk.help_in_flow())
        visit.answer(None)
    elif said.intent is Intent.UNDO:
        _back(visit, script)
    else:
        _answered(visit, said)


def _back(visit: Visit, script: Script) -> None:
    before = engine.undone(script)
    if before is None:
        visit.say(words.talk.nothing_to_undo())
    else:
        visit.memory.script = before
    visit.answer(None)


def _answered(visit: Visit, said: Understood) -> None:
    desk, before = visit.desk, len(visit.said)
    if desk is not None and (_is_surely_another(visit, said) or _is_whole_invoice(said)):
        _done_meanwhile(visit, desk, said)
    elif visit.answer(visit.heard()):
        after(visit)
    elif desk is not None and _is_the_change(visit, said):
        del visit.said[before:]
        assert visit.memory.script is not None
        given = {**visit.memory.script.given, "told": to_json(said)}
        visit.memory.script = None
        visit.begin("change_draft", given)
    elif desk is not None and _is_another(visit, said):
        del visit.said[before:]
        _done_meanwhile(visit, desk, said)
    elif said.intent in at_home.OF_CUSTOMERS and visit.memory.bills:
        del visit.said[before:]
        aside.put(visit)
        at_home.hear(visit, said)
    elif len(visit.said) == before + 1:
        # the same question alone would say nothing of what was wrong
        visit.said.insert(before, Saying(words.talk.help_in_flow()))


def after(visit: Visit) -> None:
    """Somebody who signed up in order to say something has it said now."""
    then = visit.then
    if visit.memory.script is not None or not then:
        return
    visit.then = ""
    visit.refresh()
    said = understood(visit, then)
    if visit.desk is not None and said.intent is Intent.INVOICE and said.lines:
        merchant.begin_invoice(visit, visit.desk, said, "")


# --- another clear act ------------------------------------------------------------------------------------------------


def _is_whole_invoice(said: Understood) -> bool:
    is_guess = any(problem.code == NAME_GUESSED for problem in said.problems)
    is_whole = said.intent is Intent.INVOICE and not said.missing and not is_guess
    return is_whole and bool(said.customer.name)


def _is_surely_another(visit: Visit, said: Understood) -> bool:
    """Whatever is asked: nobody is called "who owes me", and nothing is sold as "status INV-0007"."""
    text = visit.message.text.lower()
    if said.intent is Intent.WHO_OWES:
        return "owe" in text
    return said.intent in _OF_SOMETHING and bool(said.reference) and "inv" in text


def _is_another(visit: Visit, said: Understood) -> bool:
    """An act that is clear and has its parts, where an answer was not understood. Figures alone are always an answer."""
    if not any(letter.isalpha() for letter in visit.message.text):
        return False
    if said.intent in _OF_SOMETHING:
        is_about = bool(said.reference or said.customer.name or said.customer.phone)
        return is_about or (said.intent is Intent.REMIND and said.topic == "all")
    if said.intent is Intent.INVOICE:
        return begins_invoice(visit.message.text) and bool(said.customer.name or said.lines)
    if said.intent in (Intent.STOP, Intent.START, Intent.HELP):
        return bool(said.topic)
    return said.intent in _CLEAR or visit.plain_words() in merchant.COMMANDS


def _is_the_change(visit: Visit, said: Understood) -> bool:
    """ "due Friday", where it was asked what to change."""
    script, asked = visit.memory.script, visit.asked()
    if script is None or asked is None or script.flow != "change_draft" or asked.name != "field":
        return False
    return said.intent is Intent.CHANGE and bool(said.topic) and not said.reference


def _done_meanwhile(visit: Visit, desk: Desk, said: Understood) -> None:
    """Do it. The question is put again where nothing else was asked; else it is set aside, and offered after that."""
    question, before = visit.memory.script, len(visit.said)
    visit.memory.script = None
    at_home.hear(visit, said)
    is_showing = said.intent in _SHOWING
    new = visit.said[before:]
    if visit.memory.script is None and (is_showing or not any(one.options for one in new)):
        visit.memory.script = question
        visit.answer(None)
        return
    following, visit.memory.script = visit.memory.script, question
    if not _is_same_again(following, question):
        aside.put(visit)
    visit.memory.script = following


def _is_same_again(following: Script | None, question: Script | None) -> bool:
    """The invoice that was begun is begun anew, for the same customer: nothing of before is missed."""
    if following is None or question is None or following.flow != question.flow:
        return False
    if following.flow != "new_invoice":
        return following.given.get("invoice") == question.given.get("invoice")
    names = [(one.given["told"].get("customer") or {}).get("name") for one in (following, question)]
    return not names[1] or str(names[0]).casefold() == str(names[1]).casefold()
