"""invoice_pdf_ms: an invoice on paper, warm, beside the typesetter's bare call on the same template and inputs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from hesabu.invoicing import document

SAMPLES = 60


def snapshot(number: int) -> dict[str, Any]:
    """An issued invoice of five lines, different each time."""
    lines = [
        {
            "description": f"Logo design, round {i + 1} of {number}",
            "quantity": "1",
            "unit_price_minor": 1_500_000 + number,
            "amount_minor": 1_500_000 + number,
            "discount_minor": 0,
            "net_minor": 1_500_000 + number,
            "tax_code": "none",
            "tax_rate_bps": 0,
            "tax_minor": 0,
            "gross_minor": 1_500_000 + number,
        }
        for i in range(5)
    ]
    total = sum(line["gross_minor"] for line in lines)  # type: ignore[misc]
    return {
        "version": 1,
        "kind": "invoice",
        "number": f"INV-{number:04}",
        "issued_on": "2026-11-23",
        "due_on": "2026-11-27",
        "currency": "KES",
        "language": "en",
        "country": "KE",
        "tax_mode": "none",
        "seller": {"name": "Kamau Designs", "legal_name": None, "tax_id": None, "address": None, "phone": "+254722000111", "email": None},
        "buyer": {"name": "Jane Wanjiku", "phone": "+254712345678", "email": None, "address": None, "tax_id": None},
        "lines": lines,
        "discount_minor": 0,
        "net_minor": total,
        "tax_minor": 0,
        "total_minor": total,
        "taxes": [],
        "payment": {"ways": [{"kind": "till", "label": "M-PESA Buy Goods", "number": "123456", "account": None}]},
        "pay_url": f"https://pay.example/p/{number:014}",
        "note": None,
        "credits": None,
    }  # fmt: skip


def median_ms(act: Callable[[int], object], start: int) -> float:
    for number in range(start, start + 10):
        act(number)
    took = []
    for number in range(start + 10, start + 10 + SAMPLES):
        began = time.perf_counter()
        act(number)
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 2)


def measure() -> dict[str, Any]:
    """Ours is all of it: formatting, QR, inputs and compiling; the bare call gets its inputs ready made."""
    ours, bare = [], []
    for turn in range(5):
        ours.append(median_ms(lambda n: document.render_pdf(snapshot(n)), turn * 1000))
        ready = {
            n: document.inputs_of(snapshot(n)) for n in range(turn * 1000 + 500, turn * 1000 + 600)
        }
        bare.append(median_ms(_typesetting(ready), turn * 1000 + 500))
    mine, other = statistics.median(ours), statistics.median(bare)
    return {"ratio": round(mine / other, 3), "ms": mine, "baseline_ms": other}


def _typesetting(ready: dict[int, tuple[dict[str, str], int]]) -> Callable[[int], object]:
    return lambda number: document.typeset(*ready[number])
