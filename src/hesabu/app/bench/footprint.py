"""memory_mb: what each process of a running installation holds, as proportional set size (its share of what is shared)."""

from __future__ import annotations

import subprocess
from pathlib import Path


def family(root: int) -> list[int]:
    """A process and all below it."""
    found = [root]
    for task in Path(f"/proc/{root}/task").iterdir():
        children = (task / "children").read_text().split()
        for child in children:
            found += family(int(child))
    return found


def proportional_mb(root: int) -> int:
    """Megabytes of a process and all below it."""
    kilobytes = 0
    for pid in family(root):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kilobytes += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return round(kilobytes / 1024)


def of(process: subprocess.Popen[bytes]) -> int:
    return proportional_mb(process.pid)
