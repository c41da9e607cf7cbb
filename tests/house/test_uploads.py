"""docs/operations/uploads.md says which files are taken as the code takes them."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from hesabu.identity.actions import business
from hesabu.identity.types import LOGO_BYTES_MAX
from hesabu.kit import pictures

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hesabu"
PAGE = (ROOT / "docs" / "operations" / "uploads.md").read_text()


def test_kinds_sizes_and_points_are_those_of_the_code() -> None:
    # the verb hides the file of its name
    fetched = import_module("hesabu.messaging.actions.fetch_media")
    points = f"{pictures.POINTS_MAX:_}, no side over {pictures.SIDE_MAX:_}".replace("_", " ")
    kinds = ", ".join(pictures._BEGINNINGS)
    rows = {
        row[0]: row[2:5] for row in (line.strip("| ").split(" | ") for line in PAGE.splitlines())
        if row[0] in ("a logo", "a photo")
    }  # fmt: skip
    assert rows == {
        "a logo": [kinds, f"{LOGO_BYTES_MAX // 2**20} MB", points],
        "a photo": [kinds, f"{fetched.PICTURE_BYTES_MAX // 2**20} MB", points],
    }
    for width, height in (business.LOGO_SIDES, fetched.PICTURE_SIDES):
        assert f"at most {width} × {height}" in PAGE


def test_files_come_in_nowhere_else() -> None:
    taking = re.compile(
        r"request\.FILES|UploadedFile|\bFileField\(|\bImageField\(|\bFile\(|fetch_media\(|fetch_picture\("
    )
    found = {
        str(file.relative_to(SOURCE))
        for room in ("doors", "messaging/actions", "invoicing", "identity", "payments", "ledger")
        for file in (SOURCE / room).rglob("*.py")
        if "migrations" not in file.parts and taking.search(file.read_text())
    }
    assert found == {
        "doors/web/business/details.py",
        "doors/chat/flows/logo.py",
        "messaging/actions/fetch_media.py",
        "messaging/actions/pictures.py",
    }


def test_whatever_comes_in_is_looked_at_where_a_scanner_is_set() -> None:
    for name in ("doors/web/business/details.py", "messaging/actions/fetch_media.py"):
        assert "scanning.look(" in (SOURCE / name).read_text(), name
