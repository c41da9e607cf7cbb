"""An issued document on paper: the frozen snapshot as an archival, tagged PDF (PDF/A-3a).

The snapshot is all that is known here: no row is read, so the paper says today what it said when it was issued, and the
same snapshot gives the same bytes (the date inside is the day of issue, the fonts travel with the product). Text goes to
the typesetter as JSON strings, which are text and never markup.

The house fonts cover Latin, Greek and Cyrillic. A name in another script is set with a font of the host where there is
one, and shows an empty box for each letter where there is none: an archival file may not leave a letter undrawn, and a
paper that is late is worse than a box in a name.
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
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES
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
_FORBIDDEN = re.compile(r'contains the codepoint `"(.+?)"`')


def render_pdf(snapshot: dict[str, Any]) -> bytes:
    """The PDF of an issued invoice or credit note, from its snapshot (version 1)."""
    return _compile(*inputs_of(snapshot))


def inputs_of(snapshot: dict[str, Any]) -> tuple[dict[str, str], int]:
    """What the typesetter is given: the page's words and the QR code, and the instant that the file says it was made."""
    if snapshot["version"] not in (1, 2):
        raise ValueError(f"a snapshot of version {snapshot['version']!r} is not known here")
    issued_on = date.fromisoformat(snapshot["issued_on"])
    inputs = {
        "page": json.dumps(_drawable(_page(snapshot)), ensure_ascii=False),
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
    words = _words(snapshot["language"])
    issued_on = date.fromisoformat(snapshot["issued_on"])
    is_credit = snapshot["kind"] == "credit_note"
    kind = words[_kind_of(snapshot)]
    total = _say(snapshot, snapshot["total_minor"])
    return {
        "language": _locale(snapshot["language"]),
        "dated": {
            "year": issued_on.year,
            "month": issued_on.month,
            "day": issued_on.day,
        },
        "title": f"{kind} {snapshot['number']}",
        "kind": kind,
        "number": snapshot["number"],
        "credits": f"{words['credits']} {snapshot['credits']}" if snapshot.get("credits") else None,
        "seller": _seller(snapshot, words),
        "buyer": _buyer(snapshot, words),
        "days": _days(snapshot, words),
        "hero": {
            "label": words["credited" if is_credit else "to_pay"],
            "amount": f"{snapshot['currency']} {total}",
        },
        **_body(snapshot, words),
        "note": snapshot.get("note") or "",
        "pay": None if is_credit else _pay(snapshot, words),
        "footer": f"{snapshot['number']}  ·  {_shortened(snapshot['seller']['name'], 48)}",
        "page-of": words["page"],
    }


def _kind_of(snapshot: dict[str, Any]) -> str:
    if snapshot["kind"] == "credit_note":
        return "credit_note"
    return "tax_invoice" if snapshot["taxes"] else "invoice"


def _seller(snapshot: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    seller = snapshot["seller"]
    known = COUNTRIES.get(snapshot.get("country") or "")
    rows = []
    if seller.get("legal_name") and seller["legal_name"] != seller["name"]:
        rows.append(seller["legal_name"])
    if seller.get("tax_id"):
        rows.append(f"{known.tax_id_name if known else words['tax_id']} {seller['tax_id']}")
    rows += _reached(seller)
    return {"name": seller["name"], "rows": rows}


def _buyer(snapshot: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    buyer = snapshot["buyer"]
    known = COUNTRIES.get(snapshot.get("country") or "")
    rows = _reached(buyer)
    if buyer.get("tax_id"):
        rows.append(f"{known.tax_id_name if known else words['tax_id']} {buyer['tax_id']}")
    return {"label": words["billed_to"], "name": buyer["name"], "rows": rows}


def _reached(party: dict[str, Any]) -> list[str]:
    """Where somebody is reached: address, telephone as written at home, e-mail."""
    rows = [party.get("address"), _phone(party.get("phone") or ""), party.get("email")]
    return [row for row in rows if row]


def _days(snapshot: dict[str, Any], words: dict[str, str]) -> list[list[str]]:
    days = [[words["issued"], _day(snapshot["issued_on"], snapshot["language"])]]
    if snapshot.get("due_on"):
        days.append([words["due"], _day(snapshot["due_on"], snapshot["language"])])
    return days


def _body(snapshot: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Columns, lines and what they come to. Prices that include the tax show it below the total, not above it."""
    taxes = snapshot["taxes"]
    is_inclusive = snapshot.get("tax_mode") == "inclusive"
    columns = [words["description"], words["quantity"], words["unit_price"]]
    if taxes:
        columns.append(_tax_name(snapshot))
    columns.append(words["amount"].format(currency=snapshot["currency"]))
    lines = []
    for line in snapshot["lines"]:
        row = [line["description"], _quantity(line["quantity"], snapshot["language"])]
        row.append(_say(snapshot, line["unit_price_minor"]))
        if taxes:
            row.append(_percent(line["tax_rate_bps"], snapshot["language"]))
        row.append(_say(snapshot, line["amount_minor"]))
        lines.append(row)
    tax_rows = [_tax_row(snapshot, tax, words, is_inclusive) for tax in taxes]
    return {
        "columns": columns,
        "lines": lines,
        "sums": _sums(snapshot, words, is_inclusive) + ([] if is_inclusive else tax_rows),
        "total": {
            "label": words["total"],
            "amount": f"{snapshot['currency']} {_say(snapshot, snapshot['total_minor'])}",
        },
        "within": tax_rows if is_inclusive else [],
    }


def _sums(snapshot: dict[str, Any], words: dict[str, str], is_inclusive: bool) -> list[list[str]]:
    discount_minor = snapshot.get("discount_minor") or 0
    before_tax_minor = snapshot["total_minor"] if is_inclusive else snapshot["net_minor"]
    rows = []
    if discount_minor:
        rows.append([words["subtotal"], _say(snapshot, before_tax_minor + discount_minor)])
        rows.append([words["discount"], _say(snapshot, -discount_minor)])
    if snapshot["taxes"] and not is_inclusive:
        label = words["net"].format(tax=_tax_name(snapshot))
        rows.append([label, _say(snapshot, snapshot["net_minor"])])
    return rows


def _tax_row(
    snapshot: dict[str, Any],
    tax: dict[str, Any],
    words: dict[str, str],
    is_inclusive: bool,
) -> list[str]:
    key = "tax_within" if is_inclusive else "tax_on"
    label = words[key].format(label=tax["label"], net=_say(snapshot, tax["net_minor"]))
    return [label, _say(snapshot, tax["tax_minor"])]


def _pay(snapshot: dict[str, Any], words: dict[str, str]) -> dict[str, Any] | None:
    """The panel that says how: the ways without a gateway by number, and the pay page by QR and address."""
    # A prompt on the phone has no number to write down: the page behind the QR code asks for it.
    ways = [_way(way, snapshot, words) for way in snapshot["payment"]["ways"] if way.get("number")]
    url = snapshot.get("pay_url") or ""
    if not ways and not url:
        return None
    needs_reference = any(not way["account"] for way in ways)
    reference = words["reference"].format(number=snapshot["number"])
    return {
        "title": words["how_to_pay"],
        "ways": ways,
        "reference": reference if needs_reference else "",
        "url": url,
        "url-shown": re.sub(r"^https?://", "", url),
        "scan": words["scan"],
        "or-open": words["or_open"],
        "qr-alt": words["scan_alt"],
    }


def _way(way: dict[str, Any], snapshot: dict[str, Any], words: dict[str, str]) -> dict[str, str]:
    """Mobile money by the name of its menu, everything else by the name the business gave it."""
    kind = way["kind"].removeprefix("stk_")  # a till that takes prompts also takes money by hand
    usual = words.get(f"way_{kind}", "")
    is_menu = kind in ("till", "paybill", "phone")
    return {
        "label": usual if is_menu else (way.get("label") or usual or kind),
        "number": _phone(way["number"]) if kind == "phone" else way["number"],
        "account": way.get("account") or (snapshot["number"] if kind == "paybill" else ""),
        "account-word": words["account"],
    }


# Figures, days and words of a language.


@cache
def _all_words() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = json.loads((_TEMPLATES / "words.json").read_text())
    return table


def _words(language: str) -> dict[str, str]:
    return _all_words()[_locale(language)]


def _locale(language: str) -> str:
    base = re.split(r"[-_]", language or "en")[0].lower()
    return base if base in _all_words() else "en"


def _day(iso: str, language: str) -> str:
    return str(format_date(date.fromisoformat(iso), format="d MMMM y", locale=_locale(language)))


def _say(snapshot: dict[str, Any], minor: int) -> str:
    """Figures alone: the currency stands once, in the head of the column and before a total."""
    figures = say(Money(minor, snapshot["currency"]), _locale(snapshot["language"]), code=False)
    return figures.replace("-", "\u2212")


def _phone(number: str) -> str:
    return phones.local(number) if number.startswith("+") else number


def _quantity(text: str, language: str) -> str:
    return str(format_decimal(Decimal(text), format="#,##0.######", locale=_locale(language)))


def _percent(bps: int, language: str) -> str:
    return str(format_percent(Decimal(bps) / 10_000, format="#,##0.##%", locale=_locale(language)))


def _tax_name(snapshot: dict[str, Any]) -> str:
    known = COUNTRIES.get(snapshot.get("country") or "")
    return known.tax_name if known else "VAT"


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
    """Text without what cannot be drawn or would mislead: control letters and marks that turn the reading order."""
    if isinstance(value, dict):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    if not isinstance(value, str):
        return value
    kept = "".join(letter for letter in value if letter in "\n\u200c\u200d" or _is_drawn(letter))
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
