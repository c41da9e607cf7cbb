"""The snapshot of an issued document, version 4: all that its paper, its page and its electronic form will ever say.

Amounts are minor units, days ISO 8601, quantities decimal text. Once written it is never changed; a new need is a new
version, and readers keep reading the old ones.

Version 2 added to version 1: the numbers and the signatory that laws ask of a seller, the day of supply, and for each tax
its levies (where it is several) and its law (where a line is taxed at nothing), and the deposit that is asked for first.
Version 3 added the seller's logo, by the id of the kept picture, which never changes, and their mail address.
Version 4 added the total in words, "" where nobody expects it: spelled when it is issued, so that a better spelling
changes no paper that is out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hesabu.invoicing.rules import amount_words, legal
from hesabu.invoicing.rules.taxes import LevySum
from hesabu.invoicing.rules.totals import ReckonedLine, tax_sums
from hesabu.invoicing.types import DocumentKind, TaxMode
from hesabu.kit.money import Money

VERSION = 4


@dataclass(frozen=True, slots=True)
class Issued:
    """What a snapshot is built from, beside the parties and the lines."""

    kind: DocumentKind
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    language: str
    country: str
    tax_mode: TaxMode
    discount_minor: int
    note: str
    pay_url: str
    credits: str | None = None
    deposit_minor: int = 0


def build(
    issued: Issued,
    *,
    seller: Mapping[str, str | None],
    buyer: Mapping[str, str | None],
    lines: Sequence[ReckonedLine],
    ways: Sequence[Mapping[str, str | None]],
) -> dict[str, Any]:
    total_minor = sum(line.gross_minor for line in lines)
    return {
        "version": VERSION,
        "kind": issued.kind.value,
        "number": issued.number,
        "issued_on": issued.issued_on.isoformat(),
        "supplied_on": issued.issued_on.isoformat(),
        "due_on": issued.due_on.isoformat() if issued.due_on else None,
        "currency": issued.currency,
        "language": issued.language,
        "country": issued.country,
        "tax_mode": issued.tax_mode.value,
        "seller": dict(seller),
        "buyer": dict(buyer),
        "lines": [_line(line) for line in lines],
        "discount_minor": issued.discount_minor,
        "deposit_minor": issued.deposit_minor,
        "net_minor": sum(line.net_minor for line in lines),
        "tax_minor": sum(line.tax_minor for line in lines),
        "total_minor": total_minor,
        "total_in_words": _in_words(issued, total_minor),
        "taxes": [
            {
                "code": tax.code,
                "label": tax.label,
                "rate_bps": tax.rate_bps,
                "net_minor": tax.net_minor,
                "tax_minor": tax.tax_minor,
                "law": "" if tax.rate_bps else tax.law,
                "levies": [_levy(levy) for levy in tax.levies],
            }
            for tax in tax_sums(lines)
        ],
        "payment": {"ways": [dict(way) for way in ways]},
        "pay_url": issued.pay_url,
        "note": issued.note,
        "credits": issued.credits,
    }


def _in_words(issued: Issued, total_minor: int) -> str:
    """In the language of the paper, where its place expects it."""
    language = amount_words.spoken(issued.language)
    if language not in legal.IN_WORDS.get(issued.country, ()):
        return ""
    return amount_words.amount_in_words(Money(total_minor, issued.currency), language)


def _levy(levy: LevySum) -> dict[str, Any]:
    return {
        "code": levy.code,
        "label": levy.label,
        "rate_bps": levy.rate_bps,
        "base_minor": levy.base_minor,
        "tax_minor": levy.tax_minor,
    }


def _line(line: ReckonedLine) -> dict[str, Any]:
    return {
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price_minor": line.unit_price_minor,
        "amount_minor": line.amount_minor,
        "discount_minor": line.discount_minor,
        "net_minor": line.net_minor,
        "tax_code": line.tax_code,
        "tax_rate_bps": line.tax_rate_bps,
        "tax_minor": line.tax_minor,
        "gross_minor": line.gross_minor,
    }


def plain(quantity: Decimal) -> str:
    """ "1", "2.5": no trailing zeros and no exponent."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
