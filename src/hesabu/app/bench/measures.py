"""The measures by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hesabu.app.bench import seed, settle
from hesabu.app.bench.run import interleaved
from hesabu.app.bench.scratch import Scratch

SHOPS = 48
LETTERS = 6_000


def settle_vs_pgbench(scratch: Scratch, rounds: int) -> dict[str, Any]:
    shops = seed.shops(SHOPS)
    settle.prepare_baseline(scratch)
    return interleaved(
        rounds,
        lambda: settle.measure(scratch, shops, LETTERS),
        lambda: settle.baseline(scratch),
    )


MEASURES: dict[str, Callable[[Scratch, int], dict[str, Any]]] = {
    "settle_vs_pgbench": settle_vs_pgbench,
}
