"""How soon what is vulnerable is mended is written down, and what asks about it sees it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "docs" / "operations" / "updates.md"
COSTLY = ROOT / "docs" / "operations" / "costly.md"
HOLE = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2026-11-20T00:00:00Z",
    "published": "2026-11-20T00:00:00Z",
    "summary": "A planted hole",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "django"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}


class Advisories(ThreadingHTTPServer):
    """OSV's interface on this machine, with as many holes as it is told."""

    daemon_threads = True

    def __init__(self, vulnerable: str) -> None:
        self.vulnerable, self.asked = vulnerable, set[str]()
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(BaseHTTPRequestHandler):
    server: Advisories

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        names = [one["package"]["name"] for one in asked]
        self.server.asked |= set(names)
        found = [{"vulns": [{"id": HOLE["id"], "modified": HOLE["modified"]}]} if n == self.server.vulnerable else {} for n in names]  # fmt: skip
        self.say({"results": found})

    def do_GET(self) -> None:
        self.say(HOLE)

    def say(self, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Not told."""


@pytest.fixture
def advisories(request: pytest.FixtureRequest) -> Iterator[Advisories]:
    served = Advisories(request.param)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    """The target of the Makefile as it is, asking there."""
    recipe = re.search(r"^audit:.*\n\t(.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    command = recipe[1].replace("$(BIN)", str(ROOT / ".venv" / "bin"))
    command = command.replace("$(AUDIT_OPTIONS)", f"--service-url {url}")
    kept = {
        name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")
    }
    return subprocess.run(command.split(), cwd=ROOT, env=kept, capture_output=True, text=True)


uv_is_here = pytest.mark.skipif(
    not (ROOT / ".venv" / "bin" / "uv").exists() and shutil.which("uv") is None,
    reason="uv is installed by make setup",
)


@uv_is_here
@pytest.mark.parametrize("advisories", ["django", "nothing"], indirect=True)
def test_a_known_hole_in_what_is_locked_is_seen(advisories: Advisories) -> None:
    ran = audit(f"http://127.0.0.1:{advisories.server_address[1]}/")
    locked = set(re.findall(r'^name = "([^"]+)"', (ROOT / "uv.lock").read_text(), re.MULTILINE))
    if advisories.vulnerable == "django":
        assert ran.returncode != 0
        assert HOLE["id"] in ran.stdout + ran.stderr
    else:
        assert ran.returncode == 0, ran.stderr
    assert advisories.asked <= locked
    assert {"django", "granian", "cryptography", "psycopg"} <= advisories.asked


@uv_is_here
def test_not_knowing_is_not_being_well() -> None:
    assert audit("http://127.0.0.1:9/").returncode != 0


def test_how_soon_is_written_for_every_severity() -> None:
    rows = re.findall(
        r"^\| (\w[\w ]*) \| [^|]+ \| (\d+) days \| (\d+) days \|$", POLICY.read_text(), re.MULTILINE
    )
    times = {name: (int(used), int(known)) for name, used, known in rows}
    assert list(times) == ["critical", "high", "medium", "low"]
    assert all(used <= known for used, known in times.values())
    assert list(times.values()) == sorted(times.values())
    assert max(known for _, known in times.values()) <= 90
    named = set(
        re.findall(
            r"`([a-z0-9-]+)`", POLICY.read_text().partition("never lowered")[2].partition(".\n")[0]
        )
    )
    locked = set(re.findall(r'^name = "([^"]+)"', (ROOT / "uv.lock").read_text(), re.MULTILINE))
    assert named
    assert named <= locked


def test_what_is_costly_says_what_holds_it_back_and_what_shows_it() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in COSTLY.read_text().splitlines()
        if line.startswith("|") and "---" not in line
    ][1:]
    assert len(rows) >= 12
    for what, who, takes, held, shown in rows:
        assert all((what, who, takes, held)), what
        path, _, test = shown.strip("`").partition("::")
        text = (ROOT / path).read_text()
        assert not test or f"def {test}(" in text, shown
