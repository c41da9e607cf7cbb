"""What the page says: every string of it, formatted and in the reader's language.

It is asked inside `translation.override`: the words are gettext's, in the language that the snapshot names.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import pgettext

from hesabu.invoicing.printing import figures as say
from hesabu.invoicing.printing.sums import body_of
from hesabu.invoicing.rules import legal, taxes
from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES, Country


def page_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    issued_on = date.fromisoformat(snapshot["issued_on"])
    is_credit = snapshot["kind"] == "credit_note"
    kind = _kind(snapshot)
    taken_back = pgettext("paper", "Credits %(number)s") % {"number": snapshot.get("credits")}
    return {
        "language": say.language_of(snapshot),
        "dated": {
            "year": issued_on.year,
            "month": issued_on.month,
            "day": issued_on.day,
        },
        "title": f"{kind} {snapshot['number']}",
        "kind": kind,
        "number": snapshot["number"],
        "credits": taken_back if snapshot.get("credits") else None,
        "seller": _seller(snapshot),
        "buyer": _buyer(snapshot),
        "days": _days(snapshot),
        "hero": {
            "label": pgettext("paper", "Credited") if is_credit else pgettext("paper", "To pay"),
            "amount": f"{snapshot['currency']} {say.amount(snapshot, snapshot['total_minor'])}",
        },
        **body_of(snapshot),
        "legal": _legal_notes(snapshot),
        "note": snapshot.get("note") or "",
        "signature": None if is_credit else _signature(snapshot),
        "pay": None if is_credit else _pay(snapshot),
        "footer": f"{snapshot['number']}  ·  {_shortened(snapshot['seller']['name'], 48)}",
        # The typesetter alone knows the numbers, so it puts them in.
        "page-of": pgettext("paper", "Page %(page)s of %(pages)s")
        % {"page": "{page}", "pages": "{pages}"},
    }


def _kind(snapshot: dict[str, Any]) -> str:
    if snapshot["kind"] == "credit_note":
        return pgettext("paper", "Credit note")
    asked = legal.TAX_INVOICES.get(snapshot.get("country") or "")
    if snapshot["taxes"] and (asked is None or asked.is_called_tax_invoice):
        return pgettext("paper", "Tax invoice")
    return pgettext("paper", "Invoice")


def _seller(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Name and numbers; the numbers of a tax registration only where tax is charged."""
    seller, place, language = snapshot["seller"], say.place_of(snapshot), say.language_of(snapshot)
    rows = []
    if seller.get("legal_name") and seller["legal_name"] != seller["name"]:
        rows.append(seller["legal_name"])
    if seller.get("tax_id"):
        rows.append(_numbered(_tax_id_name(place, language), seller["tax_id"]))
    if seller.get("vat_number") and place and place.vat_number_name:
        rows.append(_numbered(place.vat_number_name, seller["vat_number"]))
    if seller.get("registration_number"):
        name = place.registration_name if place else None
        rows.append(
            _numbered(
                name or pgettext("paper", "Registration number"), seller["registration_number"]
            )
        )
    return {"name": seller["name"], "rows": rows + _reached(seller, snapshot)}


def _buyer(snapshot: dict[str, Any]) -> dict[str, Any]:
    buyer = snapshot["buyer"]
    rows = _reached(buyer, snapshot)
    if buyer.get("tax_id"):
        place = _place_of_buyer(buyer) or say.place_of(snapshot)
        rows.append(_numbered(_tax_id_name(place, say.language_of(snapshot)), buyer["tax_id"]))
    return {"label": pgettext("paper", "For"), "name": buyer["name"], "rows": rows}


def _numbered(name: str, number: str) -> str:
    return f"{name} {number}"


def _tax_id_name(place: Country | None, language: str) -> str:
    return place.tax_id_name_in(language) if place else pgettext("paper", "Tax number")


def _place_of_buyer(buyer: dict[str, Any]) -> Country | None:
    """A buyer's number is called what it is called at home, as far as the telephone tells."""
    number = buyer.get("phone") or ""
    return COUNTRIES.get(phones.country_of(number) or "") if number.startswith("+") else None


def _reached(party: dict[str, Any], snapshot: dict[str, Any]) -> list[str]:
    """Where somebody is reached: address, telephone as it is dialled from where the seller is, e-mail."""
    phone = say.phone(party.get("phone") or "", snapshot.get("country"))
    rows = [party.get("address"), phone, party.get("email")]
    return [row for row in rows if row]


def _days(snapshot: dict[str, Any]) -> list[list[str]]:
    language = say.language_of(snapshot)
    days = [[pgettext("paper", "Issued"), say.day(snapshot["issued_on"], language)]]
    asked = legal.TAX_INVOICES.get(snapshot.get("country") or "")
    if snapshot.get("supplied_on") and snapshot["taxes"] and asked and asked.says_day_of_supply:
        days.append([pgettext("paper", "Supplied"), say.day(snapshot["supplied_on"], language)])
    if snapshot.get("due_on"):
        days.append([pgettext("paper", "Due"), say.day(snapshot["due_on"], language)])
    return days


def _legal_notes(snapshot: dict[str, Any]) -> list[str]:
    """Why a line bears no tax, by which law: version 2 of the snapshot knows it."""
    notes = [_legal_note(tax["code"], tax["law"]) for tax in snapshot["taxes"] if tax.get("law")]
    return [note for note in notes if note]


def _legal_note(code: str, law: str) -> str:
    return {
        taxes.EXEMPT: pgettext("paper", "Exempt from tax: %(law)s.") % {"law": law},
        taxes.ZERO: pgettext("paper", "Taxed at zero: %(law)s.") % {"law": law},
        taxes.REVERSE: pgettext("paper", "Reverse charge: the recipient owes the tax. %(law)s.")
        % {"law": law},
    }.get(code, "")


def _signature(snapshot: dict[str, Any]) -> dict[str, str] | None:
    asked = legal.TAX_INVOICES.get(snapshot.get("country") or "")
    if asked is None or not asked.is_signed or not snapshot["taxes"]:
        return None
    return {
        "label": pgettext("paper", "Authorised signatory"),
        "name": snapshot["seller"].get("signatory") or "",
    }


def _pay(snapshot: dict[str, Any]) -> dict[str, Any] | None:
    """The panel that says how: the ways without a gateway by number, and the pay page by QR and address."""
    # A prompt on the phone has no number to write down: the page behind the QR code asks for it.
    ways = [_way(way, snapshot) for way in snapshot["payment"]["ways"] if way.get("number")]
    url = snapshot.get("pay_url") or ""
    if not ways and not url:
        return None
    needs_reference = any(not way["account"] for way in ways)
    reference = pgettext("paper", "Give %(number)s as the reference.") % {
        "number": snapshot["number"]
    }
    return {
        "title": pgettext("paper", "How to pay"),
        "ways": ways,
        "reference": reference if needs_reference else "",
        "url": url,
        "url-shown": re.sub(r"^https?://", "", url),
        "scan": pgettext("paper", "Scan to pay"),
        "or-open": pgettext("paper", "or open"),
        "qr-alt": pgettext("paper", "QR code of the page where this invoice is paid"),
    }


def _way(way: dict[str, Any], snapshot: dict[str, Any]) -> dict[str, str]:
    """Mobile money by the name of its menu, everything else by the name the business gave it."""
    kind = way["kind"].removeprefix("stk_")  # a till that takes prompts also takes money by hand
    usual = {
        "till": pgettext("paper", "M-PESA till (Buy Goods)"),
        "paybill": pgettext("paper", "M-PESA paybill"),
        "phone": pgettext("paper", "M-PESA, send money"),
        "bank": pgettext("paper", "Bank"),
        "cash": pgettext("paper", "Cash"),
    }.get(kind, "")
    is_menu = kind in ("till", "paybill", "phone")
    number = way["number"]
    return {
        "label": usual if is_menu else (way.get("label") or usual or kind),
        "number": say.phone(number, snapshot.get("country")) if kind == "phone" else number,
        "account": way.get("account") or (snapshot["number"] if kind == "paybill" else ""),
        "account-word": pgettext("paper", "account"),
    }


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
