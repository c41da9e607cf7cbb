"""Names of files that leave: whatever stands in them, the header stays one header and the name one name."""

from __future__ import annotations

import ast
from email.message import Message
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import Client

from doors.web.test_pay_page import path_of
from hesabu.app import config as configuration

SOURCE = Path(configuration.__file__).parents[1]
ODD = [
    'a"; filename="evil.html',
    "a\\b.pdf",
    "ankara №7 – Ñairobi.pdf",
    "\u202efdp.exe",
    "../../etc/passwd",
    "a;b=c.pdf",
    "%0d%0aX-Evil: a.pdf",
    "💰.pdf",
]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_of_a_file_breaks_no_header(shop: Any, admin_url: str, name: str) -> None:
    client = Client()
    invoice = shop.invoiced()
    page = f"{path_of(invoice)}/invoice.pdf"
    assert client.get(page).status_code == 200
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE store_file SET filename = %s WHERE business_id = %s", [name, shop.id])
    answer = client.get(page)
    said = answer["Content-Disposition"]
    assert said.isascii()
    assert "\r" not in said
    assert "\n" not in said
    read = Message()
    read["Content-Disposition"] = said
    assert read.get_content_disposition() in ("inline", "attachment")
    assert read.get_filename() == name
    assert len(read.get_params(header="content-disposition") or []) == 2
    assert "X-Evil" not in answer.headers


def disposition_faults(text: str) -> list[str]:
    """A name of a file that is put into a header by hand."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and "Content-Disposition" in ast.unparse(node.targets[0]):
            said = ast.unparse(node.value)
            if "content_disposition_header(" not in said and not isinstance(
                node.value, ast.Constant
            ):
                faults.append(said)
    return faults


BY_HAND = {"doors/web/audit/views.py": "a constant of the view, audit.csv or audit.json"}


def test_every_name_of_a_file_is_encoded_by_the_framework() -> None:
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith("sandbox/") and (faults := disposition_faults(path.read_text())):
            found[name] = faults
    assert set(found) <= set(BY_HAND), found
    assert disposition_faults("answer['Content-Disposition'] = f'attachment; filename={name}'")
