"""What is sold, what it costs, and how the day went."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hesabu.doors.chat.words.figures import short_money, shortened
from hesabu.kit.money import Money

__all__ = [
    "add_item",
    "item_buttons",
    "item_dropped",
    "item_gone",
    "item_kept",
    "items",
    "items_kept",
    "keep_prices",
    "no_items",
    "nothing_like",
    "one_item",
    "price_is_now",
    "summary",
    "what_is_sold",
    "what_price",
    "who_owes_button",
]


def items(count: int, search: str | None) -> str:
    if search:
        return _("What you sell, like “%(search)s”:") % {"search": shortened(search, 40)}
    return ngettext(
        "You sell %(count)d thing. Choose it to change its price, or write for example: invoice Jane 3 wig",
        "You sell %(count)d things. Choose one to change its price, or write for example: invoice Jane 3 wig",
        count,
    ) % {"count": count}


def no_items() -> str:
    return _("I know no prices yet. What you add here needs no price when you invoice it.")


def nothing_like(search: str) -> str:
    return _("Nothing you sell is called “%(search)s”.") % {"search": shortened(search, 40)}


def add_item() -> str:
    return _("Add something")


def one_item(name: str, price: Money) -> str:
    return _("*%(name)s* costs %(price)s.") % {"name": name, "price": short_money(price)}


def item_buttons() -> tuple[str, str]:
    return _("New price"), _("No longer sold")


def what_is_sold() -> str:
    return _("What is it called?")


def what_price(name: str) -> str:
    return _("What does one cost, of %(name)s?") % {"name": shortened(name, 40)}


def item_kept(name: str, price: Money) -> str:
    return _("Noted: *%(name)s* is %(price)s.") % {"name": name, "price": short_money(price)}


def items_kept(kept: Sequence[tuple[str, Money]]) -> str:
    return "\n".join(item_kept(name, price) for name, price in kept)


def item_dropped(name: str) -> str:
    return _("*%(name)s* is no longer among what you sell. What was invoiced stays.") % {
        "name": name
    }


def item_gone() -> str:
    return _("Undone: it is no longer among what you sell.")


def keep_prices() -> str:
    return _("Keep these prices")


def price_is_now(name: str, now: Money, before: Money) -> str:
    return _("*%(name)s* is %(now)s now; it was %(before)s.") % {
        "name": name,
        "now": short_money(now),
        "before": short_money(before),
    }


Row = tuple[int, Money, Money]
"""How many were issued, for how much, and how much came."""


def summary(today: Row, week: Row, owed: Sequence[Money], late: Sequence[Money]) -> str:
    rows = [
        "*" + _("Today") + "*",
        *_figures(today),
        "",
        "*" + _("The last seven days") + "*",
        *_figures(week),
        "",
    ]
    if not owed:
        rows.append(_("Nobody owes you anything."))
    else:
        amount = " + ".join(map(short_money, owed))
        rows.append(_("You are owed %(amount)s.") % {"amount": amount})
    if late:
        amount = " + ".join(map(short_money, late))
        rows.append(_("Of that %(amount)s is overdue.") % {"amount": amount})
    return "\n".join(rows)


def _figures(row: Row) -> list[str]:
    count, sold, came = row
    return [
        ngettext("%(count)d invoice sent: %(amount)s", "%(count)d invoices sent: %(amount)s", count)
        % {"count": count, "amount": short_money(sold)},
        _("Money that came: %(amount)s") % {"amount": short_money(came)},
    ]


def who_owes_button() -> str:
    return _("Who owes me")
