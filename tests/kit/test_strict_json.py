"""JSON from outside: what somebody means is read, what is made to stop its reader is refused, always in one way."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from hesabu.kit import http, strict_json

ROOT = Path(__file__).resolve().parents[2] / "src" / "hesabu"
BAD = {
    "brackets": b"[" * 100_000,
    "closed brackets": b"[" * 5_000 + b"]" * 5_000,
    "objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "readable, but too deep to be written by whoever stands deeper": b"[" * 300 + b"]" * 300,
    "one deeper than the bound": b"[" * 65 + b"]" * 65,
    "endless figures": b'{"amount": ' + b"9" * 5_000 + b"}",
    "many figures": b'{"amount": ' + b"9" * 401 + b"}",
    "many figures behind the point": b'{"amount": 1.' + b"9" * 401 + b"}",
    "beyond any float": b'{"amount": 1e999}',
    "beyond any memory": b'{"amount": 1e999999999}',
    "NaN": b'{"amount": NaN}',
    "infinity": b'{"amount": -Infinity}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "nothing": b"",
    "half": b'{"a": ',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_made_to_stop_its_reader_is_refused_in_one_way(body: bytes) -> None:
    for exact in (True, False):
        with pytest.raises(strict_json.NotJson):
            strict_json.read(body, exact=exact)


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_an_answer_of_that_kind_is_no_json(body: bytes) -> None:
    assert http.Response(200, b"[%s]" % body if body else body, {}).json() is None


def test_a_refusal_says_nothing_of_what_was_there() -> None:
    with pytest.raises(strict_json.NotJson) as refused:
        strict_json.read(b'{"phone": "+254712345678", }')
    assert "2547" not in str(refused.value)


def test_what_somebody_means_is_read() -> None:
    said = {"name": "Zuhura 🧾", "amount": 1500, "rate": 0.5, "lines": [{"a": [None, True]}] * 200}
    assert strict_json.read(json.dumps(said).encode()) == said
    assert strict_json.read(json.dumps(said)) == said
    assert strict_json.read(b"\xef\xbb\xbf[1]") == [1]
    assert strict_json.read(b"[" * 64 + b"]" * 64) is not None
    assert strict_json.read(b"0.10", exact=True) == Decimal("0.10")


def test_it_refuses_as_well_where_the_stack_is_nearly_used_up() -> None:
    def deeper(left: int) -> None:
        if left:
            deeper(left - 1)
            return
        with pytest.raises(strict_json.NotJson):
            strict_json.read(b"[" * 2_000 + b"]" * 2_000)

    deeper(sys.getrecursionlimit() // 2)


OURS = {
    # the operator's own files and processes; stand-ins that know nothing of the kit
    "app/",
    "sandbox/",
    # what was sealed here
    "invoicing/actions/erase.py",
    "invoicing/held.py",
    "doors/web/grants/consent.py",
    "doors/web/account/kept_sessions.py",
    # rows that only this house writes
    "store/idempotency.py",
    "store/fields.py",
    "store/facts.py",
    "store/audit.py",
    "store/seals.py",
}
"""Where JSON is read that this house wrote itself."""


def test_what_comes_from_outside_is_read_nowhere_else() -> None:
    reads = re.compile(r"\bjson\.loads?\(|JSONDecoder\(|import loads?\b")
    readers = {
        str(file.relative_to(ROOT)) for file in ROOT.rglob("*.py") if reads.search(file.read_text())
    }
    assert "kit/strict_json.py" in readers
    strangers = {one for one in readers if not one.startswith(tuple(OURS))}
    assert strangers == {"kit/strict_json.py"}
