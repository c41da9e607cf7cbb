"""What reminders say, to customers, and what habits are called: every sentence of it, in the language that is asked for or
spoken. Nothing here decides or looks up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import get_day_names
from babel.lists import format_list
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hesabu.invoicing import wording
from hesabu.invoicing.reminders.rules import habits
from hesabu.invoicing.reminders.rules.hours import WEEK
from hesabu.invoicing.types import HabitKind
from hesabu.kit.money import Money, say

TEMPLATE = "payment_reminder"
"""Name of the template to be approved by WhatsApp; its parameters are listed at `params`."""


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice that somebody is reminded of. `asked` is below `owed` where a deposit is asked for first."""

    number: str
    total: Money
    owed: Money
    asked: Money
    due_on: date
    promised_on: date | None = None


def one(due: Due, *, language: str, seller: str, today: date) -> str:
    """The reminder of one invoice, without its link."""
    spoken = wording.locale(language)
    with override(language):
        sentences = [_first(due, spoken, seller, today)]
        if due.asked < due.owed:
            sentences.append(
                _("You can begin with the deposit of %(asked)s.")
                % {"asked": say(due.asked, spoken)}
            )
        if due.promised_on or due.due_on < today:
            sentences.append(_("If you have just paid: thank you, and nothing more to do."))
    return " ".join(sentences)


def several(
    dues: Sequence[Due], *, language: str, seller: str, today: date, owed: Money | None
) -> str:
    """The reminder of several invoices, longest due first. `owed` is the sum, where they have one."""
    spoken = wording.locale(language)
    with override(language):
        lines = [
            _("A reminder from *%(seller)s*: these are still to be paid.") % {"seller": seller}
        ]
        lines += ["", *(_row(due, spoken, today) for due in dues), ""]
        if owed is not None:
            lines.append(_("Together: *%(amount)s*") % {"amount": say(owed, spoken)})
        if any(due.promised_on for due in dues) or any(due.due_on < today for due in dues):
            lines.append(_("If you have just paid: thank you, and nothing more to do."))
    return "\n".join(lines).strip()


def with_link(body: str, url: str, language: str) -> str:
    with override(language):
        return f"{body}\n\n" + _("Pay or view it here: %(url)s") % {"url": url}


def subject(seller: str, numbers: Sequence[str], language: str) -> str:
    """The head of a letter."""
    with override(language):
        return _("A reminder from %(seller)s: %(numbers)s") % {
            "seller": seller,
            "numbers": _listed(numbers, language),
        }


def params(
    seller: str, owed: Money, numbers: Sequence[str], due_on: date, today: date, language: str
) -> list[str]:
    """Business, amount, numbers, since or until when: the body of the template, in this order."""
    day = wording.day_in_full(due_on, language)
    with override(language):
        if due_on == today:
            when = _("today")
        elif due_on < today:
            when = _("since %(day)s") % {"day": day}
        else:
            when = _("on %(day)s") % {"day": day}
    amount = say(owed, wording.locale(language))
    return [seller, amount, wording.shortened(_listed(numbers, language), 60), when]


def pay_buttons(numbers: Sequence[str], language: str, currency: str) -> list[str]:
    """The titles of the buttons below a reminder: one for each invoice where there are several."""
    if len(numbers) == 1:
        return [wording.invoice_buttons(language, currency)[0]]
    with override(language):
        return [_("Pay %(number)s") % {"number": number} for number in numbers]


def row_amount(due: Due, language: str) -> str:
    """What stands below an invoice's number in a list to choose from."""
    with override(language):
        return _("%(amount)s to pay") % {"amount": say(due.owed, wording.locale(language))}


def choose_one(language: str) -> str:
    with override(language):
        return _("Pay one of them")


def _first(due: Due, spoken: str, seller: str, today: date) -> str:
    named = {
        "seller": seller,
        "number": due.number,
        "left": f"*{say(due.owed, spoken)}*",
        "total": say(due.total, spoken),
        "day": wording.day_in_full(due.due_on, spoken),
    }
    if due.promised_on is not None:
        named["day"] = wording.day_in_full(due.promised_on, spoken)
        return (
            _(
                "A kind word from *%(seller)s*: you wanted to pay %(number)s by %(day)s. %(left)s is still to be paid."
            )
            % named
        )
    return _sentence(is_part=due.owed != due.total, day=due.due_on, today=today) % named


def _sentence(*, is_part: bool, day: date, today: date) -> str:
    if is_part and day == today:
        return _(
            "A reminder from *%(seller)s*: %(left)s of %(total)s is left to pay on %(number)s, due today."
        )
    if is_part and day > today:
        return _(
            "A reminder from *%(seller)s*: %(left)s of %(total)s is left to pay on %(number)s, due on %(day)s."
        )
    if is_part:
        return _(
            "A reminder from *%(seller)s*: %(left)s of %(total)s is left to pay on %(number)s. It was due on %(day)s."
        )
    if day == today:
        return _("A reminder from *%(seller)s*: %(left)s for %(number)s is due today.")
    if day > today:
        return _("A reminder from *%(seller)s*: %(left)s for %(number)s is due on %(day)s.")
    return _("A reminder from *%(seller)s*: %(left)s for %(number)s was due on %(day)s.")


def _row(due: Due, spoken: str, today: date) -> str:
    named = {
        "number": due.number,
        "amount": say(due.owed, spoken),
        "day": wording.day_in_full(due.due_on, spoken),
    }
    if due.due_on == today:
        return _("• %(number)s: %(amount)s, due today") % named
    if due.due_on > today:
        return _("• %(number)s: %(amount)s, due on %(day)s") % named
    return _("• %(number)s: %(amount)s, was due on %(day)s") % named


def _listed(numbers: Sequence[str], language: str) -> str:
    return str(format_list(list(numbers), locale=wording.locale(language)))


# What habits are called, in the language that is spoken.


def habit_title(name: str) -> str:
    return {
        habits.REMINDERS: _("Reminders to customers"),
        habits.QUIET_HOURS: _("Quiet hours of customers"),
        habits.RECEIPTS: _("Receipts to customers"),
        habits.PAYMENT_NEWS: _("News of every payment"),
        habits.TICKS: _("News that an invoice arrived and was seen"),
        habits.EVENING_SUMMARY: _("Summary in the evening"),
        habits.EVERY_EVENING: _("Summary even after a quiet day"),
        habits.UNPAID_LIST: _("List of what is unpaid"),
    }[name]


def habit_says(name: str, kind: HabitKind, value: str, *, is_on: bool) -> str:
    """How it is set, as a person says it."""
    if not is_on:
        return _("off")
    if kind is HabitKind.DAYS:
        return _days_said(value)
    if kind is HabitKind.HOURS:
        since, until = value.split("-")
        return _("from %(since)s to %(until)s") % {"since": since, "until": until}
    if kind is HabitKind.HOUR:
        return _("at %(hour)s") % {"hour": value}
    if kind is HabitKind.WEEK:
        return _("%(days)s at %(hour)s") % {
            "days": _weekdays_said(habits.weekdays_of(value)),
            "hour": f"{habits.hour_of(value):%H:%M}",
        }
    if kind is HabitKind.CHOICE:
        return {
            habits.ONCE: _("once for each invoice"),
            habits.SEEN: _("only when it was seen"),
            habits.BOTH: _("when it arrived, and when it was seen"),
        }[value]
    return _("on")


def _days_said(value: str) -> str:
    days = habits.days_of(value)
    spoken = wording.locale(get_language() or "en")
    said = []
    before, after = [str(-day) for day in days if day < 0], [str(day) for day in days if day > 0]
    if before:
        said.append(_("%(days)s days before") % {"days": format_list(before, locale=spoken)})
    if 0 in days:
        said.append(_("on the day"))
    if after:
        said.append(_("%(days)s days after") % {"days": format_list(after, locale=spoken)})
    return str(format_list(said, locale=spoken))


def _weekdays_said(days: Sequence[str]) -> str:
    spoken = wording.locale(get_language() or "en")
    names = get_day_names("wide", locale=spoken)
    return str(format_list([names[WEEK.index(day)] for day in days], locale=spoken))
