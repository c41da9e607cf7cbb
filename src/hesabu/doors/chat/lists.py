"""What a merchant is shown: who owes, the newest invoices, where one stands, the menu, the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from hesabu.doors.chat import words
from hesabu.doors.chat.desk import Desk, day_of
from hesabu.doors.chat.engine import Option, Saying
from hesabu.doors.chat.taps import written
from hesabu.identity import queries as people
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit import clock
from hesabu.kit.countries import country
from hesabu.kit.money import Money
from hesabu.payments import queries as collected
from hesabu.payments.types import PaymentView
from hesabu.store import facts

if TYPE_CHECKING:
    from hesabu.doors.chat.visit import Visit

ROWS_MAX = 10
_TOPICS = {"paid": (InvoiceState.PAID,), "drafts": (InvoiceState.DRAFT,)}


def owing(desk: Desk, *, only_overdue: bool = False, name: str | None = None) -> str:
    """Who owes what, the most first."""
    with desk.open():
        rows = invoices.owed_by_customer()
    if name:
        rows = [row for row in rows if _begins(row.name, name)]
        if not rows:
            return words.nobody_called(name)
    if only_overdue:
        rows = [row for row in rows if row.overdue]
        if not rows:
            return words.nothing_overdue()
    totals: dict[str, Money] = {}
    for row in rows:
        totals[row.owed.currency] = (
            totals.get(row.owed.currency, Money.zero(row.owed.currency)) + row.owed
        )
    return words.owing(rows, desk.today(), list(totals.values()))


def newest(desk: Desk, topic: str | None, name: str | None) -> Saying:
    """The newest invoices, to choose one from."""
    states = _TOPICS.get(topic or "", ())
    with desk.open():
        found = list(invoices.invoices(most=200 if name else ROWS_MAX, states=states).invoices)
    if name:
        found = [view for view in found if _begins(view.customer_name, name)]
    if not found:
        return Saying(words.nobody_called(name) if name else words.no_invoices())
    return choices(desk, found)


def of_customer(desk: Desk, name: str) -> list[InvoiceView]:
    """Open invoices of whoever is called so; where none is open, the newest ones."""
    with desk.open():
        opened = [v for v in invoices.open_invoices() if _begins(v.customer_name, name)]
        if opened:
            return opened
        return [v for v in invoices.invoices(most=200).invoices if _begins(v.customer_name, name)]


def choices(desk: Desk, found: Sequence[InvoiceView]) -> Saying:
    options = []
    for view in found[:ROWS_MAX]:
        title, more = words.list_row(view)
        options.append(Option(title, written("show", desk.business_id, view.id), more))
    return Saying(words.newest_invoices(), tuple(options), words.choose_button())


def standing(desk: Desk, view: InvoiceView) -> Saying:
    """Where one invoice stands, with what can be done about it."""
    business = desk.business()
    today = clock.today(business.timezone)
    with desk.open():
        told = facts.timeline(view.id)
    lines: dict[str, str] = {}
    for record in told:
        when = words.day(day_of(record.at, business.timezone), today)
        line = words.news(record.kind, when)
        if line:
            lines[record.kind] = line
    options: list[Option] = []
    if view.owed and view.number:
        settle, back = words.standing_buttons()
        options = [
            Option(settle, written("settle", desk.business_id, view.id, view.version)),
            Option(back, written("takeback", desk.business_id, view.id, view.version)),
        ]
    return Saying(words.standing(view, today, list(lines.values())), tuple(options))


def unplaced(business_id: UUID, payment: PaymentView) -> Saying:
    """Money without an owner, and the open invoices it may be for. Inside the business's binding."""
    found = invoices.open_invoices()
    if not found:
        return Saying(words.unplaced_and_nothing_open(payment.amount))
    same = [view for view in found if view.owed == payment.amount]
    ordered = same + [view for view in found if view not in same]
    options = []
    for view in ordered[: ROWS_MAX - 2]:
        title, more = words.list_row(view)
        number = int("".join(filter(str.isdigit, str(view.number))) or 0)
        options.append(Option(title, written("place", business_id, payment.id, number), more))
    if len(ordered) > ROWS_MAX - 2:
        options.append(Option(words.another_invoice(), written("place", business_id, payment.id)))
    options.append(Option(words.none_of_these(), written("leave", business_id, payment.id)))
    return Saying(words.unplaced(payment.amount), tuple(options), words.choose_button())


def menu(visit: Visit, desk: Desk) -> Saying:
    rows = dict(words.menu_rows())
    if len(visit.memberships) < 2:
        rows.pop("switch")
    verbs = {"switch": "businesses"}
    options = tuple(
        Option(title, written(verbs.get(verb, verb), desk.business_id, desk.business_id))
        for verb, title in rows.items()
    )
    return Saying(words.menu(desk.business().name), options, words.menu_button())


def businesses(visit: Visit) -> Saying:
    options = tuple(
        Option(
            words.shortened(membership.business_name, 24),
            written("switch", membership.business_id, membership.business_id),
        )
        for membership in visit.memberships[:ROWS_MAX]
    )
    return Saying(words.which_business(), options, words.choose_button())


def settings(desk: Desk) -> Saying:
    business = desk.business()
    with desk.open():
        ways = [words.way_to_pay(way) for way in collected.ways_to_pay()]
        has_pin = people.person(desk.person_id).has_pin
    body = words.settings(
        business.name,
        ways,
        country(business.country).tax_name,
        business.is_vat_registered,
        business.tax_id,
        has_pin,
    )
    options = tuple(
        Option(title, written(verb, desk.business_id, desk.business_id))
        for verb, title in words.settings_rows().items()
    )
    return Saying(body, options, words.choose_button())


def _begins(full: str, name: str) -> bool:
    wanted = name.casefold().split()
    return full.casefold().split()[: len(wanted)] == wanted
