"""The main job, whole: from "Hi" to the books, over HTTP, on processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "hesabu.app.cli"]


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """An installation of its own: nothing of the test's own database, keys or settings."""
    inherited = {name: value for name, value in os.environ.items() if name[:7] != "HESABU_"}
    with tempfile.TemporaryDirectory(prefix="hesabu-") as place:
        env = {**inherited, "HESABU_VAR_DIR": place}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        yield env
        subprocess.run([*COMMAND, "down"], env=env, check=True, capture_output=True, timeout=60)


def told(env: dict[str, str], *options: str) -> dict[str, Any]:
    """Tell the story; what it says of itself."""
    ran = subprocess.run(
        [*COMMAND, "story", "chat-to-cash", "--json", *options],
        env=env,
        capture_output=True,
        text=True,
        timeout=550,
    )
    assert ran.stdout, ran.stderr[-2000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.returncode == (0 if found["ok"] else 1)
    return found


def ends_right(found: dict[str, Any]) -> None:
    assert found["off"] == []
    assert found["invoice"]["number"] == "INV-0001"
    assert found["invoice"]["state"] == "paid"
    assert found["invoice"]["owed"] == "KES 0.00"
    assert [payment["amount"] for payment in found["payments"]] == ["KES 75,000.00"]
    assert [entry["kind"] for entry in found["entries"]] == ["invoicing.issued", "invoicing.paid"]
    for entry in found["entries"]:
        assert sum(posting["amount_minor"] for posting in entry["postings"]) == 0
    assert found["balances"]["receivables"] == "KES 0.00"
    assert found["balances"]["mpesa"] == "KES 75000.00"
    assert found["verify"]["faults"] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_chat_message_becomes_a_paid_and_booked_invoice(surroundings: dict[str, str]) -> None:
    found = told(surroundings)
    ends_right(found)
    said = [f"{line['phone']} {line['who']}: {line['text']}" for line in found["transcript"]]
    assert any("Shall I send it?" in line for line in said)
    assert "Wanjiku Hesabu: *INV-0001* is on its way to Jane." in said
    assert "Wanjiku Hesabu: Jane has seen *INV-0001*. ✓✓" in said
    (paid,) = [line for line in said if line.startswith("Wanjiku Hesabu: *Paid.*")]
    assert found["payments"][0]["receipt"] in paid
    assert "*INV-0001* is settled and in the books." in paid
    assert any(line.startswith("Jane Hesabu: Thank you") for line in said)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_ends_right_in_a_storm_too(surroundings: dict[str, str]) -> None:
    ends_right(told(surroundings, "--faults", "2"))
