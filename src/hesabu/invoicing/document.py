"""An issued document on paper: the frozen snapshot as an archival, tagged PDF (PDF/A-3a).

The snapshot is all that is known here: no row is read, so the paper says today what it said when it was issued, and the
same snapshot gives the same bytes (the date inside is the day of issue, the fonts travel with the product). Text goes to
the typesetter as JSON strings, which are text and never markup.

The house fonts cover Latin, Greek and Cyrillic. A name in another script is set with a font of the host where there is
one, and shows an empty box for each letter where there is none: an archival file may not leave a letter undrawn, and a
paper that is late is worse than a box in a name.

The words are gettext's, in the language the snapshot names; figures and days are written as CLDR has it for that language.
What the law of the seller's country asks to be said is in `rules/legal.py`.
"""

from __future__ import annotations

import io
import json
import re
import threading
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils import translation
from django.utils.translation import pgettext

from hesabu.invoicing.rules import amount_words, legal, taxes
from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES, TAX_NAMES, Country
from hesabu.kit.money import Money, say

_TEMPLATES = Path(__file__).parent / "templates" / "invoicing"
_COMPILING = (
    threading.Lock()
)  # one compiler per process; it keeps its fonts and its parsed source, and takes one at a time
_BOX = "□"
_RUN_LONGEST = (
    32  # letters without a place to break; a longer run gets places, or it would leave the paper
)
_ROUNDS_MAX = 24
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_NOT_SURELY_DRAWN = re.compile(r"[^\x20-\u024f\u0370-\u052f\u2010-\u2027\u2212\n]")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3\U000e0020-\U000e007f]\u200d?")
_FORBIDDEN = re.compile(r'contains the codepoint `"(.+?)"`')


LANGUAGES = ("en", "sw", "mk", "sq", "fr")
"""What papers are written in; anything else is written in English."""


def render_pdf(snapshot: dict[str, Any], logo: bytes = b"") -> bytes:
    """The PDF of an issued invoice or credit note, from its snapshot (version 1 to 4). `logo` is the picture that the
    snapshot names, as it is kept: a PNG."""
    inputs, stamp = inputs_of(snapshot)
    # The typesetter takes texts alone; a picture travels as the numbers of its bytes.
    return _compile(inputs | {"logo": json.dumps(list(logo), separators=(",", ":"))}, stamp)


def inputs_of(snapshot: dict[str, Any]) -> tuple[dict[str, str], int]:
    """What the typesetter is given: the page's words and the QR code, and the instant that the file says it was made."""
    if snapshot["version"] not in (1, 2, 3, 4):
        raise ValueError(f"a snapshot of version {snapshot['version']!r} is not known here")
    issued_on = date.fromisoformat(snapshot["issued_on"])
    with translation.override(_language(snapshot)):
        page = _page(snapshot)
    inputs = {
        "page": json.dumps(_drawable(page), ensure_ascii=False),
        "qr": qr_svg(snapshot["pay_url"]) if snapshot.get("pay_url") else "",
    }
    stamp = int(datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC).timestamp())
    return inputs, stamp


def qr_svg(url: str) -> str:
    """The address as a QR code, drawn as one SVG path, without the quiet zone (the page around it gives that)."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=0,
        xmldecl=False,
        nl=False,
        dark="#17221c",
        omitsize=True,
    )
    return drawn.getvalue().decode()


# What the page says: every string of it, formatted and in the reader's language.


def _page(snapshot: dict[str, Any]) -> dict[str, Any]:
    issued_on = date.fromisoformat(snapshot["issued_on"])
    is_credit = snapshot["kind"] == "credit_note"
    kind = _kind(snapshot)
    taken_back = pgettext("paper", "Credits %(number)s") % {"number": snapshot.get("credits")}
    return {
        "language": _language(snapshot),
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
            "amount": f"{snapshot['currency']} {_say(snapshot, snapshot['total_minor'])}",
        },
        **_body(snapshot),
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
    seller, place, language = snapshot["seller"], _place(snapshot), _language(snapshot)
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
        place = _place_of_buyer(buyer) or _place(snapshot)
        rows.append(_numbered(_tax_id_name(place, _language(snapshot)), buyer["tax_id"]))
    return {"label": pgettext("paper", "For"), "name": buyer["name"], "rows": rows}


def _numbered(name: str, number: str) -> str:
    return f"{name} {number}"


def _tax_id_name(place: Country | None, language: str) -> str:
    return place.tax_id_name_in(language) if place else pgettext("paper", "Tax number")


def _place(snapshot: dict[str, Any]) -> Country | None:
    return COUNTRIES.get(snapshot.get("country") or "")


def _place_of_buyer(buyer: dict[str, Any]) -> Country | None:
    """A buyer's number is called what it is called at home, as far as the telephone tells."""
    number = buyer.get("phone") or ""
    return COUNTRIES.get(phones.country_of(number) or "") if number.startswith("+") else None


def _reached(party: dict[str, Any], snapshot: dict[str, Any]) -> list[str]:
    """Where somebody is reached: address, telephone as it is dialled from where the seller is, e-mail."""
    phone = _phone(party.get("phone") or "", snapshot.get("country"))
    rows = [party.get("address"), phone, party.get("email")]
    return [row for row in rows if row]


def _days(snapshot: dict[str, Any]) -> list[list[str]]:
    language = _language(snapshot)
    days = [[pgettext("paper", "Issued"), _day(snapshot["issued_on"], language)]]
    asked = legal.TAX_INVOICES.get(snapshot.get("country") or "")
    if snapshot.get("supplied_on") and snapshot["taxes"] and asked and asked.says_day_of_supply:
        days.append([pgettext("paper", "Supplied"), _day(snapshot["supplied_on"], language)])
    if snapshot.get("due_on"):
        days.append([pgettext("paper", "Due"), _day(snapshot["due_on"], language)])
    return days


def _body(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Columns, lines and what they come to. Prices that include the tax show it below the total, not above it."""
    taxed = snapshot["taxes"]
    is_inclusive = snapshot.get("tax_mode") == "inclusive"
    language, currency = _language(snapshot), snapshot["currency"]
    columns = [
        pgettext("paper", "Description"),
        pgettext("paper", "Quantity"),
        pgettext("paper", "Unit price"),
    ]
    if taxed:
        is_one = not any(tax.get("levies") for tax in taxed)
        columns.append(_tax_name(snapshot) if is_one else pgettext("paper", "Taxes"))
    columns.append(pgettext("paper", "Amount, %(currency)s") % {"currency": currency})
    lines = []
    for line in snapshot["lines"]:
        row = [line["description"], _quantity(line["quantity"], language)]
        row.append(_say(snapshot, line["unit_price_minor"]))
        if taxed:
            row.append(_rate_of(line["tax_code"], line["tax_rate_bps"], language))
        row.append(_say(snapshot, line["amount_minor"]))
        lines.append(row)
    tax_rows = [row for tax in taxed for row in _tax_rows(snapshot, tax, is_inclusive)]
    return {
        "columns": columns,
        "lines": lines,
        "sums": _sums(snapshot, is_inclusive) + ([] if is_inclusive else tax_rows),
        "total": {
            "label": pgettext("paper", "Total"),
            "amount": f"{currency} {_say(snapshot, snapshot['total_minor'])}",
        },
        "in-words": _in_words(snapshot),
        "within": (tax_rows if is_inclusive else []) + _deposit(snapshot),
    }


def _in_words(snapshot: dict[str, Any]) -> str:
    """The total as it was spelled when the paper was issued; "" where its place expects no words."""
    words = snapshot.get("total_in_words")
    return pgettext("paper", "Amount in words: %(words)s") % {"words": words} if words else ""


def _rate_of(code: str, bps: int, language: str) -> str:
    """What the column of a line's tax says: its rate, or that it is exempt or the buyer's to pay."""
    if code == taxes.EXEMPT:
        return pgettext("paper", "exempt")
    if code == taxes.REVERSE:
        return pgettext("paper", "reverse charge")
    return "–" if code == taxes.NONE else _percent(bps, language)


def _sums(snapshot: dict[str, Any], is_inclusive: bool) -> list[list[str]]:
    discount_minor = snapshot.get("discount_minor") or 0
    before_tax_minor = snapshot["total_minor"] if is_inclusive else snapshot["net_minor"]
    rows = []
    if discount_minor:
        subtotal = _say(snapshot, before_tax_minor + discount_minor)
        rows.append([pgettext("paper", "Subtotal"), subtotal])
        rows.append([pgettext("paper", "Discount"), _say(snapshot, -discount_minor)])
    if snapshot["taxes"] and not is_inclusive:
        is_one = not any(tax.get("levies") for tax in snapshot["taxes"])
        label = (
            pgettext("paper", "Before %(tax)s") % {"tax": _tax_name(snapshot)}
            if is_one
            else pgettext("paper", "Before taxes")
        )
        rows.append([label, _say(snapshot, snapshot["net_minor"])])
    return rows


def _deposit(snapshot: dict[str, Any]) -> list[list[str]]:
    deposit_minor = snapshot.get("deposit_minor") or 0
    if not deposit_minor or snapshot["kind"] == "credit_note":
        return []
    return [[pgettext("paper", "Deposit, to pay first"), _say(snapshot, deposit_minor)]]


def _tax_rows(snapshot: dict[str, Any], tax: dict[str, Any], is_inclusive: bool) -> list[list[str]]:
    """One row a rate; where several taxes are charged at once, one row each."""
    language = _language(snapshot)
    parts = [
        (_levy_name(snapshot, levy, language), levy["base_minor"], levy["tax_minor"])
        for levy in tax.get("levies") or []
    ] or [(_tax_label(snapshot, tax, language), tax["net_minor"], tax["tax_minor"])]
    rows = []
    for name, base_minor, tax_minor in parts:
        said = {"tax": name, "net": _say(snapshot, base_minor)}
        label = (
            pgettext("paper", "of which %(tax)s on %(net)s") % said
            if is_inclusive
            else pgettext("paper", "%(tax)s on %(net)s") % said
        )
        rows.append([label, _say(snapshot, tax_minor)])
    return rows


def _tax_label(snapshot: dict[str, Any], tax: dict[str, Any], language: str) -> str:
    name = _tax_name(snapshot)
    if tax["code"] == taxes.EXEMPT:
        return pgettext("paper", "Exempt from %(tax)s") % {"tax": name}
    if tax["code"] == taxes.REVERSE:
        return pgettext("paper", "%(tax)s by reverse charge") % {"tax": name}
    return f"{name} {_percent(tax['rate_bps'], language)}"


def _levy_name(snapshot: dict[str, Any], levy: dict[str, Any], language: str) -> str:
    names = {"nhil": "NHIL", "getfund": "GETFund", "covid": "COVID-19 HRL"}
    name = names.get(levy["code"]) or _tax_name(snapshot)
    return f"{name} {_percent(levy['rate_bps'], language)}"


def _legal_notes(snapshot: dict[str, Any]) -> list[str]:
    """Why a line bears no tax, by which law: version 2 of the snapshot knows it."""
    words = {
        taxes.EXEMPT: pgettext("paper", "Exempt from tax: %(law)s."),
        taxes.ZERO: pgettext("paper", "Taxed at zero: %(law)s."),
        taxes.REVERSE: pgettext("paper", "Reverse charge: the recipient owes the tax. %(law)s."),
    }
    return [
        words[tax["code"]] % {"law": tax["law"]}
        for tax in snapshot["taxes"]
        if tax.get("law") and tax["code"] in words
    ]


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
        "number": _phone(number, snapshot.get("country")) if kind == "phone" else number,
        "account": way.get("account") or (snapshot["number"] if kind == "paybill" else ""),
        "account-word": pgettext("paper", "account"),
    }


# Figures, days and words of a language.


def _language(snapshot: dict[str, Any]) -> str:
    return amount_words.spoken(snapshot["language"])


def _day(iso: str, language: str) -> str:
    return str(format_date(date.fromisoformat(iso), format="d MMMM y", locale=language))


def _say(snapshot: dict[str, Any], minor: int) -> str:
    """Figures alone: the currency stands once, in the head of the column and before a total."""
    figures = say(Money(minor, snapshot["currency"]), _language(snapshot), code=False)
    return figures.replace("-", "\u2212")


def _phone(number: str, country: str | None) -> str:
    return phones.seen_from(number, country) if number.startswith("+") else number


def _quantity(text: str, language: str) -> str:
    return str(format_decimal(Decimal(text), format="#,##0.######", locale=language))


def _percent(bps: int, language: str) -> str:
    """ "7.5%", in French "7,5\u202f%": where the sign stands is CLDR's to say."""
    pattern = str(Locale(language).percent_formats[None].pattern).replace("0", "0.##")
    return str(format_percent(Decimal(bps) / 10_000, format=pattern, locale=language))


def _tax_name(snapshot: dict[str, Any]) -> str:
    place, language = _place(snapshot), _language(snapshot)
    return place.tax_name_in(language) if place else TAX_NAMES.get(language, "VAT")


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# The typesetter.


@cache
def _compiler(*, with_host_fonts: bool) -> typst.Compiler:
    return typst.Compiler(
        input=str(_TEMPLATES / "document.typ"),
        root=str(_TEMPLATES),
        font_paths=[str(_TEMPLATES / "fonts")],
        ignore_system_fonts=not with_host_fonts,
    )


def _compile(inputs: dict[str, str], stamp: int) -> bytes:
    """First with the house fonts; then with the host's; then with a box for what neither can draw."""
    with_host_fonts = False
    for _ in range(_ROUNDS_MAX):
        try:
            return typeset(inputs, stamp, with_host_fonts=with_host_fonts)
        except typst.TypstError as error:
            undrawn = _UNDRAWN.search(str(error)) or _FORBIDDEN.search(str(error))
            if undrawn is None:
                raise
            if with_host_fonts:
                inputs = inputs | {"page": _boxed(inputs["page"], _letters(undrawn[1]))}
            with_host_fonts = True
    return typeset(inputs | {"page": _NOT_SURELY_DRAWN.sub(_BOX, inputs["page"])}, stamp)


def typeset(inputs: dict[str, str], stamp: int, *, with_host_fonts: bool = False) -> bytes:
    """The typesetter's bare call."""
    with _COMPILING:
        compiled = _compiler(with_host_fonts=with_host_fonts).compile(
            sys_inputs=inputs, pdf_standards=["a-3a"], timestamp=stamp, format="pdf"
        )
    if not isinstance(compiled, bytes):
        raise TypeError("a PDF is one file")
    return compiled


def _letters(shown: str) -> str:
    r"""The letters a compiler's message speaks of; it writes the invisible ones as \u{1f}."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), shown)


def _boxed(text: str, undrawn: str) -> str:
    """A box for these letters and for all of their script, so that a page of them takes one round and not hundreds."""
    scripts = {_script(letter) for letter in undrawn}
    return "".join(
        _BOX
        if letter in undrawn or (ord(letter) > 0x24F and _script(letter) in scripts)
        else letter
        for letter in text
    )


def _script(letter: str) -> str:
    if unicodedata.category(letter) in ("So", "Sk"):
        return "symbol"
    return unicodedata.name(letter, "unnamed").split(" ", 1)[0]


def _drawable(value: Any) -> Any:
    """Text without what cannot be drawn or would mislead: control letters, marks that turn the reading order, and emoji,
    which no house font has and which a box would only make worse."""
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    if not isinstance(value, str):
        return value
    shown = value
    if _EMOJI.search(value):  # a name of nothing else keeps its boxes
        shown = re.sub(r" {2,}", " ", _EMOJI.sub("", value)).strip() or value
    kept = "".join(letter for letter in shown if letter in "\n\u200c\u200d" or _is_drawn(letter))
    return re.sub(rf"\S{{{_RUN_LONGEST},}}", _with_breaks, kept)


def _is_drawn(letter: str) -> bool:
    return unicodedata.category(letter) not in (
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    )


def _with_breaks(run: re.Match[str]) -> str:
    letters = run[0]
    if letters.startswith(("https://", "http://")):
        return letters
    return "\u200b".join(letters[i : i + 8] for i in range(0, len(letters), 8))
