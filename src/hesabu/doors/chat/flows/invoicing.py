"""A new invoice: from one line, or asked for piece by piece, to a draft and its preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import previews, proof, readings, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.speech import Chat, Option, Plain, Refusal, Steps
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import CUSTOMER_KEEP, INVOICE_DRAFT
from hesabu.invoicing.types import CustomerView, DraftInput, LineInput, TaxMode
from hesabu.kit.countries import country
from hesabu.kit.money import Money
from hesabu.kit.phones import masked

TRIES_MAX = 6
OFFERED_MAX = 8
"""How many customers of a name are offered, beside "somebody new"."""


@flow("new_invoice", version=3)
def new_invoice(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, and `told`, what the message said, in the grammar's published shape."""
    desk, told = desk_of(given), given["told"]
    house = yield chat.look("house", lambda: _house(desk))
    codes = {problem["code"] for problem in told["problems"]}
    for problem in told["problems"]:
        if problem["code"] == "which_customer":
            continue  # asked below, with who it may be
        yield chat.say(words.asking.problem(problem["code"], problem["at"], house["currency"]))
    customer_id = yield from _who(chat, desk, house, told)
    lines = yield from _what(chat, desk, house, told)
    if lines is None:
        return None
    draft = {
        "customer": customer_id,
        "lines": lines,
        "discount": told["discount"],
        "deposit": told.get("deposit"),
        "due_on": (yield from _when(chat, desk, told, codes)),
        "tax": (yield from _tax(chat, house, told, codes)),
    }
    return (yield from _drafted(chat, desk, house, told, draft))


def _house(desk: Desk) -> Plain:
    business = desk.business()
    place = country(business.country)
    return {
        "country": business.country,
        "currency": business.currency,
        "tax_name": place.tax_name,
        "is_registered": business.is_vat_registered,
    }


# --- who --------------------------------------------------------------------------------------------------------------


def _who(chat: Chat, desk: Desk, house: Mapping[str, Plain], told: Mapping[str, Any]) -> Steps:
    """The customer's id: known, chosen among several, or new."""
    name, phone = told["customer"]["name"], told["customer"]["phone"]
    choices = [
        choice
        for problem in told["problems"]
        if problem["code"] == "which_customer"
        for choice in problem["choices"]
    ]
    if not name:
        reads = readings.a_customer(house["country"])
        said = yield chat.ask(
            "customer", words.asking.who_is_it_for(), reads=reads, takes_anything=True
        )
        name, phone = said["name"] or name, said["phone"] or phone
    known = yield chat.look("known", lambda: _known(desk, name, phone, choices))
    if not name and not known:
        name = yield chat.ask(
            "name", words.asking.who_is_it_for(), reads=readings.a_name, takes_anything=True
        )
        known = yield chat.look("known by name", lambda: _known(desk, name, phone))
    chosen = None
    if known and (phone or (len(known) == 1 and known[0]["is_exact"])):
        chosen = known[0]["id"]
        if phone and name and not _may_be_one(name, known[0]["name"]):
            yield chat.say(words.asking.number_is_anothers(known[0]["name"], name))
    elif known:
        options = [
            Option(words.figures.shortened(one["name"], 24), "", one["more"], one["id"])
            for one in known
        ]
        options.append(Option(words.asking.somebody_new(), value=""))
        chosen = (
            yield chat.ask("which", words.asking.which_customer(name), options=options)
        ) or None
    email = told.get("email")
    if chosen:
        if email:
            yield chat.act("email", lambda: _given_email(desk, UUID(chosen), email))
        return chosen
    if not phone and not email:
        phone = yield chat.ask(
            "phone",
            words.asking.what_number(name),
            reads=readings.a_phone_or_none(house["country"], words.asking.no_number()),
            options=[Option(words.asking.no_number())],
        )
    kept = yield chat.act("customer", lambda: kept_customer(desk, name, phone or None).hex)
    if email:
        yield chat.act("email", lambda: _given_email(desk, UUID(kept), email))
    return kept


def _known(desk: Desk, name: str | None, phone: str | None, choices: Sequence[str] = ()) -> Plain:
    """Customers it may be: by the number, else those the words may mean, else by the very name, else whose name
    begins so.
    """
    with desk.open():
        if phone:
            row = invoices.customer_by_phone(phone)
            return [_plain(row)] if row else []
        meant = [row for choice in choices for row in invoices.customers_named(choice)]
        if meant:
            return [_to_choose(row) for row in meant[:OFFERED_MAX]]
        exact = invoices.customers_named(name or "")
        if len(exact) == 1:
            return [_plain(exact[0])]
        if exact:
            return [_to_choose(row) for row in exact[:OFFERED_MAX]]
        wanted = (name or "").casefold().split()
        near = {
            view.customer_id: view.customer_name
            for view in invoices.invoices(most=200).invoices
            if wanted and view.customer_name.casefold().split()[: len(wanted)] == wanted
        }
        listed = list(near)[:OFFERED_MAX]
        return [_to_choose(invoices.customer(customer_id)) for customer_id in listed]


def _may_be_one(said: str, known: str) -> bool:
    """Whether two names may be one person's: a word of one is a word of the other."""
    return bool(set(said.casefold().split()) & set(known.casefold().split()))


def _plain(row: CustomerView, more: str = "", *, is_exact: bool = True) -> Plain:
    return {"id": row.id.hex, "name": row.name, "more": more, "is_exact": is_exact}


def _to_choose(row: CustomerView) -> Plain:
    """With what tells them apart from others of the name: their number, and their last invoice."""
    page = invoices.invoices(most=1, customer_id=row.id).invoices
    phone = masked(row.phone) if row.phone else ""
    return _plain(row, words.standing.told_apart(phone, page[0] if page else None), is_exact=False)


def kept_customer(desk: Desk, name: str, phone: str | None) -> UUID:
    """Somebody known by name only is given the number, and so gets what is sent to them: not in doubt."""
    with desk.open():
        if phone and invoices.customers_named(name):
            proof.need()
    return desk.may(CUSTOMER_KEEP, lambda: invoicing.keep_customer(name, phone))


def _given_email(desk: Desk, customer_id: UUID, email: str) -> None:
    """The address that stood in the message. Where another is known, the papers would go elsewhere: not in doubt."""
    with desk.open():
        known = invoices.customer(customer_id).email
    if known == email:
        return
    if known:
        proof.need()
    desk.may(CUSTOMER_KEEP, lambda: invoicing.change_customer(customer_id, email=email))


# --- what -------------------------------------------------------------------------------------------------------------


def _what(chat: Chat, desk: Desk, house: Mapping[str, Plain], told: Mapping[str, Any]) -> Steps:
    """The lines, each with a price; None where they must be written again."""
    lines = [dict(line) for line in told["lines"]]
    currency = house["currency"]
    is_certain = told["total"] is not None
    if not lines:
        price = yield from _price(chat, house, "amount", None)
        what = yield from _description(chat, "description")
        return [{"description": what, "quantity": "1", "unit_price": price}]
    if not is_certain and len(lines) > 1 and all(line["unit_price"] for line in lines):
        lines = yield chat.ask(
            "lines",
            words.asking.write_it_again(),
            reads=readings.some_lines(house["country"], currency),
        )
    for place, line in enumerate(lines):
        is_told = bool(line["unit_price"])
        if not is_told:
            item = yield chat.look(f"item{place}", partial(price_of, desk, line["description"]))
            line["unit_price"] = item
        if not line["unit_price"] or (is_told and not is_certain and len(lines) == 1):
            line["unit_price"] = yield from _price(
                chat, house, f"amount{place}", line["description"]
            )
        if not line["description"]:
            line["description"] = yield from _description(chat, f"description{place}")
    return lines


def price_of(desk: Desk, description: str | None) -> Plain:
    """The price of something that is sold again and again: by its very name, else the only one that begins so."""
    if not description:
        return None
    with desk.open():
        item = invoices.item_named(description)
        if item is None:
            near = invoices.items(description.removesuffix("s"))
            item = near[0] if len(near) == 1 else None
    return str(item.unit_price.decimal) if item else None


def _price(chat: Chat, house: Mapping[str, Plain], name: str, description: str | None) -> Steps:
    return (
        yield chat.ask(
            name,
            words.asking.how_much(description),
            reads=readings.an_amount(house["country"], house["currency"]),
        )
    )


def _description(chat: Chat, name: str) -> Steps:
    return (
        yield chat.ask(
            name, words.asking.what_for(), reads=readings.some_words, takes_anything=True
        )
    )


# --- when, and tax ----------------------------------------------------------------------------------------------------


def _when(chat: Chat, desk: Desk, told: Mapping[str, Any], codes: set[str]) -> Steps:
    """The due day; asked for where the message was no invoice yet, or named a day that does not work."""
    is_guided = told["missing"][:1] == ["customer"] and not told["lines"]
    if told["due_on"] or not (is_guided or any(code.startswith("date") for code in codes)):
        return told["due_on"]
    today, week, month = words.asking.due_days()
    options = [Option(today, value="0"), Option(week, value="7"), Option(month, value="30")]
    return (
        yield chat.ask(
            "due", words.asking.when_due(), reads=readings.a_due_day(desk, options), options=options
        )
    )


def _tax(chat: Chat, house: Mapping[str, Plain], told: Mapping[str, Any], codes: set[str]) -> Steps:
    """How the prices stand to tax: as told, else on top for whoever is registered, else not at all."""
    said = told["tax"]["mode"] if told["tax"] else None
    if not house["is_registered"]:
        if said in (TaxMode.EXCLUSIVE, TaxMode.INCLUSIVE) or "tax_unclear" in codes:
            yield chat.say(words.asking.tax_left_away(house["tax_name"]))
        return TaxMode.NONE.value
    if "tax_unclear" in codes:
        return (yield ask_tax(chat, house["tax_name"]))
    return said or TaxMode.EXCLUSIVE.value


def ask_tax(chat: Chat, tax_name: str) -> Any:
    modes = (TaxMode.EXCLUSIVE, TaxMode.INCLUSIVE, TaxMode.NONE)
    titles = zip(words.asking.tax_choices(), modes, strict=True)
    options = [Option(title, value=mode.value) for title, mode in titles]
    reads = readings.how_taxed(options)
    return chat.ask("tax", words.asking.with_tax(tax_name), reads=reads, options=options)


# --- the draft --------------------------------------------------------------------------------------------------------


def _drafted(
    chat: Chat,
    desk: Desk,
    house: Mapping[str, Plain],
    told: Mapping[str, Any],
    draft: dict[str, Any],
) -> Steps:
    """Make it; what the books refuse is asked for again. What was done, so that it can be undone."""
    percent = told["tax"] and told["tax"].get("percent")
    for turn in range(TRIES_MAX):
        try:
            made = yield chat.act(
                f"draft{turn}",
                lambda: _draft(desk, draft_input(draft, house["currency"]), has_rate=bool(percent)),
            )
        except Refusal as refusal:
            yield chat.say(refusal.said)
            mended = yield from _mended(chat, desk, house, draft, refusal, turn)
            if not mended:
                return None
            continue
        if percent and made["rate"] and Decimal(percent) != Decimal(made["rate"]):
            yield chat.say(
                words.asking.other_rate(house["tax_name"], Decimal(percent), Decimal(made["rate"]))
            )
        shown = yield chat.look("preview", partial(previews.looked_up, desk, UUID(made["invoice"])))
        yield chat.say(previews.saying(shown))
        return {"verb": "drafted", "business": desk.business_id.hex, "subject": made["invoice"]}
    return None


def _draft(desk: Desk, given: DraftInput, *, has_rate: bool) -> Plain:
    """`has_rate`: they named one, to be compared with what it became."""
    invoice_id, version = desk.may(INVOICE_DRAFT, lambda: invoicing.draft(given))
    rate = _rate_of(desk, invoice_id) if has_rate else ""
    return {"invoice": invoice_id.hex, "version": version, "rate": rate}


def _rate_of(desk: Desk, invoice_id: UUID) -> str:
    """The one rate of its lines, in per cent; "" where they have none or several."""
    with desk.open():
        view = invoices.invoice(invoice_id)
    rates = {line.tax_rate_bps for line in view.lines if line.tax_rate_bps}
    return str(Decimal(rates.pop()) / 100) if len(rates) == 1 else ""


def draft_input(draft: Mapping[str, Any], currency: str) -> DraftInput:
    """The room's own words for it."""
    due_on = draft["due_on"]
    return DraftInput(
        customer_id=UUID(draft["customer"]),
        lines=lines_input(draft["lines"], currency),
        due_on=date.fromisoformat(due_on) if due_on else None,
        tax_mode=draft["tax"],
        discount=part_input(draft["discount"], currency),
        deposit=part_input(draft["deposit"], currency),
    )


def lines_input(lines: Sequence[Mapping[str, Any]], currency: str) -> list[LineInput]:
    return [
        LineInput(
            line["description"],
            Decimal(line["quantity"]),
            Money.parse(line["unit_price"], currency),
        )
        for line in lines
    ]


def part_input(part: Mapping[str, str] | None, currency: str) -> Money | int | None:
    """An amount, or a share in basis points."""
    if not part:
        return None
    if "percent" in part:
        return int(Decimal(part["percent"]) * 100)
    return Money.parse(part["amount"], currency)


def _mended(
    chat: Chat,
    desk: Desk,
    house: Mapping[str, Plain],
    draft: dict[str, Any],
    refusal: Refusal,
    turn: int,
) -> Steps:
    """Ask for the very thing that was refused; False where nobody can put it right here."""
    if refusal.code == "invoice.tax_not_registered":
        draft["tax"] = TaxMode.NONE.value
    elif refusal.code == "invoice.discount_bad":
        draft["discount"] = None
    elif refusal.code == "invoice.deposit_bad":
        draft["deposit"] = None
    elif refusal.code == "invoice.due_day_bad":
        reads = readings.a_due_day(desk, [])
        draft["due_on"] = yield chat.ask(f"due{turn}", words.asking.when_due(), reads=reads)
    elif refusal.code in ("invoice.price_bad", "invoice.total_bad", "money.bad_amount"):
        for place, line in enumerate(draft["lines"]):
            name = f"amount{place} again{turn}"
            line["unit_price"] = yield from _price(chat, house, name, line["description"])
    elif refusal.code in (
        "invoice.description_bad",
        "invoice.quantity_bad",
        "invoice.lines_missing",
    ):
        reads = readings.some_lines(house["country"], house["currency"])
        draft["lines"] = yield chat.ask(f"lines{turn}", words.asking.write_it_again(), reads=reads)
    else:
        return False
    return True
