"""Looking: lists with pages, where one invoice stands, who owes, how the day went."""

from __future__ import annotations

from hesabu.doors.chat import lists, previews, words
from hesabu.doors.chat.acts import finding, selling
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing.types import InvoiceState, InvoiceView


def who_owes(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(lists.owing(desk, only_overdue=said.topic == "overdue", name=said.customer.name))


def list_(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "list", "list unpaid", "list of Jane". What is sold is a list of its own."""
    if said.topic == "products":
        selling.products(visit, desk, said)
        return
    if said.topic == "customers":
        visit.say(lists.customers(desk))
        return
    topic = said.topic if said.topic in lists.TOPICS else None
    name = said.customer.name or (said.topic if topic is None else None)
    visit.say(lists.page(desk, topic, name))


def status(visit: Visit, desk: Desk, said: Understood) -> None:
    view = finding.meant(visit, desk, said)
    if view is not None:
        visit.say(shown(desk, view))


def shown(desk: Desk, view: InvoiceView) -> Saying:
    """A draft as its preview, an invoice as it stands."""
    is_draft = view.state is InvoiceState.DRAFT
    return previews.of(desk, view) if is_draft else lists.standing(desk, view)


def summary(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    """What was invoiced and what came, today and in the last seven days."""
    visit.say(lists.summary(desk))


def _show(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(shown(desk, finding.viewed(desk, tapped)))


def _more(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """The page behind that invoice: the version is the topic's place, the choice says whether it is its customer's only."""
    view = finding.viewed(desk, tapped)
    topic = lists.TOPIC_ORDER[min(tapped.version, len(lists.TOPIC_ORDER) - 1)]
    visit.say(lists.page_behind(desk, view, topic, of_customer=bool(tapped.choice)))


def _pass_on(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(words.talk.pass_this_on(finding.viewed(desk, tapped)))


INTENTS = {
    Intent.WHO_OWES: who_owes,
    Intent.LIST: list_,
    Intent.STATUS: status,
    Intent.SUMMARY: summary,
}
TAPS = {
    "show": _show,
    "more": _more,
    "link": _pass_on,
    "owes": lambda visit, desk, tapped: visit.say(lists.owing(desk)),
    "list": lambda visit, desk, tapped: visit.say(lists.page(desk, None, None)),
    "summary": lambda visit, desk, tapped: summary(visit, desk),
}
COMMANDS = {"summary": summary, "today": summary, "this week": summary}
