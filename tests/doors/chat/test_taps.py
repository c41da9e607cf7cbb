"""What a button carries."""

from __future__ import annotations

import pytest

from hesabu.doors.chat import taps
from hesabu.kit import ids


@pytest.mark.parametrize(("version", "choice"), [(0, 0), (3, 0), (12, 9)])
def test_a_tap_is_read_as_it_was_written(version: int, choice: int) -> None:
    business_id, subject_id = ids.new_id(), ids.new_id()
    button_id = taps.written("send", business_id, subject_id, version, choice)
    assert taps.read(button_id) == taps.Tap("send", business_id, subject_id, version, choice)
    assert len(button_id) <= 200


@pytest.mark.parametrize(
    "button_id",
    [
        "",
        "send",
        "send:x:y:1",
        "send:01k9z3c0s8e5r9hd2mbx6v4t7q:01k9z3c0s8e5r9hd2mbx6v4t7q:-1",
        "send:01k9z3c0s8e5r9hd2mbx6v4t7q:01k9z3c0s8e5r9hd2mbx6v4t7q:1.x",
        "send:01k9z3c0s8e5r9hd2mbx6v4t7q:01k9z3c0s8e5r9hd2mbx6v4t7q:99999999999999999999",
        "a b:01k9z3c0s8e5r9hd2mbx6v4t7q:01k9z3c0s8e5r9hd2mbx6v4t7q:1",
        "pay_INV-0007",
    ],
)
def test_what_we_did_not_write_is_no_tap(button_id: str) -> None:
    assert taps.read(button_id) is None
