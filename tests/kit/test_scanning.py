"""Files of strangers, looked at by clamd: what it speaks, spoken by a listener that reads every byte as clamd does."""

from __future__ import annotations

import os
import socket

import pytest

from hesabu.kit import scanning
from hesabu.kit.scanning import Harmful, ScannerAway
from kit.clamd import LIMIT_BYTES, listening


@pytest.mark.parametrize("by_path", [True, False])
def test_what_is_harmful_is_found_and_what_is_not_is_let_through(by_path: bool) -> None:
    with listening(by_path=by_path) as (clamd, place):
        assert scanning.found_in(b"a logo", place) == ""
        assert scanning.found_in(scanning.TRIAL.encode(), place) == "Eicar-Signature"
        assert clamd.heard == [b"a logo", scanning.TRIAL.encode()]


def test_every_byte_reaches_the_scanner_in_its_order() -> None:
    whole = os.urandom(2 * scanning.PIECE_BYTES + 17)
    with listening() as (clamd, place):
        assert scanning.found_in(whole, place) == ""
        assert scanning.found_in(b"", place) == ""
        assert clamd.heard == [whole, b""]


def test_what_is_harmful_is_found_across_two_pieces() -> None:
    before = b"x" * (scanning.PIECE_BYTES - 20)
    with listening() as (_, place):
        assert scanning.found_in(before + scanning.TRIAL.encode(), place)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"OK\0",
        b"stream: OK and more\0",
        b"HTTP/1.1 200 OK\r\n\r\n\0",
        b"stream: OK" + b"x" * 10_000,
    ],
)
def test_what_says_anything_else_has_not_said_that_it_is_well(answer: bytes) -> None:
    with listening(answer) as (_, place), pytest.raises(ScannerAway):
        scanning.found_in(b"a logo", place)


def test_what_is_too_large_for_the_scanner_is_not_taken() -> None:
    with listening() as (_, place), pytest.raises(ScannerAway):
        scanning.found_in(b"x" * (LIMIT_BYTES + 1), place)


@pytest.mark.parametrize("place", ["unix:/nowhere/clamd.ctl", "127.0.0.1:9"])
def test_a_scanner_that_is_away_lets_nothing_through(place: str) -> None:
    with pytest.raises(ScannerAway) as refused:
        scanning.found_in(b"a logo", place)
    assert refused.value.status == 503


def test_a_scanner_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScannerAway):
        scanning.found_in(b"a logo", f"127.0.0.1:{silent.getsockname()[1]}")


def test_where_it_is_set_files_are_looked_at_and_where_not_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "_place", "")
    assert not scanning.is_set()
    scanning.look(scanning.TRIAL.encode())
    with listening() as (_, place):
        monkeypatch.setattr(scanning, "_place", place)
        scanning.look(b"a logo")
        with pytest.raises(Harmful):
            scanning.look(scanning.TRIAL.encode())


@pytest.mark.parametrize(
    ("place", "is_one"),
    [
        ("unix:/run/clamav/clamd.ctl", True),
        ("clamav:3310", True),
        ("10.0.0.7:3310", True),
        ("[::1]:3310", True),
        ("", False),
        ("clamav", False),
        ("clamav:99999", False),
        ("http://clamav:3310", False),
        ("unix:run/clamd.ctl", False),
    ],
)
def test_a_place_is_a_socket_or_a_host_with_its_port(place: str, is_one: bool) -> None:
    assert scanning.is_place(place) is is_one
