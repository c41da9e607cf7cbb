"""The business's own affairs: how it is paid, its settings and habits, the PIN, tax, language, and which business it is."""

from __future__ import annotations

from functools import partial

from hesabu.doors.chat import languages, lists, proof, readings, stepping, words
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.leaves import DETAILS
from hesabu.doors.chat.speech import Option
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit
from hesabu.doors.chat.words import stepping as stepwords
from hesabu.identity import queries as people
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import HabitBad
from hesabu.invoicing.permissions import HABIT_KEEP
from hesabu.invoicing.types import HabitKind, HabitName, HabitView
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Kind

REMINDERS, QUIET_HOURS = HabitName.REMINDERS.value, HabitName.QUIET_HOURS.value


def ways(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    way = readings.way_in(said) if said else None
    given = {"way": way, "country": desk.business().country, "phone": visit.contact.phone}
    visit.begin("change_way", desk.plain() | given)


def settings(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    lead, _, hours = (said.topic or "" if said else "").partition(" ")
    if lead == "quiet":
        quiet(visit, desk, hours)
        return
    visit.say(lists.settings(desk))


def quiet(visit: Visit, desk: Desk, hours: str) -> None:
    """ "quiet from 20 to 8": when customers are left in peace."""
    if not hours:
        visit.begin("set_habit", desk.plain() | {"habit": QUIET_HOURS})
        return
    try:
        attempt(lambda: desk.may(HABIT_KEEP, partial(invoicing.keep_habit, QUIET_HOURS, hours)))
    except HabitBad:
        visit.say(words.working.quiet_unclear())
        return
    kept = _habit(desk, QUIET_HOURS)
    visit.say(words.house.one_habit(kept.title, kept.says))


def i_owe(visit: Visit, desk: Desk, said: Understood) -> None:
    """Bills of suppliers are not kept; what is owed to them is."""
    tap = written("owes", desk.business_id, desk.business_id)
    visit.say(words.working.no_bills_kept(), Option(words.selling.who_owes_button(), tap))


def expense(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.working.no_expenses_yet())


def tax(visit: Visit, desk: Desk) -> None:
    visit.begin("tax_registration", desk.plain() | {"country": desk.business().country})


def details(visit: Visit, desk: Desk) -> None:
    """What stands on papers is changed on a page; the link is theirs alone."""
    proof.need()
    page = stepping.page_of(desk.business_id, "settings")
    visit.say(stepwords.details_in_browser(stepping.link_to(desk.person_id, page)))


def lock(visit: Visit, desk: Desk) -> None:
    """The PIN is asked for again, at every business of theirs."""
    visit.memory.till.close()
    visit.say(words.stepping.locked())


def logo(visit: Visit, desk: Desk) -> None:
    """ "logo" with a picture; without one it leads to the page."""
    message = visit.message
    if message.kind is Kind.IMAGE and message.media is not None:
        visit.begin("set_logo", desk.plain() | {"message": message.message_id.hex})
    else:
        details(visit, desk)


def pin_for_payments(visit: Visit, desk: Desk) -> None:
    """From which sum on the PIN is asked for before money is counted as received."""
    business = desk.business()
    given = {"country": business.country, "currency": business.currency}
    visit.begin("pin_for_payments", desk.plain() | given)


def set_pin(visit: Visit, desk: Desk) -> None:
    visit.begin("set_pin", desk.plain())


def menu(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    visit.say(lists.menu(visit, desk))


def help_(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    visit.say(words.talk.help_text(desk.business().country))


def greet(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.talk.hello(people.person(desk.person_id).name, desk.business().country))
    visit.say(lists.menu(visit, desk))


def language(visit: Visit, desk: Desk, said: Understood) -> None:
    languages.answer(visit, said)


def thanks(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.talk.welcome_thanks(desk.business().country))


def stop(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "stop reminders" is about the customers' reminders; "stop" about what this person is told unasked."""
    if said.topic == REMINDERS:
        switch(visit, desk, _habit(desk, REMINDERS), is_on=False)
        return
    messaging.opt_out(visit.contact.id)
    visit.say(words.talk.opted_out())


def start(visit: Visit, desk: Desk, said: Understood) -> None:
    if said.topic == REMINDERS:
        switch(visit, desk, _habit(desk, REMINDERS), is_on=True)
        return
    messaging.opt_in(visit.contact.id)
    visit.say(words.talk.opted_in())
    visit.say(lists.menu(visit, desk))


def _switch_business(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.memory.business_id, visit.memory.used_at = desk.business_id, clock.now()
    visit.say(words.talk.now_speaking_for(desk.business().name))


# --- what the clerk does by itself ------------------------------------------------------------------------------------


def _habit(desk: Desk, name: str) -> HabitView:
    with desk.open():
        return invoices.habit(name)


def _place_of(desk: Desk, habit: HabitView) -> int:
    with desk.open():
        return [known.name for known in invoices.habits()].index(habit.name)


def _at(desk: Desk, tapped: Tap) -> HabitView:
    with desk.open():
        known = invoices.habits()
    return known[min(tapped.version, len(known) - 1)]


def habits(visit: Visit, desk: Desk) -> None:
    visit.say(lists.habits(desk))


def _habit_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """One habit, with its switch, and what else it may be set to."""
    habit = _at(desk, tapped)
    place = tapped.version
    turn = words.house.turn_off() if habit.is_on else words.house.turn_on()
    options = [Option(turn, written("switchhabit", desk.business_id, desk.business_id, place))]
    if habit.kind is not HabitKind.SWITCH:
        title = words.house.set_otherwise()
        options.append(
            Option(title, written("sethabit", desk.business_id, desk.business_id, place))
        )
    visit.say(words.house.one_habit(habit.title, habit.says), *options)


def _switch_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    habit = _at(desk, tapped)
    switch(visit, desk, habit, is_on=not habit.is_on)


def switch(visit: Visit, desk: Desk, habit: HabitView, *, is_on: bool) -> None:
    if habit.is_on != is_on:
        desk.may(HABIT_KEEP, partial(invoicing.keep_habit, habit.name, is_on))
    fresh = _habit(desk, habit.name)
    place = _place_of(desk, fresh)
    turn = words.house.turn_off() if fresh.is_on else words.house.turn_on()
    visit.say(
        words.house.one_habit(fresh.title, fresh.says),
        Option(turn, written("switchhabit", desk.business_id, desk.business_id, place)),
    )


def _set_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.begin("set_habit", desk.plain() | {"habit": _at(desk, tapped).name})


INTENTS = {
    Intent.PAYMENT_SETUP: ways,
    Intent.SETTINGS: settings,
    Intent.MENU: menu,
    Intent.HELP: help_,
    Intent.GREETING: greet,
    Intent.THANKS: thanks,
    Intent.LANGUAGE: language,
    Intent.STOP: stop,
    Intent.START: start,
    Intent.I_OWE: i_owe,
    Intent.EXPENSE: expense,
}
TAPS = {
    "ways": lambda visit, desk, tapped: ways(visit, desk),
    "settings": lambda visit, desk, tapped: settings(visit, desk),
    "pin": lambda visit, desk, tapped: set_pin(visit, desk),
    "tillpin": lambda visit, desk, tapped: pin_for_payments(visit, desk),
    "tax": lambda visit, desk, tapped: tax(visit, desk),
    "details": lambda visit, desk, tapped: details(visit, desk),
    "help": lambda visit, desk, tapped: help_(visit, desk),
    "businesses": lambda visit, desk, tapped: visit.say(lists.businesses(visit)),
    "switch": _switch_business,
    "habits": lambda visit, desk, tapped: habits(visit, desk),
    "habit": _habit_tapped,
    "switchhabit": _switch_tapped,
    "sethabit": _set_tapped,
}
COMMANDS = {
    "pin": set_pin,
    "my pin": set_pin,
    "set pin": set_pin,
    "change pin": set_pin,
    "pin yangu": set_pin,
    "weka pin": set_pin,
    "badilisha pin": set_pin,
    "lock": lock,
    "funga": lock,
    "logo": logo,
    "my logo": logo,
    "nembo": logo,
    "nembo yangu": logo,
    "payment pin": pin_for_payments,
    "pin for payments": pin_for_payments,
    "pin ya malipo": pin_for_payments,
    "vat": tax,
    "kodi": tax,
    "usajili wa kodi": tax,
    "switch": lambda visit, desk: visit.say(lists.businesses(visit)),
    "biashara nyingine": lambda visit, desk: visit.say(lists.businesses(visit)),
    **dict.fromkeys(DETAILS, details),
}
