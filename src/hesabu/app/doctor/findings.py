"""What a check says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Grade = Literal["fine", "watch", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    grade: Grade
    said: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
