"""The pay page as a value: all that it shows, made by pure functions from what the rooms answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from hesabu.doors.web.pay import bill
from hesabu.doors.web.pay.figures import figures, long_day
from hesabu.doors.web.pay.panel import panel_of
from hesabu.doors.web.pay.types import Known, PayShown


def shown(known: Known, **forms: Any) -> PayShown:
    """The page for what is known. Called with the reader's language active."""
    snapshot = known.snapshot
    hero_kind, hero_label, hero = bill.hero(known)
    return PayShown(
        token=known.token,
        seller=snapshot["seller"]["name"],
        buyer=snapshot["buyer"]["name"],
        number=snapshot["number"],
        title=_("Invoice %(number)s") % {"number": snapshot["number"]},
        language=known.language,
        currency=known.total.currency,
        hero_kind=hero_kind,
        hero_label=hero_label,
        hero_figures=figures(hero, known.language),
        chip=bill.chip(known),
        due=long_day(known.due_on, known.language) if known.owed and known.is_open else "",
        lines=bill.lines(known),
        sums=bill.sums(known),
        note=snapshot.get("note") or "",
        panel=panel_of(known),
        ways=bill.ways(known) if known.owed and known.is_open else (),
        receipts=bill.receipts(known),
        is_claimed=known.is_claimed,
        **forms,
    )
