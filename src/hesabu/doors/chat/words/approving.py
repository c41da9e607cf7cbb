"""What needs a second person, and changes of where money goes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hesabu.invoicing.types import InvoiceView
from hesabu.kit.money import Money, say


def instant(at: datetime, timezone: str) -> str:
    """A day and an hour there."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%d.%m.%Y %H:%M")


def waits_for_another() -> str:
    return _("A second person has to approve that. They have been asked; you will hear from me.")


def approval_asked(name: str, business: str, what: str) -> str:
    return _("%(name)s asks for your approval at *%(business)s*:\n%(what)s") % {
        "name": name,
        "business": business,
        "what": what,
    }


def approval_buttons() -> tuple[str, str]:
    return _("Approve"), _("Refuse")


def asked_about_invoice(what: str, invoice: InvoiceView, amount: Money) -> str:
    return _("%(what)s: %(number)s for %(name)s, %(amount)s") % {
        "what": what,
        "number": invoice.number or "",
        "name": invoice.customer_name,
        "amount": say(amount),
    }


def asked_about_way(what: str, way: str) -> str:
    return _("%(what)s: %(way)s") % {"what": what, "way": way}


def asked_about_named_way(what: str, way: str, label: str) -> str:
    return _("%(what)s: %(way)s, called “%(label)s”") % {"what": what, "way": way, "label": label}


def asked_about_new_keys(way: str) -> str:
    return _("New M-PESA keys for a way to be paid that is there already: %(way)s") % {"way": way}


def approved() -> str:
    return _("Approved, and done.")


def you_refused() -> str:
    return _("Refused. Nothing changed; whoever asked hears it.")


def was_approved(name: str, what: str) -> str:
    return _("%(name)s approved it, and it is done.\n%(what)s") % {"name": name, "what": what}


def was_refused(name: str, what: str) -> str:
    return _("%(name)s refused it. Nothing changed.\n%(what)s") % {"name": name, "what": what}


def way_frozen(way: str, until: str) -> str:
    return _(
        "Done. From %(until)s on new invoices say: %(way)s. Until then they say what they said, and any owner can stop it."
    ) % {"until": until, "way": way}


def way_will_be_added(business: str, way: str, until: str) -> str:
    return _(
        "Where money for *%(business)s* goes is about to change. From %(until)s on customers are told to pay here, too: %(way)s. If that is not right, stop it now."
    ) % {"business": business, "until": until, "way": way}


def way_will_close(business: str, way: str, until: str) -> str:
    return _(
        "Where money for *%(business)s* goes is about to change. From %(until)s on customers are no longer told to pay here: %(way)s. If that is not right, stop it now."
    ) % {"business": business, "until": until, "way": way}


def way_will_be_rekeyed(business: str, way: str, until: str) -> str:
    return _(
        "Where money for *%(business)s* goes is about to change. From %(until)s on new M-PESA keys count for this way to be paid: %(way)s. If that is not right, stop it now."
    ) % {"business": business, "until": until, "way": way}


def stop_it() -> str:
    return _("Stop it")


def you_stopped_it() -> str:
    return _("Stopped. Customers pay where they paid before.")


def way_change_was_stopped(business: str) -> str:
    return _("The change of where money for *%(business)s* goes was stopped.") % {
        "business": business
    }
