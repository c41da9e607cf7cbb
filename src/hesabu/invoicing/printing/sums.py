"""The columns of a paper, its lines, and what they come to: discount, taxes, total, deposit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext

from hesabu.invoicing.printing import figures as say
from hesabu.invoicing.rules import taxes


def body_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Columns, lines and what they come to. Prices that include the tax show it below the total, not above it."""
    taxed = snapshot["taxes"]
    is_inclusive = snapshot.get("tax_mode") == "inclusive"
    language, currency = say.language_of(snapshot), snapshot["currency"]
    columns = [
        pgettext("paper", "Description"),
        pgettext("paper", "Quantity"),
        pgettext("paper", "Unit price"),
    ]
    if taxed:
        is_one = not any(tax.get("levies") for tax in taxed)
        columns.append(say.tax_name(snapshot) if is_one else pgettext("paper", "Taxes"))
    columns.append(pgettext("paper", "Amount, %(currency)s") % {"currency": currency})
    lines = []
    for line in snapshot["lines"]:
        row = [line["description"], say.quantity(line["quantity"], language)]
        row.append(say.amount(snapshot, line["unit_price_minor"]))
        if taxed:
            row.append(_rate_of(line["tax_code"], line["tax_rate_bps"], language))
        row.append(say.amount(snapshot, line["amount_minor"]))
        lines.append(row)
    tax_rows = [row for tax in taxed for row in _tax_rows(snapshot, tax, is_inclusive)]
    return {
        "columns": columns,
        "lines": lines,
        "sums": _sums(snapshot, is_inclusive) + ([] if is_inclusive else tax_rows),
        "total": {
            "label": pgettext("paper", "Total"),
            "amount": f"{currency} {say.amount(snapshot, snapshot['total_minor'])}",
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
    return "–" if code == taxes.NONE else say.percent(bps, language)


def _sums(snapshot: dict[str, Any], is_inclusive: bool) -> list[list[str]]:
    discount_minor = snapshot.get("discount_minor") or 0
    before_tax_minor = snapshot["total_minor"] if is_inclusive else snapshot["net_minor"]
    rows = []
    if discount_minor:
        subtotal = say.amount(snapshot, before_tax_minor + discount_minor)
        rows.append([pgettext("paper", "Subtotal"), subtotal])
        rows.append([pgettext("paper", "Discount"), say.amount(snapshot, -discount_minor)])
    if snapshot["taxes"] and not is_inclusive:
        is_one = not any(tax.get("levies") for tax in snapshot["taxes"])
        label = (
            pgettext("paper", "Before %(tax)s") % {"tax": say.tax_name(snapshot)}
            if is_one
            else pgettext("paper", "Before taxes")
        )
        rows.append([label, say.amount(snapshot, snapshot["net_minor"])])
    return rows


def _deposit(snapshot: dict[str, Any]) -> list[list[str]]:
    deposit_minor = snapshot.get("deposit_minor") or 0
    if not deposit_minor or snapshot["kind"] == "credit_note":
        return []
    return [[pgettext("paper", "Deposit, to pay first"), say.amount(snapshot, deposit_minor)]]


def _tax_rows(snapshot: dict[str, Any], tax: dict[str, Any], is_inclusive: bool) -> list[list[str]]:
    """One row a rate; where several taxes are charged at once, one row each."""
    language = say.language_of(snapshot)
    parts = [
        (_levy_name(snapshot, levy, language), levy["base_minor"], levy["tax_minor"])
        for levy in tax.get("levies") or []
    ] or [(_tax_label(snapshot, tax, language), tax["net_minor"], tax["tax_minor"])]
    rows = []
    for name, base_minor, tax_minor in parts:
        said = {"tax": name, "net": say.amount(snapshot, base_minor)}
        label = (
            pgettext("paper", "of which %(tax)s on %(net)s") % said
            if is_inclusive
            else pgettext("paper", "%(tax)s on %(net)s") % said
        )
        rows.append([label, say.amount(snapshot, tax_minor)])
    return rows


def _tax_label(snapshot: dict[str, Any], tax: dict[str, Any], language: str) -> str:
    name = say.tax_name(snapshot)
    if tax["code"] == taxes.EXEMPT:
        return pgettext("paper", "Exempt from %(tax)s") % {"tax": name}
    if tax["code"] == taxes.REVERSE:
        return pgettext("paper", "%(tax)s by reverse charge") % {"tax": name}
    return f"{name} {say.percent(tax['rate_bps'], language)}"


def _levy_name(snapshot: dict[str, Any], levy: dict[str, Any], language: str) -> str:
    names = {"nhil": "NHIL", "getfund": "GETFund", "covid": "COVID-19 HRL"}
    name = names.get(levy["code"]) or say.tax_name(snapshot)
    return f"{name} {say.percent(levy['rate_bps'], language)}"
