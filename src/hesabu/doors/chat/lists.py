"""What a merchant is shown: who owes, the newest invoices, where one stands, the menu, the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from hesabu.doors.chat import words
from hesabu.doors.chat.desk import Desk, day_of
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import written
from hesabu.identity import queries as people
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import OPEN, InvoiceState, InvoiceView
from hesabu.kit import clock
from hesabu.kit.countries import country
from hesabu.kit.money import Money
from hesabu.payments import queries as collected
from hesabu.payments.types import PaymentView
from hesabu.store import facts
from hesabu.store.facts import FactRecord

if TYPE_CHECKING:
    from hesabu.doors.chat.visit import Visit

ROWS_MAX = 10
PAGE_MOST = 50
TOPICS: dict[str, tuple[tuple[InvoiceState, ...], Callable[[InvoiceView], bool] | None]] = {
    "unpaid": (OPEN, None),
    "overdue": (OPEN, lambda view: view.is_overdue),
    "paid": ((InvoiceState.PAID,), None),
    "drafts": ((InvoiceState.DRAFT,), None),
}
"""What a list may be of: the states, and what else must hold."""
TOPIC_ORDER: tuple[str | None, ...] = (None, "unpaid", "overdue", "paid", "drafts")
"""A tap on "more" carries the place here, so that none may move."""


def owing(desk: Desk, *, only_overdue: bool = False, name: str | None = None) -> str:
    """Who owes what, the most first."""
    with desk.open():
        rows = invoices.owed_by_customer()
    if name:
        rows = [row for row in rows if begins(row.name, name)]
        if not rows:
            return words.standing.nobody_called(name)
    if only_overdue:
        rows = [row for row in rows if row.overdue]
        if not rows:
            return words.standing.nothing_overdue()
    body = words.standing.owing(rows, desk.today(), by_currency(row.owed for row in rows))
    return words.figures.in_business(speaking_for(desk), body)


def page(desk: Desk, topic: str | None, name: str | None) -> Saying:
    """The first page of a list: of a topic, of somebody, or of all, the newest first."""
    if name:
        found = of_customer(desk, name) if topic is None else _fitting(desk, topic, None, None)
        found = [view for view in found if begins(view.customer_name, name)]
    else:
        found = _fitting(desk, topic, None, None)
    if not found:
        if name:
            return Saying(words.standing.nobody_called(name))
        return Saying(
            words.standing.nothing_of(topic) if topic in TOPICS else words.standing.no_invoices()
        )
    is_one = len({view.customer_id for view in found}) == 1
    return _page(desk, found, topic, of_customer=bool(name) and is_one)


def page_behind(
    desk: Desk, last: InvoiceView, topic: str | None, *, of_customer: bool = False
) -> Saying:
    """The page behind that invoice."""
    found = _fitting(desk, topic, last.id, last.customer_id if of_customer else None)
    if not found:
        return Saying(words.standing.no_more())
    return _page(desk, found, topic, of_customer=of_customer)


def _page(
    desk: Desk, found: Sequence[InvoiceView], topic: str | None, *, of_customer: bool
) -> Saying:
    """Ten rows, or nine and "more"."""
    is_more = len(found) > ROWS_MAX
    listed = found[: ROWS_MAX - 1] if is_more else found
    body = words.figures.in_business(speaking_for(desk), words.standing.list_head(topic))
    saying = choices(desk, listed, "show", body)
    if not is_more:
        return saying
    place = TOPIC_ORDER.index(topic) if topic in TOPIC_ORDER else 0
    tap = written("more", desk.business_id, listed[-1].id, place, int(of_customer))
    return replace(saying, options=(*saying.options, Option(words.standing.more(), tap)))


def _fitting(
    desk: Desk, topic: str | None, before: UUID | None, customer_id: UUID | None
) -> list[InvoiceView]:
    """A page and one more of what fits, the newest first."""
    found: list[InvoiceView] = []
    states, fits = TOPICS.get(topic or "", ((), None))
    while len(found) <= ROWS_MAX:
        with desk.open():
            read = invoices.invoices(
                before=before, most=PAGE_MOST, states=states, customer_id=customer_id
            )
        found += [view for view in read.invoices if fits is None or fits(view)]
        before = read.next_before
        if before is None:
            break
    return found


def customers(desk: Desk) -> Saying:
    """Whom the business invoices, each with their last invoice, the newest first."""
    with desk.open():
        found = invoices.invoices(most=200).invoices
    last: dict[UUID, InvoiceView] = {}
    for view in found:
        last.setdefault(view.customer_id, view)
    if not last:
        return Saying(words.standing.no_invoices())
    body = words.figures.in_business(speaking_for(desk), words.standing.your_customers())
    return choices(desk, list(last.values()), "show", body)


def of_customer(desk: Desk, name: str) -> list[InvoiceView]:
    """Open invoices of whoever is called so; where none is open, the newest ones."""
    with desk.open():
        opened = [v for v in invoices.open_invoices() if begins(v.customer_name, name)]
        if opened:
            return opened
        return [v for v in invoices.invoices(most=200).invoices if begins(v.customer_name, name)]


def choices(
    desk: Desk,
    found: Sequence[InvoiceView],
    verb: str = "show",
    body: str = "",
    version: int = 0,
) -> Saying:
    """Invoices to choose from; a tap on one does `verb` to it. Where two people share a name, what tells them apart."""
    listed = found[:ROWS_MAX]
    options = []
    for view in listed:
        title, more = words.standing.list_row(view, is_named=_needs_name(view, listed))
        options.append(Option(title, written(verb, desk.business_id, view.id, version), more))
    return Saying(
        body or words.standing.newest_invoices(), tuple(options), words.talk.choose_button()
    )


def _needs_name(view: InvoiceView, listed: Sequence[InvoiceView]) -> bool:
    """Whether somebody else in the list is called alike."""
    name = words.figures.first_name(view.customer_name)
    return any(
        words.figures.first_name(other.customer_name) == name
        and other.customer_id != view.customer_id
        for other in listed
    )


def sums(found: Sequence[InvoiceView]) -> list[Money]:
    """What is owed on these, one sum for each currency."""
    return by_currency(view.owed for view in found)


def by_currency(amounts: Iterable[Money]) -> list[Money]:
    """One sum for each currency, in the order they come."""
    totals: dict[str, Money] = {}
    for amount in amounts:
        totals[amount.currency] = totals.get(amount.currency, Money.zero(amount.currency)) + amount
    return list(totals.values())


def speaking_for(desk: Desk) -> str | None:
    """The business's name, for somebody who has several."""
    several = len(people.memberships_of(desk.person_id)) > 1
    return desk.business().name if several else None


def summary(desk: Desk) -> Saying:
    """What was invoiced and what came: today, and in the last seven days."""
    business = desk.business()
    today = clock.today(business.timezone)
    week = today - timedelta(days=6)
    with desk.open():
        opened = invoices.owed_by_customer()
        issued = invoices.issued_since(week)
        came = _came_since(week)
    rows = []
    for from_on in (today, week):
        sold = [of_day for day, of_day in issued if day >= from_on]
        totals = _sum([one.total for one in sold], business.currency)
        paid = _sum([amount for day, amount in came if day >= from_on], business.currency)
        rows.append((sum(one.count for one in sold), totals, paid))
    late = by_currency(one.overdue for one in opened if one.overdue)
    owed = by_currency(one.owed for one in opened)
    body = words.selling.summary(rows[0], rows[1], owed, late)
    option = Option(
        words.selling.who_owes_button(), written("owes", desk.business_id, desk.business_id)
    )
    return Saying(words.figures.in_business(speaking_for(desk), body), (option,) if opened else ())


def _came_since(day: date) -> list[tuple[date, Money]]:
    """Money that came and stays, with its day. Inside the binding."""
    return [(payment.booked_on, payment.amount) for payment in collected.payments_since(day)]


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return sum((a for a in amounts if a.currency == currency), Money.zero(currency))


def standing(desk: Desk, view: InvoiceView) -> Saying:
    """Where one invoice stands, how it came to that, and what can be done about it."""
    business = desk.business()
    today = clock.today(business.timezone)
    with desk.open():
        told = facts.timeline(view.id)
        of = invoices.invoice(view.replaces_id).number if view.replaces_id else None
    body = words.standing.standing(view, today, _timeline(told, business.timezone, today), of)
    options: list[Option] = []
    if view.owed and view.number:
        verbs = zip(
            ("settle", "remind", "takeback"), words.standing.standing_buttons(), strict=True
        )
        options = [
            Option(title, written(verb, desk.business_id, view.id, view.version))
            for verb, title in verbs
        ]
    about = (desk.business_id.hex, view.id.hex)
    body = words.figures.in_business(speaking_for(desk), body)
    return Saying(body, tuple(options), about=about)


def _timeline(told: Sequence[FactRecord], timezone: str, today: date) -> list[str]:
    """What happened, in words and in order: each kind once, as it was first, what comes again as it was last."""
    lines: dict[str, str] = {}
    for record in told:
        when = words.figures.day(day_of(record.at, timezone), today)
        promised = record.payload.get("on_day")
        on = words.figures.day(date.fromisoformat(promised), today) if promised else ""
        line = words.standing.news(record.kind, when, on)
        if line and (record.kind not in lines or record.kind in words.standing.COMES_AGAIN):
            lines.pop(record.kind, None)
            lines[record.kind] = line
    return list(lines.values())


def unplaced(business_id: UUID, payment: PaymentView) -> Saying:
    """Money without an owner, and the open invoices it may be for. Inside the business's binding."""
    found = invoices.open_invoices()
    if not found:
        return Saying(words.money.unplaced_and_nothing_open(payment.amount))
    same = [view for view in found if view.owed == payment.amount]
    ordered = same + [view for view in found if view not in same]
    options = []
    for view in ordered[: ROWS_MAX - 2]:
        title, more = words.standing.list_row(view)
        number = int("".join(filter(str.isdigit, str(view.number))) or 0)
        options.append(Option(title, written("place", business_id, payment.id, number), more))
    if len(ordered) > ROWS_MAX - 2:
        options.append(
            Option(words.standing.another_invoice(), written("place", business_id, payment.id))
        )
    options.append(Option(words.money.none_of_these(), written("leave", business_id, payment.id)))
    return Saying(words.money.unplaced(payment.amount), tuple(options), words.talk.choose_button())


def menu(visit: Visit, desk: Desk) -> Saying:
    rows = dict(words.talk.menu_rows())
    if len(visit.memberships) < 2:
        rows.pop("switch")
    verbs = {"switch": "businesses"}
    options = tuple(
        Option(title, written(verbs.get(verb, verb), desk.business_id, desk.business_id))
        for verb, title in rows.items()
    )
    return Saying(words.talk.menu(desk.business().name), options, words.talk.menu_button())


def businesses(visit: Visit) -> Saying:
    options = tuple(
        Option(
            words.figures.shortened(membership.business_name, 24),
            written("switch", membership.business_id, membership.business_id),
        )
        for membership in visit.memberships[:ROWS_MAX]
    )
    return Saying(words.talk.which_business(), options, words.talk.choose_button())


def settings(desk: Desk) -> Saying:
    business = desk.business()
    with desk.open():
        ways = [words.welcome.way_to_pay(way) for way in collected.ways_to_pay()]
        has_pin = people.person(desk.person_id).has_pin
    body = words.house.settings(
        business.name,
        ways,
        country(business.country).tax_name,
        business.is_vat_registered,
        business.tax_id,
        has_pin,
    )
    options = tuple(
        Option(title, written(verb, desk.business_id, desk.business_id))
        for verb, title in words.house.settings_rows().items()
    )
    return Saying(body, options, words.talk.choose_button())


def habits(desk: Desk) -> Saying:
    """What the clerk does by itself, as it is set."""
    with desk.open():
        known = invoices.habits()
    options = tuple(
        Option(
            words.figures.shortened(habit.title, 24),
            written("habit", desk.business_id, desk.business_id, place),
            words.figures.shortened(habit.says, 72),
        )
        for place, habit in enumerate(known[:ROWS_MAX])
    )
    return Saying(words.house.by_itself(), options, words.talk.choose_button())


def begins(full: str, name: str) -> bool:
    """Whether the full name begins with those words."""
    wanted = name.casefold().split()
    return full.casefold().split()[: len(wanted)] == wanted
