"""Runs the measures and writes the result."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

ROUNDS = 5


def main(rounds: int = ROUNDS, only: str = "") -> int:
    """Measure, print as it goes, write var/bench.json."""
    from hesabu.app.bench.scratch import databases

    results: dict[str, Any] = {}
    with databases() as scratch:
        import django

        django.setup()
        from hesabu.app.bench import measures

        for name, measure in measures.MEASURES.items():
            if only not in name:
                continue
            print(f"{name} …", flush=True)
            results[name] = measure(scratch, rounds)
            print(f"  {json.dumps(results[name])}", flush=True)
    _write(results)
    return 0


def interleaved(
    rounds: int, measure: Callable[[], float], baseline: Callable[[], float]
) -> dict[str, Any]:
    """A warm-up of both, then measure and baseline in turn: the median ratio, and the medians of each."""
    measure(), baseline()
    pairs = [(measure(), baseline()) for _ in range(rounds)]
    ratios = [mine / other for mine, other in pairs]
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "per_second": round(statistics.median(mine for mine, _ in pairs), 1),
        "baseline_per_second": round(statistics.median(other for _, other in pairs), 1),
    }


def _write(results: dict[str, Any]) -> None:
    from hesabu.app import config as configuration

    path = configuration.load().var_dir / "bench.json"
    kept = json.loads(path.read_text()) if path.is_file() else {}
    kept.update(results)
    kept["machine"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    path.write_text(json.dumps(kept, indent=2) + "\n")
    print(f"written to {path}")
