"""What is sold, and its prices: looked at, searched, added, changed and dropped."""

from __future__ import annotations

from functools import partial

from hesabu.doors.chat import likeness, proof, stepping, words
from hesabu.doors.chat.acts import finding
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.flows.selling import put_as_before
from hesabu.doors.chat.grammar import answers
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import Deed
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import ItemNotFound
from hesabu.invoicing.permissions import ITEM_KEEP
from hesabu.invoicing.types import ItemView
from hesabu.kit.money import Money

WORDS_MAX = 8
"""A sentence longer than this is no price."""
ROWS = 8
"""Items on a page: a list holds ten rows, two are for "more" and "add"."""


def products(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "products", "search wig"."""
    search = said.topic if said.intent is Intent.PRODUCTS else None
    visit.say(page(desk, search, 0))


def page(desk: Desk, search: str | None, start: int) -> Saying:
    with desk.open():
        found = invoices.items(search)
    rows = [
        Option(
            words.figures.shortened(item.name, 24),
            written("item", desk.business_id, item.id),
            words.figures.short_money(item.unit_price),
        )
        for item in found[start : start + ROWS]
    ]
    if len(found) > start + ROWS and not search:
        rows.append(
            Option(
                words.standing.more(),
                written("items", desk.business_id, desk.business_id, start + ROWS),
            )
        )
    rows.append(
        Option(words.selling.add_item(), written("additem", desk.business_id, desk.business_id))
    )
    if not found:
        body = words.selling.nothing_like(search) if search else words.selling.no_items()
    else:
        body = words.selling.items(len(found), search)
    return Saying(body, tuple(rows), words.talk.choose_button())


def _items(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(page(desk, None, tapped.version))


def _item_of(desk: Desk, tapped: Tap) -> ItemView:
    with desk.open():
        found = [item for item in invoices.items() if item.id == tapped.subject_id]
    if not found:
        raise ItemNotFound(str(tapped.subject_id))
    return found[0]


def _item(visit: Visit, desk: Desk, tapped: Tap) -> None:
    item = _item_of(desk, tapped)
    price, drop = words.selling.item_buttons()
    visit.say(
        words.selling.one_item(item.name, item.unit_price),
        Option(price, written("reprice", desk.business_id, item.id)),
        Option(drop, written("dropitem", desk.business_id, item.id)),
    )


def _add(visit: Visit, desk: Desk, tapped: Tap) -> None:
    begin_item(visit, desk, None, None)


def _reprice(visit: Visit, desk: Desk, tapped: Tap) -> None:
    begin_item(visit, desk, _item_of(desk, tapped).name, None)


def begin_item(visit: Visit, desk: Desk, name: str | None, price: str | None) -> None:
    """Keep something that is sold, under its name; what is not known of it is asked."""
    business = desk.business()
    given = {
        "name": name,
        "price": price,
        "country": business.country,
        "currency": business.currency,
    }
    visit.begin("keep_item", desk.plain() | given)


def said(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "add wig 1,500", "drop wig", where no draft is open that it could be about."""
    line = said.lines[0] if said.lines else None
    name = line.description if line else None
    price = str(line.unit_price) if line and line.unit_price is not None else None
    if said.topic == "add":
        begin_item(visit, desk, name, price)
        return
    with desk.open():
        item = invoices.item_named(name or "")
    if item is None:
        visit.say(page(desk, name, 0))
    else:
        drop(visit, desk, item)


def price_said(visit: Visit, desk: Desk) -> bool:
    """ "wig is now 1,800": something that is sold, a price at the end, and little between. False for all else."""
    words_ = visit.message.text.split()
    if not 2 <= len(words_) <= WORDS_MAX:
        return False
    currency = desk.business().currency
    price, problem = answers.parse_money(
        words_[-1], currency, language=visit.contact.language or "en"
    )
    if price is None or problem is not None:
        return False
    with desk.open():
        known = {tuple(item.name.casefold().split()): item.name for item in invoices.items()}
    for length in range(len(words_) - 1, 0, -1):
        name = known.get(tuple(word.casefold() for word in words_[:length]))
        if name is not None:
            begin_item(visit, desk, name, str(price))
            return True
    return False


def _drop(visit: Visit, desk: Desk, tapped: Tap) -> None:
    drop(visit, desk, _item_of(desk, tapped))


def drop(visit: Visit, desk: Desk, item: ItemView) -> None:
    proof.need()
    if stepping.asks_for(desk, None):
        stepping.ask(visit, desk, Tap("dropitem", desk.business_id, item.id))
        return
    desk.may(ITEM_KEEP, partial(invoicing.drop_item, item.id))
    visit.did("item", desk, item.id, before=_plain(item))
    visit.say(words.selling.item_dropped(item.name))


def _plain(item: ItemView) -> list[object]:
    return [item.name, item.unit_price.minor, item.unit_price.currency, item.tax_code]


def put_back(visit: Visit, desk: Desk, deed: Deed) -> None:
    """Undo: the item at its price of before; one that was new is dropped."""
    proof.need()
    if deed.before is None:
        gone = _nothing(desk)  # it was theirs, ten minutes ago, and no price of before
        desk.may(ITEM_KEEP, partial(invoicing.drop_item, deed.subject_id), settles=gone)
        visit.say(words.selling.item_gone())
    elif stepping.asks_for(desk, None):
        visit.begin("item_as_before", desk.plain() | {"deed": deed.plain()})
        return
    else:
        visit.say(put_as_before(desk, deed))
    visit.memory.deeds = [known for known in visit.memory.deeds if known != deed]


def _nothing(desk: Desk) -> Money:
    """What is new changes no price."""
    return Money.zero(desk.business().currency)


# --- what an invoice sold ---------------------------------------------------------------------------------------------


def _keep_sold(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """[Keep these prices] below an invoice that was sent."""
    proof.need()
    view = finding.viewed(desk, tapped)
    kept = likeness.new_things(desk, view)
    for name, price in kept:
        item_id = desk.may(
            ITEM_KEEP, partial(invoicing.keep_item, name, price), settles=_nothing(desk)
        )
        visit.did("item", desk, item_id)
    visit.say(words.selling.items_kept(kept) if kept else words.money.kept())


INTENTS = {Intent.PRODUCTS: products}
TAPS = {
    "items": _items,
    "item": _item,
    "additem": _add,
    "reprice": _reprice,
    "dropitem": _drop,
    "keepsold": _keep_sold,
}
